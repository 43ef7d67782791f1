// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import TokenCrypto
import TokenPersonalData
import TokenPrivacy
import TokenVerify
import Yams

/// A committed policy file, compiled, with the keys it names.
struct PolicyFixture {
    let policy: Policy

    /// `policies/<name>`.
    init(_ name: String) throws {
        let text = String(decoding: try FixtureFolder.files.read("policies/\(name)"), as: UTF8.self)
        policy = try Policy.compile(Self.tree(try Yams.compose(yaml: text) ?? Node("")))
    }

    /// An exchanger with the accepted issuers of the file, the committed pseudonym keys and an output key.
    func exchanger() throws -> Exchanger {
        let files = FixtureFolder.files
        let signing = try files.read(KeyFiles.privatePath(KeyFiles.output, .es256))
        let pseudonyms = try files.read("keys/pseudonym.jwks")
        let signingKey = try SignatureKey.parse(jwk: signing.span, algorithm: nil)
        let roots = try SecretKeySet.parse(pseudonyms.span, algorithm: .pseudonym)
        let ring = try PseudonymKeyRing(tenant: policy.tenant, keys: roots)
        var accept: [AcceptEntry] = []
        for description in policy.accept { accept.append(try Self.entry(description)) }
        return try Exchanger(policy: policy, accept: accept, signingKey: signingKey, pseudonymKeys: ring)
    }

    private static func entry(_ description: AcceptDescription) throws -> AcceptEntry {
        var keys: [SignatureKey] = []
        for name in description.keyFiles {
            // Names are relative to the policy file.
            let bytes = try FixtureFolder.files.read("policies/\(name)")
            keys += try KeySet.parse(file: bytes.span).keys
        }
        var entry = AcceptEntry(
            issuers: description.issuers, audiences: description.audiences ?? [], keys: try KeyRing(keys))
        if let types = description.types { entry.types = types }
        if let required = description.required {
            entry.required = Set(required.compactMap(AcceptEntry.Claim.init(rawValue:)))
        }
        switch description.lifetimeCap {
        case .standard: break
        case .unlimited: entry.lifetimeSecondsMax = nil
        case .seconds(let seconds): entry.lifetimeSecondsMax = seconds
        }
        return entry
    }

    private static func tree(_ node: Node) -> PolicyNode {
        let line = node.mark?.line ?? 0
        switch node {
        case .scalar(let scalar): return .scalar(scalar.string, line: line)
        case .sequence(let sequence): return .sequence(sequence.map(tree), line: line)
        case .mapping(let mapping):
            return .mapping(
                mapping.map { .init(name: $0.key.scalar?.string ?? "", line: line, value: tree($0.value)) }, line: line)
        case .alias: return .scalar("", line: line)
        }
    }
}

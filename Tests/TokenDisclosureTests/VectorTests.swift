// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenDisclosure

/// The examples of RFC 9901 and its generator, read in place.
@Suite("RFC 9901 examples", .enabled(if: VectorFiles.isPresent))
struct VectorTests {
    static let folder = "sd-jwt/rfc9901-examples"

    struct Example: CustomStringConvertible, Sendable {
        let name: String
        let issuance: String
        let presentation: String
        var description: String { name }
    }

    static let examples: [Example] = {
        guard VectorFiles.isPresent, let names = try? VectorFiles.names(in: folder) else { return [] }
        return names.compactMap { name in
            guard let issuance = try? VectorFiles.bytes("\(folder)/\(name)/sd_jwt_issuance.txt"),
                let presentation = try? VectorFiles.bytes("\(folder)/\(name)/sd_jwt_presentation.txt")
            else { return nil }
            return Example(name: name, issuance: text(issuance), presentation: text(presentation))
        }
    }()

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    }

    private static func verifier(binding: DisclosureRules.Binding) throws -> DisclosureVerifier {
        let published = try VectorFiles.json("sd-jwt/rfc9901-published.json")
        let jwk = try published["issuer_jwk"].jsonBytes()
        let key = try SignatureKey.parse(jwk: jwk.span)
        let entry = AcceptEntry(
            issuers: [], audiences: [], keys: try KeyRing([key]), types: nil, required: [], lifetimeSecondsMax: nil)
        return try DisclosureVerifier(
            accept: [entry],
            rules: DisclosureRules(
                binding: binding, bindingAudiences: [published["verifier"].string], nonce: published["nonce"].string))
    }

    @Test("there are thirteen examples in compact form")
    func exampleCount() { #expect(Self.examples.count == 13) }

    @Test("what the issuer gives the holder verifies, and means what the oracle says", arguments: examples)
    func issuance(_ example: Example) throws {
        let members = try Self.verifier(binding: .none).withoutBinding(example.issuance)
        #expect(members == DisclosureOracle.processed(example.issuance))
        let claims = try VectorFiles.json("\(Self.folder)/\(example.name)/user_claims.json")
        for (name, value) in claims.members { #expect(members[name] as? NSObject == value.value as? NSObject) }
    }

    @Test("presentations verify with their key bindings, and give the published contents", arguments: examples)
    func presentation(_ example: Example) throws {
        let expected = try VectorFiles.json("\(Self.folder)/\(example.name)/verified_contents.json")
        var now: Int64 = 1_700_000_000
        if let file = try? VectorFiles.json("\(Self.folder)/\(example.name)/kb_jwt_payload.json") {
            now = Int64(file["iat"].int)
        }
        let verifier = try Self.verifier(binding: .whenNamed)
        let isBound = !example.presentation.hasSuffix("~")
        let members =
            isBound
            ? try verifier.members(example.presentation, now: now)
            : try Self.verifier(binding: .none).members(example.presentation, now: now)
        #expect(members == expected.value as? NSDictionary)
        guard isBound else { return }
        // T89: without its binding, for another time, and over one disclosure less.
        let cut = example.presentation.lastIndex(of: "~").map { String(example.presentation[...$0]) } ?? ""
        #expect(verifier.refusal(cut, now: now) == .binding)
        #expect(verifier.refusal(example.presentation, now: now + 301) == .binding)
        var parts = example.presentation.split(separator: "~").map(String.init)
        parts.remove(at: 1)
        #expect([.binding, .disclosure].contains(verifier.refusal(parts.joined(separator: "~"), now: now)))
    }

    @Test("the published signatures verify, every disclosure used")
    func published() throws {
        let file = try VectorFiles.json("sd-jwt/rfc9901-published.json")
        let verifier = try Self.verifier(binding: .none)
        #expect(file["examples"].array.count == 4)
        for example in file["examples"].array {
            let members = try verifier.withoutBinding(example["sd_jwt"].string)
            #expect(members == DisclosureOracle.processed(example["sd_jwt"].string))
        }
    }
}

extension DisclosureVerifier {
    /// The processed payload at a time at which every example is valid.
    fileprivate func withoutBinding(_ token: String) throws -> NSDictionary {
        try members(token, now: 1_700_000_000)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenDisclosure

/// SD-JWTs for tests, well-formed or not, made from text by the letter of RFC 9901 and without the code under test.
struct Selective {
    static let now: Int64 = 1_800_000_000
    static let audience = "https://verifier.example"
    static let nonce = "n-0S6_WzA2Mj"

    let maker: TokenMaker
    let holder: TokenMaker

    init(_ algorithm: SignatureAlgorithm = .hs256, holder: SignatureAlgorithm = .es256) throws {
        maker = try TokenMaker(algorithm)
        self.holder = try TokenMaker(holder, keyID: nil)
    }

    /// `"cnf":{"jwk":…}` of the holder.
    var confirmation: String {
        let jwk = (try? holder.key.publicJWK()) ?? []
        return #""cnf":{"jwk":\#(String(decoding: jwk, as: UTF8.self))}"#
    }

    /// A claims set of a valid token with `more` members.
    static func claims(_ more: String...) -> String {
        "{"
            + ([#""iss":"https://issuer.example","iat":\#(now - 10),"exp":\#(now + 600)"#] + more).joined(
                separator: ",")
            + "}"
    }

    /// The signed token of a claims set, with the disclosures behind it.
    func token(_ claims: String, _ disclosures: [String] = [], type: String? = "example+sd-jwt") throws -> String {
        try maker.token(claims, type: type) + "~" + disclosures.map { $0 + "~" }.joined()
    }

    /// The key binding of a presentation that ends in a tilde.
    func binding(
        of presentation: String, audience: String = audience, nonce: String = nonce, issuedAt: Int64 = now,
        type: String = "kb+jwt", maker: TokenMaker? = nil
    ) throws -> String {
        let claims =
            #"{"iat":\#(issuedAt),"aud":"\#(audience)","nonce":"\#(nonce)","sd_hash":"\#(Self.digest(presentation))"}"#
        return try (maker ?? holder).token(claims, type: type)
    }

    func verifier(
        _ rules: DisclosureRules = DisclosureRules(), types: [String]? = nil,
        required: Set<AcceptEntry.Claim> = [.expires, .issuedAt, .issuer], limits: ScanLimits = ScanLimits()
    ) throws -> DisclosureVerifier {
        let entry = AcceptEntry(
            issuers: ["https://issuer.example"], audiences: [], keys: try KeyRing([maker.key]), types: types,
            required: required)
        return try DisclosureVerifier(accept: [entry], rules: rules, limits: limits)
    }

    /// Rules under which the holder's bindings are accepted.
    static func bound(_ binding: DisclosureRules.Binding = .whenNamed) -> DisclosureRules {
        DisclosureRules(binding: binding, bindingAudiences: [audience], nonce: nonce)
    }

    /// The disclosure of JSON text.
    static func disclosure(_ json: String) -> String { NaiveBase64URL.encode(json.utf8) }

    /// The SHA-256 digest of a text, as base64url.
    static func digest(_ text: String) -> String {
        let message = Array(text.utf8)
        var bytes = [UInt8](repeating: 0, count: 32)
        var span = bytes.mutableSpan
        SHA256.digest(message.span, into: &span)
        return NaiveBase64URL.encode(bytes)
    }

    static func sd(_ disclosures: String...) -> String {
        #""_sd":[\#(disclosures.map { "\"\(digest($0))\"" }.joined(separator: ","))]"#
    }
}

extension DisclosureVerifier {
    /// The processed payload, or the refusal.
    func payload(_ presentation: String, now: Int64 = Selective.now) -> Result<String, Refusal> {
        let bytes = Array(presentation.utf8)
        var worker = makeWorker()
        return payload(bytes.span, now: now, using: &worker)
    }

    func payload(
        _ presentation: Span<UInt8>, now: Int64, using worker: inout DisclosureWorker
    ) -> Result<String, Refusal> {
        do {
            _ = try verify(presentation, now: now, using: &worker)
        } catch {
            return .failure(error)
        }
        return .success(worker.withClaims { $0.text })
    }

    func refusal(_ presentation: String, now: Int64 = Selective.now) -> RefusalCode? {
        if case .failure(let refusal) = payload(presentation, now: now) { return refusal.code }
        return nil
    }

    func members(_ presentation: String, now: Int64 = Selective.now) throws -> NSDictionary {
        try JSONText.object(payload(presentation, now: now).get())
    }
}

extension DisclosurePresenter {
    /// The presentation of a token; throws the refusal.
    static func present(
        _ token: String, _ selection: DisclosureSelection, binding: KeyBindingSigner? = nil,
        now: Int64 = Selective.now
    ) throws(Refusal) -> String {
        let bytes = Array(token.utf8)
        var presenter = DisclosurePresenter()
        var output = ByteScratch()
        try presenter.present(bytes.span, selection, binding: binding, now: now, into: &output)
        return output.text
    }
}

enum JSONText {
    static func object(_ text: String) throws -> NSDictionary {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary ?? [:]
    }
}

/// RFC 9901 section 7.1 the slow, obvious way: the oracle. It looks for a digest in every disclosure each time, and
/// works on trees.
struct DisclosureOracle {
    private var disclosures: [(digest: String, content: [Any])] = []
    private var used: [String] = []
    private var seen: [String] = []

    /// The processed payload of a presentation without regard to signatures; nil where the RFC says to reject it.
    static func processed(_ presentation: String) -> NSDictionary? {
        let parts = presentation.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        let segments = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, segments.count == 3, let payload = NaiveBase64URL.decode(segments[1].utf8),
            let root = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any]
        else { return nil }
        var oracle = DisclosureOracle()
        for part in parts[1..<(parts.count - 1)] {
            guard let bytes = NaiveBase64URL.decode(part.utf8),
                let content = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [Any]
            else { return nil }
            oracle.disclosures.append((Selective.digest(part), content))
        }
        guard Set(oracle.disclosures.map(\.digest)).count == oracle.disclosures.count,
            var result = oracle.object(root)
        else { return nil }
        guard Set(oracle.seen).count == oracle.seen.count, oracle.used.count == oracle.disclosures.count else {
            return nil
        }
        result["_sd_alg"] = nil
        return result as NSDictionary
    }

    private mutating func value(_ value: Any) -> Any? {
        if let object = value as? [String: Any] { return self.object(object) }
        guard let array = value as? [Any] else { return value }
        var result: [Any] = []
        for element in array {
            if let object = element as? [String: Any], object.count == 1, let digest = object["..."] as? String {
                guard let content = find(digest) else { continue }
                guard content.count == 2, let inner = self.value(content[1]) else { return nil }
                result.append(inner)
            } else {
                guard let inner = self.value(element) else { return nil }
                result.append(inner)
            }
        }
        return result
    }

    private mutating func object(_ object: [String: Any]) -> [String: Any]? {
        var result: [String: Any] = [:]
        for (name, member) in object where name != "_sd" {
            guard name != "...", let inner = value(member) else { return nil }
            result[name] = inner
        }
        for digest in object["_sd"] as? [String] ?? [] {
            guard let content = find(digest) else { continue }
            guard content.count == 3, let name = content[1] as? String, name != "_sd", name != "...",
                result[name] == nil, let inner = value(content[2])
            else { return nil }
            result[name] = inner
        }
        return result
    }

    private mutating func find(_ digest: String) -> [Any]? {
        seen.append(digest)
        guard let found = disclosures.first(where: { $0.digest == digest }) else { return nil }
        used.append(digest)
        return found.content
    }
}

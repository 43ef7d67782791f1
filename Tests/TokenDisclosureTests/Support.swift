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
    static func digest(_ text: String) -> String { DisclosureOracle.digest(text) }

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

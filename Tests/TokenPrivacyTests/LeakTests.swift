// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import TokenCrypto

@testable import TokenPrivacy

@Suite("T88 nothing of a dropped, generalized or pseudonymized value reaches the output")
struct LeakTests {
    /// Each input value and a part of it of at least 8 bytes that must not come out.
    static let markers = [
        "QuokkaSub7731", "zanzibar.falconer@example.org", "+15555550147", "Marmalade-Street-9911", "1984-05-17",
        "203.0.113.199", "Wombat_Unlisted_4410", "NestedMarker55102", "ElementMarker9931", "TokenIdMarker7720",
        "NonceMarker66110", "KeyIdMarker-88123", "ÜmlautMärker7788", "723456789012",
    ]

    static let payload = #"""
        {"iss":"https://login.example","aud":["gateway","AudienceMarker31"],"iat":1799999990,"exp":1800000600,
        "jti":"TokenIdMarker7720","nonce":"NonceMarker66110","azp":"web","sub":"QuokkaSub7731",
        "email":"zanzibar.falconer@example.org","phone_number":"+15555550147",
        "address":{"street_address":"Marmalade-Street-9911","country":"CH","x":{"y":"NestedMarker55102"}},
        "birthdate":"1984-05-17","ip":"203.0.113.199","unlisted":{"deep":["Wombat_Unlisted_4410"]},
        "items":[{"keep":1,"secret":"ElementMarker9931"},"ElementMarker9931"],"na\u006de":"\u00dcmlautM\u00e4rker7788",
        "number":723456789012,"Wombat_Unlisted_4410":true,"kid":"KeyIdMarker-88123"}
        """#

    static let rules = [
        #""sub": {"pseudonym": {"type": "user-id"}}"#,
        #""email": {"pseudonym": {"type": "email", "canonical": "email/1"}}"#,
        #""phone_number": {"mask": {"shape": "class"}}"#,
        #""address.country": "keep""#, #""birthdate": {"generalize": {"date": "year"}}"#,
        #""ip": {"generalize": {"ip": {}}}"#, #""items[].keep": "keep""#, #""name": {"pseudonym": {}}"#,
        #""number": {"generalize": {"bucket": 1000000000}}"#, #""unlisted": "drop""#,
    ]

    /// All spellings in which `value` could stand in a text: itself, hexadecimal, and base64url at each of three
    /// alignments.
    static func spellings(_ value: String) -> [String] {
        let bytes = Array(value.utf8)
        var found = [value, bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()]
        for lead in 0..<3 {
            let shifted = [UInt8](repeating: 0, count: lead) + bytes
            let text = Data(shifted).base64EncodedString()
                .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            // The characters that depend on the value alone: none that carries bits of the lead, of the end or padding.
            let first = (lead * 8 + 5) / 6
            let last = (shifted.count * 8) / 6
            found.append(String(text.dropFirst(first).prefix(last - first)))
        }
        return found
    }

    @Test("searched in the token, its decoded parts and all spellings", arguments: markers)
    func search(_ marker: String) throws {
        let samples = try TokenSamples()
        let exchanger = try samples.exchanger(Sample.policy(claims: Self.rules))
        var worker = exchanger.makeWorker()
        for _ in 0..<3 {
            let token = try exchanger.exchange(samples.sign(Self.payload), now: TokenSamples.now, using: &worker)
            let texts = [token, try TokenSamples.part(0, of: token), try TokenSamples.part(1, of: token)]
            #expect(texts[2].contains(#""country":"CH""#))
            for text in texts {
                for spelling in Self.spellings(marker) where spelling.utf8.count >= 8 {
                    #expect(!text.contains(spelling))
                }
            }
        }
    }

    @Test("the search itself finds a kept value in each spelling")
    func searchWorks() throws {
        let samples = try TokenSamples()
        let policy = try Sample.policy(claims: [#""sub": "keep""#])
        let exchanger = try samples.exchanger(policy)
        for lead in ["", "x", "xx"] {
            var worker = exchanger.makeWorker()
            let token = try exchanger.exchange(
                samples.token(#","azp":"\#(lead)""#, subject: "\"QuokkaSub7731\""), now: TokenSamples.now,
                using: &worker)
            #expect(try TokenSamples.part(1, of: token).contains("QuokkaSub7731"))
            #expect(Self.spellings("QuokkaSub7731").dropFirst(2).contains { token.contains($0) })
        }
    }

    @Test("a refused token leaves nothing behind, not even in the next one")
    func refusedLeavesNothing() throws {
        let samples = try TokenSamples()
        let exchanger = try samples.exchanger(Sample.policy(claims: Self.rules + [#""last": {"pseudonym": {}}"#]))
        var worker = exchanger.makeWorker()
        let refused = Self.payload.replacingOccurrences(of: #""kid":"#, with: #""last":null,"kid":"#)
        #expect((try? exchanger.exchange(samples.sign(refused), now: TokenSamples.now, using: &worker)) == nil)
        let token = try exchanger.exchange(
            samples.token(#","azp":"a""#), now: TokenSamples.now, using: &worker)
        let claims = try TokenSamples.claims(of: token)
        #expect(Set(claims.keys) == ["iss", "aud", "iat", "exp", "jti", "client_id", "sub"])
    }

    @Test("T83 nothing that describes a policy, an error or a verdict holds claim text")
    func descriptions() throws {
        let samples = try TokenSamples()
        let issuer = try samples.tokenIssuer(Sample.policy(claims: Self.rules))
        var worker = issuer.makeWorker()
        let (verdict, _) = issuer.verdict(#"{"sub":{"x":"QuokkaSub7731"}}"#, using: &worker)
        #expect(!String(describing: verdict).contains("Quokka"))
    }
}

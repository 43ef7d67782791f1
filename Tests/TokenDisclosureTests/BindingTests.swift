// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenDisclosure

@Suite("T89: key binding, RFC 9901 section 7.3")
struct BindingTests {
    private let selective: Selective
    private let token: String
    private let disclosures = [RefusalTests.first, RefusalTests.second]

    init() throws {
        selective = try Selective()
        token = try selective.token(
            Selective.claims(Selective.sd(RefusalTests.first, RefusalTests.second), selective.confirmation),
            [RefusalTests.first, RefusalTests.second])
    }

    @Test("the right key, verifier, nonce, time and disclosures are accepted, and the verdict says bound")
    func accepted() throws {
        let verifier = try selective.verifier(Selective.bound())
        let bytes = Array((token + (try selective.binding(of: token))).utf8)
        var worker = verifier.makeWorker()
        let result = try verifier.verify(bytes.span, now: Selective.now, using: &worker)
        #expect(result.isBound)
        #expect(result.disclosureCount == 2)
        #expect(
            try selective.verifier(Selective.bound(.required)).refusal(String(decoding: bytes, as: UTF8.self)) == nil)
    }

    @Test("wrong nonce, audience, time, type, key or hash")
    func refused() throws {
        let verifier = try selective.verifier(Selective.bound())
        let other = try TokenMaker(.es256, keyID: nil)
        let bad = [
            try selective.binding(of: token, nonce: "other"), try selective.binding(of: token, nonce: ""),
            try selective.binding(of: token, audience: "https://verifier.example/"),
            try selective.binding(of: token, issuedAt: Selective.now - 301),
            try selective.binding(of: token, issuedAt: Selective.now + 31),
            try selective.binding(of: token, type: "JWT"), try selective.binding(of: token, type: "example+sd-jwt"),
            try selective.binding(of: token, maker: other),
            try selective.binding(of: token, maker: selective.maker),
            try selective.binding(of: String(token.dropLast())), try selective.binding(of: token + "~"),
            "x", "a.b.c",
        ]
        for (i, binding) in bad.enumerated() { #expect(verifier.refusal(token + binding) == .binding, "case \(i)") }
        #expect(verifier.refusal(token + (try selective.binding(of: token, issuedAt: Selective.now - 300))) == nil)
    }

    @Test("a binding over another presentation: one disclosure less, in another order, of another token")
    func otherPresentation() throws {
        let verifier = try selective.verifier(Selective.bound())
        let binding = try selective.binding(of: token)
        let parts = token.split(separator: "~").map(String.init)
        #expect(verifier.refusal("\(parts[0])~\(parts[1])~\(binding)") == .binding)
        #expect(verifier.refusal("\(parts[0])~\(parts[2])~\(parts[1])~\(binding)") == .binding)
        let fresh = try selective.token(
            Selective.claims(Selective.sd(RefusalTests.first, RefusalTests.second), selective.confirmation, #""x":1"#),
            disclosures)
        #expect(verifier.refusal(fresh + binding) == .binding)
    }

    @Test("who must be bound is; a binding that nobody checks is refused")
    func need() throws {
        #expect(try selective.verifier(Selective.bound()).refusal(token) == .binding)
        #expect(try selective.verifier().refusal(token) == .binding)
        let unbound = DisclosureRules(binding: .none)
        #expect(try selective.verifier(unbound).refusal(token) == nil)
        let binding = try selective.binding(of: token)
        #expect(try selective.verifier(unbound).refusal(token + binding) == .binding)
        #expect(try selective.verifier().refusal(token + binding) == .binding)
        let plain = try selective.token(Selective.claims())
        #expect(try selective.verifier(Selective.bound()).refusal(plain) == nil)
        #expect(try selective.verifier(Selective.bound(.required)).refusal(plain) == .binding)
        // Without cnf there is no key to check it with.
        #expect(
            try selective.verifier(Selective.bound()).refusal(plain + selective.binding(of: plain)) == .binding)
    }

    @Test(
        "cnf keys: a secret, a thumbprint, no key, one for another algorithm",
        arguments: [
            #""cnf":{"jwk":{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alg":"HS256"}}"#,
            #""cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#, #""cnf":{}"#, #""cnf":null"#,
            #""cnf":"x""#,
            #""cnf":{"jwk":1}"#,
        ])
    func unusableKeys(_ confirmation: String) throws {
        let token = try selective.token(Selective.claims(confirmation))
        let verifier = try selective.verifier(Selective.bound())
        let code = verifier.refusal(token + (try selective.binding(of: token)))
        #expect(code == .binding || code == .claimType)
        let jwk = Array(#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alg":"HS256"}"#.utf8)
        let secret = try TokenMaker(SignatureKey.parse(jwk: jwk.span))
        #expect(verifier.refusal(token + (try selective.binding(of: token, maker: secret))) != nil)
    }

    @Test(
        "holder keys of every asymmetric kind",
        arguments: [
            SignatureAlgorithm.es256, .es384, .es512, .edDSA, .rs256, .ps384,
        ])
    func algorithms(_ algorithm: SignatureAlgorithm) throws {
        let selective = try Selective(.es256, holder: algorithm)
        // Also where an RSA key names no algorithm.
        let forms = [
            selective.confirmation, selective.confirmation.replacing(#","alg":"\#(algorithm.jwaName)""#, with: ""),
        ]
        for confirmation in forms {
            let token = try selective.token(Selective.claims(confirmation))
            let verifier = try selective.verifier(Selective.bound())
            #expect(verifier.refusal(token + (try selective.binding(of: token))) == nil)
            let signer = try KeyBindingSigner(
                key: selective.holder.key, audience: Selective.audience, nonce: Selective.nonce)
            let presentation = try DisclosurePresenter.present(token, .all, binding: signer)
            #expect(verifier.refusal(presentation) == nil)
        }
    }

    @Test("T19: every bit of a bound presentation, flipped, refuses it")
    func bitFlips() throws {
        let verifier = try selective.verifier(Selective.bound())
        let good = Array((token + (try selective.binding(of: token))).utf8)
        var worker = verifier.makeWorker()
        let accepted = Self.acceptedFlips(of: good, verifier, &worker)
        #expect(accepted == 0)
        #expect(verifier.refusal(String(decoding: good, as: UTF8.self)) == nil)
    }

    private static func acceptedFlips(
        of good: [UInt8], _ verifier: DisclosureVerifier, _ worker: inout DisclosureWorker
    ) -> Int {
        var accepted = 0
        for place in good.indices {
            for bit in 0..<8 {
                var bytes = good
                bytes[place] ^= 1 << UInt8(bit)
                let span = bytes.span
                if (try? verifier.verify(span, now: Selective.now, using: &worker)) != nil { accepted += 1 }
            }
        }
        return accepted
    }
}

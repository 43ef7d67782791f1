// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenPrivacy

/// A policy with two recipients, tokens under it, and readers of both.
struct EncryptedSamples {
    static let claims = [
        #""sub": {"pseudonym": {"type": "user-id"}}"#, #""azp": "keep""#,
        #""address": {"encrypt": {"to": "billing"}}"#, #""name": {"encrypt": {"to": "billing"}, "as": "full_name"}"#,
        #""phone_number": {"encrypt": {"to": "shipping"}}"#, #""person.nick": {"encrypt": {"to": "shipping"}}"#,
    ]
    static let recipients = """
        "recipients": {"billing": {"key": "b.jwk", "alg": "ECDH-ES+A256KW"}, "shipping": {"key": "s.jwk"}}
        """
    static let more =
        #","azp":"web","address":{"street":"Rua qzaddress 1"},"name":"Ana qzname","phone_number":"+4930qzphone","#
        + #""person":{"nick":"qznick"},"enc_claims":{"billing":"a.b.c.d.e"}"#

    let samples: TokenSamples
    let billing: EncryptionKey
    let shipping: EncryptionKey
    let exchanger: Exchanger

    init(issue: String = Sample.issue, claims: [String] = claims, recipients: String = recipients) throws {
        samples = try TokenSamples()
        billing = try EncryptionKey.generate(algorithm: .ecdhESA256KW, keyID: Array("b1".utf8))
        shipping = try EncryptionKey.generate(algorithm: .a256KW, keyID: Array("s1".utf8))
        let policy = try Sample.policy(claims: claims, issue: issue, more: recipients)
        exchanger = try Exchanger(
            policy: policy, accept: [samples.accept()], signingKey: samples.outputKey, pseudonymKeys: samples.ring,
            recipientKeys: [
                RecipientKey(name: "billing", key: billing), RecipientKey(name: "shipping", key: shipping),
            ])
    }

    func exchange(_ more: String = more) throws -> String {
        var worker = exchanger.makeWorker()
        return try exchanger.exchange(samples.token(more), now: TokenSamples.now, using: &worker)
    }

    func sign(_ payload: String) throws -> String {
        try TokenMaker(samples.outputKey).token(payload, type: "at+jwt")
    }

    /// What a recipient reads, or the refusal's code.
    func open(
        _ token: String, _ keys: [EncryptionKey], recipient: String? = nil, audience: String? = nil
    ) throws -> String {
        let issuer = exchanger.policy.issue.issuer
        let entry = AcceptEntry(
            issuers: [issuer], audiences: [audience ?? exchanger.policy.issue.audiences[0]],
            keys: try KeyRing([samples.outputKey]))
        let verifier = try Verifier(accept: [entry])
        var worker = verifier.makeWorker()
        var opener = try EncryptedClaimsOpener(keys: keys, recipient: recipient)
        var signed = ByteScratch()
        if token.split(separator: ".", omittingEmptySubsequences: false).count == 5 {
            try opener.openToken(Array(token.utf8).span, into: &signed)
        } else {
            signed.append(Array(token.utf8).span)
        }
        let bytes = signed.array
        guard case .accepted(let accepted) = verifier.verify(bytes.span, now: TokenSamples.now, using: &worker) else {
            return "not accepted"
        }
        var output = ByteScratch()
        do throws(Refusal) {
            try opener.open(accepted, of: worker, into: &output)
            return output.text
        } catch {
            return output.isEmpty ? error.code.rawValue : "left something"
        }
    }
}

@Suite("encrypt rules")
struct EncryptRuleTests {
    @Test("each recipient opens its own claims and no others; the token shows none, and no foreign ciphertext")
    func twoRecipients() throws {
        let samples = try EncryptedSamples()
        let token = try samples.exchange()
        let payload = try TokenSamples.part(1, of: token)
        for word in ["qzaddress", "qzname", "qzphone", "qznick"] { #expect(!payload.contains(word)) }
        #expect(!payload.contains("a.b.c.d.e"))
        #expect(payload.contains(#""azp":"web""#))
        #expect(
            try samples.open(token, [samples.billing])
                == #"{"billing":{"address":{"street":"Rua qzaddress 1"},"full_name":"Ana qzname"}}"#)
        #expect(
            try samples.open(token, [samples.shipping])
                == #"{"shipping":{"phone_number":"+4930qzphone","person.nick":"qznick"}}"#)
        let both = try samples.open(token, [samples.shipping, samples.billing])
        #expect(both.contains("qzname") && both.contains("qzphone"))
        let stranger = try EncryptionKey.generate(algorithm: .a256KW, keyID: Array("s2".utf8))
        #expect(try samples.open(token, [stranger]) == "decryption-failed")
        let impostor = try EncryptionKey.generate(algorithm: .a256KW, keyID: Array("s1".utf8))
        #expect(try samples.open(token, [impostor]) == "decryption-failed")
        #expect(try samples.open(token, [stranger, samples.shipping]).contains("qzphone"))
    }

    @Test("a token without such claims has no enc_claims; one recipient's absence is not another's")
    func absentClaims() throws {
        let samples = try EncryptedSamples()
        let none = try samples.exchange(#","azp":"web""#)
        #expect(try !TokenSamples.part(1, of: none).contains("enc_claims"))
        #expect(try samples.open(none, [samples.billing]) == "{}")
        let one = try samples.exchange(#","azp":"web","name":"Ana""#)
        #expect(try samples.open(one, [samples.shipping]) == "decryption-failed")
        #expect(try samples.open(one, [samples.shipping], recipient: "shipping") == "{}")
        #expect(try samples.open(one, [samples.shipping], recipient: "billing") == "decryption-failed")
        #expect(try samples.open(one, [samples.billing], recipient: "billing") == #"{"billing":{"full_name":"Ana"}}"#)
    }

    @Test("T54: a ciphertext moved to another token, subject, audience or recipient is refused as binding")
    func moved() throws {
        let samples = try EncryptedSamples()
        let (first, second) = (try samples.exchange(), try samples.exchange())
        func payload(_ token: String) throws -> [String: Any] { try TokenSamples.claims(of: token) }
        func signed(_ claims: [String: Any]) throws -> String {
            let data = try JSONSerialization.data(withJSONObject: claims, options: [.sortedKeys])
            return try samples.sign(String(decoding: data, as: UTF8.self))
        }
        let original = try payload(first)
        #expect(try samples.open(signed(original), [samples.billing]).contains("qzname"))
        var claims = try payload(second)
        claims["enc_claims"] = original["enc_claims"]
        #expect(try samples.open(signed(claims), [samples.billing]) == "binding")
        for (name, value) in [("sub", "another"), ("jti", "another"), ("aud", "https://other.example")] {
            claims = original
            claims[name] = value
            let audience = name == "aud" ? value : nil
            #expect(try samples.open(signed(claims), [samples.billing], audience: audience) == "binding", "\(name)")
        }
        claims = original
        claims["sub"] = nil
        #expect(try samples.open(signed(claims), [samples.billing]) == "binding")
        claims = original
        let sealed = try #require(original["enc_claims"] as? [String: String])
        claims["enc_claims"] = ["shipping": sealed["billing"], "billing": sealed["shipping"]]
        #expect(try samples.open(signed(claims), [samples.billing]) == "binding")
        #expect(try samples.open(signed(claims), [samples.shipping]) == "binding")
        claims = original
        claims["jti"] = nil
        #expect(try samples.open(signed(claims), [samples.billing]) == "missing-claim")
        claims["enc_claims"] = ["billing": 1]
        claims["jti"] = "x"
        #expect(try samples.open(signed(claims), [samples.billing]) == "claim-type")
        // Audiences are a set: their order and repetitions do not count.
        claims = original
        claims["aud"] = [original["aud"], original["aud"]]
        #expect(try samples.open(signed(claims), [samples.billing]).contains("qzname"))
    }

    @Test("T54: a ciphertext without bnd is refused")
    func unbound() throws {
        let samples = try EncryptedSamples()
        var encryptor = try Encryptor(key: samples.shipping)
        var sealed = ByteScratch()
        try encryptor.encrypt(Array(#"{"a":1}"#.utf8).span, into: &sealed)
        var claims = try TokenSamples.claims(of: samples.exchange())
        claims["enc_claims"] = ["shipping": sealed.text]
        let data = try JSONSerialization.data(withJSONObject: claims)
        let token = try samples.sign(String(decoding: data, as: UTF8.self))
        #expect(try samples.open(token, [samples.shipping]) == "binding")
    }

    @Test("bnd is what the definition says, by an oracle that follows it word by word")
    func bindingOracle() throws {
        let samples = try EncryptedSamples()
        let claims = try TokenSamples.claims(of: samples.exchange())
        func lp(_ bytes: [UInt8]) -> [UInt8] { [0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes }
        func text(_ name: String) -> [UInt8] { Array((claims[name] as? String ?? "").utf8) }
        var input = Array("bnd/1".utf8) + lp(text("iss")) + lp(lp(text("aud"))) + [1] + lp(text("sub"))
        input += lp(text("jti")) + lp(Array("enc_claims".utf8)) + lp(Array("shipping".utf8))
        var digest = [UInt8](repeating: 0, count: 32)
        var span = digest.mutableSpan
        SHA256.digest(input.span, into: &span)
        let sealed = try #require(claims["enc_claims"] as? [String: String])
        let header = try TokenSamples.part(0, of: try #require(sealed["shipping"]))
        #expect(header.contains(#""bnd":"\#(NaiveBase64URL.encode(digest.prefix(16)))""#))
    }

    @Test("T55: ciphertexts of values of many lengths have one length; padding is blanks to 64 bytes")
    func padding() throws {
        let samples = try EncryptedSamples()
        var lengths: Set<Int> = []
        for count in 1...30 {
            let token = try samples.exchange(#","azp":"web","phone_number":"\#(String(repeating: "1", count: count))""#)
            let sealed = try TokenSamples.claims(of: token)["enc_claims"] as? [String: String]
            lengths.insert(sealed?["shipping"]?.utf8.count ?? 0)
        }
        #expect(lengths.count == 1)
    }

    @Test("a batch gives the verdicts of single calls, and issue does what exchange does")
    func batchAndIssue() throws {
        let samples = try EncryptedSamples()
        let tokens = try [EncryptedSamples.more, #","azp":"web","name":"B""#].map { try samples.samples.token($0) }
        var batch = TokenBatch()
        for token in tokens { batch.append(Array(token.utf8).span) }
        batch.append(Array("x".utf8).span)
        var worker = samples.exchanger.makeWorker()
        var output = ByteScratch()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        samples.exchanger.exchange(
            batch, now: TokenSamples.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        let bytes = output.array
        let first = String(decoding: bytes[places[0]], as: UTF8.self)
        #expect(try samples.open(first, [samples.billing]).contains("qzname"))
        #expect(verdicts[2] == .refused(Refusal(.malformed, offset: 1)))
        let issuer = try Issuer(
            policy: samples.exchanger.policy, signingKey: samples.samples.outputKey,
            pseudonymKeys: samples.samples.ring,
            recipientKeys: [
                RecipientKey(name: "billing", key: samples.billing),
                RecipientKey(name: "shipping", key: samples.shipping),
            ])
        var issueWorker = issuer.makeWorker()
        let issued = try issuer.issue(
            claims: #"{"sub":"u","azp":"w","name":"Ana"}"#, now: TokenSamples.now, using: &issueWorker)
        #expect(try samples.open(issued, [samples.billing]) == #"{"billing":{"full_name":"Ana"}}"#)
    }

    @Test("whole tokens: signed, then encrypted, cty JWT; opened, verified, and their claims opened")
    func nested() throws {
        let issue = """
            "issue": {"issuer": "https://t.example", "audience": "https://o.example", "encrypt": {"to": "billing"}}
            """
        let samples = try EncryptedSamples(issue: issue)
        let token = try samples.exchange()
        let header = try TokenSamples.part(0, of: token)
        #expect(token.split(separator: ".").count == 5)
        #expect(header.contains(#""cty":"JWT""#) && !header.contains(#""iss""#))
        #expect(try samples.open(token, [samples.billing]).contains("qzname"))
        #expect(throws: Refusal(.decryptionFailed)) { try samples.open(token, [samples.shipping]) }
        // A JWE that is no nested token is not taken for one.
        var encryptor = try Encryptor(key: samples.shipping)
        var plain = ByteScratch()
        try encryptor.encrypt(Array("x".utf8).span, into: &plain)
        let text = plain.text
        #expect(throws: Refusal(.tokenType)) { try samples.open(text, [samples.shipping]) }
    }

    @Test("keys have to fit the policy")
    func keys() throws {
        let samples = try EncryptedSamples()
        func failure(_ keys: [RecipientKey]) -> ExchangeConfigurationError? {
            do throws(ExchangeConfigurationError) {
                _ = try Issuer(
                    policy: samples.exchanger.policy, signingKey: samples.samples.outputKey,
                    pseudonymKeys: samples.samples.ring, recipientKeys: keys)
                return nil
            } catch { return error }
        }
        let billing = RecipientKey(name: "billing", key: samples.billing)
        #expect(failure([billing]) == .noRecipientKey)
        #expect(failure([billing, RecipientKey(name: "shipping", key: samples.billing)]) == .recipientKey)
        let direct = try EncryptionKey.generate(algorithm: .direct)
        #expect(failure([billing, RecipientKey(name: "shipping", key: direct)]) == .recipientKey)
        #expect(failure([billing, RecipientKey(name: "shipping", key: samples.shipping)]) == nil)
    }

    @Test("policies that cannot be meant do not compile")
    func compileErrors() throws {
        let cases: [([String], PolicyError.Code)] = [
            ([#""sub": {"encrypt": {"to": "billing"}}"#], .subject),
            ([#""sub": "keep""#, #""a": {"encrypt": {"to": "nobody"}}"#], .recipient),
            ([#""sub": "keep""#, #""a": "encrypt""#], .missingWord),
            ([#""sub": "keep""#, #""a[].b": {"encrypt": {"to": "billing"}}"#], .wrongArgument),
            ([#""sub": "keep""#, #""cnf": {"encrypt": {"to": "billing"}}"#], .claimType),
            ([#""sub": "keep""#, #""enc_claims": {"encrypt": {"to": "billing"}}"#], .reservedName),
            (
                [
                    #""sub": "keep""#, #""a": {"encrypt": {"to": "billing"}}"#,
                    #""b": {"encrypt": {"to": "billing"}, "as": "a"}"#,
                ], .outputClash
            ),
        ]
        for (claims, code) in cases {
            let json = Sample.json(claims: claims, more: EncryptedSamples.recipients)
            #expect(Sample.error(json)?.code == code, "\(claims)")
        }
        // One name at two recipients, or there and in the token, is no clash.
        let fine = [
            #""sub": "keep""#, #""a": {"encrypt": {"to": "billing"}}"#,
            #""b": {"encrypt": {"to": "shipping"}, "as": "a"}"#,
        ]
        let policy = try Sample.policy(claims: fine, more: EncryptedSamples.recipients)
        #expect(policy.neededRecipients.map(\.name) == ["billing", "shipping"])
        #expect(policy.advice.allSatisfy { $0.code != .unusedRecipient })
        let selective = Sample.json(
            claims: fine,
            issue: #""issue": {"issuer": "https://i", "audience": "https://a", "type": "dc+sd-jwt"}"#,
            more: EncryptedSamples.recipients)
        #expect(Sample.error(selective)?.code == .wrongArgument)
    }
}

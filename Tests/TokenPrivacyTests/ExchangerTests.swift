// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenVerify

@testable import TokenPrivacy

@Suite("Exchange: what the engine writes and when it refuses")
struct ExchangerTests {
    static let sub = #""sub": {"pseudonym": {"type": "user-id"}}"#
    static let azp = ",\"azp\":\"web-app\""
    let samples: TokenSamples

    init() throws { samples = try TokenSamples() }

    @Test("the engine's own claims come first, the others in input order")
    func assembly() throws {
        let policy = try Sample.policy(claims: [Self.sub, #""tier": "keep""#, #""zone": "keep""#])
        let payload = try samples.exchanger(policy).payload(
            samples.token(#","zone": "eu","tier" : 1,"azp":"web-app","nbf":1,"jti":"old-identifier""#))
        let pattern = #"""
            ^\{"iss":"https://tokens.internal.example","aud":"https://orders.internal.example","iat":1800000000,\#
            "exp":1800000300,"jti":"[A-Za-z0-9_-]{22}","client_id":"web-app",\#
            "sub":"p1_k001_[A-Za-z0-9_-]{22}","zone":"eu","tier":1\}$
            """#.replacingOccurrences(of: "\\#\n", with: "")
        #expect(payload.range(of: pattern, options: .regularExpression) != nil)
    }

    @Test(
        "the output verifies with its own key, and the header is what was configured",
        arguments: [
            SignatureAlgorithm.hs256, .hs512, .es256, .edDSA,
        ])
    func outputVerifies(_ algorithm: SignatureAlgorithm) throws {
        let samples = try TokenSamples(.es256, output: algorithm)
        let policy = try Sample.policy(claims: [Self.sub])
        var worker = try samples.exchanger(policy).makeWorker()
        let token = try samples.exchanger(policy).exchange(
            samples.token(Self.azp), now: TokenSamples.now, using: &worker)
        #expect(
            try TokenSamples.part(0, of: token)
                == #"{"alg":"\#(algorithm.jwaName)","kid":"out-1","typ":"at+jwt"}"#)
        let entry = AcceptEntry(
            issuers: [policy.issue.issuer], audiences: policy.issue.audiences, keys: try KeyRing([samples.outputKey]))
        let verifier = try Verifier(accept: [entry])
        var verifierWorker = verifier.makeWorker()
        let claims = try verifier.claims(of: token, now: TokenSamples.now, using: &verifierWorker)
        #expect(claims.expiresSeconds == Double(TokenSamples.now + 300))
    }

    @Test("T26 a token that pseudonyms would make longer than any verifier takes is refused, alone and in a batch")
    func tooLong() throws {
        let policy = try Sample.policy(claims: [Self.sub, #""x[]": "pseudonym""#])
        let exchanger = try samples.exchanger(policy)
        let values = { (count: Int) in Array(repeating: "\"a\"", count: count).joined(separator: ",") }
        let fitting = try samples.token(Self.azp + ",\"x\":[\(values(350))]")
        let tooLong = try samples.token(Self.azp + ",\"x\":[\(values(400))]")
        var worker = exchanger.makeWorker()
        #expect(try exchanger.exchange(fitting, now: TokenSamples.now, using: &worker).utf8.count <= 16_384)
        #expect(exchanger.refusal(tooLong) == .tooLarge)
        var batch = TokenBatch()
        for token in [tooLong, fitting, tooLong] { batch.append(token) }
        var output = ByteScratch()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        exchanger.exchange(
            batch, now: TokenSamples.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        #expect(verdicts[0] == .refused(Refusal(.tooLarge)) && verdicts[2] == verdicts[0])
        #expect(places[0].isEmpty && places[1] == 0..<output.count && places[2].isEmpty)
    }

    @Test("exp is the earlier of now + lifetime and the input's exp, and lies in the future (T40)")
    func expiry() throws {
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        let now = TokenSamples.now
        for (input, output) in [
            (now + 600, now + 300), (now + 300, now + 300), (now + 20, now + 20), (now + 1, now + 1),
        ] {
            let payload = try exchanger.payload(samples.token(Self.azp, expires: input))
            #expect(payload.contains("\"exp\":\(output),"))
        }
        // Inside the verifier's leeway, yet nothing is left to issue.
        #expect(exchanger.refusal(try samples.token(Self.azp, expires: now)) == .expired)
        #expect(exchanger.refusal(try samples.token(Self.azp, expires: now - 5)) == .expired)
        let fraction = try samples.sign(
            #"{"iss":"\#(TokenSamples.issuer)","aud":"gateway","iat":\#(now),"exp":\#(now + 7).75,"sub":"u","azp":"a"}"#
        )
        #expect(try exchanger.payload(fraction).contains("\"exp\":\(now + 7),"))
    }

    @Test("jti is fresh for each token")
    func freshIdentifiers() throws {
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        let token = try samples.token(Self.azp)
        var worker = exchanger.makeWorker()
        var seen: Set<String> = []
        for _ in 0..<500 {
            let output = try exchanger.exchange(token, now: TokenSamples.now, using: &worker)
            let jti = try #require(TokenSamples.claims(of: output)["jti"] as? String)
            #expect(seen.insert(jti).inserted)
        }
    }

    @Test("no random bytes, no token")
    func randomnessFails() throws {
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        var worker = exchanger.makeWorker { _ in false }
        #expect(throws: Refusal(.storage)) {
            try exchanger.exchange(samples.token(Self.azp), now: TokenSamples.now, using: &worker)
        }
    }

    @Test("a missing sub is missing-claim, one that is no string claim-type")
    func subject() throws {
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        #expect(exchanger.refusal(try samples.token(Self.azp, subject: nil)) == .missingClaim)
        #expect(exchanger.refusal(try samples.token(Self.azp, subject: "7")) == .claimType)
        #expect(exchanger.refusal(try samples.token(Self.azp, subject: "null")) == .claimType)
    }

    @Test("client_id: the policy's, else the token's, else azp, else missing-claim")
    func clientID() throws {
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        #expect(try exchanger.payload(samples.token(#","azp":"a","client_id":"c""#)).contains(#""client_id":"c""#))
        #expect(try exchanger.payload(samples.token(#","azp":"a""#)).contains(#""client_id":"a""#))
        #expect(exchanger.refusal(try samples.token("")) == .missingClaim)
        #expect(exchanger.refusal(try samples.token(#","azp":3"#)) == .claimType)
        #expect(exchanger.refusal(try samples.token(#","azp":"jane.doe@example.com""#)) == .policy)
        let own = Sample.issue.replacingOccurrences(of: "}", with: #", "client-id": "edge"}"#)
        let fixed = try samples.exchanger(Sample.policy(claims: [Self.sub], issue: own))
        #expect(try fixed.payload(samples.token(#","client_id":"c""#)).contains(#""client_id":"edge""#))
        let id = Sample.issue.replacingOccurrences(of: "}", with: #", "class": "id"}"#)
        let idToken = try samples.exchanger(Sample.policy(claims: [Self.sub], issue: id))
        #expect(try !idToken.payload(samples.token(#","client_id":"c""#)).contains("client_id"))
    }

    @Test("a bound token is refused unless cnf is kept or unbound in so many words")
    func confirmation() throws {
        let bound = #","azp":"a","cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#
        #expect(try samples.exchanger(Sample.policy(claims: [Self.sub])).refusal(samples.token(bound)) == .policy)
        let escaped = bound.replacingOccurrences(of: "cnf", with: "c\\u006ef")
        #expect(try samples.exchanger(Sample.policy(claims: [Self.sub])).refusal(samples.token(escaped)) == .policy)
        let keeping = try samples.exchanger(Sample.policy(claims: [Self.sub, #""cnf": "keep""#]))
        #expect(try keeping.payload(samples.token(bound)).contains(#""cnf":{"jkt":"0ZcO"#))
        let unbinding = try samples.exchanger(Sample.policy(claims: [Self.sub, #""cnf": {"drop": "unbind"}"#]))
        #expect(try !unbinding.payload(samples.token(bound)).contains(#""cnf""#))
    }

    @Test("nonce, at_hash and c_hash are never carried, also when unlisted refuses")
    func neverCarried() throws {
        let policy = try Sample.policy(claims: [Self.sub, #""azp": "drop""#], more: #""unlisted": "refuse""#)
        let payload = try samples.exchanger(policy).payload(
            samples.token(#","azp":"a","nonce":"n-0S6_WzA2Mj","at_hash":"x","c_hash":"y","nbf":5"#))
        #expect(!payload.contains("nonce") && !payload.contains("_hash") && !payload.contains(#""nbf""#))
        #expect(try samples.exchanger(policy).refusal(samples.token(#","azp":"a","extra":1"#)) == .policy)
    }

    @Test("verification comes first: a bad signature is reported before what the policy would say (T12)")
    func verificationFirst() throws {
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        let other = try TokenSamples()
        #expect(exchanger.refusal(try other.token("", subject: nil)) == .signatureInvalid)
    }

    @Test("several audiences stand as an array")
    func audiences() throws {
        let issue = #""issue": {"issuer": "i", "audience": ["https://a.example/1", "https://a.example/2"]}"#
        let payload = try samples.exchanger(Sample.policy(claims: [Self.sub], issue: issue)).payload(
            samples.token(Self.azp))
        #expect(payload.contains(#""aud":["https://a.example/1","https://a.example/2"]"#))
    }

    @Test("keys that do not fit are configuration errors")
    func configuration() throws {
        let policy = try Sample.policy(claims: [Self.sub])
        #expect(throws: ExchangeConfigurationError.noPseudonymKeys) {
            try Exchanger(policy: policy, accept: [samples.accept()], signingKey: samples.outputKey)
        }
        #expect(throws: ExchangeConfigurationError.sharedKey) {
            try Exchanger(
                policy: policy, accept: [samples.accept()], signingKey: samples.inputKey, pseudonymKeys: samples.ring)
        }
        let foreign = try PseudonymKeyRing(
            tenant: "other", keys: [PseudonymRootKey(keyID: "k001", key: [UInt8](0..<32).span)])
        #expect(throws: ExchangeConfigurationError.verifier(.noAcceptEntry)) {
            try Exchanger(policy: policy, accept: [], signingKey: samples.outputKey, pseudonymKeys: samples.ring)
        }
        #expect(throws: ExchangeConfigurationError.tenant) {
            try Exchanger(
                policy: policy, accept: [samples.accept()], signingKey: samples.outputKey, pseudonymKeys: foreign)
        }
        var entry = try samples.accept()
        entry.issuers = [policy.issue.issuer]
        #expect(throws: ExchangeConfigurationError.issuerIsAccepted) {
            try Exchanger(policy: policy, accept: [entry], signingKey: samples.outputKey, pseudonymKeys: samples.ring)
        }
    }

    @Test("issue and exchange give one person one pseudonym (T85)")
    func issueAgrees() throws {
        let policy = try Sample.policy(claims: [Self.sub])
        let exchanged = try samples.exchanger(policy).payload(samples.token(Self.azp))
        let issued = try samples.tokenIssuer(policy).payload(
            #"{"iss":"https://login.example","sub":"user-1234567890","azp":"a"}"#)
        let expected = try Pseudonymizer(
            ring: samples.ring,
            domain: PseudonymDomainName(
                type: "user-id", profile: .subject,
                scope: .audience(PseudonymSector(audience: policy.issue.audiences[0])))
        ).pseudonym(of: "user-1234567890", issuer: TokenSamples.issuer)
        #expect(exchanged.contains(expected) && issued.contains(expected))
    }

    @Test("issue: iss falls back to the policy's, exp bounds, errors are a payload's")
    func issueRules() throws {
        let issuer = try samples.tokenIssuer(Sample.policy(claims: [Self.sub]))
        #expect(try issuer.payload(#"{"sub":"u","azp":"a"}"#).contains("\"exp\":\(TokenSamples.now + 300)"))
        #expect(try issuer.payload(#"{"sub":"u","azp":"a","exp":1800000009}"#).contains("\"exp\":1800000009"))
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","exp":1799999999}"#) == .expired)
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","exp":"never"}"#) == .claimType)
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","exp":1e300}"#) == .claimType)
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","iss":3}"#) == .claimType)
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","aud":5}"#) == .claimType)
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","jti":7}"#) == .claimType)
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","nbf":\#(TokenSamples.now + 1)}"#) == .notYetValid)
        #expect(issuer.refusal(#"{"sub":"u","azp":"a","nbf":\#(TokenSamples.now)}"#) == nil)
        #expect(issuer.refusal(#"{"sub":"u","sub":"v"}"#) == .duplicateMember)
        #expect(issuer.refusal("[]") == .json)
        #expect(issuer.refusal(#"{"azp":"a"}"#) == .missingClaim)
        #expect(issuer.refusal("{\"sub\":\"" + String(repeating: "x", count: 16_384) + "\"}") == .tooLarge)
    }

    @Test("one worker serves several exchangers in turn")
    func workerIsRebound() throws {
        let global = #""sub": {"pseudonym": {"type": "user-id", "scope": "global"}}"#
        let first = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        let second = try TokenSamples(.hs256, output: .es256)
        let other = try Exchanger(
            policy: Sample.policy(claims: [global]), accept: [samples.accept()], signingKey: second.outputKey,
            pseudonymKeys: samples.ring)
        var worker = first.makeWorker()
        for _ in 0..<3 {
            let a = try first.exchange(samples.token(Self.azp), now: TokenSamples.now, using: &worker)
            let b = try other.exchange(samples.token(Self.azp), now: TokenSamples.now, using: &worker)
            #expect(try TokenSamples.part(0, of: a).contains("HS256") && TokenSamples.part(0, of: b).contains("ES256"))
        }
    }

    @Test("T37 the engine's names are known however they are spelled, and never carried")
    func escapedOwnNames() throws {
        let policy = try Sample.policy(claims: [Self.sub, #""azp": "drop""#], more: #""unlisted": "refuse""#)
        let payload = try samples.tokenIssuer(policy).payload(
            #"{"\u0069ss":"EscapedI","\u0061ud":"EscapedA","s\u0075b":"u","jt\u0069":"EscapedID","az\u0070":"a"}"#
        )
        #expect(!payload.contains("Escaped"))
        #expect(payload.contains(#""client_id":"a","sub":"p1_k001_"#))
    }

    @Test("the calls over arrays append what the calls over strings return, and nothing for a refused token")
    func arrayCalls() throws {
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.sub]))
        let issuer = try samples.tokenIssuer(Sample.policy(claims: [Self.sub]))
        var worker = exchanger.makeWorker()
        var output = Array("> ".utf8)
        let token = Array(try samples.token(Self.azp).utf8)
        for _ in 0..<3 {
            let before = output.count
            guard
                case .issued(let issued) = exchanger.exchange(
                    token.span, now: TokenSamples.now, using: &worker, appendingTo: &output)
            else {
                Issue.record("refused")
                return
            }
            #expect(issued.byteCount == output.count - before)
            let count = output.count
            let bad = Array("a.b.c".utf8)
            _ = exchanger.exchange(bad.span, now: TokenSamples.now, using: &worker, appendingTo: &output)
            #expect(output.count == count)
        }
        let claims = Array(#"{"sub":"u","azp":"a"}"#.utf8)
        guard
            case .issued = issuer.issue(
                claims: claims.span, now: TokenSamples.now, using: &worker, appendingTo: &output)
        else {
            Issue.record("refused")
            return
        }
    }
}

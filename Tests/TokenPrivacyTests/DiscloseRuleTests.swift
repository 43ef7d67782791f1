// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenDisclosure
import TokenScan
import TokenVerify

@testable import TokenPrivacy

@Suite("Selective disclosure by policy")
struct DiscloseRuleTests {
    static let issue = """
        "issue": {"issuer": "https://tokens.internal.example", "audience": "https://orders.internal.example", \
        "type": "example+sd-jwt"}
        """
    static let claims = [
        #""sub": {"pseudonym": {"type": "user"}}"#, #""email": "disclose""#, #""name": {"disclose": "selectively"}"#,
        #""address.street": "disclose""#, #""address.country": "keep""#,
        #""nationalities[]": {"disclose": {"decoys": 1}}"#,
        #""phones[].number": "disclose""#,
        #""profile_data": {"disclose": {"recursive": "yes", "decoys": 1}, "as": "data"}"#,
        #""cnf": "keep""#,
    ]
    static let more = #"""
        ,"email":"ana@example.com","name":"Ana","address":{"street":"Main St 1","country":"PT"},"nationalities":["PT","DE"],\#
        "phones":[{"number":"+1-202-555-0101","kind":"home"}],"profile_data":{"a":{"b":1},"c":[2]}
        """#

    private let samples: TokenSamples
    private let policy: Policy
    private let verifier: DisclosureVerifier

    init() throws {
        samples = try TokenSamples()
        policy = try Sample.policy(claims: Self.claims, issue: Self.issue)
        verifier = try DisclosureVerifier(accept: [
            AcceptEntry(
                issuers: ["https://tokens.internal.example"], audiences: ["https://orders.internal.example"],
                keys: try KeyRing([samples.outputKey]), types: nil)
        ])
    }

    private func members(_ presentation: String) throws -> NSDictionary {
        let bytes = Array(presentation.utf8)
        var worker = verifier.makeWorker()
        try check(bytes.span, &worker)
        let text = worker.withClaims { TokenSamples.string($0) }
        return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary ?? [:]
    }

    private func check(_ presentation: Span<UInt8>, _ worker: inout DisclosureWorker) throws {
        _ = try verifier.verify(presentation, now: TokenSamples.now, using: &worker)
    }

    private func issued() throws -> String {
        let issuer = try samples.tokenIssuer(policy)
        var worker = issuer.makeWorker()
        return try issuer.issue(claims: #"{"sub":"u1"\#(Self.more)}"#, now: TokenSamples.now, using: &worker)
    }

    @Test("the signed token holds digests; with its disclosures it says what the policy lets through")
    func issue() throws {
        let token = try issued()
        #expect(token.hasSuffix("~"))
        let parts = token.split(separator: "~").map(String.init)
        // email, name, street, two nationalities, number, and data with a, b, c and 2.
        #expect(parts.count == 1 + 11)
        let payload = try TokenSamples.part(1, of: parts[0])
        // Texts that no base64url of a digest can hold by chance.
        for text in ["ana@", "Main St", "+1-202", "profile_data", "\"Ana\"", "\"DE\""] {
            #expect(!payload.contains(text))
        }
        #expect(payload.contains(#""_sd_alg":"sha-256""#))
        let open = try members(token)
        #expect(open["email"] as? String == "ana@example.com")
        #expect(open["name"] as? String == "Ana")
        #expect(open["address"] as? NSDictionary == ["street": "Main St 1", "country": "PT"])
        #expect(open["nationalities"] as? NSArray == ["PT", "DE"])
        #expect(open["phones"] as? NSArray == [["number": "+1-202-555-0101"]])
        #expect(open["data"] as? NSDictionary == ["a": ["b": 1], "c": [2]])
        #expect((open["sub"] as? String)?.hasPrefix("p1_k001_") == true)
        let closed = try members(parts[0] + "~")
        #expect(closed["email"] == nil && closed["data"] == nil)
        #expect(closed["address"] as? NSDictionary == ["country": "PT"])
        #expect(closed["nationalities"] as? NSArray == [])
        #expect(try TokenSamples.part(0, of: token).contains(#""typ":"example+sd-jwt""#))
    }

    @Test("a missing claim leaves a decoy in its place, so that the digests of two people are as many")
    func missingClaims() throws {
        let issuer = try samples.tokenIssuer(policy)
        var counts: Set<Int> = []
        for claims in [#"{"sub":"u1"}"#, #"{"sub":"u1","email":"a@example.com"}"#, #"{"sub":"u1"\#(Self.more)}"#] {
            let payload = try issuer.payload(claims)
            let root = try JSONSerialization.jsonObject(with: Data(payload.utf8)) as? [String: Any] ?? [:]
            counts.insert((root["_sd"] as? [Any])?.count ?? 0)
        }
        #expect(counts == [4])
    }

    @Test("exchange gives the same, alone and in batches")
    func exchange() throws {
        let exchanger = try samples.exchanger(policy)
        let token = try samples.token(Self.more)
        var worker = exchanger.makeWorker()
        let alone = try exchanger.exchange(token, now: TokenSamples.now, using: &worker)
        var batch = TokenBatch()
        for text in [token, "x", token] { batch.append(text) }
        var output = ByteScratch()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        exchanger.exchange(
            batch, now: TokenSamples.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        #expect(places[1].isEmpty && verdicts[1] == .refused(Refusal(.malformed, offset: 1)))
        let texts = [places[0], places[2]].map { TokenSamples.string(output.span.extracting($0)) }
        var seen: Set<String> = []
        for text in [alone] + texts {
            var members = try members(text) as? [String: Any] ?? [:]
            members["jti"] = nil
            seen.insert("\(members["email"] ?? "") \(members["sub"] ?? "") \(members.count)")
            // Never the same salt twice.
            #expect(Set(text.split(separator: "~").dropFirst()).count == 11)
        }
        #expect(seen.count == 1)
        #expect(Set((texts + [alone]).flatMap { $0.split(separator: "~").dropFirst() }).count == 33)
    }

    @Test("kept values that hold names of SD-JWT are refused, never signed")
    func forgedDigests() throws {
        let policy = try Sample.policy(
            claims: [#""sub": {"pseudonym": {"type": "user"}}"#, #""a": "keep""#, #""b": "disclose""#],
            issue: Self.issue)
        let issuer = try samples.tokenIssuer(policy)
        for claims in [
            #"{"sub":"u1","a":{"_sd":["x"]}}"#, #"{"sub":"u1","a":[{"...":"x"}]}"#, #"{"sub":"u1","b":{"_sd":["x"]}}"#,
        ] { #expect(issuer.refusal(claims) == .policy) }
        #expect(issuer.refusal(#"{"sub":"u1","a":1,"b":2}"#) == nil)
    }

    @Test("a policy for SD-JWTs without disclose rules gives an SD-JWT without disclosures")
    func noRules() throws {
        let policy = try Sample.policy(claims: [#""sub": {"pseudonym": {"type": "user"}}"#], issue: Self.issue)
        let issuer = try samples.tokenIssuer(policy)
        var worker = issuer.makeWorker()
        let token = try issuer.issue(claims: #"{"sub":"u1"}"#, now: TokenSamples.now, using: &worker)
        #expect(token.split(separator: "~", omittingEmptySubsequences: false).count == 2)
        #expect(try members(token)["iss"] as? String == "https://tokens.internal.example")
    }

    @Test("too much to disclose is refused, and the worker goes on")
    func limits() throws {
        let issuer = try samples.tokenIssuer(policy)
        let many = (0..<300).map { "\"\($0)\"" }.joined(separator: ",")
        #expect(issuer.refusal(#"{"sub":"u1","nationalities":[\#(many)]}"#) == .tooLarge)
        #expect(issuer.refusal(#"{"sub":"u1"}"#) == nil)
    }

    @Test(
        "rules that would let a holder choose what the token is",
        arguments: [
            (#""act.sub": "disclose""#, PolicyError.Code.notDisclosable), (#""status": "disclose""#, .notDisclosable),
            (#""status.x": "disclose""#, .notDisclosable), (#""vct": "disclose""#, .notDisclosable),
            (#""client_id": "disclose""#, .notDisclosable), (#""azp": "disclose""#, .notDisclosable),
            (#""x": {"disclose": {}, "as": "vct"}"#, .notDisclosable), (#""may_act": "disclose""#, .notDisclosable),
            (#""exp": "disclose""#, .engineOwned), (#""iss": "disclose""#, .engineOwned),
            (#""aud": "disclose""#, .engineOwned),
            (#""nbf": "disclose""#, .engineOwned), (#""cnf": "disclose""#, .notDisclosable),
            (#""_sd": "disclose""#, .reservedName), (#""a._sd": "disclose""#, .reservedName),
            (#""x": {"disclose": {}, "as": "..."}"#, .reservedName), (#""nonce": "disclose""#, .neverCarried),
            (#""a": "disclose", "a.b": "keep""#, .unreachableRule),
            (#""a": {"disclose": {"decoys": "17"}}"#, .wrongArgument),
            (#""a": {"disclose": "always"}"#, .wrongArgument), (#""a": {"disclose": {"deep": "yes"}}"#, .unknownWord),
        ])
    func refusedRules(_ rule: String, _ code: PolicyError.Code) {
        let error = Sample.error(
            Sample.json(claims: [#""sub": {"pseudonym": {"type": "user"}}"#, rule], issue: Self.issue))
        #expect(error?.code == code)
        #expect(error?.line == 7)
    }

    @Test("disclose needs a type that says what the token is; sub may be disclosed then")
    func types() throws {
        for type in ["at+jwt", "JWT", "sd-jwt", "+sd-jwt", "x+sd-jwt+y"] {
            let issue = Self.issue.replacing("example+sd-jwt", with: type)
            let error = Sample.error(Sample.json(claims: [#""sub": "keep""#, #""a": "disclose""#], issue: issue))
            #expect(error?.code == .wrongArgument, "\(type)")
        }
        let policy = try Sample.policy(claims: [#""sub": "disclose""#], issue: Self.issue)
        #expect(policy.issue.isSelective)
        let issuer = try samples.tokenIssuer(policy)
        #expect(!(try issuer.payload(#"{"sub":"user 1"}"#)).contains("user 1"))
        #expect(issuer.refusal("{}") == .missingClaim)
    }
}

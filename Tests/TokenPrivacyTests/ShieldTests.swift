// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenVerify

@testable import TokenPrivacy

@Suite("The shield: what leaves, byte for byte")
struct ShieldTests {
    let samples: TokenSamples
    static let id = Sample.issue.replacingOccurrences(of: "}", with: #", "class": "id"}"#)

    init() throws { samples = try TokenSamples() }

    /// What stands behind the engine's own claims in the output for `claims`, which follow `"sub":"u"`.
    private func output(_ rules: [String], _ claims: String, more: String = #""unlisted": "drop""#) throws -> String {
        let policy = try Sample.policy(claims: [#""sub": "keep""#] + rules, issue: Self.id, more: more)
        let payload = try samples.tokenIssuer(policy).payload(#"{"sub":"u"\#(claims)}"#)
        let marker = try #require(payload.range(of: #","sub":"u""#))
        return String(payload[marker.upperBound...].dropLast())
    }

    private func refusal(_ rules: [String], _ claims: String, more: String = #""unlisted": "drop""#) throws
        -> RefusalCode?
    {
        let policy = try Sample.policy(claims: [#""sub": "keep""#] + rules, issue: Self.id, more: more)
        return try samples.tokenIssuer(policy).refusal(#"{"sub":"u"\#(claims)}"#)
    }

    static let kept = [
        "1.0", "1e2", "-0", "0.10", "1E+2", "123456789012345678901234567890", "true", "null", "\"\"",
        #""\u0041\/\n\ud83d\ude00""#, "\"grüße\"", "[ 1 , 2 ]", "{ \"a\" : [ ] , \"\\u0062\" : {} }",
    ]

    @Test("keep copies the bytes as they are", arguments: kept)
    func byteExact(_ value: String) throws {
        #expect(try output([#""x": "keep""#], ",\"x\" : \(value) ") == ",\"x\":\(value)")
        #expect(try output([#""a.b[]": "keep""#], ",\"a\":{\"b\":[\(value)]}") == ",\"a\":{\"b\":[\(value)]}")
    }

    static let denied: [(rules: [String], claims: String, output: String)] = [
        ([], #","x":1,"y":{"z":2}"#, ""),
        ([#""a.b": "keep""#], #","a":{"b":1,"c":2}"#, #","a":{"b":1}"#),
        ([#""a.b": "keep""#], #","a":{"c":2}"#, ""),
        ([#""a.b": "keep""#], #","a":{}"#, ""),
        ([#""a.b": "keep""#], #","a":[{"b":1}]"#, ""),
        ([#""a.b": "keep""#], #","a":"text""#, ""),
        ([#""a.b.c": "keep""#], #","a":{"b":{"d":1}},"z":0"#, ""),
        ([#""a[].b": "keep""#], #","a":[{"b":1,"c":2},{"c":3},7,[{"b":4}],{"b":null}]"#, #","a":[{"b":1},{"b":null}]"#),
        ([#""a[].b": "keep""#], #","a":[]"#, ""),
        ([#""a[]": "keep""#], #","a":[1,{"x":2},[3]]"#, #","a":[1,{"x":2},[3]]"#),
        ([#""a[][]": "keep""#], #","a":[1,[2,3],[],[[4]]]"#, #","a":[[2,3],[[4]]]"#),
        ([#""a[].b": "keep""#, #""a.c": "keep""#], #","a":{"c":1,"b":2}"#, #","a":{"c":1}"#),
        ([#""\"a.b\".c": "keep""#], #","a.b":{"c":1},"a":{"b":{"c":2}}"#, #","a.b":{"c":1}"#),
        ([#""\"q\\\"\\\\\"": "keep""#], #","q\"\\":1"#, #","q\"\\":1"#),
        ([#""x": "keep""#], #","\u0078":1,"X":2"#, #","x":1"#),
        ([#""x": "drop""#], #","\u0078":1"#, ""),
        ([#""grüße": "keep""#], #","gr\u00fc\u00dfe":1,"gru\u0308\u00dfe":2"#, #","grüße":1"#),
        ([#""x": {"keep": {}, "as": "tier level"}"#], #","x":[1]"#, #","tier level":[1]"#),
        ([#""a.x": {"keep": {}, "as": "y"}"#], #","a":{"x":1,"y":2}"#, #","a":{"y":1}"#),
        ([#""x": {"mask": {}}"#], #","x":"secret""#, #","x":"***""#),
        ([#""x": {"mask": {"shape": "length"}}"#], #","x":"gr\u00fc\u00dfe""#, #","x":"*****""#),
        ([#""x": {"mask": {"shape": "class"}}"#], #","x":"Ab 9+\"é""#, #","x":"Aa-0--x""#),
        ([#""x": {"mask": {"otherwise": "drop"}}"#], #","x":true"#, ""),
        ([#""x": {"mask": {"shape": "class"}}"#], #","x":-12.5"#, #","x":"-00-0""#),
        ([#""x": {"pseudonym": {"otherwise": "drop"}}"#], #","x":1.5"#, ""),
        ([#""x": {"pseudonym": {"canonical": "email/1", "otherwise": "drop"}}"#], #","x":"no address""#, ""),
        ([#""o.x": {"pseudonym": {"otherwise": "drop"}}"#], #","o":{"x":null}"#, ""),
    ]

    @Test("T88 default deny at every level, and each rule's result", arguments: denied)
    func defaultDeny(_ rules: [String], _ claims: String, _ expected: String) throws {
        #expect(try output(rules, claims) == expected)
    }

    static let refused: [(rules: [String], claims: String, more: String)] = [
        ([], #","x":1"#, #""unlisted": "refuse""#),
        ([#""a.b": "keep""#], #","a":{"b":1,"c":2}"#, #""unlisted": "refuse""#),
        ([#""a.b": "keep""#], #","a":1"#, #""unlisted": "refuse""#),
        ([#""a[].b": "keep""#], #","a":[1]"#, #""unlisted": "refuse""#),
        ([#""x": {"pseudonym": {}}"#], #","x":1.5"#, #""unlisted": "drop""#),
        ([#""x": {"pseudonym": {}}"#], #","x":-0"#, #""unlisted": "drop""#),
        ([#""x": {"pseudonym": {}}"#], #","x":null"#, #""unlisted": "drop""#),
        ([#""x": {"pseudonym": {}}"#], #","x":["a"]"#, #""unlisted": "drop""#),
        ([#""x": {"pseudonym": {"canonical": "email/1"}}"#], #","x":"a b""#, #""unlisted": "drop""#),
        ([#""x": {"mask": {}}"#], #","x":{}"#, #""unlisted": "drop""#),
        ([#""x": {"generalize": {"date": "year"}}"#], #","x":"soon""#, #""unlisted": "drop""#),
        ([#""x": {"generalize": {"ip": {}}}"#], #","x":"10.0.0.256""#, #""unlisted": "drop""#),
    ]

    @Test("what a rule cannot carry out refuses the token with policy", arguments: refused)
    func refusals(_ rules: [String], _ claims: String, _ more: String) throws {
        #expect(try refusal(rules, claims, more: more) == .policy)
    }

    static let personal = [
        #""jane.doe@example.com""#, #""+41446681800""#, #""4111111111111111""#, #""203.0.113.7""#, #""2001:db8::7""#,
        #"{"a":[{"b":"jane.doe@example.com"}]}"#, #"{"jane.doe@example.com":1}"#,
        #"[{"jane.doe\u0040example.com":[]}]"#, #"{"Jane <jane.doe@example.com>":1}"#,
        #""jane.doe\u0040example.com""#, "4111111111111111",
    ]

    @Test("personal data under keep refuses, warns, or passes", arguments: personal)
    func lint(_ value: String) throws {
        let rules = [#""x": "keep""#]
        #expect(try refusal(rules, ",\"x\":\(value)") == .policy)
        let off = #""checks": {"personal-data-in-kept-claims": "off"}"#
        #expect(try output(rules, ",\"x\":\(value)", more: off) == ",\"x\":\(value)")
        let warn = #""checks": {"personal-data-in-kept-claims": "warn"}"#
        let policy = try Sample.policy(claims: [#""sub": "keep""#] + rules, issue: Self.id, more: warn)
        let issuer = try samples.tokenIssuer(policy)
        var worker = issuer.makeWorker()
        let (verdict, _) = issuer.verdict("{\"sub\":\"u\",\"x\":\(value)}", using: &worker)
        guard case .issued(let token) = verdict else {
            Issue.record("refused")
            return
        }
        #expect(token.warningCount == 1)
    }

    @Test("T78 mutated claims under every rule: a token or a refusal, never a trap, and no output for a refusal")
    func mutations() throws {
        let policy = try Sample.policy(
            claims: [
                #""sub": {"pseudonym": {}}"#, #""a": {"pseudonym": {"canonical": "email/1"}}"#,
                #""b": {"pseudonym": {"canonical": "phone/1", "otherwise": "drop"}}"#,
                #""c": {"pseudonym": {"canonical": "ip/1", "scope": "token"}}"#, #""d": {"mask": {"shape": "class"}}"#,
                #""e": {"generalize": {"date": "month"}}"#, #""f": {"generalize": {"shift": 9, "otherwise": "drop"}}"#,
                #""g": {"generalize": {"bucket": [1, 5]}}"#, #""h": {"generalize": {"ip": {}}}"#, #""i[].j": "keep""#,
                #""k": "random""#, #""l.m": {"keep": {}, "as": "n"}"#,
            ], issue: Self.id)
        let claims = Array(
            #"""
            {"sub":"u\u0031","a":"x@example.com","b":"+15555550100","c":"::ffff:1.2.3.4","d":"Ab1é",
            "e":"2020-02-29T00:00:00Z","f":1592179200,"g":-3.5e0,"h":"2001:db8::1","i":[{"j":{"x":[1,"y"]}},2],"k":null,
            "l":{"m":"z"},"exp":1800000100}
            """#.utf8)
        let issuer = try samples.tokenIssuer(policy)
        var worker = issuer.makeWorker()
        var output = ByteScratch()
        var random = SeededGenerator(seed: 3)
        var issuedCount = 0
        for round in 0..<6000 {
            var changed = claims
            for _ in 0..<(round == 0 ? 0 : Int.random(in: 1...3, using: &random)) {
                let place = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0x20...0x7E, using: &random)
                case 1: changed.remove(at: place)
                default: changed.insert(changed[Int.random(in: changed.indices, using: &random)], at: place)
                }
            }
            output.removeAll()
            switch issuer.issue(claims: changed.span, now: TokenSamples.now, using: &worker, into: &output) {
            case .refused: #expect(output.count == 0)
            case .issued(let token):
                issuedCount += 1
                #expect(token.byteCount == output.count)
                if issuedCount % 50 == 1 { _ = try TokenSamples.claims(of: TokenSamples.string(output.span)) }
            }
        }
        #expect(issuedCount > 500)
    }

    @Test("256 members pass, names and order kept")
    func manyMembers() throws {
        let names = (0..<250).map { "claim_number_\($0)" }
        let rules = names.map { "\"\($0)\": \"keep\"" }
        let claims = names.reversed().map { ",\"\($0)\":\"\($0.count)\"" }.joined()
        #expect(try output(rules, claims) == claims)
    }

    @Test("T85 T86 pseudonyms differ by tenant, key, type, scope and value kind, and nowhere else")
    func pseudonymDomains() throws {
        let value = #"{"sub":"u","a":"v","b":"v","c":1,"d":"1","e":true,"f":"v","g":"v","h":"V"}"#
        let policy = try Sample.policy(
            claims: [
                #""sub": "keep""#, #""a": {"pseudonym": {"type": "t"}}"#, #""b": {"pseudonym": {"type": "t"}}"#,
                #""c": {"pseudonym": {"type": "t"}}"#, #""d": {"pseudonym": {"type": "t"}}"#,
                #""e": {"pseudonym": {"type": "t"}}"#, #""f": {"pseudonym": {"type": "t", "scope": "global"}}"#,
                #""g": {"pseudonym": {"type": "other"}}"#, #""h": {"pseudonym": {"type": "t"}}"#,
            ], issue: Self.id)
        let issuer = try samples.tokenIssuer(policy)
        var worker = issuer.makeWorker()
        let first = try TokenSamples.claims(of: issuer.issue(claims: value, now: TokenSamples.now, using: &worker))
        let second = try TokenSamples.claims(of: issuer.issue(claims: value, now: TokenSamples.now, using: &worker))
        let texts = ["a", "b", "c", "d", "e", "f", "g", "h"].map { first[$0] as? String ?? "" }
        #expect(texts[0] == texts[1])
        #expect(Set(texts).count == 7)
        #expect(texts.allSatisfy { $0.hasPrefix("p1_k001_") && $0.utf8.count == 30 })
        #expect(texts == ["a", "b", "c", "d", "e", "f", "g", "h"].map { second[$0] as? String ?? "" })
    }

    @Test("forms have their fixed widths, and scope token changes with each token")
    func pseudonymForms() throws {
        let policy = try Sample.policy(
            claims: [
                #""sub": "keep""#, #""a": {"pseudonym": {"bytes": 20}}"#, #""b": {"pseudonym": {"bytes": 32}}"#,
                #""c": {"pseudonym": {"text": "base32"}}"#, #""d[]": {"pseudonym": {"type": "t", "scope": "token"}}"#,
                #""e": {"pseudonym": {"type": "t", "scope": "token"}}"#, #""f": "random""#,
            ], issue: Self.id)
        let issuer = try samples.tokenIssuer(policy)
        var worker = issuer.makeWorker()
        var seen: Set<String> = []
        for _ in 0..<40 {
            let claims = try TokenSamples.claims(
                of: issuer.issue(
                    claims: #"{"sub":"u","a":"v","b":"v","c":"v","d":["v","w"],"e":"v","f":{"x":1}}"#,
                    now: TokenSamples.now, using: &worker))
            #expect((claims["a"] as? String)?.count == 35 && (claims["b"] as? String)?.count == 51)
            #expect((claims["c"] as? String)?.count == 34 && (claims["f"] as? String)?.count == 22)
            let list = try #require(claims["d"] as? [String])
            #expect(list[0] == claims["e"] as? String && list[0] != list[1])
            #expect(seen.insert(list[0]).inserted && seen.insert(list[1]).inserted)
        }
    }
}

extension Issuer {
    func verdict(_ claims: String, using worker: inout ExchangeWorker) -> (ExchangeVerdict, String) {
        let bytes = Array(claims.utf8)
        var output = ByteScratch()
        let verdict = issue(claims: bytes.span, now: TokenSamples.now, using: &worker, into: &output)
        return (verdict, TokenSamples.string(output.span))
    }
}

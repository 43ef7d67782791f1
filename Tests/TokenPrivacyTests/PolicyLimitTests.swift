// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import TokenPrivacy

@Suite("Limits of a policy, each at its value and one beyond")
struct PolicyLimitTests {
    static let sub = #""sub": "keep""#

    private func compiles(_ claims: [String], issue: String = Sample.issue) -> PolicyError? {
        Sample.error(Sample.json(claims: claims, issue: issue))
    }

    @Test("256 rules")
    func rules() {
        let rules = (0..<255).map { "\"c\($0)\": \"drop\"" }
        #expect(compiles([Self.sub] + rules) == nil)
        #expect(compiles([Self.sub] + rules + [#""one": "drop""#])?.code == .syntax)
    }

    @Test("16 steps of a path, 256 bytes of a name")
    func paths() {
        let steps = (0..<16).map { "s\($0)" }.joined(separator: ".")
        #expect(compiles([Self.sub, "\"\(steps)\": \"keep\""]) == nil)
        #expect(compiles([Self.sub, "\"\(steps).x\": \"keep\""])?.code == .path)
        #expect(compiles([Self.sub, "\"\(steps)[]\": \"keep\""])?.code == .path)
        let name = String(repeating: "n", count: 256)
        #expect(compiles([Self.sub, "\"\(name)\": \"keep\""]) == nil)
        #expect(compiles([Self.sub, "\"\(name)n\": \"keep\""])?.code == .path)
    }

    @Test("16 audiences, 256 bytes of a text")
    func texts() {
        func issue(_ audiences: [String]) -> String {
            "\"issue\": {\"issuer\": \"i\", \"audience\": [" + audiences.map { "\"\($0)\"" }.joined(separator: ",")
                + "]}"
        }
        let audiences = (0..<16).map { "https://a.example/\($0)" }
        #expect(compiles([Self.sub], issue: issue(audiences)) == nil)
        #expect(compiles([Self.sub], issue: issue(audiences + ["https://a.example/16"]))?.code == .wrongArgument)
        let long = String(repeating: "a", count: 256)
        #expect(compiles([Self.sub], issue: issue([long])) == nil)
        #expect(compiles([Self.sub], issue: issue([long + "a"]))?.code == .wrongArgument)
    }

    @Test("1 MiB, 16 levels (T31)")
    func size() {
        let policy = Sample.json(claims: [Self.sub])
        let padding = String(repeating: " ", count: PolicyNode.byteCountMax - policy.utf8.count)
        #expect(Sample.error(policy + padding) == nil)
        #expect(Sample.error(policy + padding + " ")?.code == .syntax)
        let deep = String(repeating: "[", count: 100_000)
        #expect(Sample.error("{\"version\": " + deep)?.code == .syntax)
        #expect(
            Sample.error("{\"a\":" + String(repeating: "[", count: 15) + String(repeating: "]", count: 15) + "}")?.code
                == .unknownWord)
    }

    @Test(
        "class caps: the lifetime at the cap compiles, a second more does not",
        arguments: [
            ("access", 900), ("id", 300), ("one-time", 60),
        ])
    func caps(_ word: String, _ seconds: Int) throws {
        func issue(_ seconds: Int) -> String {
            #""issue": {"issuer": "i", "audience": "a", "class": "\#(word)", "lifetime": "\#(seconds)s"}"#
        }
        #expect(try Sample.policy(claims: [Self.sub], issue: issue(seconds)).issue.lifetimeSeconds == Int64(seconds))
        #expect(compiles([Self.sub], issue: issue(seconds + 1))?.code == .lifetime)
    }

    @Test("every prefix and every one-byte change of a policy gives a policy or an error, never a trap (T78)")
    func mutations() {
        let policy = Array(
            Sample.json(claims: [
                #""sub": {"pseudonym": {"type": "t"}}"#,
                #""a[].\"b.c\"": {"generalize": {"bucket": [1, 2]}, "as": "d"}"#,
            ]).utf8)
        for count in policy.indices { _ = try? PolicyNode.parse(json: policy.span.extracting(0..<count)) }
        var random = SeededGenerator(seed: 7)
        for index in policy.indices {
            for _ in 0..<4 {
                var changed = policy
                changed[index] = UInt8.random(in: 0x20...0x7E, using: &random)
                if let tree = try? PolicyNode.parse(json: changed.span) { _ = try? Policy.compile(tree) }
            }
        }
    }
}

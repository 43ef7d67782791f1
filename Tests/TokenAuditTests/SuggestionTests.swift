// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenPrivacy
import TokenScan

@testable import TokenAudit

@Suite("Suggested policies, and nothing of a value anywhere")
struct SuggestionTests {
    /// The suggested rules as the compiler's tree: `{…}` of the flow form by a small reader of its own.
    private static func node(_ rule: String) -> PolicyNode {
        guard rule.hasPrefix("{") else { return .scalar(rule, line: 1) }
        let json = rule.replacing(/([a-z0-9\/-]+)(?=[:,}])/) { "\"\($0.output.1)\"" }
        return (try? PolicyNode.parse(json: Array("{\"r\":\(json)}".utf8).span)).map(inner) ?? .scalar("?", line: 1)
    }

    private static func inner(_ node: PolicyNode) -> PolicyNode {
        if case .mapping(let entries, _) = node, let first = entries.first { return first.value }
        return node
    }

    private static func compile(_ rules: [SuggestedRule]) throws(PolicyError) -> Policy {
        func text(_ name: String, _ value: String) -> PolicyNode.Entry {
            PolicyNode.Entry(name: name, line: 1, value: .scalar(value, line: 1))
        }
        let issue = [
            text("issuer", "https://t.example"), text("audience", "https://s.example"), text("client-id", "c"),
        ]
        let claims = rules.map { PolicyNode.Entry(name: $0.path, line: 1, value: node($0.rule)) }
        return try Policy.compile(
            .mapping(
                [
                    text("version", "1"), text("tenant", "t"),
                    PolicyNode.Entry(name: "issue", line: 1, value: .mapping(issue, line: 1)),
                    PolicyNode.Entry(name: "claims", line: 1, value: .mapping(claims, line: 1)),
                ], line: 1))
    }

    @Test("the rules suit the claims")
    func rules() throws {
        let text = (0..<40).map { AuditSamples.person($0, audience: "a") }.joined(separator: "\n")
        let rules = Dictionary(
            uniqueKeysWithValues: try AuditSamples.report(text).suggestedRules.map { ($0.path, $0.rule) })
        #expect(rules["sub"]?.contains("pseudonym") == true && rules["email"]?.contains("email/1") == true)
        #expect(rules["scope"] == "keep" && rules["admin"] == "keep" && rules["roles"] == "keep")
        #expect(rules["address"] == "drop" && rules["level"] == "drop")
        #expect(rules["iss"] == nil && rules["exp"] == nil && rules["roles[]"] == nil && rules["address.street"] == nil)
    }

    @Test("every suggestion compiles: the claims of real issuers, and claims made to break it")
    func compiles() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/corpora")
        var all = ""
        for folder in try FileManager.default.contentsOfDirectory(atPath: root.path) {
            guard let text = try? String(contentsOf: root.appending(path: "\(folder)/HS256.jwt"), encoding: .utf8)
            else {
                continue
            }
            _ = try Self.compile(AuditSamples.report(text).suggestedRules)
            all += text + "\n"
        }
        #expect(!all.isEmpty)
        _ = try Self.compile(AuditSamples.report(all).suggestedRules)
        let odd = [
            #"{"cnf":{"jkt":"x"},"act":{"sub":"a"},"client_id":"c","nonce":"n","address":"x","amr":"y","email_verified":"no"}"#,
            #"{"sub":1,"a.b":{"c.d":1},"x":{"y":{"_sd":["d"],"...":1}},"_sd":[],"enc_claims":{},"roles":{"a":1}}"#,
            #"{"x":1,"y":[[1]],"z":[{"w":"a@example.com"}],"on":"yes","null":null,"true":true,"a:b":{"c/d":"1"}}"#,
            #"{"x":{"y":1},"z":"s","birthdate":1984,"updated_at":"x","phone_number":true,"status":1,"events":[],"sid":2}"#,
            "{}",
        ]
        for claims in odd { _ = try Self.compile(AuditSamples.report(AuditSamples.token(claims)).suggestedRules) }
        _ = try Self.compile(AuditSamples.report(odd.map(AuditSamples.token).joined(separator: "\n")).suggestedRules)
        let many =
            "{" + (0..<600).map { "\"n\(String(repeating: "x", count: $0 % 60))\($0 / 60)\":1" }.joined(separator: ",")
            + "}"
        _ = try Self.compile(AuditSamples.report(AuditSamples.token(many)).suggestedRules)
    }

    @Test("T83: no print of a report holds a value, whole, in any case, encoded or reversed")
    func leaks() throws {
        var text = (0..<30).map { AuditSamples.person($0, audience: "qzaudiencemk\($0 % 3)") }.joined(separator: "\n")
        let header = #"{"alg":"qzalgmarkers","typ":"qztypmarkers","kid":"qzkidmarkers"}"#
        text +=
            "\n" + NaiveBase64URL.encode(header.utf8) + "." + NaiveBase64URL.encode(#"{"a":"qzvaluemark"}"#.utf8) + ".x"
        let names =
            #"{"qzkeymarker@example.com":1,"m":{"+1-202-555-0101":"qzinsidemark"},"l":["qzlistmarker"],"n":4111111111111111}"#
        text += "\n" + AuditSamples.token(names)
        let report = try AuditSamples.report(text)
        #expect(report.tokenCount == 32)
        for print in report.prints {
            let lower = print.lowercased()
            #expect(lower.firstMatch(of: /qz[a-z]{9}/) == nil)
            #expect(!print.contains("4111") && !print.contains("202-555"))
            for marker in ["qzsubjectmk", "qzmailmarke", "qzvaluemark", "qzkidmarker"] {
                #expect(!print.contains(NaiveBase64URL.encode(marker.utf8).prefix(12)))
                #expect(!lower.contains(String(marker.reversed())))
            }
        }
    }

    @Test("the page needs nothing from elsewhere and closes what it opens; JSON reads")
    func forms() throws {
        let text = (0..<20).map { AuditSamples.person($0, audience: "a\($0 % 2)") }.joined(separator: "\n")
        let report = try AuditSamples.report(text)
        let page = report.html
        for word in ["<script", "http://", "src=", "@import", "url("] { #expect(!page.contains(word)) }
        for tag in ["section", "table", "figure", "div", "main", "tr", "th"] {
            #expect(
                page.matches(of: try Regex("<\(tag)[ >]")).count == page.components(separatedBy: "</\(tag)>").count - 1)
        }
        let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        #expect(object?["tokens"] as? Int == 20)
        #expect((object?["claims"] as? [[String: Any]])?.contains { $0["claim"] as? String == "email" } == true)
        #expect(report.table.contains("email by name"))
        #expect(try AuditSamples.report("nothing here").tokenCount == 0)
        #expect(try AuditSamples.report("").table == "0 tokens in 0 lines, 0 B\n")
    }
}

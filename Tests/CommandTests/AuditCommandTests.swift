// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("cloakroom audit")
struct AuditCommandTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/corpora/keycloak-access/HS256.jwt").path

    @Test func `A corpus gives a table, JSON and a page, none with a value, and a policy that compiles`() async throws {
        let space = try Workspace()
        for format in ["table", "json", "html"] {
            let outcome = try await space.run(["audit", "--format", format, Self.corpus])
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            #expect(outcome.output.contains("email"))
            // The fixtures mark every personal text with qz and ten letters.
            #expect(outcome.output.lowercased().firstMatch(of: /qz[a-z]{10}/) == nil)
        }
        let json = try await space.run(["audit", "--format", "json", "--suggest-policy", "policy.yaml", Self.corpus])
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((report?["tokens"] as? Int ?? 0) > 0)
        let check = try await space.run(["policy", "check", "policy.yaml"])
        #expect(check.status == 0, "\(check.errors)")
        #expect(!(try space.read("policy.yaml")).lowercased().contains("qz"))
        // The file is there now, and stays.
        let again = try await space.run(["audit", "--suggest-policy", "policy.yaml", Self.corpus])
        #expect(again.status == 74 && again.errors.hasSuffix("(exists)\n"))
    }

    @Test func `A log without tokens is no failure; a missing file is`() async throws {
        let space = try Workspace()
        let nothing = try await space.run(["audit"], input: "GET / 200\n")
        #expect(nothing.status == 0 && nothing.output == "0 tokens in 1 lines, 10 B\n")
        #expect(try await space.run(["audit", "none.log"]).status == 66)
        #expect(try await space.run(["audit", "--format", "xml"]).status == 64)
        #expect(try await space.run(["audit", "--places", "-1"]).status == 64)
        #expect(try await space.run(["audit", "--policy", "none.yaml"]).status == 66)
        #expect(try await space.run(["audit", "--policy", "p.yaml", "--max-lifetime", "1h"]).status == 64)
    }

    @Test func `Lifetimes are held against a policy, or a bound`() async throws {
        let space = try Workspace()
        try space.write("p.yaml", PolicyCommandTests.policy.replacing("gateway", with: "gateway\n  lifetime: 1s"))
        let corpus = URL(fileURLWithPath: Self.corpus)
        let token = try String(contentsOf: corpus, encoding: .utf8).split(separator: "\n")[0] + "\n"
        func overCap(_ arguments: String...) async throws -> Int? {
            let outcome = try await space.run(["audit", "--format", "json"] + arguments, input: String(token))
            let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            return report?["overLifetimeCap"] as? Int
        }
        #expect(try await overCap("--max-lifetime", "1s") == 1)
        #expect(try await overCap("--max-lifetime", "30d") == 0)
        #expect(try await overCap("--policy", "p.yaml") == 1)
    }
}

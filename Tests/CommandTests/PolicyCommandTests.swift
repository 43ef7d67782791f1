// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct PolicyCommandTests {
    static let policy = """
        version: 1
        tenant: acme
        issue:
          issuer: https://tokens.example
          audience: https://orders.example
          client-id: gateway
        claims:
          sub: {pseudonym: {type: user-id, scope: audience}}
          email: drop

        """

    private func check(_ text: String, name: String = "policy.yaml") async throws -> Outcome {
        let space = try Workspace()
        try space.write(name, text)
        return try await space.run(["policy", "check", name])
    }

    @Test func `A policy that compiles is called usable`() async throws {
        let outcome = try await check(Self.policy)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasSuffix("policy.yaml: usable; accepted issuers: 0, hints: 0\n"))
    }

    @Test func `An empty policy has its own message`() async throws {
        for text in ["", "\n \n"] {
            let outcome = try await check(text)
            #expect(outcome.status == 65)
            #expect(outcome.errors == "cloakroom: policy.yaml line 1: the policy is empty (syntax)\n")
        }
        #expect(try await check("# only a comment\n").errors.contains("the policy is empty"))
    }

    @Test func `A typo is named with its line and the word that was meant`() async throws {
        let outcome = try await check(Self.policy.replacing("pseudonym", with: "pseudonim"))
        #expect(outcome.status == 65)
        #expect(
            outcome.errors
                == "cloakroom: policy.yaml line 8: unknown word 'pseudonim', did you mean 'pseudonym'? (unknown-word)\n"
        )
    }

    @Test(arguments: [
        ("a: [", "the policy is no YAML"), ("version: &v 1\ntenant: *v\n", "anchors and aliases are not allowed"),
        ("version: !!int 1\n", "tags are not allowed"), ("version: !x \"1\"\n", "tags are not allowed"),
        ("version: 1\nversion: 1\n", "a name stands twice in one mapping"),
        ("version: 1\n---\nversion: 1\n", "more than one document"), ("? [a]\n: b\n", "a name is no single word"),
        ("<<: {a: b}\n", "merge keys are not allowed"), ("version: *nothing\n", "anchors and aliases are not allowed"),
    ])
    func `YAML that means more than it shows is refused`(text: String, message: String) async throws {
        let outcome = try await check(text)
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.errors.hasSuffix("(syntax)\n"))
    }

    @Test func `YAML's own words are words here, whatever they look like`() async throws {
        let text = Self.policy + "checks: {personal-data-in-kept-claims: off}\n"
        #expect(try await check(text).status == 0)
        #expect(try await check(text.replacing("off", with: "\"off\"")).status == 0)
    }

    @Test func `A policy may be JSON, by its name or by its first byte`() async throws {
        let json = #"""
            {"version": 1, "tenant": "acme",
             "issue": {"issuer": "https://t.example", "audience": "o", "client-id": "c"},
             "claims": {"sub": {"pseudonym": {}}}}
            """#
        #expect(try await check(json, name: "policy.json").status == 0)
        #expect(try await check(json).status == 0)
        let bad = try await check(json.replacing("pseudonym", with: "pseudonim"), name: "policy.json")
        #expect(bad.errors.hasPrefix("cloakroom: policy.json line 3: unknown word"))
    }

    @Test func `Key files are found beside the policy, and a missing one is 66`() async throws {
        let space = try Workspace()
        try await space.makeKey("ES256")
        let folder = space.path("inner")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: space.path("key.pub"), toPath: folder + "/issuer.jwk")
        let accept = "accept:\n  - {issuer: https://i.example, keys: issuer.jwk, audience: a}\n"
        try space.write("inner/policy.yaml", Self.policy + accept)
        let found = try await space.run(["policy", "check", "inner/policy.yaml"])
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.output.hasSuffix("accepted issuers: 1, hints: 0\n"))
        try space.write("policy.yaml", Self.policy + accept)
        let missing = try await space.run(["policy", "check", "policy.yaml"])
        #expect(missing.status == 66)
        #expect(missing.errors == "cloakroom: no such file: issuer.jwk (no-such-file)\n")
    }

    @Test func `Profiles stand in for what an issuer does differently`() async throws {
        let space = try Workspace()
        try await space.makeKey("ES256")
        let entry = "accept:\n  - {issuer: https://i.example, keys: key.pub, profile: cognito}\n"
        try space.write("policy.yaml", Self.policy + entry)
        #expect(try await space.run(["policy", "check", "policy.yaml"]).status == 0)
        try space.write("none.yaml", Self.policy + entry.replacing(", profile: cognito", with: ""))
        let none = try await space.run(["policy", "check", "none.yaml"])
        #expect(none.status == 65)
        #expect(none.errors.contains("no audience is named"))
        try space.write("typo.yaml", Self.policy + entry.replacing("cognito", with: "cogneto"))
        let typo = try await space.run(["policy", "check", "typo.yaml"])
        #expect(typo.status == 65)
        #expect(typo.errors.contains("line 11: unknown profile; known are rfc9068, keycloak"))
    }

    @Test func `An entry's only algorithm stands in for the one that its keys do not name`() async throws {
        let space = try Workspace()
        try await space.makeKey("RS256")
        let named = try space.read("key.pub")
        try space.write("noalg.jwk", named.replacing(#","alg":"RS256""#, with: ""))
        let entry = "accept:\n  - {issuer: https://i.example, keys: noalg.jwk, audience: a, algorithms: [RS256]}\n"
        try space.write("policy.yaml", Self.policy + entry)
        let good = try await space.run(["policy", "check", "policy.yaml"])
        #expect(good.status == 0, "\(good.errors)")
        try space.write("policy.yaml", Self.policy + entry.replacing(", algorithms: [RS256]", with: ""))
        let bad = try await space.run(["policy", "check", "policy.yaml"])
        #expect(bad.status == 65)
        #expect(bad.errors.hasSuffix("(key-missing-algorithm)\n"))
    }

    @Test func `The schema is JSON and names every section`() async throws {
        let outcome = try await Workspace().run(["policy", "schema"])
        #expect(outcome.status == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        let sections = try #require(schema?["$defs"] as? [String: Any])
        #expect(Set(["policy", "issue", "accept", "rule", "pseudonym", "generalize"]).isSubset(of: sections.keys))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct PseudonymizeCommandTests {
    private func ready() throws -> Workspace {
        let space = try Workspace()
        let first = String(repeating: "A", count: 43)
        let second = String(repeating: "E", count: 43)
        try space.write(
            "keys.jwks",
            #"{"keys":[{"kty":"oct","alg":"cloakroom-p1","kid":"k001","k":"\#(first)"},"#
                + #"{"kty":"oct","alg":"cloakroom-p1","kid":"k002","k":"\#(second)","active":true}]}"#)
        return space
    }

    private func arguments(_ more: String...) -> [String] {
        ["pseudonymize", "--keys", "keys.jwks", "--tenant", "acme"] + more
    }

    @Test func `One value a line gives one pseudonym a line, under the active key`() async throws {
        let outcome = try await ready().run(
            arguments("--type", "email", "--canonical", "email/1"), input: "Jo@Example.com\njo@example.com\nno mail\n")
        #expect(outcome.status == 1)
        #expect(outcome.lines.count == 3)
        #expect(outcome.lines[0] == outcome.lines[1])
        #expect(outcome.lines[0].hasPrefix("p1_k002_"))
        #expect(outcome.lines[0].utf8.count == 30)
        #expect(outcome.lines[2].isEmpty)
        #expect(outcome.errors == "cloakroom: line 3 refused (policy)\n")
    }

    @Test func `Candidates cover every accepted key, the active one first`() async throws {
        let outcome = try await ready().run(arguments("--type", "x", "--candidates"), input: "a\nb\n")
        #expect(outcome.status == 0)
        #expect(outcome.lines.map { $0.prefix(8) } == ["p1_k002_", "p1_k001_", "p1_k002_", "p1_k001_"])
    }

    @Test(
        "T85 a pseudonym of a policy is found again, by audience and by named sector",
        arguments: [("", "audience:https://o.example:8443/x"), (#","sector":"shop""#, "sector:shop")])
    func sameAsPolicy(issue: String, scope: String) async throws {
        let space = try ready()
        try await space.makeKey("HS256")
        try space.write(
            "policy.json",
            #"{"version":1,"tenant":"acme","issue":{"issuer":"https://t.example","audience":"https://o.example","#
                + #""client-id":"c"\#(issue)},"claims":{"sub":{"pseudonym":{"type":"user-id"}}}}"#)
        let issued = try await space.run(
            ["issue", "--policy", "policy.json", "--signing-key", "key.jwk", "--pseudonym-keys", "keys.jwks"],
            input: #"{"iss":"https://i.example","sub":"u1"}"# + "\n")
        let found = try await space.run(
            arguments("--type", "user-id", "--issuer", "https://i.example", "--scope", scope), input: "u1\n")
        let shown = try await space.run(["inspect", "--reveal"], input: issued.output)
        #expect(found.lines.count == 1 && found.lines[0].utf8.count == 30)
        #expect(shown.output.contains(#""sub":"\#(found.lines[0])""#))
    }

    @Test func `Type, tenant, scope and issuer each make another domain`() async throws {
        let space = try ready()
        let base = ["pseudonymize", "--keys", "keys.jwks"]
        var seen: Set<String> = []
        let variants = [
            ["--tenant", "acme", "--type", "t"], ["--tenant", "other", "--type", "t"],
            ["--tenant", "acme", "--type", "u"],
            ["--tenant", "acme", "--type", "t", "--scope", "audience:https://a.example"],
            ["--tenant", "acme", "--type", "t", "--scope", "audience:text"],
            ["--tenant", "acme", "--type", "t", "--scope", "token:j1"],
            ["--tenant", "acme", "--type", "t", "--issuer", "https://i.example"],
            ["--tenant", "acme", "--type", "t", "--issuer", "https://j.example"],
        ]
        for variant in variants {
            let outcome = try await space.run(base + variant, input: "value\n")
            #expect(outcome.status == 0, "\(variant)")
            #expect(seen.insert(outcome.output).inserted, "\(variant)")
        }
        // The sector of an audience is its host, whatever stands around it.
        let sector = try await space.run(
            base + ["--tenant", "acme", "--type", "t", "--scope", "audience:http://A.example:80/x"], input: "value\n")
        #expect(!seen.insert(sector.output).inserted)
    }

    @Test(arguments: [
        ["--type", "sub"], ["--type", "t", "--canonical", "email/2"], ["--type", "t", "--scope", "everywhere"],
        ["--type", "t", "--scope", "token:"], ["--type", "t", "--scope", "audience:"], ["--type", ""], [],
        ["--type", "t", "--canonical", "subject/1"],
    ])
    func `Arguments that name no domain are usage errors`(more: [String]) async throws {
        let outcome = try await ready().run(
            ["pseudonymize", "--keys", "keys.jwks", "--tenant", "acme"] + more, input: "value\n")
        #expect(outcome.status == 64, "\(more)")
        #expect(outcome.output.isEmpty)
    }

    @Test func `Keys of another use are refused`() async throws {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let outcome = try await space.run(
            ["pseudonymize", "--keys", "key.jwk", "--tenant", "acme", "--type", "t"], input: "value\n")
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("cannot use the key file key.jwk"))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("cloakroom sd")
struct SDCommandTests {
    static let policy = """
        version: 1
        tenant: acme
        issue:
          issuer: https://tokens.example
          audience: https://orders.example
          type: example+sd-jwt
        claims:
          sub: {pseudonym: {type: user-id}}
          email: {disclose: selectively}
          address.street: disclose
          roles[]: disclose
          cnf: keep
        """
    private let issue = [
        "sd", "issue", "--policy", "policy.yaml", "--signing-key", "out.jwk", "--pseudonym-keys", "p.jwk",
        "--now", "1700000000",
    ]
    private let verify = [
        "sd", "verify", "--keys", "out.pub", "--issuer", "https://tokens.example", "--now", "1700000010",
    ]

    /// A folder with keys and the policy, and a token of a holder that can prove itself.
    private func ready() async throws -> (Workspace, String) {
        let space = try Workspace()
        for (algorithm, name) in [("ES256", "out"), ("ES256", "holder"), ("ES256", "other"), ("pseudonym", "p")] {
            let isPublic = algorithm != "pseudonym"
            let made = try await space.run(
                ["key", "generate", "--alg", algorithm, "--kid", isPublic ? name : "k001", "--out", "\(name).jwk"]
                    + (isPublic ? ["--public", "\(name).pub"] : []))
            #expect(made.status == 0)
        }
        try space.write("policy.yaml", Self.policy)
        let key = try space.read("holder.pub").trimmingCharacters(in: .whitespacesAndNewlines)
        let claims = #"""
            {"sub":"u1","email":"ana@example.com","address":{"street":"Main St 1"},"roles":["a","b"],"cnf":{"jwk":\#(key)}}
            """#
        let issued = try await space.run(issue, input: claims + "\nnull\n")
        #expect(issued.status == 1)
        #expect(issued.lines.count == 2 && issued.lines[1].isEmpty)
        #expect(issued.errors == "cloakroom: line 2 refused at byte 0 (json)\n")
        return (space, issued.lines[0])
    }

    @Test func `A token goes from issuer to holder to gateway to service`() async throws {
        let (space, token) = try await ready()
        #expect(token.split(separator: "~").count == 5)
        // The holder shows two claims to one verifier.
        let binding = ["--binding-audience", "https://verifier.example", "--nonce", "n1"]
        let presented = try await space.run(
            ["sd", "present", "--keep", #"email,roles[1]"#, "--holder-key", "holder.jwk", "--now", "1700000005"]
                + binding,
            input: token + "\n")
        #expect(presented.status == 0)
        let verdict = try await space.run(verify + binding, input: presented.output)
        #expect(verdict.status == 0)
        #expect(verdict.output.hasPrefix(#"{"line":1,"valid":true,"disclosures":2,"bound":true,"header":{"#))
        #expect(verdict.output.contains(#""roles":["b"]"#) && verdict.output.contains(#""email":"ana@example.com""#))
        #expect(!verdict.output.contains("Main St"))
        // A gateway drops one of them for an inner service, which trusts it for the binding.
        let dropped = try await space.run(["sd", "present", "--drop", "email"], input: presented.output)
        #expect(dropped.lines[0].hasSuffix("~"))
        let inner = try await space.run(verify + ["--binding", "none"], input: dropped.output)
        #expect(inner.output.hasPrefix(#"{"line":1,"valid":true,"disclosures":1,"bound":false,"#))
        #expect(!inner.output.contains("ana@"))
        // Nobody else takes it.
        let unbound = try await space.run(verify + binding, input: dropped.output + presented.output)
        #expect(unbound.status == 1)
        #expect(unbound.lines[0] == #"{"line":1,"valid":false,"error":"binding"}"#)
        #expect(unbound.lines[1].contains(#""valid":true"#))
    }

    @Test func `Refusals have a code, exit status 1, and nothing of the disclosures`() async throws {
        let (space, token) = try await ready()
        let stray = token + "WyJzIiwiZW1haWwiLCJldmVAZXhhbXBsZS5jb20iXQ~"
        let open = verify + ["--binding", "none"]
        let refused = try await space.run(open, input: "\(stray)\nx\n")
        #expect(refused.status == 1)
        #expect(refused.lines[0] == #"{"line":1,"valid":false,"error":"disclosure"}"#)
        #expect(refused.lines[1] == #"{"line":2,"valid":false,"error":"malformed","offset":1}"#)
        #expect(refused.errors.isEmpty)
        let presented = try await space.run(["sd", "present", "--drop-all"], input: "\(stray)\n\(token)\n")
        #expect(presented.status == 1)
        #expect(presented.errors == "cloakroom: line 1 refused (disclosure)\n")
        #expect(presented.lines[1].split(separator: "~").count == 1)
        // Another holder's key does not bind it.
        let foreign = try await space.run(
            ["sd", "present", "--holder-key", "other.jwk", "--binding-audience", "a", "--nonce", "n"],
            input: token + "\n")
        #expect(foreign.errors == "cloakroom: line 1 refused (binding)\n")
        #expect(
            try await space.run(open + ["--typ", "vc+sd-jwt"], input: token + "\n").lines[0].contains("token-type"))
        #expect(try await space.run(open + ["--typ", "any"], input: token + "\n").status == 0)
        #expect(try await space.run(open + ["--workers", "2"], input: token + "\n").status == 0)
        // The plain verify command takes no SD-JWT.
        let plain = try await space.run(["verify"] + verify.dropFirst(2) + ["--audience", "x"], input: token + "\n")
        #expect(plain.lines[0].contains("base64url") || plain.lines[0].contains("malformed"))
    }

    @Test func `Options that do not fit together are usage errors; a policy without SD-JWTs is exit 65`() async throws {
        let (space, _) = try await ready()
        for arguments in [
            verify + ["--binding", "required"], verify + ["--nonce", "n"],
            verify + ["--binding", "none", "--nonce", "n"],
            ["sd", "verify", "--keys", "out.pub"], ["sd", "present", "--keep", "a", "--drop", "b"],
            ["sd", "present", "--keep", "a..b"], ["sd", "present", "--holder-key", "holder.jwk"],
        ] { #expect(try await space.run(arguments).status == 64, "\(arguments)") }
        try space.write("policy.yaml", PolicyCommandTests.policy)
        let outcome = try await space.run(issue, input: "{}\n")
        #expect(outcome.status == 65)
        #expect(outcome.errors.hasSuffix("(not-selective)\n"))
    }
}

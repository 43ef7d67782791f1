// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct ExchangeCommandTests {
    /// A key of the issuer, a signing key, pseudonym keys, and a policy.
    private func ready() async throws -> Workspace {
        let space = try Workspace()
        try await space.makeKey("ES256")
        try await space.makeKey("EdDSA", name: "out")
        let made = try await space.run(["key", "generate", "--alg", "pseudonym", "--kid", "k001", "--out", "p.jwk"])
        try #require(made.status == 0)
        try space.write("policy.yaml", PolicyCommandTests.policy)
        return space
    }

    private let issue = ["--policy", "policy.yaml", "--signing-key", "out.jwk", "--pseudonym-keys", "p.jwk"]
    private var exchange: [String] { ["exchange", "--keys", "key.pub"] + issue + Workspace.rules }
    private let output = ["--issuer", "https://tokens.example", "--audience", "https://orders.example"]

    @Test func `A token goes in, an anonymized one that verifies comes out`() async throws {
        let space = try await ready()
        let token = try await space.sign([Workspace.claims.replacing("}", with: #","email":"jo@example.com"}"#)])[0]
        let outcome = try await space.run(exchange, input: token + "\n")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines.count == 1)
        let verdict = try await space.run(
            ["verify", "--keys", "out.pub", "--now", "1700000020"] + output, input: outcome.output)
        #expect(verdict.status == 0)
        #expect(verdict.output.contains(#""sub":"p1_k001_"#))
        #expect(verdict.output.contains(#""typ":"at+jwt""#))
        #expect(!verdict.output.contains("jo@example.com"))
    }

    @Test func `A refused token gives an empty line and its reason, or a verdict line with --json`() async throws {
        let space = try await ready()
        let token = try await space.sign([Workspace.claims])[0]
        let input = "\(token)\nx.y\n\(token)\n"
        let plain = try await space.run(exchange, input: input)
        #expect(plain.status == 1)
        #expect(plain.lines.map(\.isEmpty) == [false, true, false])
        #expect(plain.errors == "cloakroom: line 2 refused at byte 3 (malformed)\n")
        let json = try await space.run(exchange + ["--json"], input: input)
        #expect(json.status == 1)
        #expect(json.errors.isEmpty)
        #expect(json.lines[0].hasPrefix(#"{"line":1,"valid":true,"token":"eyJ"#))
        #expect(json.lines[1] == #"{"line":2,"valid":false,"error":"malformed","offset":3}"#)
    }

    @Test func `Keys come from the policy's accept list or from --keys, never from both or neither`() async throws {
        let space = try await ready()
        let token = try await space.sign([Workspace.claims])[0]
        let accept = "accept:\n  - {issuer: https://issuer.example, keys: key.pub, audience: api}\n"
        try space.write("accept.yaml", PolicyCommandTests.policy + accept)
        let listed = ["exchange", "--policy", "accept.yaml"] + issue.dropFirst(2)
        let good = try await space.run(listed + ["--now", "1700000010"], input: token + "\n")
        #expect(good.status == 0, "\(good.errors)")
        #expect(try await space.run(listed + ["--keys", "key.pub"] + Workspace.rules).status == 64)
        #expect(try await space.run(listed + ["--leeway", "1s"]).status == 64)
        #expect(try await space.run(["exchange"] + issue).status == 64)
    }

    @Test func `Configurations that would be unsafe are refused before anything is read`() async throws {
        let space = try await ready()
        let noKeys = ["exchange", "--keys", "key.pub", "--policy", "policy.yaml", "--signing-key", "out.jwk"]
        #expect(try await space.run(noKeys + Workspace.rules).status == 64)
        // The engine's own tokens must not be accepted as input.
        try space.write(
            "own.yaml",
            PolicyCommandTests.policy.replacing("https://tokens.example", with: "https://issuer.example"))
        let own = try await space.run(
            ["exchange", "--keys", "key.pub", "--policy", "own.yaml"] + issue.dropFirst(2) + Workspace.rules)
        #expect(own.status == 65)
        try await space.makeKey("HS256", name: "shared")
        let shared = try await space.run(
            ["exchange", "--keys", "shared.jwk", "--policy", "policy.yaml", "--signing-key", "shared.jwk"]
                + ["--pseudonym-keys", "p.jwk"] + Workspace.rules)
        #expect(shared.status == 65)
        #expect(shared.errors.hasSuffix("(shared-key)\n"))
        #expect(try await space.run(exchange.map { $0 == "policy.yaml" ? "none.yaml" : $0 }).status == 66)
        #expect(try await space.run(exchange.map { $0 == "p.jwk" ? "key.jwk" : $0 }).status == 65)
        #expect(try await space.run(exchange.map { $0 == "out.jwk" ? "out.pub" : $0 }).status == 65)
        #expect(try await space.run(exchange + ["--signature-only"]).status == 64)
    }

    @Test func `Kept values that look like personal data refuse the token, or warn`() async throws {
        let space = try await ready()
        let token = try await space.sign([Workspace.claims.replacing("}", with: #","note":"jo@example.com"}"#)])[0]
        let policy = PolicyCommandTests.policy + "  note: keep\n"
        try space.write("policy.yaml", policy)
        let refused = try await space.run(exchange, input: token + "\n")
        #expect(refused.errors == "cloakroom: line 1 refused (policy)\n")
        try space.write("policy.yaml", policy + "checks: {personal-data-in-kept-claims: warn}\n")
        let warned = try await space.run(exchange, input: token + "\n")
        #expect(warned.status == 0)
        #expect(
            warned.errors
                == "cloakroom: warning: line 1 keeps values that look like personal data: 1 (personal-data-kept)\n")
        let verdict = try await space.run(exchange + ["--json"], input: token + "\n")
        #expect(verdict.output.hasSuffix("\",\"warnings\":1}\n"))
    }

    @Test func `Claims sets are issued through the same policy`() async throws {
        let space = try await ready()
        let claims = [#"{"iss":"https://issuer.example","sub":"u1","email":"jo@example.com"}"#, "{}", "[]"]
        let outcome = try await space.run(
            ["issue"] + issue + ["--now", "1700000000"], input: claims.map { $0 + "\n" }.joined())
        #expect(outcome.status == 1)
        #expect(outcome.lines.map(\.isEmpty) == [false, true, true])
        #expect(
            outcome.errors
                == "cloakroom: line 2 refused (missing-claim)\ncloakroom: line 3 refused at byte 0 (json)\n")
        // Issue and exchange name a person alike.
        let token = try await space.sign([Workspace.claims])[0]
        let exchanged = try await space.run(exchange, input: token + "\n")
        let verify = ["verify", "--keys", "out.pub", "--now", "1700000020"] + output
        let subjects = try await [outcome.lines[0], exchanged.lines[0]].asyncMap { token in
            let verdict = try await space.run(verify, input: token + "\n").output
            return verdict.range(of: #""sub":"[^"]*""#, options: .regularExpression).map { String(verdict[$0]) }
        }
        #expect(subjects[0] == subjects[1])
        #expect(subjects[0]?.hasPrefix(#""sub":"p1_k001_"#) == true)
        // And so does the pseudonymize command.
        let pseudonym = try await space.run(
            ["pseudonymize", "--keys", "p.jwk", "--tenant", "acme", "--type", "user-id"]
                + ["--issuer", "https://issuer.example", "--scope", "audience:https://orders.example"], input: "u1\n")
        #expect(subjects[0] == "\"sub\":\"\(pseudonym.lines[0])\"")
    }

    @Test func `Order is kept with several workers and a cache`() async throws {
        let space = try await ready()
        let subjects = (0..<300).map { #"{"iss":"https://issuer.example","aud":"api","sub":"u\#($0)"}"# }
        let tokens = try await space.sign(subjects)
        let input = (0..<10).flatMap { _ in tokens }.map { $0 + "\n" }.joined()
        let outcome = try await space.run(exchange + ["--workers", "3", "--cache", "200"], input: input)
        #expect(outcome.status == 0)
        let verdicts = try await space.run(
            ["verify", "--keys", "out.pub", "--now", "1700000020"] + output, input: outcome.output)
        #expect(verdicts.status == 0)
        let names = verdicts.lines.map { line in
            line.range(of: #""sub":"[^"]*""#, options: .regularExpression).map { String(line[$0]) } ?? ""
        }
        #expect(names.count == 3_000)
        #expect(Set(names).count == 300)
        for i in names.indices { #expect(names[i] == names[i % 300]) }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}

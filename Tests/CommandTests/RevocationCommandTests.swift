// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// `--revocations`, `--one-time` and `--keys-refresh`, as a script meets them.
@Suite struct RevocationCommandTests {
    private static let claims = #"{"iss":"https://issuer.example","aud":"api","sub":"u1","jti":"j1"}"#
    private static let verify = ["verify", "--keys", "key.pub"] + Workspace.rules

    private func ready(_ entries: String = "") async throws -> (Workspace, String) {
        let space = try Workspace()
        try await space.makeKey("ES256")
        try space.write("revoked", entries)
        return (space, try await space.sign([Self.claims])[0])
    }

    @Test(
        "what a list revokes, and what not",
        arguments: [
            (#"{"iss":"https://issuer.example","jti":"j1","until":1700000400}"#, true),
            (#"{"iss":"https://issuer.example","jti":"j1","until":1700000010}"#, false),
            (#"{"iss":"https://issuer.example","jti":"j2","until":1700000400}"#, false),
            (#"{"iss":"https://issuer.example","sub":"u1","before":1700000001}"#, true),
            (#"{"iss":"https://issuer.example","sub":"u1","before":1700000000}"#, false),
            (#"{"iss":"https://issuer.example","kid":"key"}"#, true),
            (#"{"iss":"https://other.example","kid":"key"}"#, false), ("", false),
        ])
    func entries(_ entry: String, _ isRevoked: Bool) async throws {
        let (space, token) = try await ready("\n\(entry)\n\n")
        for url in ["revoked", "file:revoked", space.path("revoked")] {
            let outcome = try await space.run(Self.verify + ["--revocations", url], input: token + "\n")
            #expect(outcome.status == (isRevoked ? 1 : 0), "\(outcome.errors)")
            #expect(outcome.output.contains(#""error":"revoked""#) == isRevoked)
        }
    }

    @Test func `A one-time token counts once, whatever the workers and the cache`() async throws {
        let (space, token) = try await ready()
        for more in [[], ["--workers", "4", "--cache", "100"]] {
            let outcome = try await space.run(
                Self.verify + ["--one-time"] + more, input: String(repeating: token + "\n", count: 100))
            #expect(outcome.status == 1)
            #expect(outcome.lines.filter { $0.contains(#""valid":true"#) }.count == 1)
            #expect(outcome.lines.filter { $0.contains(#""error":"replayed""#) }.count == 99)
        }
        let bare = try await space.sign([#"{"iss":"https://issuer.example","aud":"api","jti":""}"#])[0]
        let outcome = try await space.run(Self.verify + ["--one-time"], input: bare + "\n")
        #expect(outcome.status == 0)
    }

    @Test func `An exchange looks its input up first`() async throws {
        let (space, token) = try await ready(#"{"iss":"https://issuer.example","jti":"j1","until":1700000400}"#)
        try space.write(
            "policy.yaml",
            """
            version: 1
            tenant: t
            issue: {issuer: "https://out.example", audience: "https://a.example", lifetime: 1m}
            claims: {sub: keep}
            """)
        let arguments =
            ["exchange", "--policy", "policy.yaml", "--signing-key", "key.jwk", "--keys", "key.pub"] + Workspace.rules
        let outcome = try await space.run(arguments + ["--revocations", "revoked"], input: token + "\n")
        #expect(outcome.status == 1)
        #expect(outcome.output == "\n")
        #expect(outcome.errors == "cloakroom: line 1 refused (revoked)\n")
        let twice = try await space.run(arguments + ["--one-time", "--json"], input: token + "\n" + token + "\n")
        #expect(twice.lines.count == 2)
        #expect(twice.lines[1] == #"{"line":2,"valid":false,"error":"replayed"}"#)
    }

    @Test func `What cannot be used says so before a line is read`() async throws {
        let (space, token) = try await ready(
            "{\"iss\":\"https://issuer.example\",\"kid\":\"k\"}\n{\"kid\":\"secret\"}\n")
        for (arguments, status, text) in [
            (["--revocations", "revoked"], 65, "revoked line 2 is no revocation (revocations)"),
            (["--revocations", "nothing"], 66, "no such file: nothing (no-such-file)"),
            (["--revocations", "redis://h/1"], 64, "--revocations takes"),
            (["--revocations", "revoked", "--signature-only"], 64, "--signature-only judges no claims"),
            (["--one-time", "--signature-only"], 64, "--signature-only judges no claims"),
            (["--keys-refresh", "0s"], 64, "--keys-refresh takes 1s to 1d"),
        ] {
            let outcome = try await space.run(Self.verify + arguments, input: token + "\n")
            #expect(outcome.status == status, "\(arguments)")
            #expect(outcome.errors.contains(text), "\(outcome.errors)")
            #expect(!outcome.errors.contains("secret"))
            #expect(outcome.output.isEmpty)
        }
    }

    /// Runs a filter that is asked again and again until an answer holds `expected`; at most half a minute.
    private func ask(
        _ space: Workspace, _ arguments: [String], _ token: String, after change: String, until expected: String
    ) async throws -> Outcome {
        let command = arguments.map { "'\($0)'" }.joined(separator: " ")
        return try await space.shell(
            """
            coproc FILTER { "$0" \(command); }
            ask() { echo '\(token)' >&"${FILTER[1]}"; read -r answer <&"${FILTER[0]}"; }
            ask; echo "$answer"
            \(change)
            for try in $(seq 300); do ask; case $answer in *'\(expected)'*) break;; esac; sleep 0.1; done
            echo "$answer"
            """)
    }

    @Test func `A list is read again when it changes, and a filter learns of it while it runs`() async throws {
        let (space, token) = try await ready()
        try space.write("new", #"{"iss":"https://issuer.example","jti":"j1","until":1700000400}"#)
        let outcome = try await ask(
            space, Self.verify + ["--revocations", "revoked", "--cache", "10"], token, after: "mv new revoked",
            until: "revoked")
        #expect(outcome.lines.count == 2)
        #expect(outcome.lines.first?.contains(#""valid":true"#) == true)
        #expect(outcome.lines.last?.contains(#""error":"revoked""#) == true)
    }

    @Test func `A list that is gone fails closed, and open only when asked`() async throws {
        let (space, token) = try await ready(#"{"iss":"https://issuer.example","kid":"other"}"#)
        let closed = try await ask(
            space, Self.verify + ["--revocations", "revoked"], token, after: "mv revoked away", until: "storage")
        #expect(closed.lines.last?.contains(#""error":"storage""#) == true)
        #expect(closed.errors.contains("the store of revocations does not answer (storage)"))
        let open = try await ask(
            space, Self.verify + ["--revocations", "away", "--stale-revocations", "accept"], token,
            after: "rm away; sleep 1.5", until: "valid")
        #expect(open.lines.last?.contains(#""valid":true"#) == true)
        #expect(open.errors.contains("(storage)"))
    }

    @Test func `Keys that leave their file verify nothing any more`() async throws {
        let (space, token) = try await ready()
        try await space.makeKey("ES256", name: "next")
        let outcome = try await ask(
            space, Self.verify + ["--keys-refresh", "1s", "--cache", "10"], token, after: "mv next.pub key.pub",
            until: "unknown-key")
        #expect(outcome.lines.first?.contains(#""valid":true"#) == true)
        #expect(outcome.lines.last?.contains(#""error":"unknown-key""#) == true)
        let broken = try await ask(
            space, ["verify", "--keys", "key.jwk", "--keys-refresh", "1s"] + Workspace.rules, token,
            after: "echo '{' > key.jwk; sleep 1.5", until: "valid")
        #expect(broken.lines.last?.contains(#""valid":true"#) == true)
    }
}

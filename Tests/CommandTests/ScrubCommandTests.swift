// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct ScrubCommandTests {
    private func ready() async throws -> (Workspace, String) {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let made = try await space.run(["key", "generate", "--alg", "log", "--kid", "k001", "--out", "log.jwk"])
        try #require(made.status == 0)
        return (space, try await space.sign([Workspace.claims])[0])
    }

    private static var mark: Regex<Substring> { #/\[jwt alg=HS256 exp=\d+ fp=l1_k001_[A-Za-z0-9_\-]{16}\]/# }

    @Test func `Tokens become fingerprints and the rest stays as it is`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.run(["scrub", "--keys", "log.jwk"], input: "a \(token) b\nplain\n\(token)")
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.replacing(Self.mark, with: "#") == "a # b\nplain\n#")
        let full = try await space.run(["scrub", "--mode", "full", "--keys", "log.jwk"], input: token)
        #expect(full.output == "[jwt]")
        let claims = try await space.run(
            ["scrub", "--mode", "claims", "--claims", "sub", "--keys", "log.jwk"], input: token)
        #expect(claims.output.contains(" sub=l1_k001_") && !claims.output.contains("kid="))
    }

    @Test func `Without keys a random key is used, with one warning`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.run(["scrub"], input: "\(token)\n\(token)\n")
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("(temporary-key)") && outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.lines.count == 2 && outcome.lines[0] == outcome.lines[1])
        #expect(outcome.lines[0].contains("fp=l1_tmp0_"))
        let again = try await space.run(["scrub", "--quiet"], input: "\(token)\n")
        #expect(again.errors.isEmpty && again.lines[0] != outcome.lines[0])
    }

    @Test func `Personal data, own rules, several files and counts`() async throws {
        let (space, token) = try await ready()
        try space.write("a.log", "203.0.113.7 jane@example.com \(token)\n")
        try space.write("b.log", "sk_live_0123456789abcdef 212-555-0143\n")
        let outcome = try await space.run([
            "scrub", "--keys", "log.jwk", "--pii", "email,ip", "--rule", "api-key:sk_live_:alphanumeric:16-64", "--stats",
            "counts.json", "a.log", "b.log",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines[0].hasPrefix("[ip fp=l1_k001_") && outcome.lines[0].contains(" [email fp=l1_k001_"))
        #expect(outcome.lines[1].hasPrefix("[api-key fp=l1_k001_") && outcome.lines[1].hasSuffix("] 212-555-0143"))
        let counts = try space.read("counts.json")
        #expect(counts.contains(#""jws":1,"jwe":0"#) && counts.contains(#""rules":1"#) && counts.contains(#""email":1"#))
    }

    @Test func `T93: gzip in, members one behind the other, and gzip out`() async throws {
        let (space, token) = try await ready()
        try space.write("a.log", "one \(token)\n")
        let outcome = try await space.shell(
            "gzip -c a.log > a.gz; cat a.gz a.gz | \"$0\" scrub --keys log.jwk; \"$0\" scrub --gzip --keys log.jwk a.log | gzip -dc")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.replacing(Self.mark, with: "#") == "one #\none #\none #\n")
        let cut = try await space.shell("head -c 100 a.gz | \"$0\" scrub --keys log.jwk")
        // A header alone may stay; what follows its dot may not.
        #expect(cut.status == 65 && cut.errors.contains("(gzip)") && !cut.output.contains(".eyJ"))
        let bomb = try await space.shell("head -c 50000000 /dev/zero | gzip | \"$0\" scrub --keys log.jwk | wc -c")
        #expect(bomb.output == "50000000\n")
    }

    @Test func `T96: a full disk, a closed pipe and a signal end with a code and never with a token`() async throws {
        let (space, token) = try await ready()
        try space.write("a.log", String(repeating: "\(token)\n", count: 2_000))
        let full = try await space.shell("\"$0\" scrub --keys log.jwk a.log > /dev/full")
        #expect(full.status == 74 && full.errors == "cloakroom: no space left for the output (output)\n")
        let closed = try await space.shell("\"$0\" scrub --keys log.jwk a.log | head -c 10 > /dev/null; echo ${PIPESTATUS[0]}")
        #expect(closed.output == "74\n" && closed.errors.isEmpty)
        let stopped = try await space.shell(
            """
            mkfifo pipe; "$0" scrub --keys log.jwk < pipe > out.log & exec 3> pipe
            printf 'first %s\\nlast %s' \(token) \(token) >&3; sleep 1; kill -TERM $!; wait $!; echo $?
            """)
        #expect(stopped.output == "74\n" && stopped.errors.contains("(stopped)"))
        #expect(try space.read("out.log").replacing(Self.mark, with: "#") == "first #\nlast #")
    }

    @Test func `A slow log is not held back`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.shell(
            """
            mkfifo pipe; "$0" scrub --keys log.jwk < pipe > out.log & exec 3> pipe
            echo 'line \(token)' >&3; sleep 1; cat out.log; exec 3>&-; wait $!
            """)
        #expect(outcome.output.replacing(Self.mark, with: "#") == "line #\n")
    }

    @Test func `rsyslog gets an OK for every line`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.run(
            ["scrub", "--keys", "log.jwk", "--rsyslog-confirm", "--out", "app.log"], input: "a\n\(token)\n")
        #expect(outcome.status == 0 && outcome.output == "OK\nOK\nOK\n")
        #expect(try space.read("app.log").replacing(Self.mark, with: "#") == "a\n#\n")
        let alone = try await space.run(["scrub", "--rsyslog-confirm"])
        #expect(alone.status == 64)
    }

    @Test func `Arguments that make no sense`() async throws {
        let (space, _) = try await ready()
        for arguments in [
            ["--mode", "x"], ["--claims", "sub"], ["--mode", "claims", "--claims", "email"], ["--pii", "name"],
            ["--rule", "x"], ["--rule", "a:b:hex:4-8"], ["--rule", "jwt:abc:hex:4-8"], ["--rule", "a:abc:hex:8-4"],
        ] {
            let outcome = try await space.run(["scrub", "--quiet"] + arguments)
            #expect(outcome.status == 64, "\(arguments)")
        }
        let wrongKey = try await space.run(["scrub", "--keys", "key.jwk"])
        #expect(wrongKey.status == 65)
        let missing = try await space.run(["scrub", "--quiet", "nothing.log"])
        #expect(missing.status == 66)
    }
}

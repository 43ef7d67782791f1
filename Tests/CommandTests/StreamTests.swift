// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What holds for every command that reads lines.
@Suite struct StreamTests {
    private func ready() async throws -> (Workspace, String) {
        let space = try Workspace()
        try await space.makeKey("HS256")
        return (space, try await space.sign([Workspace.claims])[0])
    }

    private var verify: [String] { ["verify", "--keys", "key.jwk"] + Workspace.rules }

    @Test func `A missing file, a directory and an unreadable one exit with 66 and their own message`() async throws {
        let (space, _) = try await ready()
        try FileManager.default.createDirectory(atPath: space.path("folder"), withIntermediateDirectories: false)
        let missing = try await space.run(verify + ["nothing.txt"])
        #expect(missing.status == 66)
        #expect(missing.errors == "cloakroom: no such file: nothing.txt (no-such-file)\n")
        let folder = try await space.run(verify + ["folder"])
        #expect(folder.status == 66)
        #expect(folder.errors == "cloakroom: folder is a directory, not a file (directory)\n")
        let keys = try await space.run(["verify", "--keys", "folder", "--require", "none"])
        #expect(keys.status == 66)
    }

    @Test func `Standard input is read when the file is absent or a hyphen`() async throws {
        let (space, token) = try await ready()
        try space.write("tokens.txt", token + "\n")
        let absent = try await space.run(verify, input: token + "\n")
        let hyphen = try await space.run(verify + ["-"], input: token + "\n")
        let named = try await space.run(verify + ["tokens.txt"])
        #expect(absent.output == hyphen.output)
        #expect(absent.output == named.output)
        #expect(absent.status == 0)
    }

    @Test func `Empty input gives empty output`() async throws {
        let (space, _) = try await ready()
        let outcome = try await space.run(verify)
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty)
    }

    @Test func `The last line needs no line feed, and a carriage return before one is ignored`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.run(verify, input: "\(token)\r\n\(token)\r")
        #expect(outcome.status == 0)
        #expect(outcome.lines.count == 2)
        // Only one, and only at the end.
        let twice = try await space.run(verify, input: "\(token)\r\r\n\r\(token)\n")
        #expect(twice.lines.filter { $0.contains(#""error":"base64url""#) || $0.contains("malformed") }.count == 2)
    }

    @Test func `T26: a line that is too long is refused, skipped and counted`() async throws {
        let (space, token) = try await ready()
        for length in [131_072, 131_073, 131_074, 131_075, 400_000] {
            let long = String(repeating: "a", count: length)
            for end in ["\n", "\r\n"] {
                let outcome = try await space.run(verify, input: "\(token)\n\(long)\(end)\(token)\n\(long)")
                #expect(outcome.lines.count == 4, "\(length)")
                #expect(outcome.lines[1].hasPrefix(#"{"line":2,"valid":false,"error":"too-large""#))
                #expect(outcome.lines[2].hasPrefix(#"{"line":3,"valid":true"#))
                #expect(outcome.lines[3].hasPrefix(#"{"line":4,"valid":false,"error":"too-large""#))
            }
        }
    }

    @Test func `Bytes that are no UTF-8 are refused like any other`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.shell(
            #"{ printf '\xff\x00\xfe\n'; echo \#(token); } | "$0" \#(verify.joined(separator: " "))"#)
        #expect(outcome.status == 1)
        #expect(outcome.lines.count == 2)
        #expect(outcome.lines[1].contains(#""valid":true"#))
    }

    @Test func `T96: a closed pipe ends the program quietly with 74`() async throws {
        let (space, token) = try await ready()
        try space.write("many.txt", String(repeating: token + "\n", count: 3_000))
        for workers in [1, 3] {
            let outcome = try await space.shell(
                #""$0" \#(verify.joined(separator: " ")) --workers \#(workers) many.txt | head -n 1 >/dev/null; "#
                    + #"echo ${PIPESTATUS[0]}"#)
            #expect(outcome.output == "74\n")
            #expect(outcome.errors.isEmpty)
        }
    }

    @Test func `T96: a full disk ends the program with 74 and says so`() async throws {
        let (space, token) = try await ready()
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let outcome = try await space.shell(
            #"echo \#(token) | "$0" \#(verify.joined(separator: " ")) > /dev/full"#)
        #expect(outcome.status == 74)
        #expect(outcome.errors == "cloakroom: no space left for the output (output)\n")
    }

    @Test func `A slow writer gets each answer at once`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.shell(
            #"coproc P { "$0" \#(verify.joined(separator: " ")); }; "#
                + #"for i in 1 2 3; do echo \#(token) >&"${P[1]}"; read -t 20 -r answer <&"${P[0]}" || exit 9; "#
                + #"echo "${answer:0:9}"; done; exec {P[1]}>&-"#)
        #expect(outcome.output == "{\"line\":1\n{\"line\":2\n{\"line\":3\n")
    }

    @Test(arguments: [2, 5])
    func `Output keeps the order of the input with several workers`(workers: Int) async throws {
        let (space, token) = try await ready()
        var input = ""
        for i in 0..<4_000 { input += i % 7 == 3 ? "bad-\(i)\n" : token + "\n" }
        let one = try await space.run(verify, input: input)
        let several = try await space.run(verify + ["--workers", "\(workers)"], input: input)
        #expect(one.lines.count == 4_000)
        #expect(one.output == several.output)
        #expect(one.status == 1)
        #expect(several.status == 1)
    }

    @Test(arguments: ["1", "100", "64K", "1M", "0"], [1, 3])
    func `A cache changes no answer`(size: String, workers: Int) async throws {
        let space = try Workspace()
        try await space.makeKey("ES256")
        let tokens = try await space.sign(
            (0..<40).map { #"{"iss":"https://issuer.example","aud":"\#($0 % 9 == 5 ? "x" : "api")","sub":"u\#($0)"}"# })
        var input = ""
        for i in 0..<1_200 { input += i % 7 == 3 ? tokens[i % 40].dropLast(2) + "AA\n" : tokens[i * 7 % 40] + "\n" }
        let rules = ["verify", "--keys", "key.pub"] + Workspace.rules + ["--workers", "\(workers)"]
        let plain = try await space.run(rules, input: input)
        let cached = try await space.run(rules + ["--cache", size], input: input)
        #expect(plain.lines.count == 1_200)
        #expect(plain.output == cached.output)
        #expect(plain.status == cached.status)
    }

    @Test(arguments: ["", "x", "-1", "1T", "64MB", "1.5M", "99999999G", "18446744073709551616"])
    func `A cache of no size is refused`(size: String) async throws {
        let (space, _) = try await ready()
        let outcome = try await space.run(verify + ["--cache=\(size)"])
        #expect(outcome.status == 64)
    }

    @Test func `A secret key file that others can read gives a warning`() async throws {
        let (space, token) = try await ready()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: space.path("key.jwk"))
        let outcome = try await space.run(verify, input: token + "\n")
        #expect(outcome.status == 0)
        #expect(
            outcome.errors
                == "cloakroom: warning: others can read the secret keys in key.jwk, mode 0644 (key-permissions)\n")
    }

    @Test(
        arguments: [
            "jane.doe@example.com", #"{"sub":"jane.doe@example.com"}"#, "+41446681800", "--jane.doe@example.com",
            "--now=jane.doe@example.com", "./eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lLmRvZSJ9.AAAA",
        ])
    func `T83: a value that is passed in the place of a file or an option is not repeated`(value: String) async throws {
        let (space, _) = try await ready()
        for arguments in [
            verify + [value], verify + ["file", value], ["inspect", value], ["verify", "--alg", value],
        ] {
            let outcome = try await space.run(arguments)
            #expect(outcome.status == 64 || outcome.status == 66)
            for part in ["jane", "eyJ", "4668"] { #expect(!outcome.errors.contains(part), "\(arguments)") }
        }
    }

    @Test func `A wrong option is named`() async throws {
        let (space, _) = try await ready()
        let outcome = try await space.run(verify + ["--isuer", "x"])
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("'--isuer'"))
    }

    @Test func `T95: what comes from outside cannot forge a line of standard error`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.run(verify + ["x\ncloakroom: fine (ok)\u{1B}[2J"])
        #expect(outcome.status == 66)
        #expect(outcome.errors == "cloakroom: no such file: x\\u{a}cloakroom: fine (ok)\\u{1b}[2J (no-such-file)\n")
        let option = try await space.run(verify + ["--x\ny"])
        #expect(option.errors.split(separator: "\n").count == 1)
        // A line feed in a claim is an escape in JSON, and stays one.
        let escaped = try await space.sign([Workspace.claims.replacing("u1", with: #"u\n1"#)])[0]
        let verdict = try await space.run(verify, input: "\(escaped)\n\(token)\n")
        #expect(verdict.lines.count == 2)
        #expect(verdict.lines[0].contains(#""sub":"u\n1""#))
    }

    @Test func `Every command has help, and the version is printed`() async throws {
        let space = try Workspace()
        let commands = [
            [], ["key"], ["key", "generate"], ["key", "inspect"], ["sign"], ["verify"], ["exchange"], ["issue"],
            ["pseudonymize"], ["inspect"], ["policy"], ["policy", "check"], ["policy", "schema"],
        ]
        for command in commands {
            let outcome = try await space.run(command + ["--help"])
            #expect(outcome.status == 0, "\(command)")
            #expect(outcome.output.contains("USAGE: cloakroom"))
        }
        #expect(try await space.run(["--version"]).output.hasPrefix("cloakroom "))
        for shell in ["bash", "zsh", "fish"] {
            let outcome = try await space.run(["--generate-completion-script", shell])
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("cloakroom"))
        }
        #expect(try await space.run(["nonsense"]).status == 64)
    }
}

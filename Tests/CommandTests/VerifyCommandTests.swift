// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct VerifyCommandTests {
    private func ready(_ algorithm: String = "ES256") async throws -> (Workspace, String) {
        let space = try Workspace()
        try await space.makeKey(algorithm)
        return (space, try await space.sign([Workspace.claims])[0])
    }

    @Test func `A verdict holds header and claims as they were signed`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.run(["verify", "--keys", "key.pub"] + Workspace.rules, input: token + "\n")
        #expect(outcome.status == 0)
        let start = #"{"line":1,"valid":true,"header":{"alg":"ES256","typ":"JWT","kid":"key"},"claims":{"iss":"#
        #expect(outcome.output.hasPrefix(start))
        #expect(outcome.output.hasSuffix("\"}}\n"))
        #expect(outcome.errors.isEmpty)
    }

    @Test func `A verdict stays on one line though the token holds line feeds`() async throws {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let key = try #require(
            JSONSerialization.jsonObject(with: Data(space.read("key.jwk").utf8)) as? [String: String])
        let claims =
            "{\n\"iss\": \"https://issuer.example\",\r\n \"aud\":\"api\","
            + "\"iat\":1700000000,\"exp\":1700000300}"
        let token = try signedHS256(claims, secret: try #require(key["k"]))
        let outcome = try await space.run(["verify", "--keys", "key.jwk"] + Workspace.rules, input: token + "\n")
        #expect(outcome.lines.count == 1)
        #expect(outcome.output.contains(#""claims":{"iss": "https://issuer.example", "aud":"api","iat""#))
    }

    /// An HS256 token made by the `openssl` command, so that its payload is not one that `sign` would write.
    private func signedHS256(_ claims: String, secret: String) throws -> String {
        func encode(_ data: Data) -> String {
            data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        var padded = secret.replacing("-", with: "+").replacing("_", with: "/")
        while padded.count % 4 != 0 { padded += "=" }
        let hex = try #require(Data(base64Encoded: padded)).map { String(format: "%02x", $0) }.joined()
        let message = encode(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "." + encode(Data(claims.utf8))
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:\(hex)", "-binary"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(message.utf8))
        try input.fileHandleForWriting.close()
        let tag = try #require(try output.fileHandleForReading.readToEnd())
        process.waitUntilExit()
        return message + "." + encode(tag)
    }

    @Test func `Each line gets its verdict in order, and one refusal makes exit status 1`() async throws {
        let (space, token) = try await ready()
        let broken = String(token.dropLast(8)) + "AAAAAAAA"
        let outcome = try await space.run(
            ["verify", "--keys", "key.pub"] + Workspace.rules, input: "\(token)\n\(broken)\nx\n\(token)\n")
        #expect(outcome.status == 1)
        #expect(outcome.lines.count == 4)
        #expect(outcome.lines[1].hasPrefix(#"{"line":2,"valid":false,"error":"signature-invalid","offset":"#))
        #expect(outcome.lines[2].hasPrefix(#"{"line":3,"valid":false,"error":"malformed","offset":"#))
        #expect(outcome.lines[3].hasPrefix(#"{"line":4,"valid":true"#))
    }

    @Test(arguments: [
        (["--now", "1700000400"], "expired"), (["--now", "1699999000"], "issued-in-future"),
        (["--max-lifetime", "4m"], "lifetime-too-long"), (["--audience", "other"], "audience"),
        (["--typ", "at+jwt"], "token-type"), (["--algorithms", "RS256,ES384"], "unsupported-algorithm"),
        (["--require", "exp,nbf"], "missing-claim"),
    ])
    func `Each rule can be set from the command line`(options: [String], error: String) async throws {
        let (space, token) = try await ready()
        var rules = Workspace.rules
        if let name = options.first, let i = rules.firstIndex(of: name) { rules.removeSubrange(i...(i + 1)) }
        let outcome = try await space.run(["verify", "--keys", "key.pub"] + rules + options, input: token + "\n")
        #expect(outcome.output == "{\"line\":1,\"valid\":false,\"error\":\"\(error)\"}\n")
        #expect(outcome.status == 1)
    }

    @Test func `The signature alone can be checked, over any payload`() async throws {
        let (space, token) = try await ready()
        let outcome = try await space.run(["verify", "--keys", "key.pub", "--signature-only"], input: token + "\n")
        #expect(outcome.status == 0)
        let payload = token.split(separator: ".")[1]
        #expect(outcome.output.hasSuffix(#","payload":"\#(payload)"}"# + "\n"))
    }

    @Test(arguments: [
        ["--keys", "key.pub"], ["--keys", "key.pub", "--issuer", "i"], ["--keys", "key.pub", "--audience", "a"],
        ["--keys", "key.pub", "--issuer", "i", "--issuer", "j", "--audience", "a"],
        ["--keys", "key.pub", "--issuer", "i", "--issuer", "j", "--require", "none"],
        ["--issuer", "i", "--audience", "a"], ["--keys", "key.pub", "--require", "exp"],
        ["--keys", "key.pub", "--require", "none", "--leeway", "6m1s"],
        ["--keys", "key.pub", "--require", "none", "--leeway", "7m"],
        ["--keys", "key.pub", "--require", "none", "--max-lifetime", "5m", "--leeway", "31s"],
        ["--keys", "key.pub", "--require", "none", "--max-lifetime", "none", "--leeway", "31s"],
        ["--keys", "key.pub", "--require", "none", "--workers", "0"],
        ["--keys", "key.pub", "--require", "none", "--now", "-1"],
        ["--keys", "key.pub", "--require", "none", "--algorithms", "none"],
        ["--keys", "key.pub", "--require", "birthday"], ["--unknown"], ["--keys"],
    ])
    func `Options that contradict the rules are usage errors`(options: [String]) async throws {
        let (space, _) = try await ready()
        let outcome = try await space.run(["verify"] + options)
        #expect(outcome.status == 64, "\(options)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("cloakroom: "))
        #expect(outcome.errors.split(separator: "\n").count == 1)
    }

    @Test func `A token passed as an argument is not repeated in the error`() async throws {
        let (space, token) = try await ready()
        for arguments in [["verify", "--keys", "key.pub", "--require", "none", token], ["inspect", token, token]] {
            let outcome = try await space.run(arguments)
            #expect(outcome.status != 0)
            #expect(!outcome.errors.contains(token.prefix(20)))
            #expect(!outcome.errors.contains(token.suffix(20)))
        }
    }

    @Test func `PEM keys need an algorithm, and take it from the command line`() async throws {
        let space = try Workspace()
        let made = try await space.shell(
            "openssl genrsa -out rsa.pem 2048 2>/dev/null && openssl rsa -in rsa.pem -pubout -out rsa.pub 2>/dev/null")
        try #require(made.status == 0)
        let signed = try await space.run(
            ["sign", "--key", "rsa.pem", "--alg", "PS256", "--now", "1700000000"],
            input: Workspace.claims + "\n")
        try #require(signed.status == 0, "\(signed.errors)")
        let verified = try await space.run(
            ["verify", "--keys", "rsa.pub", "--alg", "PS256"] + Workspace.rules, input: signed.output)
        #expect(verified.status == 0)
        let missing = try await space.run(["verify", "--keys", "rsa.pub"] + Workspace.rules, input: signed.output)
        #expect(missing.status == 65)
        #expect(missing.errors.hasSuffix("(key-missing-algorithm)\n"))
    }
}

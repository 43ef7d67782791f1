// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct EncryptCommandTests {
    private static let algorithms = [
        "A256KW", "A128GCMKW", "dir", "ECDH-ES", "ECDH-ES+A256KW", "RSA-OAEP-256",
    ]

    private func makeKeys(_ space: Workspace, _ algorithm: String, _ more: [String] = []) async throws -> String {
        let isPair = algorithm.hasPrefix("ECDH") || algorithm.hasPrefix("RSA")
        let outcome = try await space.run(
            ["key", "generate", "--alg", algorithm, "--kid", "k1", "--out", "key.jwk"]
                + (isPair ? ["--public", "key.pub"] : []) + more)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return isPair ? "key.pub" : "key.jwk"
    }

    @Test(arguments: algorithms)
    func `Lines come back, and a foreign line is refused`(_ algorithm: String) async throws {
        let space = try Workspace()
        let sender = try await makeKeys(space, algorithm)
        let lines = ["hello", "", #"{"email":"ana@example.com"}"#]
        let sealed = try await space.run(
            ["encrypt", "--key", sender, "--nonce-state", "nonces"], input: lines.map { $0 + "\n" }.joined())
        #expect(sealed.status == 0, "\(sealed.errors)")
        #expect(sealed.lines.allSatisfy { $0.split(separator: ".", omittingEmptySubsequences: false).count == 5 })
        let opened = try await space.run(["decrypt", "--key", "key.jwk"], input: sealed.output + "a.b.c\n")
        #expect(opened.status == 1)
        for (i, line) in lines.enumerated() {
            let text = Data(line.utf8).base64EncodedString().replacing("=", with: "").replacing("+", with: "-")
                .replacing("/", with: "_")
            #expect(opened.lines[i] == #"{"line":\#(i + 1),"valid":true,"payload":"\#(text)"}"#)
        }
        #expect(opened.lines[3] == #"{"line":4,"valid":false,"error":"decryption-failed"}"#)
        let shown = try await space.run(["key", "inspect", "key.jwk"])
        #expect(shown.output.contains(#""alg":"\#(algorithm)""#))
        #expect(shown.output.contains(#""private":true"#))
        let text = try space.read("key.jwk")
        let member = text.contains(#""d":""#) ? #""d":""# : #""k":""#
        let secret = text.components(separatedBy: member).last?.prefix(8) ?? ""
        #expect(!shown.output.contains(secret))
    }

    @Test func `The whole input is one message with --raw, and comes back byte for byte`() async throws {
        let space = try Workspace()
        let sender = try await makeKeys(space, "ECDH-ES+A256KW", ["--curve", "X25519"])
        let text = "two\nlines\n\n"
        let sealed = try await space.run(["encrypt", "--raw", "--key", sender], input: text)
        #expect(sealed.lines.count == 1)
        try space.write("token", sealed.output)
        let opened = try await space.run(["decrypt", "--raw", "--key", "key.jwk", "token"])
        #expect(opened.status == 0)
        #expect(opened.output == text)
        let broken = try await space.run(["decrypt", "--raw", "--key", "key.jwk"], input: "x" + sealed.output)
        #expect(broken.status == 1)
        #expect(broken.output.isEmpty)
        #expect(broken.errors == "cloakroom: the input was refused (decryption-failed)\n")
    }

    @Test(arguments: ["dir", "A256GCMKW"])
    func `T53: keys that need one nonce a message need a nonce state`(_ algorithm: String) async throws {
        let space = try Workspace()
        _ = try await makeKeys(space, algorithm)
        let none = try await space.run(["encrypt", "--key", "key.jwk"], input: "x\n")
        #expect(none.status == 65)
        #expect(none.errors.hasSuffix("(nonce-state)\n"))
        var seen: Set<String> = []
        for _ in 0..<3 {
            let made = try await space.run(
                ["encrypt", "--key", "key.jwk", "--nonce-state", "nonces"], input: "x\nx\n")
            for line in made.lines { #expect(seen.insert(line).inserted) }
        }
        // The rest of the block went back each time.
        #expect(try space.read("nonces").hasSuffix("00000000000000000006\n"))
        try space.write("other", "hello")
        let foreign = try await space.run(["encrypt", "--key", "key.jwk", "--nonce-state", "other"], input: "x\n")
        #expect(foreign.status == 65)
        #expect(try space.read("other") == "hello")
    }

    @Test func `RSA-OAEP with SHA-1 is opened only when it is allowed by name`() async throws {
        let space = try Workspace()
        let sender = try await makeKeys(space, "RSA-OAEP")
        let sealed = try await space.run(["encrypt", "--key", sender], input: "x\n")
        let refused = try await space.run(["decrypt", "--key", "key.jwk"], input: sealed.output)
        #expect(refused.lines == [#"{"line":1,"valid":false,"error":"unsupported-algorithm"}"#])
        let opened = try await space.run(["decrypt", "--key", "key.jwk", "--allow", "RSA-OAEP"], input: sealed.output)
        #expect(opened.status == 0)
        let unknown = try await space.run(["decrypt", "--key", "key.jwk", "--allow", "RSA1_5"], input: sealed.output)
        #expect(unknown.status == 64)
    }

    @Test func `Keys that do not fit are refused before a line is read`() async throws {
        let space = try Workspace()
        try await space.makeKey("ES256", name: "sign")
        #expect(try await space.run(["encrypt", "--key", "sign.pub"], input: "x\n").status == 65)
        let sender = try await makeKeys(space, "ECDH-ES")
        let noPrivate = try await space.run(["decrypt", "--key", sender], input: "x\n")
        #expect(noPrivate.status == 65)
        #expect(noPrivate.errors.hasSuffix("(key-not-private)\n"))
        let again = try await space.run(["key", "generate", "--alg", "dir", "--out", "key.jwk"])
        #expect(again.status == 74)
        let curve = try await space.run(["key", "generate", "--alg", "ECDH-ES", "--curve", "X", "--out", "c.jwk"])
        #expect(curve.status == 64)
        let public1 = try await space.run(["key", "generate", "--alg", "A256KW", "--public", "p", "--out", "c.jwk"])
        #expect(public1.status == 64)
    }

    @Test func `A JWS is no JWE, and a JWE is no JWS`() async throws {
        let space = try Workspace()
        try await space.makeKey("HS256", name: "sign")
        let signed = try await space.sign([Workspace.claims], key: "sign.jwk")
        _ = try await makeKeys(space, "A256KW")
        let opened = try await space.run(["decrypt", "--key", "key.jwk"], input: signed[0] + "\n")
        #expect(opened.lines == [#"{"line":1,"valid":false,"error":"decryption-failed"}"#])
        let sealed = try await space.run(["encrypt", "--key", "key.jwk"], input: "x\n")
        let verified = try await space.run(["verify", "--keys", "sign.jwk"] + Workspace.rules, input: sealed.output)
        #expect(verified.output.contains(#""error":"malformed""#))
    }
}

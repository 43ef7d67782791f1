// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct OpenCommandTests {
    private static let policy = """
        version: 1
        tenant: acme
        issue: {issuer: https://tokens.example, audience: https://orders.example, client-id: gateway}
        claims:
          sub: keep
          address: {encrypt: {to: billing}}
          phone_number: {encrypt: {to: shipping}}
        recipients:
          billing: {key: keys/billing.pub, alg: ECDH-ES+A256KW, enc: A256GCM}
          shipping: {key: keys/shipping.jwk, alg: dir}
        """
    private static let rules = [
        "--issuer", "https://tokens.example", "--audience", "https://orders.example", "--now", "1700000010",
    ]

    /// A folder with keys, a policy in a folder of its own, and one token on standard output.
    private func prepare() async throws -> (space: Workspace, token: String) {
        let space = try Workspace()
        try FileManager.default.createDirectory(atPath: space.path("p/keys"), withIntermediateDirectories: true)
        try space.write("p/policy.yaml", Self.policy)
        try await space.makeKey("ES256", name: "out")
        for arguments in [
            ["--alg", "ECDH-ES+A256KW", "--out", "billing.jwk", "--public", "p/keys/billing.pub"],
            ["--alg", "dir", "--out", "p/keys/shipping.jwk"],
        ] {
            try #require(try await space.run(["key", "generate"] + arguments).status == 0)
        }
        let claims = #"{"sub":"u1","address":{"street":"qzstreet"},"phone_number":"qzphone"}"#
        let issued = try await space.run(
            [
                "issue", "--policy", "p/policy.yaml", "--signing-key", "out.jwk", "--now", "1700000000",
                "--nonce-state", "n",
            ],
            input: claims + "\n")
        try #require(issued.status == 0, "\(issued.errors)")
        return (space, issued.output)
    }

    @Test func `Each recipient opens its own claims, and only those`() async throws {
        let (space, token) = try await prepare()
        for (key, own, other) in [
            ("billing.jwk", #""opened":{"billing":{"address":{"street":"qzstreet"}}}"#, "qzphone"),
            ("p/keys/shipping.jwk", #""opened":{"shipping":{"phone_number":"qzphone"}}"#, "qzstreet"),
        ] {
            let opened = try await space.run(
                ["open", "--keys", "out.pub", "--recipient-key", key] + Self.rules, input: token + "a.b\n")
            #expect(opened.status == 1)
            #expect(opened.lines[0].hasPrefix(#"{"line":1,"valid":true,"header":{"#))
            #expect(opened.lines[0].contains(own))
            #expect(!opened.output.contains(other))
            #expect(opened.lines[1] == #"{"line":2,"valid":false,"error":"malformed","offset":3}"#)
        }
        let verified = try await space.run(["verify", "--keys", "out.pub"] + Self.rules, input: token)
        #expect(verified.status == 0)
        #expect(!verified.output.contains("qzstreet") && !verified.output.contains("qzphone"))
    }

    @Test func `A wrong key opens nothing, and one recipient can be named`() async throws {
        let (space, token) = try await prepare()
        try #require(try await space.run(["key", "generate", "--alg", "ECDH-ES", "--out", "x.jwk"]).status == 0)
        let wrong = try await space.run(
            ["open", "--keys", "out.pub", "--recipient-key", "x.jwk"] + Self.rules, input: token)
        #expect(wrong.lines == [#"{"line":1,"valid":false,"error":"decryption-failed"}"#])
        let named = try await space.run(
            ["open", "--keys", "out.pub", "--recipient-key", "billing.jwk", "--recipient", "tax"] + Self.rules,
            input: token)
        #expect(named.output.contains(#""opened":{}"#))
    }

    @Test func `T53: a dir recipient needs a nonce state, and a missing key file is told`() async throws {
        let (space, _) = try await prepare()
        let issue = ["issue", "--policy", "p/policy.yaml", "--signing-key", "out.jwk"]
        let none = try await space.run(issue, input: "{}\n")
        #expect(none.status == 65)
        #expect(none.errors.contains("(nonce-state)"))
        try FileManager.default.removeItem(atPath: space.path("p/keys/billing.pub"))
        let missing = try await space.run(issue + ["--nonce-state", "n"], input: "{}\n")
        #expect(missing.status == 66)
    }
}

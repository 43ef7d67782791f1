// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct KeyCommandTests {
    static let algorithms = [
        "HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
    ]

    @Test(arguments: algorithms)
    func `A generated key signs, and its public part verifies`(algorithm: String) async throws {
        let space = try Workspace()
        try await space.makeKey(algorithm)
        let token = try await space.sign([Workspace.claims])[0]
        let keys = algorithm.hasPrefix("HS") ? "key.jwk" : "key.pub"
        let outcome = try await space.run(["verify", "--keys", keys] + Workspace.rules, input: token + "\n")
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix(#"{"line":1,"valid":true,"header":{"alg":"#))
    }

    @Test func `A private key file gets mode 0600, a public one 0644`() async throws {
        let space = try Workspace()
        try await space.makeKey("ES256")
        for (name, mode) in [("key.jwk", 0o600), ("key.pub", 0o644)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: space.path(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
        }
        #expect(try !space.read("key.pub").contains(#""d":"#))
    }

    @Test func `A file that exists is not overwritten, neither the private nor the public one`() async throws {
        let space = try Workspace()
        try space.write("there", "precious")
        let arguments = ["key", "generate", "--alg", "ES256"]
        let first = try await space.run(arguments + ["--out", "there"])
        #expect(first.status == 74)
        #expect(first.errors == "cloakroom: there exists and is not overwritten (exists)\n")
        let second = try await space.run(arguments + ["--out", "new", "--public", "there"])
        #expect(second.status == 74)
        #expect(try space.read("there") == "precious")
        #expect(!FileManager.default.fileExists(atPath: space.path("new")))
    }

    @Test(arguments: [
        ["--alg", "none", "--out", "k"], ["--alg", "ES256"], ["--alg", "RS256", "--bits", "1024", "--out", "k"],
        ["--alg", "HS256", "--out", "k", "--public", "p"], ["--alg", "pseudonym", "--kid", "TOOLONG", "--out", "k"],
    ])
    func `Arguments that make no key are usage errors`(arguments: [String]) async throws {
        let outcome = try await Workspace().run(["key", "generate"] + arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.hasPrefix("cloakroom: "))
        #expect(outcome.errors.hasSuffix("(usage)\n"))
    }

    @Test func `Inspecting shows what a key is and no private member`() async throws {
        let space = try Workspace()
        try await space.makeKey("RS256")
        let outcome = try await space.run(["key", "inspect", "key.jwk"])
        #expect(outcome.status == 0)
        #expect(
            outcome.output.hasPrefix(
                #"{"kty":"RSA","kid":"key","alg":"RS256","bits":2048,"private":true,"thumbprint":""#))
        let key = try #require(JSONSerialization.jsonObject(with: Data(space.read("key.jwk").utf8)) as? [String: Any])
        for member in ["d", "p", "q", "dp", "dq", "qi"] {
            let value = try #require(key[member] as? String)
            #expect(!outcome.output.contains(value.prefix(12)))
        }
    }

    @Test func `The thumbprint is the one of RFC 7638 section 3.1`() async throws {
        let space = try Workspace()
        let modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
            + "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgd"
            + "AZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
            + "kEgU8awapJzKnqDKgw"
        try space.write("rfc.jwk", #"{"kty":"RSA","n":"\#(modulus)","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#)
        let outcome = try await space.run(["key", "inspect", "rfc.jwk"])
        #expect(outcome.output.contains(#""thumbprint":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs""#))
    }

    @Test func `What is no key is refused with its reason`() async throws {
        let space = try Workspace()
        try space.write("bad", "not a key")
        try space.write("noalg.jwk", #"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#)
        let bad = try await space.run(["key", "inspect", "bad"])
        #expect(bad.status == 65)
        #expect(
            bad.errors == "cloakroom: cannot use the key file bad: it is no JWK, JWK Set or PEM (key-malformed)\n")
        #expect(try await space.run(["key", "inspect", "noalg.jwk"]).status == 65)
        #expect(try await space.run(["key", "inspect", "noalg.jwk", "--alg", "HS256"]).status == 0)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct SignCommandTests {
    private func claims(of token: String) throws -> String {
        let parts = token.split(separator: ".")
        try #require(parts.count == 3)
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        return String(decoding: try #require(Data(base64Encoded: String(text))), as: UTF8.self)
    }

    @Test func `iat, exp and jti are added where absent, and given claims keep their bytes`() async throws {
        let space = try Workspace()
        try await space.makeKey("ES256")
        let tokens = try await space.sign(
            [#"{ "sub" : "a\u0062" }"#, "{}", #"{"iat":5,"exp":7,"jti":"j"}"#, #"{"iat":5}"#])
        #expect(try claims(of: tokens[0]).hasPrefix(#"{ "sub" : "a\u0062" ,"iat":1700000000,"exp":1700000300,"jti":""#))
        #expect(try claims(of: tokens[1]).hasPrefix(#"{"iat":1700000000,"exp":1700000300,"jti":""#))
        #expect(try claims(of: tokens[2]) == #"{"iat":5,"exp":7,"jti":"j"}"#)
        #expect(try claims(of: tokens[3]).hasPrefix(#"{"iat":5,"exp":305,"jti":""#))
    }

    @Test func `A jti has 128 random bits and never repeats`() async throws {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let tokens = try await space.sign([String](repeating: "{}", count: 500))
        #expect(Set(tokens).count == 500)
    }

    @Test func `Lines that are no claims sets give an empty line and a reason`() async throws {
        let space = try Workspace()
        try await space.makeKey("EdDSA")
        let lines = ["{}", "[1]", #"{"a":1,"a":2}"#, #"{"iat":"x"}"#, "", "{}"]
        let outcome = try await space.run(["sign", "--key", "key.jwk"], input: lines.map { $0 + "\n" }.joined())
        #expect(outcome.status == 1)
        #expect(outcome.lines.map(\.isEmpty) == [false, true, true, true, true, false])
        let errors = outcome.errors.split(separator: "\n")
        #expect(errors.count == 4)
        #expect(errors[0] == "cloakroom: line 2 refused at byte 0 (json)")
        #expect(errors[1].hasSuffix("(duplicate-member)"))
        #expect(errors[2] == "cloakroom: line 4 refused (claim-type)")
    }

    @Test func `A public key cannot sign`() async throws {
        let space = try Workspace()
        try await space.makeKey("RS256")
        let outcome = try await space.run(["sign", "--key", "key.pub"], input: "{}\n")
        #expect(outcome.status == 65)
        #expect(outcome.errors.hasSuffix("(key-not-private)\n"))
    }

    @Test(arguments: ["5", "5x", "", "-5m", "1h30m", "0s", "99999999999h"])
    func `A lifetime that is no duration is a usage error`(lifetime: String) async throws {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let outcome = try await space.run(["sign", "--key", "key.jwk", "--lifetime=\(lifetime)"], input: "{}\n")
        #expect(outcome.status == 64)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct RevealCommandTests {
    private static let policy = """
        version: 1
        tenant: acme
        issue: {issuer: https://tokens.example, audience: https://orders.example, client-id: gateway}
        claims:
          sub: {siv: {type: user-id}}
          customer: {siv: {type: customer, scope: global}}
          age: {siv: {type: age, scope: token}}
        """

    private func makeKeys(_ space: Workspace) async throws {
        try await space.makeKey("ES256", name: "out")
        let made = try await space.run(["key", "generate", "--alg", "siv", "--kid", "k001", "--out", "siv.jwk"])
        try #require(made.status == 0, "\(made.errors)")
        try space.write("policy.yaml", Self.policy)
    }

    private func claims(of token: String) throws -> [String: Any] {
        var text = token.split(separator: ".")[1].replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        let data = try #require(Data(base64Encoded: String(text)))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    @Test func `Values of siv rules are equal for equal inputs, and come back under the key`() async throws {
        let space = try Workspace()
        try await makeKeys(space)
        let shown = try await space.run(["key", "inspect", "siv.jwk"])
        #expect(shown.output.contains(#""alg":"cloakroom-siv1","bits":512"#))
        let line = #"{"iss":"https://login.example","sub":"u1","customer":"Ana \"qz\"","age":41}"# + "\n"
        let issue = ["issue", "--policy", "policy.yaml", "--signing-key", "out.jwk", "--now", "1700000000"]
        let missing = try await space.run(issue, input: line)
        #expect(missing.status == 64)
        let issued = try await space.run(issue + ["--siv-keys", "siv.jwk"], input: line + line)
        #expect(issued.status == 0, "\(issued.errors)")
        let (first, second) = (try claims(of: issued.lines[0]), try claims(of: issued.lines[1]))
        #expect(first["customer"] as? String == second["customer"] as? String)
        #expect(first["age"] as? String != second["age"] as? String)
        let text = try #require(first["customer"] as? String)
        #expect(text.hasPrefix("s1_k001_"))
        let reveal = ["reveal", "--keys", "siv.jwk", "--tenant", "acme"]
        let value = try await space.run(reveal + ["--type", "customer"], input: text + "\nx\n")
        #expect(value.status == 1)
        #expect(value.lines[0] == #"{"line":1,"valid":true,"type":"string","value":"Ana \"qz\""}"#)
        #expect(value.lines[1] == #"{"line":2,"valid":false,"error":"decryption-failed"}"#)
        let sub = try #require(first["sub"] as? String)
        let subject = try await space.run(
            reveal + ["--type", "user-id", "--canonical", "subject/1", "--scope", "audience:https://orders.example"],
            input: sub + "\n")
        #expect(
            subject.lines
                == [#"{"line":1,"valid":true,"type":"string","issuer":"https://login.example","value":"u1"}"#])
        let jti = try #require(first["jti"] as? String)
        let age = try await space.run(
            reveal + ["--type", "age", "--scope", "token:\(jti)"], input: "\(first["age"] as? String ?? "")\n")
        #expect(age.lines == [#"{"line":1,"valid":true,"type":"integer","value":"41"}"#])
    }
}

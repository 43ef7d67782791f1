// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct InspectCommandTests {
    private let claims =
        #"{"iss":"https://issuer.example","email":"jo.marker@example.com","n":12345678,"b":true,"z":null,"#
        + #""deep":{"roles":["admin-marker",""],"phone":"+15555550123"},"iat":1,"exp":2,"jti":"j"}"#

    @Test func `Values are masked to kind and length class`() async throws {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let token = try await space.sign([claims])[0]
        let outcome = try await space.run(["inspect"], input: token + "\n")
        #expect(outcome.status == 0)
        #expect(
            outcome.output
                == #"{"line":1,"verified":false,"header":{"alg":"HS256","typ":"JWT","kid":"<string 1-4>"},"claims":{"#
                + #""iss":"<string 17-32>","email":"<email 17-32>","n":"<integer 5-8>","b":"<boolean>","z":null,"#
                + #""deep":{"roles":["<string 9-16>","<string 0>"],"phone":"<phone 9-16>"},"iat":"<integer 1-4>","#
                + #""exp":"<integer 1-4>","jti":"<string 1-4>"}}"# + "\n")
    }

    @Test func `T83: a member name that is personal data is masked too`() async throws {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let token = try await space.sign([#"{"iat":1,"exp":2,"jti":"j","by":{"jo\u0040example.com":1}}"#])[0]
        let outcome = try await space.run(["inspect"], input: token + "\n")
        #expect(outcome.output.hasSuffix(#","by":{"<email 9-16>":"<integer 1-4>"}}}"# + "\n"))
    }

    @Test func `Values are shown when asked for`() async throws {
        let space = try Workspace()
        try await space.makeKey("HS256")
        let token = try await space.sign([claims])[0]
        let outcome = try await space.run(["inspect", "--reveal"], input: token + "\n")
        #expect(outcome.output.hasSuffix(#""claims":\#(claims)}"# + "\n"))
    }

    @Test func `The header of an encrypted token is all there is to see`() async throws {
        // The header of RFC 7516 appendix A.1.
        let outcome = try await Workspace().run(
            ["inspect"], input: "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d\n")
        #expect(
            outcome.output
                == #"{"line":1,"verified":false,"header":{"alg":"RSA-OAEP","enc":"A256GCM"},"encrypted":true}"# + "\n")
    }

    @Test func `What is no token is refused and costs exit status 1`() async throws {
        let outcome = try await Workspace().run(["inspect"], input: "hello\na.b.c\n")
        #expect(outcome.status == 1)
        #expect(outcome.lines[0] == #"{"line":1,"valid":false,"error":"malformed","offset":0}"#)
        #expect(outcome.lines[1].hasPrefix(#"{"line":2,"valid":false,"error":"base64url""#))
    }
}

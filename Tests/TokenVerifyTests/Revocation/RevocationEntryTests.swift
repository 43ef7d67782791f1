// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenVerify

@Suite struct RevocationEntryTests {
    private func entry(_ json: String) throws(RevocationError) -> RevocationEntry {
        let bytes = Array(json.utf8)
        return try RevocationEntry(json: bytes.span)
    }

    @Test func allKinds() throws {
        #expect(
            try entry(#"{"iss":"i","jti":"j\u0061","until":1800000330}"#)
                == .token(issuer: "i", jwtID: "ja", untilSeconds: 1_800_000_330))
        #expect(
            try entry(#" { "before" : 5 , "sub" : "é" , "iss" : "" } "#)
                == .subject(issuer: "", subject: "é", beforeSeconds: 5))
        #expect(
            try entry(#"{"iss":"i","sub":"s","before":0,"until":9007199254740992}"#)
                == .subject(issuer: "i", subject: "s", beforeSeconds: 0, untilSeconds: 1 << 53))
        #expect(try entry(#"{"iss":"i","kid":"k"}"#) == .key(issuer: "i", keyID: "k"))
        #expect(
            try entry(#"{"iss":"i","kid":"k","before":7,"until":8}"#)
                == .key(issuer: "i", keyID: "k", beforeSeconds: 7, untilSeconds: 8))
    }

    @Test(
        "an entry that is not understood is an error, never a weaker entry",
        arguments: [
            "", "{}", "[]", "null", #"{"iss":"i"}"#, #"{"jti":"j","until":1}"#, #"{"iss":"i","jti":"j"}"#,
            #"{"iss":"i","sub":"s"}"#, #"{"iss":"i","jti":"j","until":1,"before":1}"#,
            #"{"iss":"i","jti":"j","sub":"s","until":1}"#, #"{"iss":"i","jti":"j","kid":"k","until":1}"#,
            #"{"iss":"i","jti":"j","until":1,"note":"x"}"#, #"{"iss":"i","jti":"j","until":1,"until":2}"#,
            #"{"iss":"i","jti":"j","until":"1"}"#, #"{"iss":"i","jti":"j","until":null}"#,
            #"{"iss":"i","jti":"j","until":-1}"#, #"{"iss":"i","jti":"j","until":1.5}"#,
            #"{"iss":"i","jti":"j","until":9007199254740994}"#, #"{"iss":"i","jti":"j","until":1e400}"#,
            #"{"iss":1,"jti":"j","until":1}"#, #"{"iss":"i","jti":["j"],"until":1}"#,
            #"{"iss":"i","jti":"j","until":1}x"#, #"{"iss":"i","jti":"j","until":1},"#,
            #"{"iss":"i","jti":"\ud800","until":1}"#,
        ])
    func refused(_ json: String) {
        #expect(throws: RevocationError.malformed) { try entry(json) }
    }

    @Test func limits() {
        let long = String(repeating: "a", count: 1 << 16)
        #expect(throws: RevocationError.malformed) { try entry(#"{"iss":"i","kid":"\#(long)"}"#) }
        #expect(throws: Never.self) { try entry(#"{"iss":"i","kid":"\#(long.dropLast(20))"}"#) }
    }
}

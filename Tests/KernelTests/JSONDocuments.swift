// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// Documents for the JSON tests.
enum JSONDocuments {
    /// Claims sets and headers as issuers write them: compact, spread over lines, with escapes, with other scripts.
    static let realistic: [String] = [
        #"{"alg":"RS256","typ":"JWT","kid":"8f2a"}"#,
        #"{"iss":"https://id.example.com/realms/x","sub":"3d5e1c1a-7f0b","aud":["account","api"],"exp":1716239022,"#
            + #""iat":1716238722,"realm_access":{"roles":["offline_access","user"]},"email_verified":true,"acr":"1"}"#,
        #"{"name":"Zoë Müller","sub":"ü","iss":"https:\/\/issuer.example","note":"a\u00e4\ud83d\ude00\"\\","#
            + #""exp":1.5e9,"nbf":-0,"x":null,"y":[[],{},[{"":0}]]}"#,
        "{\r\n  \"iss\" : \"joe\",\r\n \"exp\" : 1300819380,\n\t"
            + "\"http://example.com/is_root\" : true , \"a\": [ 1 , 2 ]\r\n}",
    ]

    /// A compact claims set of exactly `count` bytes (at least 13), with several members when there is room.
    static func claims(byteCount count: Int) -> [UInt8] {
        var text = "{"
        var number = 0
        while count - text.utf8.count > 40 {
            text += number % 3 == 0 ? "\"m\(number)\":\(number * 7919)," : "\"name\(number)\":\"value \(number)\","
            number += 1
        }
        text += "\"pad\":\""
        return Array(text.utf8) + Array(repeating: UInt8(ascii: "p"), count: max(0, count - text.utf8.count - 2))
            + Array("\"}".utf8)
    }

    /// Pieces of JSON in any order: mostly wrong, often nearly right.
    static func soup(_ random: inout SeededGenerator) -> [UInt8] {
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"a\":", "\"b\":", "\"\\u0061\":", "\"exp\":", "\"a\"", "\"\"", "0", "-1",
            "12345",
            "1.5e+3", "true", "false", "null", " ", "\n", "\"é\"", "\"\\n\"", "\"\\ud800\"", "\\", "\"", "{\"a\":1}",
            "[1]",
            "\u{1}", "01", "nul", "\"0123456789012345678901234567890123456789012345678901234567890123456789\"",
        ]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...14, using: &random) {
            bytes += Array(pieces[Int.random(in: 0..<pieces.count, using: &random)].utf8)
        }
        return bytes
    }

    /// A valid document, unless a name comes twice in one object.
    static func valid(_ random: inout SeededGenerator, depth: Int = 0) -> String {
        let blank = ["", "", "", " ", "\n\t"][Int.random(in: 0..<5, using: &random)]
        let choice = Int.random(in: depth == 0 ? 0..<2 : 0..<(depth < 4 ? 9 : 7), using: &random)
        let count = Int.random(in: 0..<6, using: &random)
        switch depth < 4 ? choice : choice + 2 {
        case 0:
            let members = (0..<count).map { _ in
                blank + "\"" + string(&random) + "\"" + blank + ":" + blank + valid(&random, depth: depth + 1)
            }
            return "{" + members.joined(separator: blank + ",") + blank + "}"
        case 1:
            return "[" + blank + (0..<count).map { _ in valid(&random, depth: depth + 1) }.joined(separator: ",") + "]"
        case 2: return "\(UInt32.random(in: 0...9_999_999, using: &random))"
        case 3: return ["-1", "0", "1e9", "12.50", "123456789012345678"][count % 5]
        case 4: return ["true", "false", "null"][count % 3]
        default: return "\"" + string(&random) + "\""
        }
    }

    private static func string(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "exp", "_id", "0123456789", "é", "漢字", "😀", "\\\"", "\\u00e9", "\\\\", " ", "https://",
            "\\ud83d\\ude00",
        ]
        // Plain strings are the common case.
        let kinds = Bool.random(using: &random) ? 4 : pieces.count
        return (0..<Int.random(in: 0..<8, using: &random))
            .map { _ in pieces[Int.random(in: 0..<kinds, using: &random)] }.joined()
    }
}

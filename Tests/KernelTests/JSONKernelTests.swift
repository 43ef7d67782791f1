// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import Testing

private func limits(depth: UInt32 = 255, members: UInt32 = 65535, object: UInt32 = 0) -> ctk_json_limits {
    ctk_json_limits(depth_max: depth, member_count_max: members, root_must_be_object: object)
}

/// What every kernel, and the oracle, must say about one text.
@Suite struct JSONKernelTests {
    private func check(
        _ bytes: [UInt8], _ status: ctk_json_status, _ limits: ctk_json_limits = .open, capacity: Int = 40_000,
        location: SourceLocation = #_sourceLocation
    ) {
        let kernels = JSONKernels()
        defer { kernels.free() }
        let scalar = kernels.scalar(bytes, limits, capacity: capacity)
        #expect(scalar.status == status.rawValue, sourceLocation: location)
        #expect(scalar == JSONOracle.index(bytes, limits, capacity: capacity), sourceLocation: location)
        #expect(kernels.agree(bytes, limits, capacity: capacity), sourceLocation: location)
    }

    @Test(
        "T29 T37: a name that comes twice, in any spelling",
        arguments: [
            (#"{"alg":1,"alg":2}"#, true), (#"{"alg":1,"\u0061lg":2}"#, true), (#"{"\u0061lg":1,"alg":2}"#, true),
            (#"{"a":{"b":1,"b":2}}"#, true), (#"{"a":{"b":1},"b":{"a":1}}"#, false), (#"{"":1,"":2}"#, true),
            (#"{"é":1,"\u00e9":2}"#, true), (#"{"é":1,"e\u0301":2}"#, false), (#"{"/":1,"\/":2}"#, true),
            (#"{"a":1,"A":2}"#, false), (#"{"a\u0000":1,"a":2}"#, false), (#"{"😀":1,"\ud83d\uDE00":2}"#, true),
            (#"[{"a":1},{"a":2}]"#, false), (#"{"x":1,"y":{"x":1,"z":[{"x":1}]},"x":2}"#, true),
            (#"{"iv":1,"iv":2}"#, true),
            (#"{"a_name_of_24_characters_1":1,"a_name_of_24_characters_2":2}"#, false),
            (#"{"a_name_of_24_characters_1":1,"b":0,"a_name_of_24_characters_1":2}"#, true),
        ])
    func duplicates(text: String, isDuplicate: Bool) {
        check(Array(text.utf8), isDuplicate ? CTK_JSON_DUPLICATE : CTK_JSON_OK)
    }

    @Test("T30: roots other than an object, two documents, trailing bytes") func roots() {
        for text in ["[]", "1", "\"a\"", "null", "[{}]", " true "] {
            check(Array(text.utf8), CTK_JSON_OK)
            check(Array(text.utf8), CTK_JSON_NOT_OBJECT, limits(object: 1))
        }
        for text in ["", " ", "{}{}", "{} x", "{},", "{}\u{0}", "[] []", "1 2", "{}\"", "\"a\"\"b\"", "}", "]", ","] {
            check(Array(text.utf8), CTK_JSON_SYNTAX, limits(object: 1))
        }
        check(Array(" \t\r\n{} \n".utf8), CTK_JSON_OK, limits(object: 1))
    }

    @Test("T31: nesting 100 000 deep") func deepNesting() {
        let kernels = JSONKernels()
        defer { kernels.free() }
        for opening in ["[", "{\"a\":", "[{\"a\":"] {
            let bytes = Array(String(repeating: opening, count: 100_000).utf8)
            for depth: UInt32 in [1, 16, 255, 4_000_000] {
                #expect(kernels.scalar(bytes, limits(depth: depth)).status == CTK_JSON_DEPTH.rawValue)
                #expect(kernels.agree(bytes, limits(depth: depth)))
            }
        }
    }

    @Test("T31: depth at the limit and one beyond", arguments: [1, 2, 15, 16, 17, 254, 255])
    func depthLimit(depth: Int) {
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
            let text =
                String(repeating: opening, count: depth) + (closing == "}" ? "0" : "")
                + String(repeating: closing, count: depth)
            check(Array(text.utf8), CTK_JSON_OK, limits(depth: UInt32(depth)))
            check(Array(text.utf8), CTK_JSON_DEPTH, limits(depth: UInt32(depth - 1)))
            check(Array(text.utf8), CTK_JSON_OK, limits(depth: UInt32(depth + 1)))
        }
    }

    @Test(
        "T32: ill-formed UTF-8 and lone surrogates",
        arguments: [
            "C0 80", "C1 BF", "E0 80 80", "E0 9F BF", "ED A0 80", "ED BF BF", "F0 80 80 80", "F0 8F BF BF",
            "F4 90 80 80",
            "F5 80 80 80", "FF", "FE", "80", "BF", "C3", "E6 BC", "F0 9F 98", "C3 C3", "E6 BC 41", "F0 9F 98 41",
            "C3 A9 A9",
            "5C 75 44 38 30 30", "5C 75 44 43 30 30", "5C 75 44 38 30 30 5C 75 44 38 30 30", "5C 75 44 38 30 30 5C 6E",
            "5C 75 64 66 66 66 5C 75 64 38 30 30",
        ])
    func illFormed(text: String) {
        for (before, after) in [("{\"a\":\"", "\"}"), ("{\"", "\":1}"), ("[\"", "é\"]"), ("[\"", "")] {
            check(Array(before.utf8) + hex(text) + Array(after.utf8), CTK_JSON_UTF8)
        }
    }

    @Test("T32: the edges of well-formed UTF-8; an escaped NUL is kept") func wellFormed() {
        for text in ["C2 80", "DF BF", "E0 A0 80", "ED 9F BF", "EE 80 80", "EF BF BF", "F0 90 80 80", "F4 8F BF BF"] {
            check(Array("{\"a\":\"".utf8) + hex(text) + Array("\"}".utf8), CTK_JSON_OK)
        }
        check(Array(#"{"a\u0000":"\u0000"}"#.utf8), CTK_JSON_OK)
        check(Array("{\"a\":\"".utf8) + [0] + Array("\"}".utf8), CTK_JSON_SYNTAX)
    }

    @Test("T33: BOM, UTF-16, UTF-32") func otherEncodings() {
        let text = Array("{\"a\":1}".utf8)
        check([0xEF, 0xBB, 0xBF] + text, CTK_JSON_SYNTAX)
        check([0xFE, 0xFF] + text.flatMap { [0, $0] }, CTK_JSON_SYNTAX)
        check(text.flatMap { [$0, 0] }, CTK_JSON_SYNTAX)
        check(text.flatMap { [0, 0, 0, $0] }, CTK_JSON_SYNTAX)
    }

    @Test("T34: the grammar of numbers") func numbers() {
        let right =
            ["0", "-0", "1", "-1", "10", "1e400", "1E-400", "0.0", "1.5e+3", "-0e0", "1716239022", "123456789012345"]
            + [String(repeating: "9", count: 400), "1234567890123456", "12345678901234567"]
        let wrong = [
            "01", "-01", "+1", ".5", "1.", "1.e1", "1e", "1e+", "--1", "-", "0x10", "NaN", "Infinity", "-Infinity",
            "1_000", "1,5.", "00", "1e1.5", "0123456789012345678", "1e1e1", "٣",
        ]
        for (before, after) in [("[", "]"), ("{\"a\":", "}"), ("{\"a\":", ",\"b\":1}"), ("", ""), ("[", " ]")] {
            for number in right { check(Array((before + number + after).utf8), CTK_JSON_OK) }
            for number in wrong { check(Array((before + number + after).utf8), CTK_JSON_SYNTAX) }
        }
    }

    @Test(
        "T35: what other dialects allow",
        arguments: [
            "{\"a\":1,}", "[1,]", "[,]", "[,1]", "{,}", "{'a':1}", "{a:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1 2]",
            "{1:2}",
            "/* */{}", "{}//", "[1]#", "{\"a\":undefined}", "{\"a\":tru}", "{\"a\":True}", "{\"a\":nulL}", "{\"a\"}",
            "{\"a\":}",
            "[\"\\x41\"]", "[\"\\u12g4\"]", "[\"\\u123", "[\"\\", "[\"a", "[\"\t\"]", "[\"\n\"]", "{\"a\":1:2}",
            "[1:2]", "{\"a\",1}",
            "[}", "{]", "[1}", "{\"a\":1]", "{{}}", "[\"a\"\"b\"]", "{\"a\":\"b\"\"c\":1}", "{\"a\"::1}", "[\u{B}1]",
            "\u{A0}{}", "[\\\"a\"]",
            "{\"a\":\\\"b\\\"}", "{\"a\":\"b\",\\\"c\":1}", "[\"a\\\"]", "{\"a\\\":1}",
        ])
    func dialects(text: String) {
        check(Array(text.utf8), CTK_JSON_SYNTAX)
    }

    @Test("T36: names built to collide, very long names, many members") func collidingNames() {
        // Sixteen bytes with the same first eight and last four.
        let colliding = (0..<256).map { "\"prefix__\(1000 + $0)tail\":\($0)" }
        check(Array("{\(colliding.joined(separator: ","))}".utf8), CTK_JSON_OK, limits(members: 256))
        check(Array("{\((colliding + [colliding[7]]).joined(separator: ","))}".utf8), CTK_JSON_DUPLICATE)
        let long = (0..<40).map { "\"\(String(repeating: "n", count: 200 + $0))\":\"\"" }
        check(Array("{\(long.joined(separator: ","))}".utf8), CTK_JSON_OK)
        let edge = String(repeating: "n", count: 65535)
        check(Array("{\"\(edge)\":1}".utf8), CTK_JSON_OK)
        check(Array("{\"\(edge)n\":1}".utf8), CTK_JSON_CAPACITY)
        let many = (0..<5000).map { "\"m\($0)\":\($0)" }
        check(Array("{\(many.joined(separator: ","))}".utf8), CTK_JSON_OK)
        check(Array("{\((many + [many[4500]]).joined(separator: ","))}".utf8), CTK_JSON_DUPLICATE)
    }

    @Test("Members at the limit and one beyond", arguments: [1, 2, 15, 16, 17, 31, 32, 33, 48, 255, 256])
    func memberLimit(count: Int) {
        let members = (0..<count).map { "\"m\($0)\":{\"m0\":[\($0)]}" }
        let bytes = Array("{\(members.joined(separator: ","))}".utf8)
        check(bytes, CTK_JSON_OK, limits(members: UInt32(count)))
        check(bytes, CTK_JSON_MEMBERS, limits(members: UInt32(count - 1)))
        check(bytes, CTK_JSON_OK, limits(members: UInt32(count + 1)))
        // Every pair of equal names is found, wherever the two stand.
        for first in stride(from: 0, to: count, by: max(1, count / 7)) {
            let again = (members + [members[first]]).joined(separator: ",")
            check(Array("{\(again)}".utf8), CTK_JSON_DUPLICATE)
        }
    }

    @Test("Nodes at the capacity and one beyond") func capacity() {
        for text in JSONDocuments.realistic + ["{}", "[1,2,[3]]", "1", "{\"a\":{\"b\":\"c\"}}"] {
            let bytes = Array(text.utf8)
            let count = JSONOracle.index(bytes).nodes.count
            for capacity in 0..<count { check(bytes, CTK_JSON_CAPACITY, capacity: capacity) }
            check(bytes, CTK_JSON_OK, capacity: count)
        }
    }

    @Test("Sizes around the reach of the wide kernels") func sizes() {
        for count in [63, 64, 65, 4096, 16_383, 16_384, 16_385, 20_000] {
            check(JSONDocuments.claims(byteCount: count), CTK_JSON_OK, .token.with(members: 65535))
            check([UInt8](repeating: UInt8(ascii: "\""), count: count), CTK_JSON_SYNTAX)
            check(Array("[".utf8) + [UInt8](repeating: 0x20, count: count - 2) + Array("]".utf8), CTK_JSON_OK)
            check(
                Array("[".utf8) + Array(repeating: Array("0,".utf8), count: count / 2).joined() + Array("0]".utf8),
                CTK_JSON_OK)
        }
    }

    @Test("T37: registered names, escaped or not, at the root only") func nameCodes() {
        for (index, name) in JSONOracle.names.enumerated() {
            let escaped = name.utf8.map { "\\u00" + [$0].hexText }.joined()
            let text = #"{"x":{"\#(name)":1},"\#(name)":2,"\#(name)x":3,"y\#(name)":4}"#
            check(Array(text.utf8), CTK_JSON_OK)
            check(Array(#"{"\#(escaped)":2}"#.utf8), CTK_JSON_OK)
            let codes = JSONOracle.index(Array(text.utf8)).nodes.map(\.name_code)
            #expect(codes == [0, 0, 0, UInt8(index + 1), codes[4], codes[5]])
        }
        #expect(JSONOracle.names.count + 1 == Int(CTK_JSON_NAME_COUNT.rawValue))
        check(Array(#"{"iss\u0000":1}"#.utf8), CTK_JSON_OK)
    }
}

extension ctk_json_limits {
    fileprivate func with(members: UInt32) -> ctk_json_limits {
        ctk_json_limits(depth_max: depth_max, member_count_max: members, root_must_be_object: root_must_be_object)
    }
}

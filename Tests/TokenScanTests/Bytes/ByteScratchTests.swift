// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenScan

@Suite struct ByteScratchTests {
    @Test func growsAndKeepsItsBytes() {
        var scratch = ByteScratch()
        var expected: [UInt8] = []
        for i in 0..<5_000 {
            let byte = UInt8(truncatingIfNeeded: i &* 7)
            scratch.append(byte)
            expected.append(byte)
        }
        scratch.append(expected.span)
        #expect(scratch.array == expected + expected)
        scratch.truncate(to: 3)
        #expect(scratch.array == Array(expected[..<3]))
        scratch.truncate(to: 9)
        let count = scratch.count
        #expect(count == 3)
        scratch.removeAll()
        let isEmpty = scratch.isEmpty
        #expect(isEmpty)
    }

    @Test(arguments: [0, 7, -1, 10, 1_800_000_000, Int64.max, Int64.min])
    func decimals(_ value: Int64) {
        var scratch = ByteScratch()
        scratch.appendDecimal(value)
        #expect(scratch.text == String(value))
    }

    @Test func jsonStringsReadBackThroughFoundation() throws {
        for text in ["", "plain", "quote\" back\\slash /", "\u{0}\u{1}\u{8}\t\n\u{c}\r\u{1f}\u{7f}", "Zoë 日本 🙂"] {
            var scratch = ByteScratch()
            scratch.append("[")
            scratch.appendJSONString(Array(text.utf8).span)
            scratch.append("]")
            let read = try JSONSerialization.jsonObject(with: Data(scratch.array)) as? [String]
            #expect(read == [text])
        }
    }

    @Test func base64URLAgreesWithTheOracle() throws {
        var generator = SeededGenerator(seed: 1)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var text = ByteScratch()
            text.append("x")
            text.appendBase64URL(bytes.span)
            #expect(text.text == "x" + NaiveBase64URL.encode(bytes))
            var back = ByteScratch()
            try back.appendBase64URLDecoded(text.span.extracting(1..<text.count))
            #expect(back.array == bytes)
        }
    }

    @Test(
        "T23 T24 T25 refused base64url leaves nothing behind",
        arguments: [
            ("AB=", 2), ("AA==", 2), ("A", 0), ("AAAAA", 4), ("AB", 1), ("AAB", 2), ("A+AA", 1), ("AA/A", 2),
            ("AA A", 2), ("\n", 0), ("AAA\u{0}", 3), ("AAAAé", 4),
        ])
    func refusedText(_ text: String, _ offset: Int) {
        var scratch = ByteScratch()
        scratch.append("kept")
        #expect(throws: ScanError.base64url(offset: offset)) {
            try scratch.appendBase64URLDecoded(Array(text.utf8).span)
        }
        #expect(scratch.text == "kept")
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Foundation
import TestSupport
import Testing

/// Kernels against the scalar one, and the scalar one against the oracle, over very many documents.
@Suite struct JSONMutationTests {
    private let kernels = JSONKernels()

    @Test("T32: every prefix of claims sets", arguments: JSONDocuments.realistic) func prefixes(text: String) {
        defer { kernels.free() }
        let bytes = Array(text.utf8)
        for count in 0...bytes.count {
            let prefix = Array(bytes[..<count])
            #expect(kernels.scalar(prefix) == JSONOracle.index(prefix))
            #expect(kernels.agree(prefix))
            #expect(kernels.scalar(prefix).status != 0 || count == bytes.count)
        }
    }

    @Test("Every one-byte change of claims sets", arguments: JSONDocuments.realistic) func changes(text: String) {
        defer { kernels.free() }
        var bytes = Array(text.utf8)
        let telling: [UInt8] = [0x22, 0x5C, 0x2C, 0x7D, 0x5B, 0x20, 0x00, 0x1F, 0x80, 0xC3, 0x31]
        for position in bytes.indices {
            let original = bytes[position]
            var disagreements = 0
            for value in UInt8.min...UInt8.max {
                bytes[position] = value
                if !kernels.agree(bytes) { disagreements += 1 }
            }
            #expect(disagreements == 0, "at \(position)")
            bytes[position] = telling[position % telling.count]
            #expect(kernels.scalar(bytes) == JSONOracle.index(bytes))
            bytes[position] = original ^ (1 << UInt8(position % 8))
            #expect(kernels.scalar(bytes) == JSONOracle.index(bytes))
            bytes[position] = original
        }
    }

    @Test("Token soup: every kernel and the oracle agree") func soup() {
        defer { kernels.free() }
        var random = SeededGenerator(seed: 0x6A73_6F6E)
        for round in 0..<20_000 {
            let bytes = JSONDocuments.soup(&random)
            #expect(kernels.agree(bytes))
            if round % 4 == 0 { #expect(kernels.scalar(bytes) == JSONOracle.index(bytes)) }
        }
    }

    @Test("Random valid documents, whole and with one byte changed") func randomDocuments() {
        defer { kernels.free() }
        var random = SeededGenerator(seed: 0x7661_6C69)
        var valid = 0
        for round in 0..<6000 {
            var bytes = Array(JSONDocuments.valid(&random).utf8)
            let outcome = kernels.scalar(bytes)
            #expect(outcome.status == CTK_JSON_OK.rawValue || outcome.status == CTK_JSON_DUPLICATE.rawValue)
            if outcome.status == CTK_JSON_OK.rawValue { valid += 1 }
            #expect(kernels.agree(bytes))
            #expect(kernels.agree(bytes, .token))
            if round % 4 == 0 { #expect(outcome == JSONOracle.index(bytes)) }
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            #expect(kernels.agree(bytes))
        }
        #expect(valid > 3000)
    }

    @Test("Nested and long arrays at and around every capacity") func arrays() {
        defer { kernels.free() }
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
            for depth in 1...20 {
                for elements in ["", "1", "1,1,1,1,1,1,1,1,1", "\"\",\"\",\"\",\"\"", "[],[],[]", "{},{\"\":[1,1]}"] {
                    let inner = "[" + elements + "]"
                    let text =
                        String(repeating: opening, count: depth) + inner + String(repeating: closing, count: depth)
                    let bytes = Array(text.utf8)
                    for capacity in 0...bytes.count / 2 + 4 {
                        #expect(kernels.agree(bytes, capacity: capacity))
                        #expect(kernels.agree(Array(bytes.dropLast(depth)), capacity: capacity))
                    }
                }
            }
        }
    }

    @Test("Every byte value at every position of a string and of a name") func byteValues() {
        defer { kernels.free() }
        for (before, after) in [("{\"s\":\"", "\"}"), ("{\"", "\":1}"), ("[\"", "\",\"x\"]")] {
            var bytes = Array(before.utf8) + Array(repeating: UInt8(ascii: "s"), count: 130) + Array(after.utf8)
            for position in before.utf8.count..<bytes.count - after.utf8.count {
                var wrong = 0
                for value in UInt8.min...UInt8.max {
                    bytes[position] = value
                    if !kernels.agree(bytes) { wrong += 1 }
                    if position % 43 == 9, kernels.scalar(bytes) != JSONOracle.index(bytes) { wrong += 1 }
                }
                #expect(wrong == 0, "at \(position)")
                bytes[position] = UInt8(ascii: "s")
            }
        }
    }

    @Test("T32: ill-formed and well-formed UTF-8 across the borders of blocks") func blockBorders() {
        defer { kernels.free() }
        let sequences = [
            "C3 A9", "E6 BC A2", "F0 9F 98 80", "C0 80", "E0 80 80", "ED A0 80", "F4 90 80 80", "F0 80 80 80", "80",
            "C3",
            "E6 BC", "F0 9F 98", "FF", "5C 22", "5C 5C", "5C 75 30 30 34 31", "5C 75 44 38 33 44 5C 75 44 45 30 30",
            "1F",
        ].map { hex($0) }
        for sequence in sequences {
            for position in 0..<200 {
                let filler = [UInt8](repeating: UInt8(ascii: "f"), count: 200)
                let content = Array(filler[..<position]) + sequence + Array(filler[position...])
                let bytes = Array("{\"a\":\"".utf8) + content + Array("\"}".utf8)
                #expect(kernels.agree(bytes))
                if position % 16 == 0 || (50..<70).contains(position) {
                    #expect(kernels.scalar(bytes) == JSONOracle.index(bytes))
                }
            }
        }
    }

    @Test("Runs of backslashes of every length at every offset in a block") func backslashes() {
        defer { kernels.free() }
        for count in 1...9 {
            for offset in 0..<130 {
                let text =
                    "[\"" + String(repeating: "b", count: offset) + String(repeating: "\\", count: count) + "\",\"x\"]"
                #expect(kernels.agree(Array(text.utf8)))
            }
        }
    }
}

/// Third-party files.
@Suite(.enabled(if: VectorFiles.isPresent)) struct JSONSuiteTests {
    @Test("T35: JSONTestSuite, test_parsing and test_transform") func files() throws {
        let kernels = JSONKernels()
        defer { kernels.free() }
        var seen = 0
        for folder in ["test_parsing", "test_transform"] {
            for name in try VectorFiles.names(in: "jsontestsuite/" + folder) {
                let bytes = try VectorFiles.bytes("jsontestsuite/\(folder)/\(name)")
                let outcome = kernels.scalar(bytes)
                // A name that comes twice is valid JSON, but refused here on purpose.
                let isValid = outcome.status == 0 || outcome.status == CTK_JSON_DUPLICATE.rawValue
                if name.hasPrefix("y_") { #expect(isValid, "\(name)") }
                if name.hasPrefix("n_") { #expect(!isValid, "\(name)") }
                if bytes.count < 5000 { #expect(outcome == JSONOracle.index(bytes), "\(name)") }
                #expect(kernels.agree(bytes), "\(name)")
                seen += 1
            }
        }
        #expect(seen > 100)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

@testable import TokenDisclosure

/// A random claims set as text, with random places marked as selectively disclosable while it is written.
struct RandomDocument {
    private(set) var text: [UInt8] = []
    private(set) var marks = DisclosureMarks()
    private(set) var markCount = 0
    private var random: SeededGenerator
    private let depthMax: Int

    init(seed: UInt64, depthMax: Int = 5) {
        random = SeededGenerator(seed: seed)
        self.depthMax = depthMax
        marks.addContainer(at: 0, ruleCount: Int.random(in: 0...6, using: &random), decoyCount: 1)
        text += #"{"iss":"https://issuer.example","iat":1799999990,"exp":1800000600"#.utf8
        for i in 0..<Int.random(in: 0...6, using: &random) { member(i, needsComma: true, depth: 1) }
        text += "}".utf8
    }

    private mutating func member(_ i: Int, needsComma: Bool, depth: Int) {
        if needsComma { text += ",".utf8 }
        // Names with dots, quotes, escapes and other scripts too.
        let names = ["a", "name", "e.mail", #"q\"uote"#, #"\u0065sc"#, "straße", "[]"]
        text += #""\#(names[Int.random(in: 0..<names.count, using: &random)])\#(i)":"#.utf8
        value(depth: depth)
    }

    private mutating func value(depth: Int) {
        if Int.random(in: 0..<5, using: &random) < 2 {
            marks.addValue(
                at: text.count, isRecursive: Int.random(in: 0..<4, using: &random) == 0,
                decoyCount: Int.random(in: 0...2, using: &random))
            markCount += 1
        }
        switch depth < depthMax ? Int.random(in: 0..<7, using: &random) : 0 {
        case 5:
            container()
            text += "{".utf8
            for i in 0..<Int.random(in: 0...4, using: &random) { member(i, needsComma: i > 0, depth: depth + 1) }
            text += "}".utf8
        case 6:
            container()
            text += "[ ".utf8
            for i in 0..<Int.random(in: 0...4, using: &random) {
                if i > 0 { text += " , ".utf8 }
                value(depth: depth + 1)
            }
            text += "]".utf8
        default:
            let scalars = [
                "1", "-2.5e3", "true", "null", "\"\"", #""a~b.c""#, #""ü\n\"\\""#, #""\ud834\udd1e""#, "12345678901",
            ]
            text += scalars[Int.random(in: 0..<scalars.count, using: &random)].utf8
        }
    }

    private mutating func container() {
        guard Bool.random(using: &random) else { return }
        marks.addContainer(
            at: text.count, ruleCount: Int.random(in: 0...3, using: &random),
            decoyCount: Int.random(in: 0...2, using: &random))
    }
}

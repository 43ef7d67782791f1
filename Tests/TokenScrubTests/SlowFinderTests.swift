// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenScan
import TokenScrub

/// Finds tokens the slow, obvious way: at every offset, by strings, without a limit, a chunk or a fast path.
private struct SlowFinder {
    private static let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let dots = spelled([".", "%2E", "%2e", "%252E"], escaped: ["u002e", "u002E"])
    private static let tildes = spelled(["~", "%7E", "%7e"], escaped: ["u007e"])
    private static let colours = spelled(["\u{1B}[31m", "\u{1B}[0m", "\u{1B}[K"], escaped: ["u001b[1m"])

    private static func spelled(_ plain: [String], escaped: [String]) -> [[UInt8]] {
        let backslashes = (1...8).map { String(repeating: #"\"#, count: $0) }
        return (plain + escaped.flatMap { one in backslashes.map { $0 + one } }).map { Array($0.utf8) }
    }

    let text: [UInt8]

    /// The ranges of all tokens, from left to right.
    var ranges: [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < text.count {
            if let end = token(at: index) {
                found.append(index..<end)
                index = end
            } else {
                index += 1
            }
        }
        return found
    }

    private func count(of spellings: [[UInt8]], at index: Int) -> Int? {
        spellings.first { text[index...].starts(with: $0) }?.count
    }

    /// The characters of a segment, where its last character ends, and where what follows it starts.
    private func segment(at start: Int) -> (characters: [UInt8], end: Int, next: Int) {
        var characters: [UInt8] = []
        var (end, next) = (start, start)
        while next < text.count {
            if Self.alphabet.contains(text[next]) {
                characters.append(text[next])
                next += 1
                end = next
            } else if let colour = count(of: Self.colours, at: next) {
                next += colour
            } else {
                break
            }
        }
        return (characters, end, next)
    }

    private func object(_ characters: [UInt8]) -> [String: Any]? {
        var whole = characters
        while whole.count % 4 == 1 { whole.removeLast() }
        guard let bytes = NaiveBase64URL.decode(whole) else { return nil }
        return try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    }

    private func token(at start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "e") else { return nil }
        let header = segment(at: start)
        guard header.characters.first == UInt8(ascii: "e"), let members = object(header.characters) else { return nil }
        let dot = header.next < text.count ? count(of: Self.dots, at: header.next) : nil
        guard members["alg"] is String else {
            let claims = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]
            guard claims.contains(where: { members[$0] != nil }) else { return nil }
            guard let dot else { return header.end }
            return max(header.next + dot, segment(at: header.next + dot).end)
        }
        var (end, next, parts, isEmpty) = (header.end, header.next, 1, true)
        while parts < (members["enc"] is String ? 5 : 3), next < text.count, let dot = count(of: Self.dots, at: next) {
            let part = segment(at: next + dot)
            if !part.characters.isEmpty { isEmpty = false }
            (end, next, parts) = (max(part.end, next + dot), part.next, parts + 1)
        }
        guard !isEmpty else { return nil }
        while next < text.count, let tilde = count(of: Self.tildes, at: next) {
            let first = next + tilde
            var part = segment(at: first)
            (end, next) = (max(part.end, first), part.next)
            for _ in 0..<2 where first < text.count && text[first] == UInt8(ascii: "e") && next < text.count {
                guard let dot = count(of: Self.dots, at: next) else { break }
                part = segment(at: next + dot)
                (end, next) = (max(part.end, next + dot), part.next)
            }
        }
        return end
    }
}

@Suite("Token finder against a slow one")
struct SlowFinderTests {
    private static func random(_ generator: inout SeededGenerator) -> [UInt8] {
        let parts = [
            Samples.header, Samples.header, Samples.payload, Samples.signature, Samples.disclosure, Samples.base64("{}"),
            Samples.base64(#"{"alg":"dir","enc":"A256GCM"}"#), Samples.base64(#"{"alg":1}"#), Samples.base64(#"{"x":[{"sub":1}]}"#),
            Samples.base64(#"{ "alg" : "ES256" , "a":[1,{"b":null}] }"#), Samples.base64(#"{"alg":"ES256"}x"#), "ey", "eyJ", "a", "",
            "e", "_", "-",
        ]
        let glue = [
            ".", ".", ".", ".", "~", "%2E", "%2e", "%252E", #"\u002e"#, #"\\u002e"#, "%7E", #"\u007e"#, "\u{1B}[31m", "\u{1B}[0m",
            #"\u001b[1m"#, " ", "\n", "\"", "%", "\\", "\\u", "\u{1B}", "", "%26", ",",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 1...14, using: &generator) {
            var part = parts.randomElement(using: &generator) ?? ""
            if Int.random(in: 0..<4, using: &generator) == 0 {
                let cut = Int.random(in: 0...part.utf8.count, using: &generator)
                part = "\(part.prefix(cut))\(Bool.random(using: &generator) ? "\u{1B}[0m\(part.dropFirst(cut))" : "")"
            }
            text += part + (glue.randomElement(using: &generator) ?? "")
        }
        return Array(text.utf8)
    }

    @Test("T91 T92 random text: the same ranges")
    func sameRanges() {
        var generator = SeededGenerator(seed: 71)
        for _ in 0..<3_000 {
            let text = Self.random(&generator)
            var finder = TokenFinder()
            finder.begin()
            var found: [Range<Int>] = []
            var start = 0
            while case .finding(let finding) = finder.next(in: text.span, from: start, isFinal: true) {
                found.append(finding.range)
                start = finding.range.upperBound
            }
            #expect(found == SlowFinder(text: text).ranges, "\(String(decoding: text, as: UTF8.self))")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// What stands before a token in a log: where it leaked from.
package enum TokenSurroundings: String, CaseIterable, Sendable {
    /// The line starts with it: a list of tokens.
    case lineStart = "line start"
    /// `Bearer `, `DPoP `.
    case authorization
    /// `?name=`, `&name=`, `#name=`.
    case query = "url"
    case quoted
    case other

    /// Bytes before a token that are looked at.
    static let byteCount = 48

    /// Judges the bytes of a line in front of a token.
    init(before text: Span<UInt8>) {
        guard text.count > 0 else {
            self = .lineStart
            return
        }
        switch text[text.count - 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            self = .quoted
        case UInt8(ascii: " ") where Self.ends(text, "Bearer ") || Self.ends(text, "DPoP "):
            self = .authorization
        case UInt8(ascii: "=") where text.indices.contains { Self.startsParameter(text[$0]) }:
            self = .query
        default:
            self = .other
        }
    }

    private static func ends(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        return text.count >= count && text.extracting(last: count).equals(word)
    }

    private static func startsParameter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "?") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "#")
    }
}

/// Counts lines up to a place in a text whose start is dropped from time to time.
struct LineCounter {
    private(set) var line = 1
    private var at = 0
    /// Where the current line starts; below 0 when that was dropped.
    private var lineStart = 0

    /// Bytes of the line before the place.
    var column: Int { at - lineStart }
    /// Lines up to the place; one that is empty so far does not count.
    var lineCount: Int { at == lineStart ? line - 1 : line }

    /// Moves the place forward to `end`.
    mutating func advance(_ text: Span<UInt8>, to end: Int) {
        while at < end {
            if text[at] == 0x0A {
                line += 1
                lineStart = at + 1
            }
            at += 1
        }
    }

    /// What of the line stands before the place in the text, at most `byteCount` bytes.
    func before(_ byteCount: Int) -> Range<Int> { max(0, lineStart, at - byteCount)..<at }

    /// Notes that `count` bytes at the start of the text were dropped.
    mutating func forget(_ count: Int) {
        at -= count
        lineStart -= count
    }
}

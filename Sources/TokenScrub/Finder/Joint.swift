// SPDX-License-Identifier: Apache-2.0

/// What stands behind a run of base64url characters, and how many bytes it takes there.
///
/// | joint | spelled |
/// |---|---|
/// | dot, tilde, padding | `.` `~` `=`; `%2E` `%7E` `%3D`, also `%252E` …; `\u002e` … with up to eight backslashes |
/// | skip | a colour or erase sequence of a terminal: ESC `[` … letter, or `\u001b[` … letter |
enum Joint: Equatable {
    case end
    /// The text ends before this can be told.
    case need
    case dot(Int)
    case tilde(Int)
    case pad(Int)
    case skip(Int)

    /// Bytes of the longest joint.
    static let byteCountMax = 48

    /// Reads what stands at `start`, which is below the text's count. `isFinal`: no more text comes.
    static func read(_ text: Span<UInt8>, at start: Int, isFinal: Bool) -> Joint {
        let joint: Joint
        switch text[start] {
        case UInt8(ascii: "."): return .dot(1)
        case UInt8(ascii: "~"): return .tilde(1)
        case UInt8(ascii: "="): return .pad(1)
        case UInt8(ascii: "%"): joint = percent(text, at: start)
        case UInt8(ascii: "\\"): joint = backslash(text, at: start)
        case 0x1B: joint = control(text, at: start, escape: 1)
        default: return .end
        }
        return joint == .need && isFinal ? .end : joint
    }

    /// `%2E`, and `%252E` where the text was encoded more than once.
    private static func percent(_ text: Span<UInt8>, at start: Int) -> Joint {
        var at = start + 1
        while at + 1 < text.count, text[at] == UInt8(ascii: "2"), text[at + 1] == UInt8(ascii: "5"), at - start < 9 {
            at += 2
        }
        guard at < text.count else { return .need }
        guard let high = nibble(text[at]) else { return .end }
        guard at + 1 < text.count else { return high == 2 || high == 3 || high == 7 ? .need : .end }
        guard let low = nibble(text[at + 1]) else { return .end }
        return joint(high << 4 | low, at + 2 - start)
    }

    /// `\u002e`, with the backslash escaped again where JSON stands in JSON.
    private static func backslash(_ text: Span<UInt8>, at start: Int) -> Joint {
        var at = start
        while at < text.count, text[at] == UInt8(ascii: "\\"), at - start < 8 { at += 1 }
        var value: UInt8 = 0
        for place in 0..<5 {
            guard at < text.count else { return .need }
            let byte = text[at]
            at += 1
            switch place {
            case 0: guard byte == UInt8(ascii: "u") else { return .end }
            case 1, 2: guard byte == UInt8(ascii: "0") else { return .end }
            default:
                guard let digit = nibble(byte) else { return .end }
                value = value << 4 | digit
            }
        }
        return value == 0x1B ? control(text, at: start, escape: at - start) : joint(value, at - start)
    }

    /// A control sequence (ECMA-48 section 5.4): `[`, up to 24 bytes of parameters, a letter.
    private static func control(_ text: Span<UInt8>, at start: Int, escape: Int) -> Joint {
        var at = start + escape
        guard at < text.count else { return .need }
        guard text[at] == UInt8(ascii: "[") else { return .end }
        at += 1
        for _ in 0...24 {
            guard at < text.count else { return .need }
            let byte = text[at]
            at += 1
            if (0x30...0x3F).contains(byte) { continue }
            return (byte | 0x20) &- 0x61 < 26 ? .skip(at - start) : .end
        }
        return .end
    }

    private static func joint(_ byte: UInt8, _ byteCount: Int) -> Joint {
        switch byte {
        case UInt8(ascii: "."): .dot(byteCount)
        case UInt8(ascii: "~"): .tilde(byteCount)
        case UInt8(ascii: "="): .pad(byteCount)
        default: .end
        }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }
}

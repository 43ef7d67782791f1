// SPDX-License-Identifier: Apache-2.0

extension ByteScratch {
    /// Appends a whole number in decimal, `-` first when negative. At most 20 bytes.
    package mutating func appendDecimal(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        repeat {
            first &-= 1
            digits[first] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude != 0
        append(digits.span.extracting(first..<20))
    }

    /// Appends `utf8` as a JSON string: quotes around it; `"`, `\` and control characters escaped (RFC 8259
    /// section 7), every other byte as it is. The bytes must be UTF-8; that is not checked again here.
    package mutating func appendJSONString(_ utf8: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        var start = 0
        for i in utf8.indices {
            let byte = utf8[i]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            append(utf8.extracting(start..<i))
            appendJSONEscape(of: byte)
            start = i &+ 1
        }
        append(utf8.extracting(start..<utf8.count))
        append(UInt8(ascii: "\""))
    }

    private mutating func appendJSONEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        default:
            append("\\u00")
            append(hexDigit(byte >> 4))
            append(hexDigit(byte & 0xF))
        }
    }

    /// Appends the text that the content of a JSON string stands for, its escapes resolved, as UTF-8.
    ///
    /// `content` is what stands between the quotes of a string that ``JSONIndex`` has accepted, so every escape
    /// is complete and surrogates come in pairs. Never longer than `content`. (RFC 8259 section 7)
    package mutating func appendUnescaped(_ content: Span<UInt8>) {
        var cursor = JSONStringCursor()
        reserve(content.count)
        while let unit = cursor.next(in: content) { append(unit) }
    }
}

private func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10)
}

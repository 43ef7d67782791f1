// SPDX-License-Identifier: Apache-2.0

/// Byte classes and ASCII-only steps that the canonical profiles and the shape checks share.
enum ASCIIBytes {
    /// 09, 0A, 0D or 20: the only bytes that any profile trims (the blanks of RFC 8259 section 2).
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

    /// `A`-`Z` to `a`-`z`; every other byte, so every byte of a non-ASCII character, stays.
    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// RFC 5322 section 3.2.3 atext.
    @inline(__always)
    static func isAtext(_ byte: UInt8) -> Bool {
        if isLetterOrDigit(byte) { return true }
        switch byte {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: return true
        default: return false
        }
    }

    /// Whether no byte is over 7F.
    static func isASCII(_ bytes: Span<UInt8>) -> Bool {
        var seen: UInt8 = 0
        for i in bytes.indices { seen |= bytes[i] }
        return seen < 0x80
    }

    /// What is left of `range` without the blanks at both ends.
    static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, isBlank(bytes[lower]) { lower += 1 }
        while upper > lower, isBlank(bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    /// What is left of `bytes` without the blanks at both ends.
    static func trimmed(_ bytes: Span<UInt8>) -> Range<Int> { trimmed(bytes, 0..<bytes.count) }

    /// Whether `bytes` from `offset` on start with `lowercase`, ASCII case ignored.
    static func hasPrefix(_ bytes: Span<UInt8>, at offset: Int, _ lowercase: StaticString) -> Bool {
        let count = lowercase.utf8CodeUnitCount
        guard count <= bytes.count - offset else { return false }
        var index = offset
        for scalar in lowercase.description.utf8 {
            if lowered(bytes[index]) != scalar { return false }
            index += 1
        }
        return true
    }
}

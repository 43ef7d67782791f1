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

    /// RFC 5322 section 3.2.3 atext and the dot between atoms, as a bit for each byte: letters, digits and
    /// `!#$%&'*+-./=?^_`{|}~`.
    @inline(__always)
    static func isAtextOrDot(_ byte: UInt8) -> Bool {
        contains(byte, 0xA3FF_ECFA_0000_0000, 0x7FFF_FFFF_C7FF_FFFE)
    }

    /// What a host label holds, and the dot between labels: letters, digits, `-` and `.`.
    @inline(__always)
    static func isHostByte(_ byte: UInt8) -> Bool {
        contains(byte, 0x03FF_6000_0000_0000, 0x07FF_FFFE_07FF_FFFE)
    }

    /// Whether the byte's bit is set: `low` holds 00 to 3F, `high` 40 to 7F; bytes over 7F have none.
    @inline(__always)
    private static func contains(_ byte: UInt8, _ low: UInt64, _ high: UInt64) -> Bool {
        byte < 0x80 && (byte & 0x40 == 0 ? low : high) >> UInt64(byte & 0x3F) & 1 != 0
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

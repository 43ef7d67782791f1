// SPDX-License-Identifier: Apache-2.0

/// Walks the content of a validated JSON string and yields the UTF-8 bytes it stands for, one at a time,
/// so that escaped text is compared and copied without a buffer in between. (RFC 8259 section 7)
package struct JSONStringCursor {
    private var offset = 0
    /// Bytes of a `\u` escape that are still to be yielded, the next one lowest.
    private var pending: UInt32 = 0
    private var pendingCount = 0

    package init() {}

    /// The next byte of the text, or nil at its end. `content` must be the same on every call, and accepted by
    /// ``JSONIndex``; an escape that is cut short ends the text instead of trapping.
    package mutating func next(in content: Span<UInt8>) -> UInt8? {
        if pendingCount > 0 {
            let byte = UInt8(truncatingIfNeeded: pending)
            pending >>= 8
            pendingCount &-= 1
            return byte
        }
        guard offset < content.count else { return nil }
        let byte = content[offset]
        offset &+= 1
        guard byte == UInt8(ascii: "\\"), offset < content.count else { return byte }
        let escape = content[offset]
        offset &+= 1
        switch escape {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return startScalar(in: content)
        default: return escape
        }
    }

    private mutating func startScalar(in content: Span<UInt8>) -> UInt8? {
        guard var scalar = hexQuad(in: content) else { return nil }
        if scalar & 0xFC00 == 0xD800 {
            offset = min(offset &+ 2, content.count)
            guard let low = hexQuad(in: content) else { return nil }
            scalar = 0x10000 &+ ((scalar & 0x3FF) << 10) &+ (low & 0x3FF)
        }
        let tail = { (shift: UInt32) in 0x80 | ((scalar >> shift) & 0x3F) }
        switch scalar {
        case ..<0x80:
            return UInt8(truncatingIfNeeded: scalar)
        case ..<0x800:
            (pending, pendingCount) = (tail(0), 1)
            return UInt8(truncatingIfNeeded: 0xC0 | (scalar >> 6))
        case ..<0x10000:
            (pending, pendingCount) = (tail(6) | tail(0) << 8, 2)
            return UInt8(truncatingIfNeeded: 0xE0 | (scalar >> 12))
        default:
            (pending, pendingCount) = (tail(12) | tail(6) << 8 | tail(0) << 16, 3)
            return UInt8(truncatingIfNeeded: 0xF0 | (scalar >> 18))
        }
    }

    private mutating func hexQuad(in content: Span<UInt8>) -> UInt32? {
        guard content.count - offset >= 4 else { return nil }
        var value: UInt32 = 0
        for i in offset..<(offset &+ 4) {
            let digit = content[i]
            let nibble: UInt8
            switch digit {
            case 0x30...0x39: nibble = digit &- 0x30
            default: nibble = (digit | 0x20) &- 0x61 &+ 10
            }
            value = value << 4 | UInt32(nibble & 0xF)
        }
        offset &+= 4
        return value
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// References `r1_`: 43 characters of base64url and a checksum of 6, which makes a chance match impossible in practice.
enum ReferenceShape {
    /// Bytes of a reference.
    static let byteCount = 3 + 43 + 6

    /// Its byte count when a reference starts at `start`, 0 when that cannot be told yet, nil when none does.
    static func look(_ text: Span<UInt8>, at start: Int, isFinal: Bool) -> Int? {
        guard hasPrefix(text, at: start, "r1_") else { return nil }
        let end = start + byteCount
        let available = min(end, text.count)
        for index in start..<available where HeaderReader.sextet(text[index]) == nil { return nil }
        guard available == end else { return isFinal ? nil : 0 }
        let body = text.extracting(start + 3..<end - 6)
        return checksumMatches(body, text.extracting(end - 6..<end)) ? byteCount : nil
    }

    private static func checksumMatches(_ body: Span<UInt8>, _ characters: Span<UInt8>) -> Bool {
        let checksum = UInt64(crc32c(body))
        // Four bytes in big-endian order are six characters; the last two bits of four are zero.
        for place in 0..<6 {
            let bits = UInt32(truncatingIfNeeded: (checksum << 4) >> UInt64(30 - 6 * place) & 63)
            if HeaderReader.sextet(characters[place]) != bits { return false }
        }
        return true
    }

    /// CRC-32C (RFC 3720 section 12.1), reflected, a bit at a time.
    static func crc32c(_ bytes: Span<UInt8>) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for index in bytes.indices {
            crc ^= UInt32(bytes[index])
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0x82F6_3B78) }
        }
        return ~crc
    }
}

/// What the scrubber wrote itself: `=l1_kkkk_` and 16 characters, then `]` or a blank. Nothing in it is looked at, so
/// that scrubbing twice gives what scrubbing once gives.
enum FingerprintShape {
    private static let byteCount = 25

    /// The byte count with the `=` when a mark starts at `start`, 0 when that cannot be told yet, nil when none does.
    static func look(_ text: Span<UInt8>, at start: Int, isFinal: Bool) -> Int? {
        guard hasPrefix(text, at: start, "=l1_") else { return nil }
        let end = start + byteCount
        for index in start + 4..<min(end, text.count) {
            let byte = text[index]
            let isRight: Bool
            switch index - start {
            case 4..<8: isRight = byte &- 0x30 < 10 || byte &- 0x61 < 26
            case 8: isRight = byte == UInt8(ascii: "_")
            default: isRight = HeaderReader.sextet(byte) != nil
            }
            guard isRight else { return nil }
        }
        guard end < text.count else { return isFinal ? nil : 0 }
        return text[end] == UInt8(ascii: "]") || text[end] == 0x20 ? byteCount : nil
    }
}

/// Base64 around a token: what it decodes to, as far as it is the text of one.
enum WrappedText {
    /// Decodes `text` in place of what `output` held; both alphabets, any unused bits. False when it is no text that
    /// starts like a token. It looks at a little first, then at four times as much, so that what starts like a token
    /// again and again costs no more than a few looks at each byte.
    static func decode(_ text: Span<UInt8>, into output: inout ByteScratch) -> Bool {
        var count = 64
        while true {
            guard decodeAll(text.extracting(0..<min(count, text.count)), into: &output) else { return false }
            let inner = output.span
            let header = inner.extracting(0..<inner.base64URLRunEnd(from: 0))
            guard HeaderReader.read(header).status != .refused else { return false }
            if count >= text.count { return true }
            count *= 4
        }
    }

    private static func decodeAll(_ text: Span<UInt8>, into output: inout ByteScratch) -> Bool {
        output.removeAll()
        output.reserve(text.count / 4 * 3 + 3)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in text.indices {
            let byte = text[index]
            guard let value = HeaderReader.sextet(byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte) else {
                return false
            }
            bits = bits << 6 | value
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            output.append(UInt8(truncatingIfNeeded: bits >> bitCount))
        }
        return true
    }
}

/// Whether `literal` stands at `start`; false where the text is too short.
func hasPrefix(_ text: Span<UInt8>, at start: Int, _ literal: StaticString) -> Bool {
    let end = start + literal.utf8CodeUnitCount
    return end <= text.count && text.extracting(start..<end).equals(literal)
}

// SPDX-License-Identifier: Apache-2.0

/// What a member name is looked up by: its length, its first 8 and its last 8 bytes. Names of up to 16 bytes are
/// decided by it alone; longer ones are compared in full afterwards.
struct NameKey: Equatable {
    let first: UInt64
    let last: UInt64
    let byteCount: UInt32

    @inline(__always)
    init(_ name: Span<UInt8>) {
        let count = name.count
        byteCount = UInt32(truncatingIfNeeded: count)
        if count >= 8 {
            first = Self.word(name)
            last = Self.word(name.extracting(last: 8))
        } else {
            // Shorter names stand in one word: bytes may be read twice, none is left out.
            first =
                switch count {
                case 4...: Self.half(name) | Self.half(name.extracting(last: 4)) << 32
                case 1...: UInt64(name[0]) | UInt64(name[count / 2]) << 8 | UInt64(name[count &- 1]) << 16
                default: 0
                }
            last = 0
        }
    }

    // Straight-line reads of a known length, which the compiler joins to one load.

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>) -> UInt64 {
        let low = half(bytes)
        let high =
            UInt64(bytes[4]) | UInt64(bytes[5]) << 8 | UInt64(bytes[6]) << 16 | UInt64(bytes[7]) << 24
        return low | high << 32
    }

    @inline(__always)
    private static func half(_ bytes: Span<UInt8>) -> UInt64 {
        UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
    }

    /// A well-mixed hash. The table's names are the policy author's; a token can only probe, and the table is at most
    /// half full, so that a probe is short whatever a token holds (T36).
    @inline(__always)
    func hash(seed: UInt64) -> UInt64 {
        var h = (first ^ seed) &* 0x9E37_79B9_7F4A_7C15
        h ^= h >> 32
        h = (h ^ last ^ UInt64(byteCount)) &* 0xD6E8_FEB8_6659_FD93
        return h ^ (h >> 32)
    }
}

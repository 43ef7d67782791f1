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
            first = Self.eightBytes(name, at: 0)
            last = Self.eightBytes(name, at: count &- 8)
        } else {
            var value: UInt64 = 0
            for i in 0..<count { value = value << 8 | UInt64(name[i]) }
            first = value
            last = 0
        }
    }

    @inline(__always)
    private static func eightBytes(_ name: Span<UInt8>, at offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for i in offset..<(offset &+ 8) { value = value << 8 | UInt64(name[i]) }
        return value
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

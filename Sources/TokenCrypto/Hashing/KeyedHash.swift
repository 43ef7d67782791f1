// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// SipHash-1-3 with 128 bits of output (Aumasson and Bernstein 2012) over texts that the outside chooses.
///
/// Under a secret seed nobody can build texts that collide, neither to slow a table down (T36) nor to be taken for
/// another text. Not for anything that leaves the process: the seed is made anew in each. Texts are padded to whole
/// words and followed by their length, so that no two sequences of texts give one input. Value; any thread.
package struct KeyedHash: Sendable {
    /// A secret seed of 128 bits.
    package struct Seed: Sendable {
        fileprivate let first: UInt64
        fileprivate let second: UInt64

        /// A seed of two words, for tests.
        package init(_ first: UInt64, _ second: UInt64) {
            self.first = first
            self.second = second
        }

        /// A fresh seed from the process's generator, which is seeded by the operating system.
        package static func random() -> Seed {
            var generator = SystemRandomNumberGenerator()
            return Seed(generator.next(), generator.next())
        }
    }

    /// A hash of 128 bits, which stands for its input: two inputs share one with a chance of 2^-128.
    package struct Tag: Hashable, Sendable {
        package let low: UInt64
        package let high: UInt64

        /// The tag of two words.
        @inline(__always) package init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var byteCount: UInt64 = 0

    /// Starts a hash.
    package init(_ seed: Seed) {
        v0 = 0x736F_6D65_7073_6575 ^ seed.first
        v1 = 0x646F_7261_6E64_6F6D ^ seed.second ^ 0xEE
        v2 = 0x6C79_6765_6E65_7261 ^ seed.first
        v3 = 0x7465_6462_7974_6573 ^ seed.second
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }

    /// Absorbs 8 bytes, the first one lowest.
    @inline(__always)
    package mutating func absorb(word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
        byteCount &+= 8
    }

    /// Absorbs a text: its bytes, zeros to a whole word, and its length.
    package mutating func absorb(_ text: Span<UInt8>) {
        let count = text.count
        // SAFETY: each load of 8 bytes ends at or before `count`; the rest is read byte by byte within it.
        unsafe text.withUnsafeBytes { bytes in
            var offset = 0
            while count &- offset >= 8 {
                absorb(
                    word: UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset &+= 8
            }
            if offset < count {
                var last: UInt64 = 0
                var shift: UInt64 = 0
                while offset < count {
                    last |= UInt64(unsafe bytes[offset]) << shift
                    shift &+= 8
                    offset &+= 1
                }
                absorb(word: last)
            }
        }
        absorb(word: UInt64(truncatingIfNeeded: count))
    }

    /// Absorbs the text that the content of a JSON string stands for: as ``absorb(_:)`` of its unescaped bytes.
    package mutating func absorb(unescaping content: Span<UInt8>) {
        var cursor = JSONStringCursor()
        var word: UInt64 = 0
        var count: UInt64 = 0
        while let byte = cursor.next(in: content) {
            word |= UInt64(byte) << (8 &* (count & 7))
            count &+= 1
            if count & 7 == 0 {
                absorb(word: word)
                word = 0
            }
        }
        if count & 7 != 0 { absorb(word: word) }
        absorb(word: count)
    }

    /// The hash of what was absorbed. The value may be copied before, to absorb several continuations.
    package consuming func tag() -> Tag {
        let last = byteCount << 56
        v3 ^= last
        round()
        v0 ^= last
        v2 ^= 0xEE
        for _ in 0..<3 { round() }
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xDD
        for _ in 0..<3 { round() }
        return Tag(low: low, high: v0 ^ v1 ^ v2 ^ v3)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One word of a shard's index: where an entry stands, which it is, and how often it was wanted.
///
/// | bits | what |
/// |---|---|
/// | 0–27 | the entry's first word, counted from its ring's first |
/// | 28–48 | the low bits of its number in the ring |
/// | 49 | which ring |
/// | 50–51 | hits since it was placed, at most 3 |
/// | 52–63 | part of the hash |
///
/// Zero is an empty slot. An entry whose word happens to be zero cannot be found, which costs one miss.
struct CacheSlot: Equatable {
    let word: UInt64

    static let offsetMax = 1 << 28
    static let serialMask: UInt64 = (1 << 21) - 1
    static let hitsMax = 3
    private static let hit: UInt64 = 1 << 50

    init(word: UInt64) { self.word = word }

    init(tag: UInt64, ring: CacheRing.Kind, serial: UInt64, offset: Int, hits: Int = 0) {
        word =
            tag << 52 | UInt64(truncatingIfNeeded: hits) << 50 | UInt64(ring.rawValue) << 49
            | (serial & Self.serialMask) << 28 | UInt64(truncatingIfNeeded: offset)
    }

    var isEmpty: Bool { word == 0 }
    var tag: UInt64 { word >> 52 }
    var hits: Int { Int(truncatingIfNeeded: word >> 50 & 3) }
    var ring: CacheRing.Kind { word & 1 << 49 == 0 ? .small : .main }
    var serial: UInt64 { word >> 28 & Self.serialMask }
    var offset: Int { Int(truncatingIfNeeded: word & ((1 << 28) - 1)) }
    /// The same slot with one more hit.
    var hitAgain: CacheSlot { CacheSlot(word: word &+ Self.hit) }

    /// Whether both words point at the same entry, whatever their hits.
    func isSameEntry(as other: CacheSlot) -> Bool { (word ^ other.word) & ~(3 << 50) == 0 }

    /// The tag of a hash: bits that pick neither shard nor bucket.
    static func tag(of hash: UInt64) -> UInt64 { hash >> 52 }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto

/// A hash table from tags to two times, open-addressed: a lookup touches one run of slots and allocates nothing.
///
/// Tags are uniform and secret-keyed, so their low bits are the hash. At most three quarters of the slots are used.
struct TagTable: Sendable {
    /// What is known of one tag.
    struct Times: Sendable, Equatable {
        /// The entry holds while now is before this, seconds since 1970.
        var untilSeconds: Int64
        /// Tokens issued before this are meant; for entries about one token without meaning.
        var beforeSeconds: Int64
    }

    private struct Slot {
        var tag: KeyedHash.Tag
        var times: Times
        static let empty = Slot(tag: KeyedHash.Tag(low: 0, high: 0), times: Times(untilSeconds: 0, beforeSeconds: 0))
        @inline(__always) var isEmpty: Bool { tag.low == 0 && tag.high == 0 }
    }

    /// A power of two, or none before the first insertion.
    private var slots: [Slot] = []
    /// Tags in the table.
    private(set) var count = 0

    /// The tag of no bits means an empty slot; it is taken for its neighbour, a chance of 2^-128.
    private static func stored(_ tag: KeyedHash.Tag) -> KeyedHash.Tag {
        tag.low == 0 && tag.high == 0 ? KeyedHash.Tag(low: 1, high: 0) : tag
    }

    /// What is known of `tag`.
    subscript(tag: KeyedHash.Tag) -> Times? {
        guard count > 0 else { return nil }
        let slot = index(of: Self.stored(tag))
        return slots[slot].isEmpty ? nil : slots[slot].times
    }

    /// The slot of `tag`, or the empty one where it would go. There is an empty one always.
    @inline(__always)
    private func index(of tag: KeyedHash.Tag) -> Int {
        let mask = slots.count &- 1
        var i = Int(truncatingIfNeeded: tag.low) & mask
        while !slots[i].isEmpty, slots[i].tag != tag { i = (i &+ 1) & mask }
        return i
    }

    /// Puts what is known of `tag` in the place of what was.
    mutating func set(_ tag: KeyedHash.Tag, _ times: Times) {
        if count >= slots.count / 4 * 3 { grow() }
        let tag = Self.stored(tag)
        let i = index(of: tag)
        if slots[i].isEmpty { count &+= 1 }
        slots[i] = Slot(tag: tag, times: times)
    }

    /// Forgets `tag`.
    mutating func remove(_ tag: KeyedHash.Tag) {
        guard count > 0 else { return }
        let mask = slots.count &- 1
        var hole = index(of: Self.stored(tag))
        guard !slots[hole].isEmpty else { return }
        // Closes the hole with later slots of the run that may stand there, so that no marker stays behind.
        var next = (hole &+ 1) & mask
        while !slots[next].isEmpty {
            let home = Int(truncatingIfNeeded: slots[next].tag.low) & mask
            if (next &- home) & mask >= (next &- hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next &+ 1) & mask
        }
        slots[hole] = .empty
        count &-= 1
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: .empty, count: max(16, old.count * 2))
        for slot in old where !slot.isEmpty { slots[index(of: slot.tag)] = slot }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A ring of entries in a range of the cache's words: new ones are written at the head, old ones leave at the tail,
/// each in one piece. Numbers only; the words belong to the shard. Used under the shard's lock.
struct CacheRing {
    /// A shard's two rings: new entries, and those that were wanted again.
    enum Kind: UInt8 {
        case small, main
    }

    /// The ring's first word in the cache's memory.
    let base: Int
    /// Its length in words.
    let wordCount: Int
    private var head = 0
    private(set) var tail = 0
    /// Where the entries before a jump to the start end; nil while none jumped.
    private var jump: Int?
    /// Entries in the ring.
    private(set) var entryCount = 0
    /// The number of the oldest entry. Entries are numbered one by one, so the newest is `oldest + entryCount - 1`.
    private(set) var oldest: UInt64 = 1

    init(base: Int, wordCount: Int) {
        self.base = base
        self.wordCount = wordCount
    }

    /// The number that the next entry gets.
    var nextSerial: UInt64 { oldest &+ UInt64(truncatingIfNeeded: entryCount) }

    /// Takes room for an entry of `count` words at the head: its offset, or nil when older ones must leave first.
    mutating func take(_ count: Int) -> Int? {
        if entryCount == 0 {
            (head, tail, jump) = (0, 0, nil)
        }
        if jump == nil {
            if count > wordCount &- head {
                guard count <= tail else { return nil }
                jump = head
                head = 0
            }
        } else if count > tail &- head {
            return nil
        }
        // A ring whose head has caught up with its tail holds entries, so it is told from an empty one by the count.
        let offset = head
        head &+= count
        entryCount &+= 1
        return offset
    }

    /// Gives the oldest entry's words back.
    mutating func release(_ count: Int) {
        tail &+= count
        if tail == jump {
            tail = 0
            jump = nil
        }
        entryCount &-= 1
        oldest &+= 1
    }

    /// Forgets all entries; their numbers are not used again.
    mutating func removeAll() {
        oldest = nextSerial
        entryCount = 0
    }
}

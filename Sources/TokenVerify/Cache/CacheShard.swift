// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A part of the cache that one writer at a time changes and that readers never wait for.
///
/// New entries go to a small ring, an eighth of the memory. When an entry reaches the small ring's end it moves to the
/// main ring if it was hit meanwhile, and else leaves; only its fingerprint stays for a while, so that a token that
/// comes back goes to the main ring at once. At the main ring's end an entry that was hit goes round again, with one
/// hit less. So a flood of tokens that come once passes through the small ring and evicts nothing that is wanted
/// (S3-FIFO: Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023). Every step is O(1), amortized
/// over insertions, but for the copy of one entry.
///
/// **Order of stores.** A writer first takes an entry's slot out of the index, then raises the ring's `oldest` number,
/// and only then overwrites the entry's words; it publishes a new entry by storing its slot after its words. A reader
/// loads `oldest`, the slot, the words, and `oldest` again: when the entry's number is still not below it, no word that
/// was read can have been overwritten. Fences make both orders hold on every processor.
final class CacheShard: Sendable {
    /// Slots in one bucket: a cache line of them.
    static let bucketSlotCount = 8
    /// Words at the shard's start: the two `oldest` numbers, on a line that only evictions write.
    static let controlWordCount = 8
    /// How many entries of the main ring may go round again for one insertion.
    static let secondChanceCountMax = 16

    let memory: CacheMemory
    let places: Places
    private let state: Guarded<State>

    /// Where the shard's parts stand in the cache's memory.
    struct Places: Sendable {
        /// First word: the control words, then the index, then the rings.
        let base: Int
        /// A power of two.
        let bucketCount: Int
        let smallWordCount: Int
        let mainWordCount: Int

        var index: Int { base &+ CacheShard.controlWordCount }
        var small: Int { index &+ bucketCount &* CacheShard.bucketSlotCount }
        var main: Int { small &+ smallWordCount }
        var entryWordCountMax: Int { smallWordCount / 2 }

        /// Divides `wordCount` words.
        init(base: Int, wordCount: Int) {
            self.base = base
            // Entries of everyday tokens take about 150 words; one slot for 80 leaves few buckets full.
            var buckets = 1
            while buckets * 2 * CacheShard.bucketSlotCount * 80 <= wordCount { buckets *= 2 }
            bucketCount = buckets
            let rings = min(
                wordCount - CacheShard.controlWordCount - buckets * CacheShard.bucketSlotCount, CacheSlot.offsetMax)
            smallWordCount = rings / 8
            mainWordCount = rings - rings / 8
        }

        func base(of ring: CacheRing.Kind) -> Int { ring == .small ? small : main }
        func bucket(of hash: UInt64) -> Int {
            index &+ (Int(truncatingIfNeeded: hash & 0xFFFF_FFFF) & (bucketCount &- 1)) &* CacheShard.bucketSlotCount
        }
        func oldest(of ring: CacheRing.Kind) -> Int { base &+ Int(ring.rawValue) }
    }

    private struct State {
        var small: CacheRing
        var main: CacheRing
        /// Fingerprints of entries that left the small ring unwanted.
        var ghosts: [UInt32]
        /// An entry on its way from one place to another.
        var moving: [UInt64] = []
        var circling: [UInt64] = []
        var evictionCount = 0
    }

    /// What an insertion did.
    struct Insertion {
        var isDone: Bool
        var evictionCount: Int
    }

    init(_ memory: CacheMemory, _ places: Places) {
        self.memory = memory
        self.places = places
        state = Guarded(
            State(
                small: CacheRing(base: places.small, wordCount: places.smallWordCount),
                main: CacheRing(base: places.main, wordCount: places.mainWordCount),
                ghosts: [UInt32](repeating: 0, count: places.bucketCount * Self.bucketSlotCount)))
        memory.store(1, at: places.oldest(of: .small))
        memory.store(1, at: places.oldest(of: .main))
    }

    /// Puts an entry in, unless another thread is just changing the shard: an insertion never waits.
    func insert(_ entry: [UInt64]) -> Insertion {
        let hash = entry[CacheEntry.hash]
        return state.withLockIfAvailable { state in
            state.evictionCount = 0
            var kind = CacheRing.Kind.small
            if let old = find(hash) {
                // Mostly the token's earlier entry, out of date: its words stay until the ring's tail reaches them.
                kind = CacheSlot(word: memory.load(old)).ring
                memory.store(0, at: old)
            } else if takeGhost(hash, &state) {
                kind = .main
            }
            let isDone = place(entry, in: kind, hits: 0, &state)
            return Insertion(isDone: isDone, evictionCount: state.evictionCount)
        } ?? Insertion(isDone: false, evictionCount: 0)
    }

    /// Forgets every entry. Waits for a writer.
    func removeAll() {
        state.withLock { state in
            for slot in 0..<(places.bucketCount * Self.bucketSlotCount) { memory.store(0, at: places.index + slot) }
            state.small.removeAll()
            state.main.removeAll()
            publishOldest(.small, &state)
            publishOldest(.main, &state)
            for i in state.ghosts.indices { state.ghosts[i] = 0 }
        }
    }

    /// Entries in the rings, those that are out of date included. Waits for a writer.
    var entryCount: Int { state.withLock { $0.small.entryCount + $0.main.entryCount } }

    // MARK: Under the lock

    /// The slot of an entry with just this hash, of which there is one at most.
    private func find(_ hash: UInt64) -> Int? {
        let bucket = places.bucket(of: hash)
        for place in bucket..<(bucket + Self.bucketSlotCount) {
            let slot = CacheSlot(word: memory.load(place))
            guard !slot.isEmpty, slot.tag == CacheSlot.tag(of: hash) else { continue }
            let entry = places.base(of: slot.ring) + slot.offset
            if memory.load(entry + CacheEntry.hash) == hash { return place }
        }
        return nil
    }

    private func place(_ entry: [UInt64], in kind: CacheRing.Kind, hits: Int, _ state: inout State) -> Bool {
        var chances = Self.secondChanceCountMax
        var offset = take(entry.count, from: kind, &state)
        while offset == nil {
            guard evictOldest(of: kind, &chances, &state) else { return false }
            offset = take(entry.count, from: kind, &state)
        }
        guard let offset else { return false }
        publish(entry, kind, offset, hits: hits, &state)
        return true
    }

    private func take(_ count: Int, from kind: CacheRing.Kind, _ state: inout State) -> Int? {
        kind == .small ? state.small.take(count) : state.main.take(count)
    }

    /// Writes an entry into room that `take` gave, then its slot.
    private func publish(
        _ entry: [UInt64], _ kind: CacheRing.Kind, _ offset: Int, hits: Int, _ state: inout State
    ) {
        let ring = kind == .small ? state.small : state.main
        // Keeps the words below behind the `oldest` that was raised to make room for them.
        atomicMemoryFence(ordering: .releasing)
        memory.write(entry.span, at: ring.base + offset)
        let hash = entry[CacheEntry.hash]
        let slot = CacheSlot(
            tag: CacheSlot.tag(of: hash), ring: kind, serial: ring.nextSerial &- 1, offset: offset, hits: hits)
        memory.storeReleasing(slot.word, at: freeSlot(hash, &state))
    }

    /// An empty slot of the bucket; when none is, the least wanted: fewest hits, and of these not in the main ring.
    private func freeSlot(_ hash: UInt64, _ state: inout State) -> Int {
        let bucket = places.bucket(of: hash)
        var best = bucket
        var least = Int.max
        for place in bucket..<(bucket + Self.bucketSlotCount) {
            let slot = CacheSlot(word: memory.load(place))
            if slot.isEmpty { return place }
            let worth = slot.hits * 2 + Int(slot.ring.rawValue)
            if worth < least { (best, least) = (place, worth) }
        }
        state.evictionCount += 1
        return best
    }

    /// Lets the oldest entry of a ring go, or move on. False when the ring is empty.
    private func evictOldest(of kind: CacheRing.Kind, _ chances: inout Int, _ state: inout State) -> Bool {
        let ring = kind == .small ? state.small : state.main
        guard ring.entryCount > 0 else { return false }
        let entry = ring.base + ring.tail
        let count = CacheEntry.low(memory.load(entry + CacheEntry.wordCounts))
        let hash = memory.load(entry + CacheEntry.hash)
        let hits = takeOut(
            CacheSlot(tag: CacheSlot.tag(of: hash), ring: kind, serial: ring.oldest, offset: ring.tail), hash)
        if kind == .small {
            if let hits, hits > 0 { copy(entry, count, into: &state.moving) }
            release(.small, count, &state)
            leaveSmall(hash, hits: hits, &state)
            return true
        }
        if let hits, hits > 0, chances > 0 { copy(entry, count, into: &state.circling) }
        release(.main, count, &state)
        if let hits, hits > 0, chances > 0, let offset = state.main.take(count) {
            chances -= 1
            let circling = state.circling
            publish(circling, .main, offset, hits: hits - 1, &state)
        } else if hits != nil {
            state.evictionCount += 1
        }
        return true
    }

    /// Where an entry goes that has left the small ring: nowhere when it was replaced (nil hits) or never hit.
    private func leaveSmall(_ hash: UInt64, hits: Int?, _ state: inout State) {
        guard let hits else { return }
        if hits > 0 {
            let moving = state.moving
            if place(moving, in: .main, hits: 0, &state) { return }
        } else {
            addGhost(hash, &state)
        }
        state.evictionCount += 1
    }

    /// Takes an entry out of the index. Nil when it was replaced before; else its hits.
    private func takeOut(_ slot: CacheSlot, _ hash: UInt64) -> Int? {
        let bucket = places.bucket(of: hash)
        for place in bucket..<(bucket + Self.bucketSlotCount) {
            let found = CacheSlot(word: memory.load(place))
            guard !found.isEmpty, found.isSameEntry(as: slot) else { continue }
            memory.store(0, at: place)
            return found.hits
        }
        return nil
    }

    private func copy(_ entry: Int, _ count: Int, into words: inout [UInt64]) {
        words.removeAll(keepingCapacity: true)
        for i in 0..<count { words.append(memory.load(entry + i)) }
    }

    private func release(_ kind: CacheRing.Kind, _ count: Int, _ state: inout State) {
        if kind == .small { state.small.release(count) } else { state.main.release(count) }
        publishOldest(kind, &state)
    }

    private func publishOldest(_ kind: CacheRing.Kind, _ state: inout State) {
        memory.storeReleasing(
            kind == .small ? state.small.oldest : state.main.oldest, at: places.oldest(of: kind))
    }

    // MARK: Ghosts

    private func ghost(_ hash: UInt64, _ state: inout State) -> (place: Int, print: UInt32) {
        let mixed = hash &* 0x9E37_79B9_7F4A_7C15
        return (
            Int(truncatingIfNeeded: mixed >> 32) & (state.ghosts.count - 1), UInt32(truncatingIfNeeded: mixed >> 16) | 1
        )
    }

    private func addGhost(_ hash: UInt64, _ state: inout State) {
        let (place, print) = ghost(hash, &state)
        state.ghosts[place] = print
    }

    private func takeGhost(_ hash: UInt64, _ state: inout State) -> Bool {
        let (place, print) = ghost(hash, &state)
        guard state.ghosts[place] == print else { return false }
        state.ghosts[place] = 0
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto

/// Tags that expire, for many threads at once: 64 shards, each with its own lock, picked by the tag's high bits.
///
/// Expiry is bucketed by minute, so that a cleanup visits what has expired and nothing else. Bounded: when
/// `countMax` records are live, an insertion throws instead of forgetting one.
final class ExpiringTags: Sendable {
    /// The expiry of what never expires.
    static let never = Int64.max

    private struct Shard {
        var table = TagTable()
        /// Tags by the minute in which they expire. A tag whose time was extended stands in the later minute too.
        var minutes: [Int64: [KeyedHash.Tag]] = [:]
        /// Entries that expire up to here may be gone, seconds since 1970.
        var sweptSeconds = Int64.min
    }

    private static let shardCount = 64
    private let shards = InlineArray<64, Mutex<Shard>> { _ in Mutex(Shard()) }
    /// Tags in all `minutes`: what memory is spent on.
    private let recordCount = Atomic<Int>(0)
    /// The minute of the last cleanup: another one within it would find nothing.
    private let sweptMinute = Atomic<Int64>(Int64.min)
    private let countMax: Int

    init(countMax: Int) { self.countMax = max(0, countMax) }

    /// Live records and those that no cleanup has visited yet.
    var count: Int { recordCount.load(ordering: .relaxed) }

    @inline(__always)
    private static func shard(of tag: KeyedHash.Tag) -> Int { Int(truncatingIfNeeded: tag.high >> 58) }

    /// What is known of `tag`, when that still holds at `now`.
    @inline(__always)
    func times(of tag: KeyedHash.Tag, now: Int64) -> TagTable.Times? {
        let times = shards[Self.shard(of: tag)].withLock { $0.table[tag] }
        guard let times, now < times.untilSeconds else { return nil }
        return times
    }

    /// Adds `tag`, or extends what is known of it: the later of both times each.
    func insert(_ tag: KeyedHash.Tag, _ new: TagTable.Times, now: Int64) throws(RevocationError) {
        guard now < new.untilSeconds else { return }
        try reserve(now: now)
        let isRecorded = shards[Self.shard(of: tag)].withLock { shard in
            var times = new
            let old = shard.table[tag]
            if let old {
                times.untilSeconds = max(times.untilSeconds, old.untilSeconds)
                times.beforeSeconds = max(times.beforeSeconds, old.beforeSeconds)
            }
            shard.table.set(tag, times)
            if let old, Self.minute(old.untilSeconds) == Self.minute(times.untilSeconds) { return false }
            shard.minutes[Self.minute(times.untilSeconds), default: []].append(tag)
            return true
        }
        if !isRecorded { recordCount.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// Adds `tag` unless it is there: true for exactly one caller, however many there are.
    ///
    /// False also when the tag expires at a time up to which a cleanup has been: whether it was there cannot be told
    /// then, after the clock was set back.
    func claim(_ tag: KeyedHash.Tag, untilSeconds: Int64, now: Int64) throws(RevocationError) -> Bool {
        try reserve(now: now)
        let isFirst = shards[Self.shard(of: tag)].withLock { shard in
            guard untilSeconds > shard.sweptSeconds, untilSeconds > now, shard.table[tag] == nil else { return false }
            shard.table.set(tag, TagTable.Times(untilSeconds: untilSeconds, beforeSeconds: 0))
            shard.minutes[Self.minute(untilSeconds), default: []].append(tag)
            return true
        }
        if !isFirst { recordCount.wrappingSubtract(1, ordering: .relaxed) }
        return isFirst
    }

    /// Counts one record more, or throws when there is no room, not even after a cleanup.
    private func reserve(now: Int64) throws(RevocationError) {
        if recordCount.wrappingAdd(1, ordering: .relaxed).newValue <= countMax { return }
        removeExpired(now: now)
        guard recordCount.load(ordering: .relaxed) > countMax else { return }
        recordCount.wrappingSubtract(1, ordering: .relaxed)
        throw .full
    }

    /// Forgets what has expired at `now`, whole minutes at a time. O(expired + minutes).
    func removeExpired(now: Int64) {
        // Nothing within the last whole minute: the minute that runs is visited when it is over.
        let minute = Self.minute(now)
        guard sweptMinute.exchange(minute, ordering: .relaxed) != minute else { return }
        for i in 0..<Self.shardCount {
            let removed = shards[i].withLock { shard in
                var removed = 0
                for passed in shard.minutes.keys.filter({ $0 < minute }) {
                    for tag in shard.minutes.removeValue(forKey: passed) ?? [] {
                        removed += 1
                        if let times = shard.table[tag], Self.minute(times.untilSeconds) <= passed {
                            shard.table.remove(tag)
                        }
                    }
                }
                // Only a cleanup that removed something moves the mark, so that a clock that was wrong once does not.
                if removed > 0 { shard.sweptSeconds = max(shard.sweptSeconds, minute &* 60) }
                return removed
            }
            if removed > 0 { recordCount.wrappingSubtract(removed, ordering: .relaxed) }
        }
    }

    /// Puts another's content in the place of this one's, a shard at a time: an entry that both have is never missed.
    func takeContents(of other: ExpiringTags) {
        for i in 0..<Self.shardCount {
            let new = other.shards[i].withLock { $0 }
            let (added, dropped) = shards[i].withLock { shard in
                let dropped = shard.minutes.values.reduce(0) { $0 + $1.count }
                shard = new
                return (new.minutes.values.reduce(0) { $0 + $1.count }, dropped)
            }
            recordCount.wrappingAdd(added &- dropped, ordering: .relaxed)
        }
    }

    private static func minute(_ seconds: Int64) -> Int64 { seconds / 60 }
}

// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// What one worker counts of its cache: written by that worker alone, so that counting needs no locked instruction,
/// and read by any thread.
final class CacheCounters: Sendable {
    private let hits = Atomic<Int>(0)
    private let misses = Atomic<Int>(0)
    private let stale = Atomic<Int>(0)
    private let insertions = Atomic<Int>(0)
    private let evictions = Atomic<Int>(0)
    private let skipped = Atomic<Int>(0)

    @inline(__always) private static func count(_ counter: borrowing Atomic<Int>, _ number: Int = 1) {
        counter.store(counter.load(ordering: .relaxed) &+ number, ordering: .relaxed)
    }

    @inline(__always) func countHit() { Self.count(hits) }
    func countMiss() { Self.count(misses) }
    func countStale() { Self.count(stale) }
    func countSkipped() { Self.count(skipped) }
    func count(_ insertion: CacheShard.Insertion) {
        if insertion.isDone { Self.count(insertions) } else { Self.count(skipped) }
        if insertion.evictionCount > 0 { Self.count(evictions, insertion.evictionCount) }
    }

    /// Adds what was counted so far.
    func add(to sum: inout VerifiedTokenCache.Statistics) {
        sum.hitCount += hits.load(ordering: .relaxed)
        sum.missCount += misses.load(ordering: .relaxed)
        sum.staleCount += stale.load(ordering: .relaxed)
        sum.insertionCount += insertions.load(ordering: .relaxed)
        sum.evictionCount += evictions.load(ordering: .relaxed)
        sum.skippedCount += skipped.load(ordering: .relaxed)
    }
}

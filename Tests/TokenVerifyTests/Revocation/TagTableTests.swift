// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestSupport
import Testing
import TokenCrypto

@testable import TokenVerify

@Suite struct TagTableTests {
    private func times(_ until: Int64) -> TagTable.Times { TagTable.Times(untilSeconds: until, beforeSeconds: 0) }

    /// Tags that all begin in a few slots, so that runs are long, wrap around and are cut in the middle.
    @Test("a table answers as a dictionary does", arguments: [UInt64](1...8))
    func againstDictionary(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = TagTable()
        var model: [KeyedHash.Tag: TagTable.Times] = [:]
        let tags = (0..<200).map { _ in
            KeyedHash.Tag(
                low: UInt64.random(in: 0..<4, using: &random) &* 0xFFFF_FFFF_FFFF_FFFD,
                high: UInt64.random(in: 0..<64, using: &random))
        }
        for step in 0..<4_000 {
            let tag = tags[Int.random(in: 0..<tags.count, using: &random)]
            if Int.random(in: 0..<5, using: &random) < 3 {
                table.set(tag, times(Int64(step)))
                model[tag] = times(Int64(step))
            } else {
                table.remove(tag)
                model[tag] = nil
            }
            let probe = tags[Int.random(in: 0..<tags.count, using: &random)]
            #expect(table[probe] == model[probe])
        }
        for tag in tags { #expect(table[tag] == model[tag]) }
        // The tag of no bits and its neighbour count as one.
        #expect(abs(table.count - model.count) <= 1)
    }

    @Test("T69 a full list throws, keeps what it has, and takes again when something has expired")
    func bounded() throws {
        let tags = ExpiringTags(countMax: 100)
        func tag(_ i: Int) -> KeyedHash.Tag {
            KeyedHash.Tag(low: UInt64(i) &* 7_919, high: UInt64(i) << 56 | UInt64(i))
        }
        for i in 1...100 { try tags.insert(tag(i), times(Int64(i) * 60), now: 0) }
        #expect(throws: RevocationError.full) { try tags.insert(tag(101), times(60_000), now: 0) }
        #expect(throws: RevocationError.full) { try tags.claim(tag(102), untilSeconds: 60_000, now: 59) }
        #expect(tags.count == 100)
        for i in 1...100 { #expect(tags.times(of: tag(i), now: 0) != nil) }
        // Minute 1 to 10 have passed.
        try tags.insert(tag(101), times(60_000), now: 660)
        #expect(tags.count == 91)
        for i in 1...101 { #expect((tags.times(of: tag(i), now: 0) != nil) == (i > 10)) }
        tags.removeExpired(now: 1_000_000)
        #expect(tags.count == 0)
    }

    @Test("an entry holds until its time and not after; the later of two times counts; nothing is kept twice")
    func expiry() throws {
        let tags = ExpiringTags(countMax: 10)
        let tag = KeyedHash.Tag(low: 3, high: 4)
        try tags.insert(tag, times(100), now: 0)
        #expect(tags.times(of: tag, now: 99) != nil)
        #expect(tags.times(of: tag, now: 100) == nil)
        try tags.insert(tag, times(50), now: 0)
        #expect(tags.times(of: tag, now: 99) != nil)
        #expect(tags.count == 1)
        try tags.insert(tag, times(500), now: 0)
        tags.removeExpired(now: 300)
        #expect(tags.times(of: tag, now: 499) != nil)
        #expect(tags.count == 1)
        try tags.insert(KeyedHash.Tag(low: 9, high: 9), times(5), now: 5)
        #expect(tags.count == 1)
        try tags.insert(tag, times(ExpiringTags.never), now: 0)
        tags.removeExpired(now: 1 << 53)
        #expect(tags.times(of: tag, now: 1 << 53) != nil)
    }

    @Test("T45 one winner among many, and none after the clock was set back behind a cleanup")
    func claims() async throws {
        let tags = ExpiringTags(countMax: 1_000)
        let winners = Winners()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for i in 0..<200 {
                        let tag = KeyedHash.Tag(low: UInt64(i), high: UInt64(i) << 55)
                        if (try? tags.claim(tag, untilSeconds: 1_000, now: 0)) == true { winners.add(i) }
                        if i % 50 == 0 { await Task.yield() }
                    }
                }
            }
        }
        #expect(winners.counts == [Int](repeating: 1, count: 200))
        #expect(tags.count == 200)
        tags.removeExpired(now: 2_000)
        #expect(tags.count == 0)
        let used = KeyedHash.Tag(low: 1, high: 1 << 55)
        #expect(try !tags.claim(used, untilSeconds: 1_000, now: 500))
        #expect(try tags.claim(used, untilSeconds: 3_000, now: 500))
    }
}

private final class Winners: Sendable {
    private let state = Mutex([Int](repeating: 0, count: 200))
    func add(_ i: Int) { state.withLock { $0[i] += 1 } }
    var counts: [Int] { state.withLock { $0 } }
}

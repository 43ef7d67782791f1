// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// What the headers seen lately said, by their exact characters: a log repeats few of them.
///
/// A hit compares every byte. Bounded: 64 headers of at most 512 characters, each in the slot that its length and last
/// bytes choose.
struct HeaderCache: ~Copyable {
    private static let slotCount = 64
    private static let byteCountMax = 512
    private var bytes = ByteScratch()
    private var counts = [Int](repeating: 0, count: HeaderCache.slotCount)
    private var facts = [HeaderFacts](repeating: HeaderFacts(), count: HeaderCache.slotCount)

    init() { bytes.resize(to: Self.slotCount * Self.byteCountMax) }

    /// Reads a header, or remembers what reading it said.
    mutating func read(_ segment: Span<UInt8>) -> HeaderFacts {
        let count = segment.count
        guard count >= 8, count <= Self.byteCountMax else { return HeaderReader.read(segment) }
        var hash = UInt32(truncatingIfNeeded: count) &* 31
        for index in (count - 8)..<count { hash = (hash ^ UInt32(segment[index])) &* 0x0100_0193 }
        let slot = Int((hash ^ hash >> 15) % UInt32(Self.slotCount))
        let start = slot * Self.byteCountMax
        if counts[slot] == count, bytes.span.extracting(start..<start + count).equals(segment) { return facts[slot] }
        let read = HeaderReader.read(segment)
        guard read.status == .whole else { return read }
        counts[slot] = count
        facts[slot] = read
        var copy = bytes.mutableSpan
        for index in 0..<count { copy[start + index] = segment[index] }
        return read
    }
}

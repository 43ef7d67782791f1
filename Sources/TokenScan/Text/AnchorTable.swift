// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// Three-byte anchors to look for in running text, in eight buckets: one pass over the text tests all of them.
///
/// A bucket takes every combination of the bytes it was given for each place, so what is found is a superset; the
/// caller looks again. Immutable once made; any thread.
package struct AnchorTable: Sendable {
    var table = ctk_anchor_table()

    /// A table that finds nothing.
    package init() {}

    /// Adds, for each of the three places, the ASCII bytes of a text to a bucket, 0 to 7. Other bytes are ignored.
    package mutating func add(bucket: Int, _ first: Span<UInt8>, _ second: Span<UInt8>, _ third: Span<UInt8>) {
        precondition((0..<8).contains(bucket), "anchor bucket")
        let bit = UInt8(1) << UInt8(bucket)
        for index in first.indices { set(bit, place: 0, first[index]) }
        for index in second.indices { set(bit, place: 1, second[index]) }
        for index in third.indices { set(bit, place: 2, third[index]) }
    }

    private mutating func set(_ bit: UInt8, place: Int, _ byte: UInt8) {
        guard byte < 0x80 else { return }
        // SAFETY: both tables are 48 bytes, three rows of 16; place is below 3 and a nibble below 16.
        unsafe withUnsafeMutableBytes(of: &table.low) { unsafe $0[place * 16 + Int(byte & 15)] |= bit }
        unsafe withUnsafeMutableBytes(of: &table.high) { unsafe $0[place * 16 + Int(byte >> 4)] |= bit }
    }

    /// Whether an anchor may start at `offset` of a text that ends before its third byte.
    package func mayStart(_ text: Span<UInt8>, at offset: Int) -> Bool {
        var shared: UInt8 = 0xFF
        var place = 0
        while place < 3, offset + place < text.count {
            let byte = text[offset + place]
            guard byte < 0x80 else { return false }
            // SAFETY: as in `set`.
            shared &= unsafe withUnsafeBytes(of: table.low) { unsafe $0[place * 16 + Int(byte & 15)] }
            shared &= unsafe withUnsafeBytes(of: table.high) { unsafe $0[place * 16 + Int(byte >> 4)] }
            place += 1
        }
        return shared != 0
    }
}

/// The anchors of a text, found a thousand at a time. One worker owns it; no allocation after the first use.
package struct AnchorList: ~Copyable {
    private static let capacity = 1_024
    private var offsets = [UInt32](repeating: 0, count: AnchorList.capacity)
    private var count = 0
    private var used = 0
    private var scannedTo = 0

    /// An empty list.
    package init() {}

    /// Forgets the text; the next one is searched from `start`.
    package mutating func begin(at start: Int = 0) {
        count = 0
        used = 0
        scannedTo = start
    }

    /// The next anchor at or behind `floor`, nil when the text has none left. The last two bytes of a text start none:
    /// an anchor has three. Cost: one pass of the kernel in use over what was not searched yet.
    package mutating func next(_ table: AnchorTable, in text: Span<UInt8>, from floor: Int) -> Int? {
        while true {
            while used < count {
                let offset = Int(offsets[used])
                used &+= 1
                if offset >= floor { return offset }
            }
            if scannedTo < floor { scannedTo = floor }
            guard scannedTo + 2 < text.count, text.count <= Int(UInt32.max) else { return nil }
            fill(table, text)
        }
    }

    private mutating func fill(_ table: AnchorTable, _ text: Span<UInt8>) {
        used = 0
        var next = scannedTo
        var anchors = table.table
        let from = scannedTo
        // SAFETY: the kernel reads the span's bytes from `from`, which is below its count, and writes at most
        // `capacity` offsets, the count of the array.
        count = unsafe text.withUnsafeBufferPointer { source in
            unsafe offsets.withUnsafeMutableBufferPointer { out in
                guard let start = source.baseAddress, let first = out.baseAddress else { return 0 }
                return unsafe ctk_anchors(&anchors, start, source.count, from, first, out.count, &next)
            }
        }
        scannedTo = next
    }
}

extension Span<UInt8> {
    /// The end of the run of base64url characters that starts at `start`: the first offset behind it with another byte,
    /// or the count. O(run), by the kernel in use.
    package func base64URLRunEnd(from start: Int) -> Int {
        precondition(start >= 0 && start <= count, "start of a run")
        // SAFETY: the kernel reads the span's bytes from `start`, which is at most its count.
        return unsafe withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return 0 }
            return unsafe ctk_base64url_run(base, source.count, start)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Many tokens, values or documents in one buffer with their places: what the timed loops walk over.
struct TokenTable {
    private(set) var bytes: [UInt8] = []
    private(set) var places: [Range<Int>] = []

    init() {}

    init(_ items: [[UInt8]]) {
        for item in items { append(item) }
    }

    var count: Int { places.count }

    /// The mean length of an item.
    var meanByteCount: Double { places.isEmpty ? 0 : Double(bytes.count) / Double(places.count) }

    mutating func append(_ item: [UInt8]) {
        places.append(bytes.count..<(bytes.count + item.count))
        bytes += item
    }

    /// A copy of one item, for checks.
    subscript(index: Int) -> [UInt8] { Array(bytes[places[index]]) }

    /// Copies of all items.
    var items: [[UInt8]] { places.map { Array(bytes[$0]) } }

    /// The first `count` items, repeated as often as needed.
    func repeated(to count: Int) -> TokenTable {
        guard !places.isEmpty else { return self }
        var table = TokenTable()
        for index in 0..<count { table.append(self[index % places.count]) }
        return table
    }
}

/// Walks round and round over the numbers below `count`.
struct Cycle {
    private var index = -1
    let count: Int

    init(_ count: Int) { self.count = count }

    mutating func next() -> Int {
        index &+= 1
        if index == count { index = 0 }
        return index
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The spread of whole numbers in bounded memory: sixteen classes for each power of two, so that a quantile is right to
/// a sixteenth.
struct Spread {
    private var classes: [Int: Int] = [:]
    private(set) var count = 0
    private(set) var least = Int.max
    private(set) var most = 0

    /// Counts a number; a negative one as 0.
    mutating func add(_ number: Int) {
        let number = max(number, 0)
        classes[Self.place(of: number), default: 0] += 1
        count += 1
        least = min(least, number)
        most = max(most, number)
    }

    /// Numbers up to `bound`, to the class they are in.
    func count(upTo bound: Int) -> Int {
        classes.reduce(0) { $0 + (Self.upperBound(of: $1.key) <= bound ? $1.value : 0) }
    }

    /// The number that `share` of all numbers do not exceed, 0 to 1; 0 when there is none.
    func quantile(_ share: Double) -> Int {
        var seen = 0
        for place in classes.keys.sorted() {
            seen += classes[place] ?? 0
            if Double(seen) >= Double(count) * share { return min(Self.upperBound(of: place), most) }
        }
        return 0
    }

    private static func place(of number: Int) -> Int {
        guard number >= 16 else { return number }
        let power = Int.bitWidth - 1 - number.leadingZeroBitCount
        return power * 16 + (number >> (power - 4) & 15)
    }

    private static func upperBound(of place: Int) -> Int {
        guard place >= 64 else { return place }
        let power = place / 16
        guard power < 62 else { return Int.max }
        return (16 + place % 16 + 1) << (power - 4) - 1
    }
}

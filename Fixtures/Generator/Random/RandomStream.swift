// SPDX-License-Identifier: Apache-2.0

/// SplitMix64 (Steele, Lea and Flood, 2014): spreads one 64-bit seed over the state of a larger generator.
package struct SplitMix64: Sendable {
    private var state: UInt64

    /// Starts from `seed`; every seed is a good one.
    package init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// xoshiro256** (Blackman and Vigna, 2018): one stream per token, so that a token's bytes depend on the
/// seed, its corpus and its number only, never on how many tokens came before it.
///
/// Not for keys or anything secret. The standard library's hashing and its system generator are avoided on
/// purpose: both differ from run to run.
package struct RandomStream: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A stream of its own for token `index` of the corpus numbered `corpus`.
    package init(seed: UInt64, corpus: UInt64, index: UInt64) {
        var first = SplitMix64(seed: seed ^ (corpus &* 0xD6E8_FEB8_6659_FD93))
        var second = SplitMix64(seed: first.next() ^ index)
        state = (second.next(), second.next(), second.next(), second.next())
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        let scaled = state.1 &* 5
        let result = ((scaled << 7) | (scaled >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A number in `0..<bound`; the bias of the multiply method (under 2^-40 here) does not matter for fixtures.
    package mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
    }

    /// A number in `range`.
    package mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True once in `count` draws on average.
    package mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

    /// One element of a list that is not empty.
    package mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// `count` elements of `list` in their order there, without repeats (all of them when the list is shorter).
    package mutating func sample<Element>(_ count: Int, of list: [Element]) -> [Element] {
        var chosen: [Element] = []
        var needed = min(count, list.count)
        for (position, element) in list.enumerated() where needed > 0 {
            if below(list.count - position) < needed {
                chosen.append(element)
                needed -= 1
            }
        }
        return chosen
    }
}

// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension ByteScratch {
    /// A copy of the bytes in use.
    package var array: [UInt8] { span.indices.map { span[$0] } }
    /// The bytes in use as text; invalid UTF-8 is repaired, so compare bytes where that matters.
    package var text: String { String(decoding: array, as: UTF8.self) }
}

extension Span<UInt8> {
    /// A copy of the bytes.
    package var array: [UInt8] { indices.map { self[$0] } }
    /// The bytes as text.
    package var text: String { String(decoding: array, as: UTF8.self) }
}

/// A small seeded generator, so that random tests repeat. (SplitMix64)
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

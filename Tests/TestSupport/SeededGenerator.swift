// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A small seeded generator, so that random tests repeat. (SplitMix64)
///
/// `CLOAKROOM_SEED`, a number, changes every seed: `Tests/soak` runs the random tests with many of them.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    private static let shift = ProcessInfo.processInfo.environment["CLOAKROOM_SEED"].flatMap { UInt64($0) } ?? 0

    package init(seed: UInt64) { state = seed ^ Self.shift &* 0xD6E8_FEB8_6659_FD93 }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// `count` random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

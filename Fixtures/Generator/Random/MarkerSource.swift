// SPDX-License-Identifier: Apache-2.0

/// Hands out the markers of one token: `qz` and ten letters, each unique over all corpora and all counts.
///
/// A marker is the number (corpus, token, place) put through a fixed permutation of 0..<26^10 and written in
/// base 26, so two markers can only be equal when their numbers are. Corpus numbers stay under 256, token
/// numbers under 2^34 and places under 32: 47 bits, just under 26^10 (2^47.004).
package struct MarkerSource: Sendable {
    /// What every marker starts with; no other fixture text holds these two letters together.
    package static let prefix = "qz"

    /// Characters in a marker, the prefix included.
    package static let characterCount = 12

    private static let space: UInt64 = 141_167_095_653_376
    // Odd and not divisible by 13, so coprime to 26^10: multiplication permutes the space.
    private static let multiplier: UInt64 = 86_028_121_303_333
    private static let offset: UInt64 = 40_692_040_692

    private let base: UInt64
    private var place: UInt64 = 0

    /// Markers for token `index` of the corpus numbered `corpus`.
    package init(corpus: UInt64, index: UInt64) {
        base = ((corpus & 0xFF) << 39) | ((index & 0x3_FFFF_FFFF) << 5)
    }

    /// The next marker of this token.
    package mutating func next() -> String {
        let number = base | (place & 31)
        place += 1
        let product = (number % Self.space).multipliedFullWidth(by: Self.multiplier)
        var rest = (Self.space.dividingFullWidth((product.high, product.low)).remainder + Self.offset) % Self.space
        var letters: [UInt8] = []
        for _ in 0..<10 {
            letters.append(UInt8(truncatingIfNeeded: 97 + rest % 26))
            rest /= 26
        }
        return Self.prefix + String(decoding: letters, as: UTF8.self)
    }
}

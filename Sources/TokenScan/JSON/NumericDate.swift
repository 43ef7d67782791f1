// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// A time as RFC 7519 section 2 writes it: seconds since 1970-01-01T00:00:00Z, fractions allowed.
///
/// Accepted values are finite and in [0, 2^53], so that they are exact as a `Double` when whole, and sums with a
/// leeway neither overflow nor lose a second.
package struct NumericDate: Sendable, Equatable {
    /// Seconds since the epoch, 0 to 2^53.
    package let seconds: Double

    /// The largest accepted value, 2^53.
    package static let secondsMax: Double = 9_007_199_254_740_992

    /// Reads the text of a JSON number that ``JSONIndex`` accepted; nil when it is out of range.
    ///
    /// Whole numbers of up to 15 digits are read directly; the rare others go through the standard library,
    /// which may allocate.
    package init?(jsonNumber text: Span<UInt8>) {
        if text.count <= 15, let whole = Self.wholeNumber(text) {
            seconds = Double(whole)
            return
        }
        var copy = String()
        copy.reserveCapacity(min(text.count, 64))
        for i in text.indices { copy.unicodeScalars.append(Unicode.Scalar(text[i])) }
        guard let value = Double(copy), value.isFinite, value >= 0, value <= Self.secondsMax else { return nil }
        seconds = value == 0 ? 0 : value
    }

    private static func wholeNumber(_ text: Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        // SAFETY: the function reads the span's bytes, at most 15.
        let isWhole = unsafe text.withUnsafeBufferPointer { digits in
            guard let start = digits.baseAddress else { return false }
            return unsafe ctk_decimal(start, digits.count, &value) != 0
        }
        return isWhole ? value : nil
    }
}

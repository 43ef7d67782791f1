// SPDX-License-Identifier: Apache-2.0

/// Order statistics of measured values.
package enum Percentile {
    /// The value below which the fraction `fraction` (0 to 1) of `values` lies, by linear interpolation between the
    /// nearest two; nil for no values. O(n log n).
    package static func of(_ values: [Double], _ fraction: Double) -> Double? {
        guard let last = values.indices.last else { return nil }
        let sorted = values.sorted()
        let place = max(0, min(1, fraction)) * Double(last)
        let low = place.rounded(.down)
        let high = min(low + 1, Double(last))
        let lowValue = sorted[index(low, last)]
        return lowValue + (sorted[index(high, last)] - lowValue) * (place - low)
    }

    /// The median; nil for no values.
    package static func median(_ values: [Double]) -> Double? { of(values, 0.5) }

    /// `place` lies in 0...last by the arithmetic above.
    private static func index(_ place: Double, _ last: Int) -> Int {
        Int(exactly: place).map { min($0, last) } ?? last
    }
}

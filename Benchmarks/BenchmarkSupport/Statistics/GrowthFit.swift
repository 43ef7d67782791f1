// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One point of a growth series: the whole cost at a size.
package struct GrowthPoint: Codable, Sendable, Equatable {
    /// The size: bytes, claims, values.
    package let x: Double
    /// Nanoseconds for all of it.
    package let ns: Double

    /// A point.
    package init(x: Double, ns: Double) {
        self.x = x
        self.ns = ns
    }
}

/// Whether a cost grows no worse than in proportion to a size.
///
/// `cost = x^exponent` is fitted over the upper half of the sizes, where a constant part no longer hides the trend.
/// A linear cost has an exponent of 1 and, with a constant part, less than 1.
package struct GrowthFit: Sendable, Equatable {
    /// Above this exponent the growth counts as worse than linear. The margin is for caches that a large input leaves.
    package static let linearExponentMax = 1.15

    /// The slope of log cost over log size in the upper half; nil when there are under three points.
    package let exponent: Double?

    /// Whether nothing speaks against linear growth.
    package var isLinear: Bool { (exponent ?? 0) <= Self.linearExponentMax }

    /// Fits the points, which must have positive coordinates; others are left out.
    package init(_ points: [GrowthPoint]) {
        let sorted = points.filter { $0.x > 0 && $0.ns > 0 }.sorted { $0.x < $1.x }
        guard sorted.count >= 3 else {
            exponent = nil
            return
        }
        let upper = sorted.suffix(max(3, (sorted.count + 1) / 2))
        exponent = Self.slope(upper.map { (log($0.x), log($0.ns)) })
    }

    private static func slope(_ points: [(x: Double, y: Double)]) -> Double? {
        let count = Double(points.count)
        let meanX = points.reduce(0) { $0 + $1.x } / count
        let meanY = points.reduce(0) { $0 + $1.y } / count
        let spread = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        guard spread > 0 else { return nil }
        return points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
    }
}

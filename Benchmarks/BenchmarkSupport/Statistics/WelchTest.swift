// SPDX-License-Identifier: Apache-2.0

/// Welch's t-test over two streams of values, kept as running sums: do their means differ by more than chance?
///
/// Used on times of one operation over two classes of secret input ("dude, is my code constant time?", Reparaz, Balasch
/// and Verbauwhede 2017). |t| over 4.5 with a million values says that the class can be told from the time.
public struct WelchTest: Sendable {
    private struct Moments {
        var count = 0.0
        var mean = 0.0
        var squares = 0.0  // sum of squared distances from the mean

        /// Welford's update, which does not lose digits to cancellation.
        mutating func add(_ value: Double) {
            count += 1
            let distance = value - mean
            mean += distance / count
            squares += distance * (value - mean)
        }

        var varianceOfMean: Double { count > 1 ? squares / (count - 1) / count : 0 }
    }

    private var first = Moments()
    private var second = Moments()

    public init() {}

    /// Adds a value of one class.
    public mutating func add(_ value: Double, isSecond: Bool) {
        if isSecond { second.add(value) } else { first.add(value) }
    }

    /// Values of both classes.
    public var count: Int { Int(first.count + second.count) }

    /// Mean of the second class less that of the first.
    public var meanDifference: Double { second.mean - first.mean }

    /// The statistic; 0 without two values of each class or without any spread.
    public var t: Double {
        let spread = first.varianceOfMean + second.varianceOfMean
        guard first.count > 1, second.count > 1, spread > 0 else { return 0 }
        return meanDifference / spread.squareRoot()
    }
}

// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Maps positive values to places on a logarithmic axis, with ticks at round values.
struct LogScale {
    /// Lowest value on the axis.
    let low: Double
    /// Highest value on the axis.
    let high: Double
    /// Where `low` lies.
    let start: Double
    /// Where `high` lies.
    let end: Double

    /// A scale that holds all of `values`, widened to whole steps; values that are not positive are left out.
    init(_ values: [Double], start: Double, end: Double, including extra: [Double] = []) {
        let positive = (values + extra).filter { $0 > 0 && $0.isFinite }
        let least = positive.min() ?? 1
        let most = positive.max() ?? 10
        low = Self.step(below: least)
        high = Self.step(above: max(most, low * 2))
        self.start = start
        self.end = end
    }

    /// Where `value` lies.
    func place(_ value: Double) -> Double {
        let share = (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))
        return start + min(max(share, 0), 1) * (end - start)
    }

    /// Powers of ten inside the axis, with 2 and 5 between them on a short axis.
    var ticks: [Double] {
        let decades = log10(high / low)
        let steps: [Double] = decades <= 1.6 ? [1, 2, 5] : decades <= 3.2 ? [1, 3] : [1]
        var ticks: [Double] = []
        var power = floor(log10(low))
        while pow(10, power) <= high * 1.000_1 {
            for step in steps {
                let tick = step * pow(10, power)
                if tick >= low * 0.999_9, tick <= high * 1.000_1 { ticks.append(tick) }
            }
            power += 1
        }
        return ticks
    }

    private static func step(below value: Double) -> Double {
        let power = pow(10, floor(log10(value)))
        return [5, 2, 1].map { $0 * power }.first { $0 <= value * 1.000_1 } ?? power
    }

    private static func step(above value: Double) -> Double {
        let power = pow(10, floor(log10(value)))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value * 0.999_9 } ?? power * 10
    }
}

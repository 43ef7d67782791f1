// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct PercentileTests {
    @Test(arguments: [(0.0, 1.0), (0.5, 3.0), (0.25, 2.0), (0.9, 4.6), (1.0, 5.0), (-1.0, 1.0), (2.0, 5.0)])
    func interpolatesBetweenNeighbours(fraction: Double, expected: Double) throws {
        let value = try #require(Percentile.of([5, 1, 4, 2, 3], fraction))
        #expect(abs(value - expected) < 1e-12)
    }

    @Test func hasNoneForNoValues() {
        #expect(Percentile.median([]) == nil)
        #expect(Percentile.median([7]) == 7)
    }
}

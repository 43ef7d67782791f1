// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct GrowthFitTests {
    private static let sizes: [Double] = [8, 16, 32, 64, 128, 256]

    @Test func linearWithAConstantPartIsLinear() {
        let fit = GrowthFit(Self.sizes.map { GrowthPoint(x: $0, ns: 400 + 3 * $0) })
        #expect(fit.isLinear)
        #expect((fit.exponent ?? 2) < 1)
    }

    @Test func quadraticIsNot() throws {
        let fit = GrowthFit(Self.sizes.map { GrowthPoint(x: $0, ns: 0.2 * $0 * $0) })
        #expect(abs(try #require(fit.exponent) - 2) < 1e-9)
        #expect(!fit.isLinear)
    }

    /// A constant part hides a quadratic one at small sizes; the upper half shows it.
    @Test func quadraticUnderAConstantPartIsFound() {
        #expect(!GrowthFit(Self.sizes.map { GrowthPoint(x: $0, ns: 500 + 20 * $0 + 0.3 * $0 * $0) }).isLinear)
    }

    @Test func sortsAndThrowsOutWhatCannotBePlotted() throws {
        let points = [
            GrowthPoint(x: 4, ns: 40), GrowthPoint(x: 0, ns: 5), GrowthPoint(x: 1, ns: 10), GrowthPoint(x: 2, ns: 20),
        ]
        #expect(abs(try #require(GrowthFit(points).exponent) - 1) < 1e-9)
    }

    @Test(arguments: [[], [GrowthPoint(x: 1, ns: 1)], [GrowthPoint(x: 1, ns: 1), GrowthPoint(x: 2, ns: 9)]])
    func saysNothingOfTooFewPoints(points: [GrowthPoint]) {
        #expect(GrowthFit(points).exponent == nil)
        #expect(GrowthFit(points).isLinear)
    }
}

// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct RoundSeriesTests {
    @Test func takesTheLeastDisturbedRound() {
        let series = RoundSeries(rounds: [[10, 11, 900], [30, 31, 32], [12, 13, 14]])
        #expect(series.best == 11)
        #expect(series.p50 == 14)
        #expect(series.p99 > 800)
    }

    @Test func isZeroWithoutRounds() {
        #expect(RoundSeries().best == 0)
        #expect(MeasuredRatio(own: RoundSeries(), peer: RoundSeries(rounds: [[1]])) == nil)
    }

    @Test func ratioIsPeerTimeByOwnTime() throws {
        let own = RoundSeries(rounds: [[100], [101], [102], [180]])
        let peer = RoundSeries(rounds: [[300], [301], [303], [299]])
        let ratio = try #require(MeasuredRatio(own: own, peer: peer))
        #expect(ratio.ratio == 2.99)
        #expect(ratio.noise == MeasuredRatio.noiseMin)
    }

    /// One round in four that was disturbed does not widen the bound; rounds that never agree do.
    @Test func noiseIsHowWellTheBestRoundWasReproduced() throws {
        let own = RoundSeries(rounds: [[100], [140], [160], [180], [200]])
        let ratio = try #require(MeasuredRatio(own: own, peer: RoundSeries(rounds: [[50], [50], [50], [50], [50]])))
        #expect(abs(ratio.noise - 0.4) < 1e-9)
    }
}

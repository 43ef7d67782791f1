// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct ComparisonTests {
    private func compare(_ before: Double, _ after: Double, noise: Double = 0.03) -> Comparison {
        Comparison(
            before: SampleFile.file([SampleFile.result("a", ratios: ["peer": before], noise: noise)]),
            after: SampleFile.file([SampleFile.result("a", ns: 4_000, ratios: ["peer": after], noise: noise)]))
    }

    /// The bound is the noise of both runs together, at most 35 %; ten times the absolute time says nothing.
    @Test(arguments: [
        (2.0, 2.0, 0.03, false), (2.0, 3.0, 0.03, false), (2.0, 1.9, 0.03, false), (2.0, 1.87, 0.03, true),
        (2.0, 1.7, 0.1, false), (2.0, 1.5, 0.1, true), (2.0, 1.4, 0.9, false), (2.0, 1.2, 0.9, true),
    ])
    func judgesRatiosByTheirNoise(before: Double, after: Double, noise: Double, isWorse: Bool) {
        #expect(compare(before, after, noise: noise).isWorse == isWorse)
    }

    @Test func countsAllocations() {
        let before = SampleFile.file([SampleFile.result("a", allocations: 0), SampleFile.result("b", allocations: 2)])
        let worse = SampleFile.file([SampleFile.result("a", allocations: 0.5), SampleFile.result("b", allocations: 1)])
        #expect(Comparison(before: before, after: worse).allocations.map { $0.key } == ["a/reference"])
        #expect(Comparison(before: before, after: worse).isWorse)
        #expect(!Comparison(before: before, after: before).isWorse)
    }

    @Test func findsGrowthThatBrokeItsBound() {
        let sizes: [Double] = [1, 2, 4, 8, 16, 32]
        let linear = GrowthResult(name: "a", over: "claims", points: sizes.map { GrowthPoint(x: $0, ns: $0) })
        let square = GrowthResult(name: "a", over: "claims", points: sizes.map { GrowthPoint(x: $0, ns: $0 * $0) })
        let before = SampleFile.file([], growth: [linear])
        let after = SampleFile.file([], growth: [square])
        #expect(Comparison(before: before, after: after).growth == ["a over claims"])
        #expect(!Comparison(before: after, after: after).isWorse)
    }

    @Test func tellsWhatIsMissing() {
        let before = SampleFile.file([SampleFile.result("a", ratios: ["x": 1, "y": 1]), SampleFile.result("b")])
        let after = SampleFile.file([SampleFile.result("a", ratios: ["y": 1])])
        let comparison = Comparison(before: before, after: after)
        #expect(comparison.missing == ["a/reference against x", "b/reference"])
        #expect(comparison.rows.count == 1)
        #expect(!comparison.isWorse)
    }

    @Test func warnsOfAnotherMachineKernelOrPeer() {
        var before = SampleFile.file([])
        var after = SampleFile.file([], kernel: "scalar", cpu: "Other CPU")
        before.peerVersions = ["jwt-kit": "5.7.1"]
        after.peerVersions = ["jwt-kit": "6.0.0"]
        #expect(Comparison(before: before, after: after).warnings.count == 3)
        #expect(Comparison(before: before, after: before).warnings.isEmpty)
    }
}

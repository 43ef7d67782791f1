// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct WelchTestTests {
    private func test(_ first: [Double], _ second: [Double]) -> WelchTest {
        var test = WelchTest()
        for value in first { test.add(value, isSecond: false) }
        for value in second { test.add(value, isSecond: true) }
        return test
    }

    /// Worked by hand: means 3 and 6, variances 2.5 and 2.5 of five values each, so t = 3 / sqrt(0.5 + 0.5).
    @Test func matchesAWorkedExample() {
        let result = test([1, 2, 3, 4, 5], [4, 5, 6, 7, 8])
        #expect(abs(result.t - 3) < 1e-12)
        #expect(abs(result.meanDifference - 3) < 1e-12)
        #expect(result.count == 10)
    }

    @Test func hasNoVerdictWithoutValuesOrSpread() {
        #expect(test([], []).t == 0)
        #expect(test([1], [2]).t == 0)
        #expect(test([2, 2], [2, 2]).t == 0)
    }

    @Test func isSmallForOneDistributionAndLargeForTwo() {
        var first: [Double] = []
        var second: [Double] = []
        for i in 0..<10_000 {
            first.append(Double(i &* 7919 % 101))
            second.append(Double(i &* 104_729 % 101))
        }
        #expect(abs(test(first, second).t) < 1)
        #expect(test(first, second.map { $0 + 3 }).t > 4.5)
    }

    @Test func staysExactFarFromZero() {
        let far = 1e9
        #expect(abs(test([1, 2, 3, 4, 5].map { $0 + far }, [4, 5, 6, 7, 8].map { $0 + far }).t - 3) < 1e-6)
    }
}

// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct GateTests {
    @Test func holdsNothingAgainstAGoodRun() {
        let file = SampleFile.file([
            SampleFile.result("verify.hs256.single", ratios: ["openssl-hmac": 1.2]),
            SampleFile.result("sign.rs256", allocations: nil),
        ])
        #expect(Gate(file).failures.isEmpty)
    }

    @Test func refusesAnAllocation() {
        #expect(Gate(SampleFile.file([SampleFile.result("scan.token", allocations: 0.01)])).failures.count == 1)
    }

    @Test func refusesARatioUnderItsFloor() {
        let results = [SampleFile.result("verify.rs256.single", ratios: ["openssl-bare": 0.5])]
        #expect(Gate(SampleFile.file(results)).failures.count == 1)
        #expect(Gate(SampleFile.file(results, kernel: "scalar")).failures.isEmpty)
    }

    @Test func refusesGrowthWorseThanLinear() {
        let points = [1.0, 2, 4, 8, 16].map { GrowthPoint(x: $0, ns: $0 * $0) }
        let growth = [GrowthResult(name: "json.claims", over: "claims", points: points)]
        #expect(Gate(SampleFile.file([], growth: growth)).failures.count == 1)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CloakroomLogging
import MetricsTestKit
import Testing
import TokenVerify

@Suite struct CloakroomMetricsTests {
    private let backend = TestMetrics()

    private func total(_ label: String, _ dimensions: [(String, String)] = []) throws -> Int64 {
        try backend.expectCounter(label, dimensions).totalValue
    }

    @Test("each verdict is counted once, under its code")
    func verdicts() throws {
        let metrics = CloakroomMetrics(factory: backend)
        var counts = VerificationCounts()
        counts.addAccepted(3)
        for (i, code) in RefusalCode.allCases.enumerated() { counts.add(code, count: i + 1) }
        metrics.report(&counts)
        #expect(counts.isEmpty)
        metrics.report(&counts)
        #expect(try total("cloakroom.tokens.verified") == 3)
        for (i, code) in RefusalCode.allCases.enumerated() {
            #expect(try total("cloakroom.tokens.refused", [("code", code.rawValue)]) == Int64(i + 1))
        }
    }

    @Test("T83 labels and dimensions come from closed lists, and are all there before anything is reported")
    func closedLists() {
        _ = CloakroomMetrics(factory: backend, prefix: "p")
        let codes = Set(RefusalCode.allCases.map(\.rawValue))
        let outcomes: Set<String> = ["hit", "miss", "stale", "evicted", "changed", "unchanged", "failed"]
        #expect(backend.counters.count == 1 + codes.count + outcomes.count + 1)
        for counter in backend.counters {
            #expect(counter.label.hasPrefix("p."))
            for (name, value) in counter.dimensions {
                #expect(name == "code" && codes.contains(value) || name == "outcome" && outcomes.contains(value))
            }
        }
        #expect(backend.recorders.isEmpty)
    }

    @Test func keysCacheAndRevocations() throws {
        let metrics = CloakroomMetrics(factory: backend)
        metrics.reportCache(.hit, count: 5)
        metrics.reportCache(.miss, count: 0)
        metrics.reportKeyRefresh(.failed, durationNanoseconds: 7)
        metrics.reportBatch(durationNanoseconds: 9)
        metrics.reportRevocations(entryCount: 11)
        metrics.reportRevocationFailure()
        #expect(try total("cloakroom.cache", [("outcome", "hit")]) == 5)
        #expect(try total("cloakroom.cache", [("outcome", "miss")]) == 0)
        #expect(try total("cloakroom.keys.refreshes", [("outcome", "failed")]) == 1)
        #expect(try backend.expectTimer("cloakroom.keys.refresh.duration").lastValue == 7)
        #expect(try backend.expectTimer("cloakroom.batch.duration").lastValue == 9)
        #expect(try backend.expectMeter("cloakroom.revocations.entries").lastValue == 11)
        #expect(try total("cloakroom.revocations.failures") == 1)
    }
}

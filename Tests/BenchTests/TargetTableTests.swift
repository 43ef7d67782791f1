// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct TargetTableTests {
    @Test func hasNoRowWithoutAMeasurement() {
        #expect(TargetTable(SampleFile.file([])).rows.isEmpty)
        #expect(TargetTable(SampleFile.file([SampleFile.result("scan.token")])).rows.isEmpty)
    }

    @Test(arguments: [(100.0, 450.0, 0.0, 3), (99.0, 450.0, 0.0, 2), (100.0, 451.0, 0.0, 2), (100.0, 450.0, 0.1, 2)])
    func judgesVerificationByRatioTimeAndAllocations(ratio: Double, ns: Double, allocations: Double, met: Int) {
        let result = SampleFile.result(
            "verify.hs256.single", ns: ns, allocations: allocations, ratios: ["jwt-kit": ratio])
        let rows = TargetTable(SampleFile.file([result])).rows
        #expect(rows.count == 3)
        #expect(rows.allSatisfy { $0.id == "P1" })
        #expect(rows.count { $0.isMet } == met)
    }

    /// The weakest size decides, not the mean.
    @Test func judgesBase64ByTheWorstSize() {
        let results = [("64B", 1.1), ("512B", 1.2), ("4096B", 5.0)].map {
            SampleFile.result("base64url.decode", $0.0, ratios: ["simdutf": $0.1])
        }
        let rows = TargetTable(SampleFile.file(results)).rows
        #expect(rows.map { $0.isMet } == [true, false])
        #expect(rows.map { $0.id } == ["P6", "P6"])
    }

    /// The slowest corpus decides, and only those of its share of tokens count.
    @Test func judgesScrubbingByTheSlowestCorpus() {
        let results = [("nginx-1%", 60.0), ("nginx-100%", 500.0), ("syslog-100%", 509.0)].map {
            SampleFile.result("scrub.tokens", $0.0, ns: $0.1, ratios: $0.0 == "nginx-1%" ? ["rg": 3.1] : [:])
        }
        let rows = TargetTable(SampleFile.file(results)).rows
        #expect(rows.map { $0.id } == ["P10", "P10"])
        #expect(rows.map { $0.isMet } == [false, true])
        #expect(rows[0].measured.hasSuffix("syslog-100%"))
    }

    @Test(arguments: [("512B", 512), ("16384B", 16_384), ("keycloak", 0)])
    func readsSizes(corpus: String, byteCount: Int) {
        #expect(TargetTable.byteCount(corpus) == byteCount)
    }
}

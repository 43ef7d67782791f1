// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Testing

struct ReportTests {
    @Test(arguments: [(0.5, "0.50 ns"), (35.21, "35.2 ns"), (1_240, "1.24 µs"), (3_100_000, "3.10 ms")])
    func writesTimes(ns: Double, text: String) {
        #expect(Figures.time(ns) == text)
    }

    @Test(arguments: [(0.0, "0"), (0.002, "0.002"), (12, "12"), (30.66, "30.7")])
    func writesCounts(value: Double, text: String) {
        #expect(Figures.count(value) == text)
    }

    @Test func alignsColumns() {
        var table = TextTable(["stage", "ns"])
        table.append(["scan", "12"])
        table.append(["a", "1234"])
        #expect(table.text == "stage    ns\nscan     12\na      1234")
        #expect(table.markdown.split(separator: "\n").count == 4)
    }

    @Test func pageNeedsNothingFromElsewhere() {
        let sizes: [Double] = [1, 2, 4, 8]
        let file = SampleFile.file(
            [
                SampleFile.result("verify.hs256.single", ratios: ["jwt-kit": 101, "a<b>&\"c\"": 2]),
                SampleFile.result("base64url.decode", "64B", ratios: ["simdutf": 1.2]),
                SampleFile.result("base64url.decode", "128B", ratios: ["simdutf": 1.2]),
                SampleFile.result("scan.token"), SampleFile.result("scan.token", "keycloak"),
            ],
            growth: [GrowthResult(name: "scan.token", over: "claims", points: sizes.map { GrowthPoint(x: $0, ns: $0) })]
        )
        let page = HTMLPage(file).text
        for word in ["http", "src=", "<script", "@import", "url(", "NaN", "a<b>"] { #expect(!page.contains(word)) }
        for word in ["<svg", "a&lt;b&gt;", "prefers-color-scheme: dark", "Example CPU", "keycloak"] {
            #expect(page.contains(word))
        }
    }

    @Test func pageOfAnEmptyRunIsWhole() {
        #expect(HTMLPage(SampleFile.file([])).text.contains("</html>"))
    }
}

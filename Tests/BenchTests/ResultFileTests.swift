// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import Foundation
import Testing

struct ResultFileTests {
    @Test func survivesWritingAndReading() throws {
        var file = SampleFile.file(
            [SampleFile.result("verify.hs256.single", ratios: ["jwt-kit": 101])],
            growth: [GrowthResult(name: "scan.token", over: "claims", points: [GrowthPoint(x: 1, ns: 2)])])
        file.peerVersions = ["jwt-kit": "5.7.1"]
        #expect(try ResultFile(json: file.json()) == file)
    }

    /// The documented names stand in the file.
    @Test func hasTheDocumentedForm() throws {
        let file = SampleFile.file([SampleFile.result("verify.hs256.single", "keycloak", ratios: ["openssl-hmac": 1.1])]
        )
        let object = try #require(try JSONSerialization.jsonObject(with: file.json()) as? [String: Any])
        #expect(object["kernel"] as? String == "avx512")
        #expect(object["commit"] as? String == "0123456789ab")
        #expect((object["machine"] as? [String: Any])?["cpu"] as? String == "Example CPU")
        let result = try #require((object["results"] as? [[String: Any]])?.first)
        #expect(result["name"] as? String == "verify.hs256.single")
        #expect(result["corpus"] as? String == "keycloak")
        #expect(result["unit"] as? String == "token")
        #expect((result["ns"] as? [String: Double])?["p50"] == 408)
        #expect((result["ns"] as? [String: Double])?["p99"] == 600)
        #expect(result["per_second"] as? Double == 2.5e6)
        #expect(result["bytes_per_second"] as? Double == 1.27e9)
        #expect(result["allocations"] as? Int == 0)
        #expect((result["ratios"] as? [String: Double])?["openssl-hmac"] == 1.1)
    }

    @Test func keepsFourDigits() throws {
        let file = SampleFile.file([SampleFile.result("scan.token", ns: 123.456_789)])
        let read = try ResultFile(json: file.json())
        #expect(read.results[0].ns.best == 123.5)
    }

    @Test(arguments: ["", "[]", "{}", "{\"date\":1}", "not json"])
    func refusesOtherForms(text: String) {
        #expect(throws: ResultFileError.form) { try ResultFile(json: Data(text.utf8)) }
    }

    @Test func refusesFiguresThatAreNotFinite() {
        #expect(throws: ResultFileError.form) {
            try SampleFile.file([SampleFile.result("scan.token", allocations: .infinity)]).json()
        }
    }

    @Test func saysWhenThereIsNoFile() {
        #expect(throws: ResultFileError.unreadable) { try ResultFile(path: "/nonexistent/results.json") }
        #expect(throws: ResultFileError.unwritable) {
            try SampleFile.file([]).write(to: "/nonexistent/results.json")
        }
    }
}

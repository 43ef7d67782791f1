// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenScan

@Suite struct NumericDateTests {
    @Test(
        "T34 T39 what is a time",
        arguments: [
            ("0", 0.0), ("-0", 0.0), ("1", 1), ("1700000000", 1_700_000_000), ("1700000000.5", 1_700_000_000.5),
            ("999999999999999", 999_999_999_999_999), ("9007199254740992", 9_007_199_254_740_992), ("1e3", 1_000),
            ("1.7E9", 1_700_000_000), ("1e-400", 0),
        ])
    func accepted(_ text: String, _ seconds: Double) {
        #expect(NumericDate(jsonNumber: Array(text.utf8).span)?.seconds == seconds)
    }

    @Test(
        "T34 T39 what is no time",
        arguments: [
            "-1", "-0.5", "9007199254740994", "9223372036854775808", "18446744073709551616", "1e18", "1e300", "1e308",
            "1e400", "-1e400", String(repeating: "9", count: 400), "",
        ])
    func refused(_ text: String) {
        #expect(NumericDate(jsonNumber: Array(text.utf8).span) == nil)
    }
}

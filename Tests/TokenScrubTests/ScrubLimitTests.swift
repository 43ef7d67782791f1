// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScan
import TokenScrub

@Suite("Scrubber: limits")
struct ScrubLimitTests {
    private func token(byteCount: Int) -> String {
        let body = Samples.pair + "."
        return body + String(repeating: "A", count: byteCount - body.utf8.count)
    }

    @Test("A token of 16 384 bytes is one, a longer one is passed over to its end")
    func limit() throws {
        for count in [16_383, 16_384] {
            let output = try scrub("a \(token(byteCount: count)) b")
            #expect(output.hasPrefix("a [jwt alg=HS256") && output.hasSuffix("] b"))
        }
        for count in [16_385, 16_386, 40_000, 200_000] {
            let text = "a \(token(byteCount: count))~x.y=%2Ez b \(Samples.jws)\n"
            let output = try scrub(text)
            #expect(output.hasPrefix("a [jwt oversize] b [jwt alg=HS256"))
            #expect(try scrub(output) == output)
            for step in [1_000, 16_384, 16_385, 70_000] where step > 1_000 || count < 20_000 {
                let cuts = Array(stride(from: step, to: text.utf8.count, by: step))
                #expect(try scrub(Array(text.utf8), cuts: cuts) == Array(output.utf8), "\(count) cut by \(step)")
            }
        }
    }

    @Test("A header over the limit")
    func longHeader() throws {
        let long = Samples.base64(#"{"alg":"RS256","x5c":["\#(String(repeating: "M", count: 20_000))"]}"#)
        #expect(try scrub("a \(long).\(Samples.payload).x b") == "a [jwt oversize] b")
        // Without an algorithm in sight it is data; what is in it is still looked at.
        let data = Samples.base64(#"{"x5c":["\#(String(repeating: "M", count: 20_000))"]}"#)
        #expect(try scrub("a \(data) b") == "a \(data) b")
    }

    /// What waits never grows past the limit and a few bytes, so 100 MB of one line need no more than that.
    @Test("T93 a line of 100 MB of e, y and dots passes unchanged")
    func longLine() throws {
        var scrubber = LogScrubber(keys: try testKeys())
        var output = ByteScratch()
        var generator = SeededGenerator(seed: 9)
        let bytes = Array("ey.".utf8)
        let piece = (0..<1_000_000).map { _ in bytes[Int(generator.next() % 3)] }
        for _ in 0..<100 {
            output.removeAll()
            scrubber.scrub(piece.span, into: &output)
            #expect(abs(output.count - piece.count) <= 2)
        }
        scrubber.finish(into: &output)
        #expect(scrubber.statistics.outputByteCount == 100_000_000)
    }

    /// Starts that hold up as long as they can: each byte is looked at a bounded number of times.
    @Test("T93 text made of starts costs time in proportion to its length", arguments: [
        "eyJ", "eyJ.", "eyJhIjoi", Samples.base64(#"{"a":"#), Samples.base64(#"{"a":["#), "ZXlK",
        Samples.base64(Samples.base64(#"{"a":"#)), "ew0K", "e\u{1B}[m", "eyJ%2E", #"eyJ\u002e"#, "eyJ=", "r1_", "=l1_",
        "=l1_k001_", Samples.header + ". ",
    ])
    func starts(_ unit: String) throws {
        let text = Array(String(repeating: unit, count: 50_000 / unit.utf8.count).utf8)
        #expect(try scrub(text) == text)
        #expect(try scrub(text, cuts: Array(stride(from: 0, to: text.count, by: 8_191))) == text)
    }
}

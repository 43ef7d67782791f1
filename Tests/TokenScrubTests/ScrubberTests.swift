// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenPersonalData
import TokenScan
import TokenScrub

@Suite("Scrubber: tokens")
struct ScrubberTests {
    @Test("T90 T91 T92 T93 every form is replaced, the rest stays", arguments: Sample.tokens)
    func forms(_ sample: Sample) throws {
        let output = try scrub(sample.text)
        #expect(
            Sample.reduced(output) == sample.left,
            "\(sample.name): \(String(decoding: output, as: UTF8.self))")
        #expect(!String(decoding: output, as: UTF8.self).contains(Samples.base64("LEAKMARKER").prefix(8)))
    }

    @Test("T94 text without a token stays as it is", arguments: Sample.negatives)
    func negatives(_ text: String) throws {
        #expect(try scrub(text) == text)
        let line = "2026-11-25T00:00:00Z \(text)\n"
        #expect(try scrub(line + line) == line + line)
    }

    @Test("T90 the answer does not depend on where the text is cut", arguments: Sample.tokens)
    func everyCut(_ sample: Sample) throws {
        let text = Array("a ".utf8) + sample.text + Array(" b\n".utf8)
        let whole = try scrub(text)
        for cut in 0...text.count where try scrub(text, cuts: [cut]) != whole {
            Issue.record("\(sample.name) differs when cut at \(cut)")
        }
        #expect(try scrub(text, cuts: Array(0...text.count)) == whole, "\(sample.name) a byte at a time")
    }

    @Test("T90 random cuts of all samples behind each other")
    func randomCuts() throws {
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<60 {
            var text: [UInt8] = []
            for sample in Sample.tokens.shuffled(using: &generator).prefix(12) { text += sample.text + [0x20] }
            for negative in Sample.negatives.shuffled(using: &generator).prefix(6) { text += Array(negative.utf8) }
            let whole = try scrub(text)
            for _ in 0..<8 {
                let cuts = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                    Int.random(in: 0...text.count, using: &generator)
                }
                #expect(try scrub(text, cuts: cuts.sorted()) == whole)
            }
        }
    }

    @Test("T97 scrubbing twice gives what scrubbing once gives", arguments: Sample.tokens)
    func idempotent(_ sample: Sample) throws {
        for mode in ScrubOptions.Mode.allCases {
            let options = ScrubOptions(mode: mode, claims: ScrubOptions.Claim.allCases)
            let once = try scrub(sample.text, options)
            #expect(try scrub(once, options) == once)
        }
    }

    @Test("What stands for a token")
    func replacement() throws {
        let t = Samples.jws
        #expect(try scrub(t, ScrubOptions(mode: .full)) == "[jwt]")
        let fingerprint = try scrub(t)
        #expect(fingerprint.hasPrefix("[jwt alg=HS256 exp=1700000000 fp=l1_k001_"))
        #expect(fingerprint.utf8.count == "[jwt alg=HS256 exp=1700000000 fp=l1_k001_0123456789abcdef]".utf8.count)
        let claims = try scrub(t, ScrubOptions(mode: .claims))
        #expect(claims.hasPrefix("[jwt alg=HS256 kid=l1_k001_"))
        #expect(claims.contains(" sub=l1_k001_") && claims.contains(" exp=1700000000 fp=l1_k001_"))
        #expect(!claims.contains("jti="))
        #expect(try scrub("x\(Samples.jwe)").hasPrefix("x[jwt alg=RSA-OAEP-256 fp=l1_k001_"))
        #expect(try scrub("\(Samples.jwe.prefix(80))").hasPrefix("[jwt alg=RSA-OAEP-256 cut=1 fp=l1_k001_"))
    }

    @Test("T97 one token gives one fingerprint, however it is written")
    func joinable() throws {
        let wanted = try scrub(Samples.jws)
        let others = [
            Samples.pair, Samples.pair + ".", Samples.pair + ".AAAA", Samples.sdJWT, Samples.dotted("%2E"),
            Samples.dotted(#"\u002e"#), Samples.wrapped(Samples.jws),
            "\(Samples.jws.prefix(9))\u{1B}[31m\(Samples.jws.dropFirst(9))",
        ]
        for other in others { #expect(try scrub(other) == wanted) }
    }

    /// Computed with Python's hmac and hashlib: HKDF-SHA256, salt `cloakroom/log1`, info LP("log/1") | LP("jwt").
    @Test("A fingerprint with a known answer")
    func knownAnswer() throws {
        let token = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ."
        #expect(try scrub(token) == "[jwt alg=none fp=l1_k001_praEoDiuJ9VGJToX]")
    }

    @Test("T95 nothing of the token's own text goes out")
    func attackerText() throws {
        let header = #"{"alg":"HS256\r\n[jwt forged]","kid":"\u001b[31mkid\n","x":"y"}"#
        let payload = #"{"sub":"a\nb","exp":"soon","jti":{"a":[1]},"iss":"\u0000"}"#
        let token = "\(Samples.base64(header)).\(Samples.base64(payload)).\(Samples.signature)"
        let output = try scrub(token, ScrubOptions(mode: .claims, claims: ScrubOptions.Claim.allCases))
        #expect(output.hasPrefix("[jwt alg=other kid=l1_k001_"))
        #expect(output.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(!output.contains("forged") && !output.contains("exp="))
    }

    @Test("Times that are no whole number are cut, absurd ones left out")
    func expiries() throws {
        for (exp, shown) in [
            ("1700000000.9", " exp=1700000000 "), ("0", " exp=0 "), ("-1", " "), ("1e300", " "), ("null", " "),
            ("9007199254740994", " "), ("\"1\"", " "),
        ] {
            let token = "\(Samples.header).\(Samples.base64(#"{"exp":\#(exp)}"#)).\(Samples.signature)"
            #expect(try scrub(token).hasPrefix("[jwt alg=HS256\(shown)fp="), "\(exp)")
        }
    }

    @Test("Own rules: a literal prefix and a class of characters")
    func ownRules() throws {
        let rule = try TokenRule(name: "api-key", prefix: "sk_live_", characters: .alphanumeric, counts: 8...20)
        let options = ScrubOptions(rules: [rule])
        let line = "k=sk_live_abcdefgh12345678; sk_live_short; sk_live_abcdefgh12345678901234tail"
        let output = try scrub(line, options)
        #expect(output.hasPrefix("k=[api-key fp=l1_k001_"))
        #expect(output.contains("]; sk_live_short; [api-key fp=") && output.hasSuffix("]34tail"))
        #expect(try scrub(output, options) == output)
        for cut in 0...line.utf8.count {
            #expect(try scrub(Array(line.utf8), cuts: [cut], options) == Array(output.utf8))
        }
        #expect(throws: TokenRule.Problem.prefix) {
            try TokenRule(name: "x", prefix: "ab", characters: .hex, counts: 4...8)
        }
        #expect(throws: TokenRule.Problem.name) {
            try TokenRule(name: "jwt", prefix: "abc", characters: .hex, counts: 4...8)
        }
        #expect(throws: TokenRule.Problem.counts) {
            try TokenRule(name: "x", prefix: "abc", characters: .hex, counts: 1...8)
        }
    }

    @Test("Statistics count what was replaced")
    func statistics() throws {
        var scrubber = LogScrubber(keys: try testKeys())
        var output = ByteScratch()
        let text = Array("\(Samples.jws) \(Samples.jwe) \(Samples.header).abc \(Samples.reference)\n".utf8)
        scrubber.scrub(text.span, into: &output)
        scrubber.finish(into: &output)
        let counts = scrubber.statistics
        #expect(counts.jws == 2 && counts.jwe == 1 && counts.cut == 1 && counts.references == 1)
        #expect(counts.inputByteCount == text.count && counts.outputByteCount == output.count)
    }
}

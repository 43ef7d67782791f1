// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScrub

@Suite("Scrubber: other projects' samples", .enabled(if: VectorFiles.isPresent))
struct ScrubVectorTests {
    /// Two strings that detect-secrets labels "no JWT" hold a whole claims set, which the scrubber takes: their names
    /// and addresses would be readable.
    private static let claimsWithoutHeader = [
        "header decodes to invalid JSON (a scrubber may still mask it: over-masking is safe)",
        "header truncated (the payload segment still carries PII)",
    ]

    @Test("T91 T94 detect-secrets: every JWT is found, nothing else is touched")
    func detectSecrets() throws {
        let cases = try VectorFiles.json("secret-scanners/detect-secrets-jwt.json")["cases"].array
        #expect(cases.count == 13)
        for one in cases {
            let text = one["text"].string
            let output = try scrub(text)
            if one["is_jwt"].bool {
                #expect(output.hasPrefix("[jwt ") && output.hasSuffix("]"), "\(one["why"].string)")
            } else if Self.claimsWithoutHeader.contains(one["why"].string) {
                #expect(output.contains(".[jwt cut=1 fp="), "\(one["why"].string)")
            } else {
                #expect(output == text, "\(one["why"].string)")
            }
        }
    }

    @Test("T94 naughty strings stay as they are")
    func naughtyStrings() throws {
        let text = try VectorFiles.bytes("blns/blns.txt")
        #expect(try scrub(text) == text)
        var generator = SeededGenerator(seed: 8)
        let cuts = (0..<200).map { _ in Int.random(in: 0...text.count, using: &generator) }.sorted()
        #expect(try scrub(text, cuts: cuts) == text)
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenPersonalData
import TokenScan
import TokenScrub

@Suite("Scrubber: personal data")
struct PersonalDataTests {
    private let all = ScrubOptions(personalData: Set(PersonalDataKind.allCases))

    @Test("T94 every labelled value is replaced, the rest stays", arguments: PersonalSamples.lines.indices)
    func values(_ index: Int) throws {
        let (text, left) = PersonalSamples.lines[index]
        #expect(PersonalSamples.reduced(try scrub(text, all)) == left, "\(text)")
        #expect(PersonalSamples.reduced(try scrub("\(text)\n\(text)\n", all)) == "\(left)\n\(left)\n")
        // Without the rules nothing is touched.
        #expect(try scrub(text) == text)
    }

    @Test("T94 text without personal data stays as it is", arguments: PersonalSamples.negatives)
    func negatives(_ text: String) throws {
        #expect(try scrub(text, all) == text)
        #expect(try scrub("a \(text) b\n", all) == "a \(text) b\n")
    }

    @Test("T90 the answer does not depend on where the text is cut", arguments: PersonalSamples.lines.indices)
    func everyCut(_ index: Int) throws {
        let sample = Array(PersonalSamples.lines[index].text.utf8)
        for text in [sample, Array("x ".utf8) + sample + Array(" y ".utf8) + sample + [0x0A]] {
            let whole = try scrub(text, all)
            for cut in 0...text.count where try scrub(text, cuts: [cut], all) != whole {
                Issue.record("\(PersonalSamples.lines[index].text) differs when cut at \(cut)")
            }
            #expect(try scrub(text, cuts: Array(0...text.count), all) == whole)
        }
    }

    /// Values, tokens, placeholders and noise in any order, with and without something between them.
    private static func soup(_ generator: inout SeededGenerator) -> [UInt8] {
        let glue = ["", "", " ", ",", "\n", ":", "-", ".", "\"", "=", "@", "a", "1", "[", "]", "_", "\u{E9}"]
        var text = ""
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5: text += PersonalSamples.lines.randomElement(using: &generator)?.text ?? ""
            case 5..<7: text += PersonalSamples.negatives.randomElement(using: &generator) ?? ""
            case 7: text += String(decoding: Sample.tokens.randomElement(using: &generator)?.text ?? [], as: UTF8.self)
            case 8: text += "[ip fp=l1_k001_0123456789abcdef]"
            default: text += String(repeating: "x", count: Int.random(in: 1...400, using: &generator))
            }
            text += glue.randomElement(using: &generator) ?? ""
        }
        return Array(text.utf8)
    }

    @Test("T90 T97 random text: any cuts give one answer, and scrubbing it again changes nothing")
    func random() throws {
        var generator = SeededGenerator(seed: 43)
        for _ in 0..<150 {
            let text = Self.soup(&generator)
            let whole = try scrub(text, all)
            for _ in 0..<4 {
                let cuts = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                    Int.random(in: 0...text.count, using: &generator)
                }
                #expect(try scrub(text, cuts: cuts.sorted(), all) == whole, "\(String(decoding: text, as: UTF8.self))")
            }
            let again = try scrub(whole, all)
            #expect(again == whole, "\(String(decoding: whole, as: UTF8.self))")
        }
    }

    @Test("T78 no text traps: every short text of the bytes that rules look at, random ones of them")
    func hostileText() throws {
        var generator = SeededGenerator(seed: 44)
        let bytes = Array(":.%@+-( )0149aFxX2Bb_/n\\u\n\u{E9}".utf8)
        for _ in 0..<4_000 {
            let text = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
                bytes[Int.random(in: 0..<bytes.count, using: &generator)]
            }
            let once = try scrub(text, all)
            #expect(try scrub(once, all) == once, "\(String(decoding: text, as: UTF8.self))")
        }
        for text in [":..:..:..:", "::", "1::", ":::::::", "::..", "@", "%40", "+", "(", "1.1.1.", "4111-", "%2B1a1"] {
            #expect(try scrub(text, all) == text)
        }
    }

    @Test("T97 one value gives one fingerprint, however it is written")
    func joinable() throws {
        for spellings in [
            ["Jane@Example.com", "jane@example.com", "jane%40example.com"],
            ["+1 212 555 0143", "(212) 555-0143", "1-212-555-0143", "212.555.0143x9", "%2B12125550143"],
            ["4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"],
            ["GB82 WEST 1234 5698 7654 32", "gb82west12345698765432"],
            ["2001:db8::1:0", "2001:DB8:0:0:0:0:1:0"],
        ] {
            let texts = Set(try spellings.map { try scrub($0, all) })
            #expect(texts.count == 1, "\(spellings) gives \(texts)")
        }
        #expect(try scrub("a@example.com", all) != scrub("b@example.com", all))
        #expect(try scrub("a@example.com", ScrubOptions(mode: .full, personalData: [.email])) == "[email]")
    }

    @Test("Only the wanted kinds")
    func kinds() throws {
        let text = "a@example.com 203.0.113.7 123-45-6789"
        let output = try scrub(text, ScrubOptions(personalData: [.ipv4]))
        #expect(PersonalSamples.reduced(output) == "a@example.com [ip] 123-45-6789")
    }

    @Test("Long runs without a line feed pass in bounded pieces")
    func longRuns() throws {
        for unit in ["a", "@", "1", "1.", "a@", ":", "1:", "+", "%40", "4111 ", "DE89"] {
            let text = Array(String(repeating: unit, count: 20_000 / unit.utf8.count).utf8)
            let whole = try scrub(text, all)
            let pieces = try scrub(text, cuts: Array(stride(from: 0, to: text.count, by: 777)), all)
            #expect(pieces == whole, "\(unit)")
            #expect(try scrub(whole, all) == whole, "\(unit)")
        }
    }

    /// Their national forms without a region, and the labels of kinds that need a dictionary, are out of scope.
    @Test("T94 presidio-research: every labelled value of our kinds, and nothing else", .enabled(if: VectorFiles.isPresent))
    func presidio() throws {
        let outOfScope: Set<String> = [
            "(96) 627-277", "(07) 5331 0577", "041-412-293", "21 212 133 2727", "027 896 92 86", "69 987 88 37",
        ]
        let labels = ["EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "CREDIT_CARD": "card", "US_SSN": "ssn", "IP_ADDRESS": "ip"]
        for sentence in try VectorFiles.json("presidio-research/generated_small.json").array {
            var expected = sentence["full_text"].string
            for span in sentence["spans"].array {
                guard let label = labels[span["entity_type"].string] else { continue }
                let value = span["entity_value"].string
                if !outOfScope.contains(value) { expected = expected.replacing(value, with: "[\(label)]") }
            }
            #expect(PersonalSamples.reduced(try scrub(sentence["full_text"].string, all)) == expected)
        }
    }
}

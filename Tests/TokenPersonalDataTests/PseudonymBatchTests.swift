import TestSupport
// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData
import TokenScan

@Suite struct PseudonymBatchTests {
    private static func domains() throws -> [PseudonymDomain] {
        let ring = try ring()
        return try ["a", "b", "c"].map { ring.activeDomain(try PseudonymDomainName(type: $0, scope: .global)) }
    }

    private static func value(_ generator: inout SeededGenerator, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { _ in UInt8(0x21 + generator.next() % 94) }
    }

    @Test("T71: a batch of any count agrees with the values one by one, mixed lengths and domains, reused")
    func batchAgainstSingles() throws {
        let domains = try Self.domains()
        var generator = SeededGenerator(seed: 11)
        var batch = PseudonymBatch()
        let none: [UInt8] = []
        for count in 0...40 {
            batch.removeAll()
            var expected: [String] = []
            for index in 0..<count {
                let value = Self.value(&generator, Int(generator.next() % 150))
                let domain = domains[Int(generator.next() % 3)]
                if index % 7 == 3 {
                    #expect(throws: CanonicalizationError.integer) {
                        try batch.add(domain, .integer, none.span, issuer: none.span)
                    }
                }
                #expect(try batch.add(domain, .string, value.span, issuer: none.span) == index)
                expected.append(try pseudonym(domain, .string, value))
            }
            batch.run()
            var output = ByteScratch()
            for slot in 0..<count { batch.appendText(slot, to: &output) }
            #expect(output.text == expected.joined(), "\(count)")
        }
    }

    @Test("the bulk writer agrees with the values one by one for every count and length", arguments: [16, 20, 32])
    func bulkAgainstSingles(_ byteCount: Int) throws {
        let domain = try Self.domains()[0]
        let form = try PseudonymForm(byteCount: byteCount)
        var generator = SeededGenerator(seed: 5)
        var writer = PseudonymBulkWriter()
        var messages = PseudonymMessages()
        let none: [UInt8] = []
        for count in Array(0...40) + [255, 256, 257, 600] {
            messages.removeAll()
            var expected: [String] = []
            for index in 0..<count {
                let value = Self.value(&generator, index % 70)
                try messages.append(.string, value.span, profile: .text, issuer: none.span)
                if count <= 40 || index % 51 == 0 {
                    expected.append(try pseudonym(domain, .string, value, form: form))
                } else {
                    expected.append("")
                }
            }
            let width = form.textByteCount
            var texts = [UInt8](repeating: 0x2A, count: count * width + 3)
            var span = texts.mutableSpan
            let written = writer.writeTexts(
                messages.bytes.span, offsets: messages.offsets.span, domain: domain, form: form, to: &span)
            #expect(written == count)
            #expect(texts.suffix(3) == [0x2A, 0x2A, 0x2A], "nothing behind the last text is touched")
            for (index, text) in expected.enumerated() where !text.isEmpty {
                #expect(String(decoding: texts[index * width..<(index + 1) * width], as: UTF8.self) == text)
            }
            var raw = [UInt8](repeating: 0, count: count * byteCount)
            var rawSpan = raw.mutableSpan
            writer.writeBytes(
                messages.bytes.span, offsets: messages.offsets.span, domain: domain, form: form, to: &rawSpan)
            for index in 0..<count {
                let text = String(decoding: texts[index * width + 8..<(index + 1) * width], as: UTF8.self)
                #expect(Oracle.base64URL(Array(raw[index * byteCount..<(index + 1) * byteCount])) == text)
            }
        }
        let noOffsets: [UInt32] = []
        var empty: [UInt8] = []
        var span = empty.mutableSpan
        #expect(writer.writeTexts(none.span, offsets: noOffsets.span, domain: domain, to: &span) == 0)
    }

    @Test("texts go exactly where they are put")
    func placement() throws {
        let domain = try Self.domains()[1]
        var batch = PseudonymBatch()
        let none: [UInt8] = []
        let slot = try batch.add(domain, .string, [0x61].span, issuer: none.span)
        batch.run()
        for alphabet in [PseudonymForm.Alphabet.base64URL, .base32] {
            let form = try PseudonymForm(byteCount: 16, alphabet: alphabet)
            var output = [UInt8](repeating: 0x2E, count: 80)
            var span = output.mutableSpan
            batch.writeText(slot, form: form, to: &span, at: 13)
            let text = try pseudonym(domain, .string, [0x61], form: form)
            #expect(
                String(decoding: output, as: UTF8.self)
                    == String(repeating: ".", count: 13) + text
                    + String(repeating: ".", count: 67 - form.textByteCount))
            #expect(!text.contains(".") && !text.contains("~"))
        }
        var raw = ByteScratch()
        batch.appendBytes(slot, to: &raw)
        #expect(Oracle.base64URL(raw.array) == String(try pseudonym(domain, .string, [0x61]).dropFirst(8)))
    }

    @Test("many domains in a row: the table is let go of and nothing mixes")
    func manyDomains() throws {
        let ring = try ring()
        let domains = try (0..<150).map {
            ring.activeDomain(try PseudonymDomainName(type: "t\($0)", scope: .global))
        }
        var batch = PseudonymBatch()
        let none: [UInt8] = []
        for _ in 0..<3 {
            batch.removeAll()
            for domain in domains + domains.reversed() {
                _ = try batch.add(domain, .string, [0x61].span, issuer: none.span)
            }
            batch.run()
            for (slot, domain) in (domains + domains.reversed()).enumerated() where slot % 17 == 0 {
                var output = ByteScratch()
                batch.appendText(slot, to: &output)
                #expect(try output.text == pseudonym(domain, .string, [0x61]))
            }
        }
    }

    @Test("the alphabet: every six-bit value in every place")
    func alphabet() throws {
        // 16-byte texts of 600 values show all 64 characters in each of the first 21 places.
        let domain = try Self.domains()[2]
        var messages = PseudonymMessages()
        let none: [UInt8] = []
        for index in 0..<2000 {
            try messages.append(.integer, Array("\(index)".utf8).span, profile: .text, issuer: none.span)
        }
        var writer = PseudonymBulkWriter()
        var texts = [UInt8](repeating: 0, count: 2000 * 30)
        var raw = [UInt8](repeating: 0, count: 2000 * 16)
        var span = texts.mutableSpan
        writer.writeTexts(messages.bytes.span, offsets: messages.offsets.span, domain: domain, to: &span)
        var rawSpan = raw.mutableSpan
        writer.writeBytes(messages.bytes.span, offsets: messages.offsets.span, domain: domain, to: &rawSpan)
        var seen = [Set<UInt8>](repeating: [], count: 22)
        for index in 0..<2000 {
            let text = texts[index * 30..<index * 30 + 30]
            #expect(
                String(decoding: text, as: UTF8.self)
                    == "p1_k001_" + Oracle.base64URL(Array(raw[index * 16..<index * 16 + 16])))
            for place in 0..<22 { seen[place].insert(texts[index * 30 + 8 + place]) }
        }
        #expect(seen.dropLast().allSatisfy { $0.count == 64 })
        #expect(seen.last?.count == 4)
    }
}

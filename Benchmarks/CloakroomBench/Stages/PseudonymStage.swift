// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan

/// `pseudonym.raw` and `pseudonym.text` over the bulk writer: many values of one domain. `raw` turns canonical messages
/// into tags, which is what the peers do; `text` canonicalizes (`text/1`), tags and writes the `p1_…` texts. One
/// operation
/// is one value.
struct MakePseudonyms: Workload, ~Copyable {
    private let values: TokenTable
    private let domain: PseudonymDomain
    private let pseudonymizer: Pseudonymizer
    private let isText: Bool
    private let batchCount: Int
    private var writer = PseudonymBulkWriter()
    private var messages = PseudonymMessages()
    /// For `raw`: the canonical messages of each batch, made once.
    private var prepared: [(bytes: [UInt8], offsets: [UInt32])] = []
    private var tags: [UInt8]
    private var output = ByteScratch(capacity: 1 << 16)
    private var start = 0

    /// `values` is repeated or cut to whole batches.
    init(_ values: TokenTable, isText: Bool, batchCount: Int) throws(BenchFailure) {
        self.values = values.repeated(to: max(1, 1_024 / batchCount) * batchCount)
        self.isText = isText
        self.batchCount = batchCount
        tags = [UInt8](repeating: 0, count: batchCount * PseudonymForm.standard.byteCount)
        (domain, pseudonymizer) = try Self.domain()
        guard !isText else { return }
        for first in stride(from: 0, to: self.values.count, by: batchCount) {
            prepare(first)
            prepared.append((messages.bytes.copy, messages.offsets))
        }
    }

    /// Puts the canonical messages of one batch into `messages`.
    private mutating func prepare(_ first: Int) {
        let values = values
        let noIssuer = values.bytes.span.extracting(0..<0)
        messages.removeAll()
        for index in first..<(first &+ batchCount) {
            try? messages.append(
                .string, values.bytes.span.extracting(values.places[index]), profile: .text, issuer: noIssuer)
        }
    }

    private static func domain() throws(BenchFailure) -> (PseudonymDomain, Pseudonymizer) {
        do {
            let ring = try BenchKeys.pseudonymRing()
            let name = try PseudonymDomainName(type: "email", scope: .global)
            return (ring.activeDomain(name), Pseudonymizer(ring: ring, domain: name))
        } catch {
            throw .input("cannot make the pseudonym domain")
        }
    }

    /// One batch an iteration.
    mutating func run(_ iterations: Int) {
        for _ in 0..<iterations {
            if isText {
                prepare(start)
                output.removeAll()
                writer.appendTexts(messages, domain: domain, to: &output)
            } else {
                let batch = prepared[start / batchCount]
                Self.writeTags(&writer, batch.bytes, batch.offsets, domain, to: &tags)
            }
            start &+= batchCount
            if start >= values.count { start = 0 }
        }
        blackHole(output.count)
    }

    private static func writeTags(
        _ writer: inout PseudonymBulkWriter, _ bytes: [UInt8], _ offsets: [UInt32], _ domain: PseudonymDomain,
        to tags: inout [UInt8]
    ) {
        var span = tags.mutableSpan
        writer.writeBytes(bytes.span, offsets: offsets.span, domain: domain, to: &span)
    }

    /// Against the one-value call, which shares neither the bulk writer nor its loop.
    mutating func isRight() -> Bool {
        start = 0
        run(1)
        let width = isText ? PseudonymForm.standard.textByteCount : PseudonymForm.standard.byteCount
        let written = isText ? output.copy : tags
        guard written.count == width * batchCount else { return false }
        for index in 0..<batchCount {
            let value = String(decoding: values[index], as: UTF8.self)
            guard let text = try? pseudonymizer.pseudonym(of: value) else { return false }
            let expected = isText ? Array(text.utf8) : Base64URLText.decode(String(text.dropFirst(8)))
            guard written[(index * width)..<((index + 1) * width)].elementsEqual(expected) else { return false }
        }
        return true
    }
}

/// Keys of a fixed value: pseudonyms of a run can be compared with those of another.
enum BenchKeys {
    static func pseudonymRing() throws -> PseudonymKeyRing {
        let key = BenchInputs.valueKey
        let root = try PseudonymRootKey(keyID: "k001", key: key.span, isActive: true)
        return try PseudonymKeyRing(tenant: "bench", keys: [root])
    }
}

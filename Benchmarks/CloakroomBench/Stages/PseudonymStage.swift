// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan

/// `pseudonym.raw` and `pseudonym.text`: canonicalize, authenticate and write a batch of values; one operation is one
/// value.
struct MakePseudonyms: Workload, ~Copyable {
    private let values: TokenTable
    private let domain: PseudonymDomain
    private let pseudonymizer: Pseudonymizer
    private let isText: Bool
    private let batchCount: Int
    private var batch = PseudonymBatch()
    private var output = ByteScratch(capacity: 1 << 16)
    private var start = 0

    /// `values` is repeated or cut to whole batches.
    init(_ values: TokenTable, isText: Bool, batchCount: Int) throws(BenchFailure) {
        self.values = values.repeated(to: max(1, 1_024 / batchCount) * batchCount)
        self.isText = isText
        self.batchCount = batchCount
        (domain, pseudonymizer) = try Self.domain()
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
        let (values, domain) = (values, domain)
        var start = start
        for _ in 0..<iterations {
            batch.removeAll()
            output.removeAll()
            let noIssuer = values.bytes.span.extracting(0..<0)
            for index in start..<(start &+ batchCount) {
                _ = try? batch.add(
                    domain, .string, values.bytes.span.extracting(values.places[index]), issuer: noIssuer)
            }
            batch.run()
            if isText {
                for slot in 0..<batch.count { batch.appendText(slot, to: &output) }
            } else {
                for slot in 0..<batch.count { batch.appendBytes(slot, to: &output) }
            }
            start &+= batchCount
            if start >= values.count { start = 0 }
        }
        self.start = start
        blackHole(output.count)
    }

    /// Against the one-value call, which shares neither the batch nor the text writer's loop.
    mutating func isRight() -> Bool {
        start = 0
        run(1)
        let width = isText ? PseudonymForm.standard.textByteCount : PseudonymForm.standard.byteCount
        guard output.count == width * batchCount else { return false }
        let written = output.copy
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

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenCrypto
import TokenScan
import TokenVerify

/// The corpora under `Fixtures`, as its index describes them.
struct FixtureIndex: Decodable {
    let corpora: [Corpus]

    /// One corpus: tokens of one issuer and kind, in several algorithms, and how to accept them.
    struct Corpus: Decodable {
        let corpus: String
        let issuer: String
        let audiences: [String]
        let types: [String]
        let required: [String]
        let maxLifetimeSeconds: Int64?
        let leewaySeconds: Int64
        let now: Int64
        let policy: String
        let algorithms: [String: Files]
    }

    /// Where the tokens and keys of one algorithm are.
    struct Files: Decodable {
        let tokens: String
        let keys: String
    }

    /// Reads `index.json` of the fixtures folder.
    static func read(_ folder: String) throws(BenchFailure) -> FixtureIndex {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let data = FileManager.default.contents(atPath: "\(folder)/index.json"),
            let index = try? decoder.decode(FixtureIndex.self, from: data)
        else { throw .input("no readable index.json in \(folder)") }
        return index
    }
}

/// The tokens of one corpus and algorithm with a verifier that accepts them.
struct FixtureCorpus {
    let name: String
    let algorithm: String
    let tokens: TokenTable
    let now: Int64
    /// How the tokens are accepted.
    let accept: AcceptEntry
    let verifier: Verifier

    /// Reads one corpus; nil when the fixtures do not have this algorithm.
    init?(_ corpus: FixtureIndex.Corpus, algorithm: String, folder: String) throws(BenchFailure) {
        guard let files = corpus.algorithms[algorithm] else { return nil }
        guard let lines = FileManager.default.contents(atPath: "\(folder)/\(files.tokens)"),
            let keyData = FileManager.default.contents(atPath: "\(folder)/\(files.keys)")
        else { throw .input("cannot read corpus \(corpus.corpus)") }
        name = corpus.corpus
        self.algorithm = algorithm
        tokens = TokenTable(lines.split(separator: UInt8(ascii: "\n")).map { [UInt8]($0) })
        now = corpus.now
        (accept, verifier) = try Self.verifier(corpus, keys: [UInt8](keyData))
        guard tokens.count > 0 else { throw .input("corpus \(corpus.corpus) is empty") }
    }

    private static func verifier(
        _ corpus: FixtureIndex.Corpus, keys: [UInt8]
    ) throws(BenchFailure) -> (AcceptEntry, Verifier) {
        do {
            let set = try KeySet.parse(jwks: keys.span, algorithm: nil)
            var leeway: Int64? = corpus.leewaySeconds
            if let cap = corpus.maxLifetimeSeconds { leeway = min(corpus.leewaySeconds, cap / 10) }
            let entry = AcceptEntry(
                issuers: [corpus.issuer], audiences: corpus.audiences, keys: try KeyRing(set.keys),
                types: corpus.types,
                required: Set(corpus.required.compactMap { AcceptEntry.Claim(rawValue: $0) }),
                lifetimeSecondsMax: corpus.maxLifetimeSeconds, leewaySeconds: leeway)
            return (entry, try Verifier(accept: [entry]))
        } catch {
            throw .input("cannot build a verifier for corpus \(corpus.corpus)")
        }
    }

    /// The decoded payloads, by Foundation.
    var payloads: TokenTable {
        TokenTable(
            tokens.items.map { token in
                let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                return parts.count == 3 ? Base64URLText.decode(String(decoding: parts[1], as: UTF8.self)) : []
            })
    }
}

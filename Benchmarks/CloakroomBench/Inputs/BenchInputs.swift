// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenCrypto
import TokenVerify

/// Everything that the stages run over, made or read once. The peers' process gets the same bytes.
struct BenchInputs {
    /// Fresh keys, by algorithm.
    let keys: [KeyMaterial]
    /// The reference tokens: nine claims, 508 bytes with HS256; each list holds 16 different ones.
    let reference: [TokenTable]
    /// The claims sets inside the reference tokens.
    let referenceClaims: TokenTable
    /// Tokens for the exchange, in the order of `keys`; 16 different ones each.
    let exchange: [TokenTable]
    /// Values of 16 to 48 bytes, 1 024 of them: what pseudonyms are made of.
    let values: TokenTable
    /// The corpora of the fixtures, every algorithm; empty when there are no fixtures.
    let corpora: [FixtureCorpus]
    /// The fixtures' folder.
    let folder: String

    /// Lengths for base64url, in decoded bytes.
    static let segmentByteCounts = [
        48, 64, 96, 128, 192, 256, 384, 512, 732, 800, 1_024, 2_048, 4_096, 8_192, 12_288,
    ]
    /// The HMAC key for values.
    static let valueKey = [UInt8]((0..<32).map { UInt8($0 &* 7 &+ 3) })

    /// Makes the keys and tokens and reads the corpora; `isMinimal` leaves out all but HS256, whose set-up always takes
    /// about the same instructions (an RSA key does not).
    init(fixtures folder: String, isMinimal: Bool = false) throws(BenchFailure) {
        self.folder = folder
        var keys: [KeyMaterial] = []
        let all: [SignatureAlgorithm] = [.hs256, .rs256, .ps256, .es256, .edDSA]
        for algorithm in isMinimal ? [.hs256] : all {
            keys.append(try KeyMaterial(algorithm))
        }
        self.keys = keys
        // One padding for all algorithms, so that the claims sets are the same.
        let signer = try TokenSigner(keys[0])
        let bare = try signer.sign(SyntheticToken.nineClaims(number: 0, paddingByteCount: 0)).count
        var padding = max(0, (SyntheticToken.referenceByteCount - bare) * 3 / 4)
        while try signer.sign(SyntheticToken.nineClaims(number: 0, paddingByteCount: padding)).count
            < SyntheticToken.referenceByteCount
        { padding += 1 }
        let claims = (0..<16).map { SyntheticToken.nineClaims(number: $0, paddingByteCount: padding) }
        referenceClaims = TokenTable(claims.map { Array($0.utf8) })
        reference = try Self.tokens(claims, keys)
        exchange = try Self.tokens((0..<16).map { ExchangeSetup.claims(number: $0) }, keys)
        values = Self.makeValues(1_024)
        corpora = isMinimal ? [] : try Self.corpora(folder)
    }

    /// The same claims sets as tokens of each key.
    private static func tokens(_ claims: [String], _ keys: [KeyMaterial]) throws(BenchFailure) -> [TokenTable] {
        var tables: [TokenTable] = []
        for key in keys {
            let signer = try TokenSigner(key)
            var table = TokenTable()
            for claims in claims { table.append(try signer.sign(claims)) }
            tables.append(table)
        }
        return tables
    }

    private static func makeValues(_ count: Int) -> TokenTable {
        TokenTable(
            (0..<count).map { index in
                let text = "person-\(10_000 + index)@"
                let length = 16 + index * 7 % 33
                return Array((text + String(repeating: "customers.example.", count: 3)).utf8.prefix(length))
            })
    }

    private static func corpora(_ folder: String) throws(BenchFailure) -> [FixtureCorpus] {
        guard FileManager.default.fileExists(atPath: "\(folder)/index.json") else { return [] }
        var corpora: [FixtureCorpus] = []
        for corpus in try FixtureIndex.read(folder).corpora {
            for algorithm in corpus.algorithms.keys.sorted() {
                if let read = try FixtureCorpus(corpus, algorithm: algorithm, folder: folder) { corpora.append(read) }
            }
        }
        return corpora
    }

    /// An accept entry with the default rules for the reference tokens of one key.
    static func acceptEntry(_ material: KeyMaterial) throws(BenchFailure) -> AcceptEntry {
        do {
            return AcceptEntry(
                issuers: [SyntheticToken.issuer], audiences: [SyntheticToken.audience],
                keys: try KeyRing([material.key]))
        } catch {
            throw .input("cannot build the reference key ring")
        }
    }

    /// A verifier of that entry.
    static func verifier(
        _ material: KeyMaterial, cache: VerifiedTokenCache? = nil
    ) throws(BenchFailure) -> Verifier {
        let entry = try acceptEntry(material)
        do {
            return try Verifier(accept: [entry], cache: cache)
        } catch {
            throw .input("cannot build the reference verifier")
        }
    }

    /// A verifier that asks only for `exp`: small enough tokens carry no more.
    static func lenientVerifier(_ material: KeyMaterial) throws(BenchFailure) -> Verifier {
        do {
            let entry = AcceptEntry(
                issuers: [], audiences: [], keys: try KeyRing([material.key]), types: nil, required: [.expires],
                lifetimeSecondsMax: nil)
            return try Verifier(accept: [entry])
        } catch {
            throw .input("cannot build the verifier of the growth series")
        }
    }

    /// The bytes of a base64url segment of a size: a JSON-like text, repeated.
    static func segment(_ byteCount: Int) -> [UInt8] {
        let text = Array(
            "{\"sub\":\"8f14e45f-ceea-467f-a0e6-1b2c3d4e5f60\",\"roles\":[\"orders:read\",\"Größe\"]}".utf8)
        return (0..<byteCount).map { text[$0 % text.count] }
    }
}

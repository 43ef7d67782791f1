// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenScan

/// Makes the committed test keys: a set per issuer and algorithm, a stranger's keys, keys for the output, and a
/// pseudonym key set. Keys are random, so this runs once; it never replaces a file.
package struct KeyFiles {
    /// Folder of the keys that no verifier knows.
    package static let stranger = "stranger"
    /// Folder of the keys that sign the anonymized tokens.
    package static let output = "output"

    private let files: FixtureFiles
    private var random: RandomStream

    /// Key files under `files`; `seed` is for key identifiers only.
    package init(files: FixtureFiles, seed: UInt64 = TokenComposer.committedSeed) {
        self.files = files
        random = RandomStream(seed: seed, corpus: 255, index: 0)
    }

    /// Path of the set that verifies.
    package static func publicPath(_ folder: String, _ algorithm: FixtureAlgorithm) -> String {
        "keys/\(folder)/\(algorithm.rawValue).jwks"
    }

    /// Path of the file that signs: a set, but one key for the output; for HS256 the file that verifies.
    package static func privatePath(_ folder: String, _ algorithm: FixtureAlgorithm) -> String {
        if algorithm == .hs256 { return publicPath(folder, algorithm) }
        return "keys/\(folder)/\(algorithm.rawValue).private." + (folder == output ? "jwk" : "jwks")
    }

    /// Writes every key file that is not there.
    package mutating func writeMissing() throws(FixtureError) {
        for issuer in Issuer.all {
            for algorithm in FixtureAlgorithm.allCases {
                let keyIDs = (0..<issuer.keyCount).map { _ in keyID(issuer.keyIDForm) }
                try writeSet(issuer.name, algorithm, keyIDs: keyIDs)
            }
        }
        for algorithm in FixtureAlgorithm.allCases {
            try writeSet(Self.stranger, algorithm, keyIDs: ["stranger"])
            try writeSet(Self.output, algorithm, keyIDs: ["fixture-output-\(algorithm.rawValue.lowercased())"])
        }
        try writePseudonymSet()
    }

    private mutating func keyID(_ form: KeyIDForm) -> String? {
        switch form {
        case .base64URL43: random.base64URL(byteCount: 32)
        case .base64URL27: random.base64URL(byteCount: 20)
        case .base64URL21: random.base64URL(byteCount: 15) + "x"
        case .base64Padded: random.alphanumerics(42) + "8="
        case .hexadecimal40: random.hex(40)
        case .capitals10: random.capitals(10)
        case .alphanumerics8: random.alphanumerics(8)
        case .absent: nil
        }
    }

    private func writeSet(
        _ folder: String, _ algorithm: FixtureAlgorithm, keyIDs: [String?]
    ) throws(FixtureError) {
        let privatePath = Self.privatePath(folder, algorithm)
        guard !files.exists(privatePath) else { return }
        var privateKeys: [[UInt8]] = []
        var publicKeys: [[UInt8]] = []
        for keyID in keyIDs {
            var privateKey = ByteScratch(isSecret: true)
            var publicKey = ByteScratch()
            do {
                let key = try SignatureKey.generate(
                    algorithm: algorithm.signatureAlgorithm, keyID: keyID.map { Array($0.utf8) })
                try key.writePrivateJWK(into: &privateKey)
                if !key.isSymmetric { try key.writePublicJWK(into: &publicKey) }
            } catch {
                throw .cryptography
            }
            privateKeys.append([UInt8](copying: privateKey.span))
            publicKeys.append([UInt8](copying: publicKey.span))
        }
        // The command line signs with one key, not with a set.
        let isSingle = folder == Self.output && algorithm != .hs256
        try files.write(
            isSingle ? privateKeys[0] + [UInt8(ascii: "\n")] : Self.set(privateKeys), to: privatePath, isPrivate: true)
        guard algorithm != .hs256 else { return }
        let publicSet = Self.set(publicKeys)
        try files.write(publicSet, to: Self.publicPath(folder, algorithm))
        if folder.hasPrefix("entra"), algorithm == .rs256 {
            // As Entra ID publishes its keys: without `alg`, so that a verifier must be told.
            let text = String(decoding: publicSet, as: UTF8.self).replacing(",\"alg\":\"RS256\"", with: "")
            try files.write(Array(text.utf8), to: "keys/\(folder)/RS256.no-alg.jwks")
        }
    }

    private static func set(_ keys: [[UInt8]]) -> [UInt8] {
        Array("{\"keys\":[\n".utf8) + Array(keys.joined(separator: Array(",\n".utf8))) + Array("\n]}\n".utf8)
    }

    private func writePseudonymSet() throws(FixtureError) {
        let path = "keys/pseudonym.jwks"
        guard !files.exists(path) else { return }
        var set = ByteScratch(isSecret: true)
        do {
            let keys = [
                try SecretKey.generate(algorithm: .pseudonym, keyID: Array("k001".utf8).span),
                try SecretKey.generate(algorithm: .pseudonym, keyID: Array("k002".utf8).span),
            ]
            try SecretKeySet(keys: keys, activeIndex: 1).writeJWKSet(into: &set)
        } catch {
            throw .cryptography
        }
        try files.write([UInt8](copying: set.span), to: path, isPrivate: true)
    }
}

extension FixtureAlgorithm {
    /// The engine's name for it.
    package var signatureAlgorithm: SignatureAlgorithm {
        switch self {
        case .hs256: .hs256
        case .rs256: .rs256
        case .es256: .es256
        case .edDSA: .edDSA
        }
    }
}

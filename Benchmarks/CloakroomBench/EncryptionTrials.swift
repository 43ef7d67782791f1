// SPDX-License-Identifier: Apache-2.0
import TokenCrypto

/// `jwe.<alg>.<enc>.encrypt` and `.decrypt` over a claim group of 200 bytes.
struct EncryptionTrials {
    private static let pairs: [(KeyManagement, ContentEncryption, EncryptionKey.Curve?)] = [
        (.a256KW, .a256GCM, nil), (.direct, .a256GCM, nil), (.a256KW, .a128CBCHS256, nil),
        (.a256KW, .a256CBCHS512, nil), (.a256GCMKW, .a256GCM, nil), (.ecdhESA256KW, .a256GCM, .p256),
        (.ecdhESA256KW, .a256GCM, .x25519), (.rsaOAEP256, .a256GCM, nil),
    ]

    static func all() throws(BenchFailure) -> [Trial] {
        var trials: [Trial] = []
        for (algorithm, content, curve) in pairs {
            let setup = try EncryptionSetup(algorithm, content, curve: curve)
            let name = "jwe.\(algorithm.jwaName.lowercased()).\(content.jwaName.lowercased())"
            let corpus = (curve?.rawValue ?? "") + "200B"
            let isBare = content == .a256GCM && (algorithm == .a256KW || algorithm == .direct)
            trials.append(
                Trial(
                    name: "\(name).encrypt", corpus: corpus, unit: "token", byteCount: Double(setup.plaintext.count),
                    isAllocationFree: setup.key.isSymmetric,
                    own: { () throws(BenchFailure) in LocalContender(try EncryptGroup.make(setup)) },
                    peers: { () throws(BenchFailure) in
                        guard isBare else { return [] }
                        let bare = OpenSSLSeal(wraps: algorithm == .a256KW, setup.plaintext)
                        return [LocalContender("openssl-bare", bare)]
                    }))
            trials.append(
                Trial(
                    name: "\(name).decrypt", corpus: corpus, unit: "token", byteCount: Double(setup.plaintext.count),
                    isAllocationFree: setup.key.isSymmetric,
                    own: { () throws(BenchFailure) in LocalContender(try DecryptGroup.make(setup)) }))
        }
        return trials
    }
}

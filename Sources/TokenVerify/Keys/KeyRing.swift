// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
import TokenScan

/// The keys that one issuer signs with: immutable, shared freely between threads.
///
/// A key has one algorithm. A token names its key by `kid`, byte for byte; an unknown `kid` never falls to
/// another key, and a token without `kid` is accepted only where exactly one key has its algorithm.
public struct KeyRing: Sendable {
    /// The keys that may verify, in the order they were given.
    public let keys: [SignatureKey]

    /// Makes a ring. Keys whose `key_ops` exclude `verify` are left out: a token that names one names no key.
    ///
    /// - Throws: ``ConfigurationError/noKey`` when no key is left, ``ConfigurationError/mixedKeyKinds`` for HMAC
    ///   secrets beside public keys (a secret in a set that is meant to be published is a secret no more),
    ///   ``ConfigurationError/duplicateKeyID`` when two keys share both `kid` and algorithm (one `kid` for two
    ///   algorithms is no conflict: `alg` tells them apart).
    public init(_ keys: [SignatureKey]) throws(ConfigurationError) {
        let keys = keys.filter(\.canVerify)
        guard let first = keys.first else { throw .noKey }
        if keys.contains(where: { $0.isSymmetric != first.isSymmetric }) { throw .mixedKeyKinds }
        for (i, key) in keys.enumerated() {
            guard let keyID = key.keyID else { continue }
            for other in keys[..<i] where other.keyID == keyID && other.algorithm == key.algorithm {
                throw .duplicateKeyID
            }
        }
        self.keys = keys
    }

    /// The key that a header names: its index, or why there is none. O(keys), and remembered per header by the
    /// caller. (RFC 7515 section 4.1.4)
    func index(keyID: Span<UInt8>?, algorithm: SignatureAlgorithm) -> Result<Int, Refusal> {
        guard let keyID else { return onlyKey(of: algorithm) }
        var sawKeyID = false
        for (i, key) in keys.enumerated() {
            guard let candidate = key.keyID, keyID.equals(candidate.span) else { continue }
            if key.algorithm == algorithm { return .success(i) }
            sawKeyID = true
        }
        return .failure(Refusal(sawKeyID ? .algorithmMismatch : .unknownKey))
    }

    private func onlyKey(of algorithm: SignatureAlgorithm) -> Result<Int, Refusal> {
        var found: Int?
        for (i, key) in keys.enumerated() where key.algorithm == algorithm {
            if found != nil { return .failure(Refusal(.unknownKey)) }
            found = i
        }
        if let found { return .success(found) }
        // One key, bound to another algorithm: the header contradicts it. Several: none was named.
        return .failure(Refusal(keys.count == 1 ? .algorithmMismatch : .unknownKey))
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// The keys of a ring at one moment: immutable, checked once, looked up by `kid` and algorithm.
struct KeyList: Sendable {
    /// The keys that may verify, in the order they were given.
    let keys: [SignatureKey]

    static let empty = KeyList(checked: [])

    private init(checked keys: [SignatureKey]) { self.keys = keys }

    /// Checks the keys of one ring; see ``KeyRing/init(_:)`` for what is refused.
    init(_ keys: [SignatureKey]) throws(ConfigurationError) {
        let keys = keys.filter(\.canVerify)
        guard let first = keys.first else { throw .noKey }
        if keys.contains(where: { $0.isSymmetric != first.isSymmetric }) { throw .mixedKeyKinds }
        for (i, key) in keys.enumerated() {
            guard let keyID = key.keyID else { continue }
            for other in keys[..<i] where other.keyID == keyID && other.algorithm == key.algorithm {
                throw .duplicateKeyID
            }
        }
        self.init(checked: keys)
    }

    /// Whether the ring holds HMAC secrets; a ring keeps its kind for life.
    var isSymmetric: Bool { keys.first?.isSymmetric ?? false }

    /// The same keys, but each one that `old` has already as the object that `old` has, so that contexts and tables
    /// made for it stay in use; nil when nothing differs, order included. O(keys).
    func reusing(_ old: KeyList) -> KeyList? {
        var known: [Identity: SignatureKey] = [:]
        for key in old.keys { known[Identity(key)] = key }
        let kept = keys.map { known[Identity($0)] ?? $0 }
        guard kept.count != old.keys.count || zip(kept, old.keys).contains(where: { $0 !== $1 }) else { return nil }
        return KeyList(checked: kept)
    }

    /// What makes two loaded keys the same key for verification.
    private struct Identity: Hashable {
        let thumbprint: [UInt8]
        let algorithm: SignatureAlgorithm
        let keyID: [UInt8]?

        init(_ key: SignatureKey) {
            thumbprint = key.thumbprint()
            algorithm = key.algorithm
            keyID = key.keyID
        }
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

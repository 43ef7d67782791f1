// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
import TokenPersonalData
import TokenScan

/// The keys of a vault, bound to one tenant: those that wrap the keys of persons, those of the index and of person
/// handles, and those of the audit chain.
///
/// Each file key is the input of HKDF-SHA256 (RFC 5869) with salt `cloakroom/v1` and an `info` that names its use and
/// the tenant, so that two tenants share nothing even under one file, and no key serves two purposes. Immutable; any
/// thread. Prints nothing of its content.
public struct VaultKeys: Sendable {
    /// The tenant that every key is bound to.
    public let tenant: String
    let tenantBytes: [UInt8]
    /// Of wrapping, in file order.
    let wrapping: [WrappingKey]
    let activeWrapping: Int
    /// Of the index, the active one first.
    let index: [IndexKey]
    /// Of the audit chain, the active one first.
    let audit: [AuditKey]

    /// A key that wraps keys of persons.
    struct WrappingKey: Sendable {
        let keyID: UInt32
        let key: SecretBytes
        let check: KeyCheck
    }

    /// What one index key gives: the tags that records are found by, the mask of their places, person handles.
    struct IndexKey: Sendable {
        let keyID: UInt32
        let tags: HMACSHA256Key
        let places: HMACSHA256Key
        let handles: PseudonymDomain
        let check: KeyCheck
    }

    /// A key of the audit chain.
    struct AuditKey: Sendable {
        let keyID: UInt32
        let chain: HMACSHA256Key
        let fingerprints: HMACSHA256Key
        let check: KeyCheck
    }

    /// Reads a JWK Set with `cloakroom-kek1`, `cloakroom-index1` and `cloakroom-audit1` keys, as `cloakroom key
    /// generate --alg vault` writes it.
    ///
    /// - Throws: ``TokenCrypto/KeyError``; `.missingMember` for an empty tenant or one over 128 bytes.
    public init(tenant: String, jwks: Span<UInt8>) throws(KeyError) {
        let sets = try SecretKeySet.parse(jwks, algorithms: Self.algorithms)
        try self.init(tenant: tenant, sets: sets)
    }

    /// The uses of a vault's keys, in the order of ``init(tenant:sets:)``.
    package static let algorithms: [SecretKeyAlgorithm] = [.keyEncryption, .index, .audit]

    /// Fresh keys, one of each use, for tests and for `key generate`.
    ///
    /// - Throws: ``TokenCrypto/KeyError``.
    package static func generate(keyID: Span<UInt8>) throws(KeyError) -> [SecretKeySet] {
        var sets: [SecretKeySet] = []
        for algorithm in algorithms {
            sets.append(try SecretKeySet(keys: [SecretKey.generate(algorithm: algorithm, keyID: keyID)]))
        }
        return sets
    }

    /// Derives the tenant's keys from the sets of all three uses.
    package init(tenant: String, sets: [SecretKeySet]) throws(KeyError) {
        guard sets.count == 3 else { throw .noKey }
        tenantBytes = Array(tenant.utf8)
        guard (1...128).contains(tenantBytes.count) else { throw .missingMember }
        self.tenant = tenant
        let bytes = tenantBytes
        wrapping = sets[0].keys.map { key in
            WrappingKey(
                keyID: key.keyIDNumber, key: Self.derive(key, "wrap/1", bytes),
                check: KeyCheck(use: .wrapping, key, Self.derive(key, "check/1", bytes)))
        }
        activeWrapping = sets[0].activeIndex
        var indexKeys: [IndexKey] = []
        for key in Self.activeFirst(sets[1]) { indexKeys.append(try Self.indexKey(key, tenant: tenant, bytes)) }
        index = indexKeys
        audit = Self.activeFirst(sets[2]).map { key in
            AuditKey(
                keyID: key.keyIDNumber, chain: Self.hmacKey(key, "chain/1", bytes),
                fingerprints: Self.hmacKey(key, "fingerprint/1", bytes),
                check: KeyCheck(use: .audit, key, Self.derive(key, "check/1", bytes)))
        }
    }

    /// The wrapping key with this id; nil when the file lacks it.
    func wrappingKey(_ keyID: UInt32) -> WrappingKey? { wrapping.first { $0.keyID == keyID } }

    /// The index key with this id; nil when the file lacks it.
    func indexKey(_ keyID: UInt32) -> IndexKey? { index.first { $0.keyID == keyID } }

    /// What tells a store whether these are its keys.
    var checks: [KeyCheck] { wrapping.map(\.check) + index.map(\.check) + audit.map(\.check) }

    private static func indexKey(
        _ key: SecretKey, tenant: String, _ bytes: [UInt8]
    ) throws(KeyError) -> IndexKey {
        let root = derive(key, "handle/1", bytes)
        do {
            let keyID = key.keyIDText
            let rootKey = try root.withSpan { (span) throws(PseudonymKeyError) in
                try PseudonymRootKey(keyID: keyID, key: span)
            }
            let ring = try PseudonymKeyRing(tenant: tenant, keys: [rootKey])
            let name = try PseudonymDomainName(type: "person", profile: .subject, scope: .global)
            return IndexKey(
                keyID: key.keyIDNumber, tags: hmacKey(key, "index/1", bytes), places: hmacKey(key, "place/1", bytes),
                handles: ring.activeDomain(name),
                check: KeyCheck(use: .index, key, derive(key, "check/1", bytes)))
        } catch {
            throw .keyID
        }
    }

    private static func activeFirst(_ set: SecretKeySet) -> [SecretKey] {
        [set.active] + set.keys.indices.filter { $0 != set.activeIndex }.map { set.keys[$0] }
    }

    private static func derive(_ key: SecretKey, _ use: StaticString, _ tenant: [UInt8]) -> SecretBytes {
        var info = ByteScratch(capacity: 64)
        info.appendLengthPrefixed(use)
        info.appendLengthPrefixed(tenant.span)
        let salt = Array("cloakroom/v1".utf8)
        return key.bytes.withSpan { HKDFSHA256.derive(salt: salt.span, ikm: $0, info: info.span, byteCount: 32) }
    }

    private static func hmacKey(_ key: SecretKey, _ use: StaticString, _ tenant: [UInt8]) -> HMACSHA256Key {
        derive(key, use, tenant).withSpan { HMACSHA256Key($0) }
    }
}

extension VaultKeys: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text: keys are not for logs.
    public var description: String { "VaultKeys(redacted)" }
    /// A fixed text: keys are not for logs.
    public var debugDescription: String { description }
    /// No children: keys are not for logs.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// A value that a store keeps for each key, so that wrong keys show when it is opened. Says nothing about the key.
package struct KeyCheck: Sendable, Equatable {
    /// What the key is for.
    package enum Use: UInt8, Sendable { case wrapping = 1, index, audit }

    /// `check` + use + key id: the name under which a store keeps it.
    package let name: String
    /// 32 bytes derived from the key.
    package let value: [UInt8]

    init(use: Use, _ key: SecretKey, _ derived: SecretBytes) {
        name = "check.\(use.rawValue).\(key.keyIDText)"
        value = derived.withSpan { [UInt8]($0) }
    }
}

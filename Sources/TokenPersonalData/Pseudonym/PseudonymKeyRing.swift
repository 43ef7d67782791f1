// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenScan

/// A root key of pseudonyms under its kid, held as the HMAC midstates of HKDF's extracted key; the 32 bytes are not
/// kept.
public final class PseudonymRootKey: Sendable {
    /// Four characters of `[a-z0-9]`.
    public let keyID: String
    /// Whether new pseudonyms are made with this key.
    public let isActive: Bool
    let textPrefix: UInt64
    private let extracted: HMACSHA256Key

    /// Takes a key of exactly 32 bytes.
    ///
    /// - Throws: ``PseudonymKeyError/keyID``, ``PseudonymKeyError/keyByteCount``.
    public init(keyID: String, key: Span<UInt8>, isActive: Bool = false) throws(PseudonymKeyError) {
        guard key.count == 32 else { throw .keyByteCount }
        textPrefix = try Self.textPrefix(keyID: keyID)
        self.keyID = keyID
        self.isActive = isActive
        let salt = Array("cloakroom/p1".utf8)
        var scratch = ByteScratch(capacity: 32, isSecret: true)
        scratch.appendZeros(32)
        var bytes = scratch.mutableSpan
        HMACSHA256Key(salt.span).authenticate(key, into: &bytes)
        extracted = HMACSHA256Key(scratch.span)
    }

    /// HKDF-Expand to 32 bytes (RFC 5869 section 2.3): one block, `HMAC(PRK, info | 01)`. Appends and removes one
    /// byte of `info`.
    func domainKey(info: inout ByteScratch) -> HMACSHA256Key {
        var scratch = ByteScratch(capacity: 32, isSecret: true)
        scratch.appendZeros(32)
        let byteCount = info.count
        info.append(0x01)
        var bytes = scratch.mutableSpan
        extracted.authenticate(info.span, into: &bytes)
        info.truncate(to: byteCount)
        return HMACSHA256Key(scratch.span)
    }

    private static func textPrefix(keyID: String) throws(PseudonymKeyError) -> UInt64 {
        guard keyID.utf8.count == 4 else { throw .keyID }
        // "p1_", four bytes of kid, "_", the first byte lowest.
        var word: UInt64 = 0x5F00_0000_005F_3170
        var shift: UInt64 = 24
        for byte in keyID.utf8 {
            guard ASCIIBytes.isDigit(byte) || byte &- 0x61 < 26 else { throw .keyID }
            word |= UInt64(byte) << shift
            shift += 8
        }
        return word
    }
}

/// The root keys of one tenant: one active key makes pseudonyms, all accepted keys find them again.
///
/// Values under different kids are unrelated by design. Immutable: a rotation makes a new ring. The ring belongs to the
/// issuer; a verifier never needs it.
public struct PseudonymKeyRing: Sendable {
    /// The tenant that every domain key is bound to.
    public let tenant: String
    /// All accepted keys in the order given.
    public let keys: [PseudonymRootKey]
    /// The place of the active key in ``keys``: the one marked active, else the first.
    package let activeIndex: Int
    let tenantBytes: [UInt8]

    /// Makes a ring.
    ///
    /// - Throws: ``PseudonymKeyError``: no key, two kids alike, several active keys, an empty tenant.
    public init(tenant: String, keys: [PseudonymRootKey]) throws(PseudonymKeyError) {
        guard !tenant.isEmpty else { throw .emptyName }
        guard !keys.isEmpty else { throw .noKey }
        var active: Int?
        for (index, key) in keys.enumerated() {
            if keys[..<index].contains(where: { $0.keyID == key.keyID }) { throw .duplicateKeyID }
            guard key.isActive else { continue }
            guard active == nil else { throw .severalActive }
            active = index
        }
        self.tenant = tenant
        self.keys = keys
        activeIndex = active ?? 0
        tenantBytes = Array(tenant.utf8)
    }

    /// Makes a ring of the keys of a `cloakroom-p1` key file.
    ///
    /// - Throws: ``PseudonymKeyError/emptyName`` for an empty tenant.
    package init(tenant: String, keys: SecretKeySet) throws(PseudonymKeyError) {
        var roots: [PseudonymRootKey] = []
        for (index, key) in keys.keys.enumerated() {
            let keyID = key.keyIDText
            let isActive = index == keys.activeIndex
            roots.append(
                try key.bytes.withSpan { (bytes) throws(PseudonymKeyError) in
                    try PseudonymRootKey(keyID: keyID, key: bytes, isActive: isActive)
                })
        }
        try self.init(tenant: tenant, keys: roots)
    }

    /// The active key's kid.
    public var activeKeyID: String { keys[activeIndex].keyID }

    /// The domain under the active key. Derives anew: about six SHA-256 blocks and two allocations.
    package func activeDomain(_ name: PseudonymDomainName) -> PseudonymDomain {
        domain(name, keyIndex: activeIndex)
    }

    /// The domains under all accepted keys, the active one first.
    package func acceptedDomains(_ name: PseudonymDomainName) -> [PseudonymDomain] {
        [activeDomain(name)]
            + keys.indices.filter { $0 != activeIndex }.map { domain(name, keyIndex: $0) }
    }

    private func domain(_ name: PseudonymDomainName, keyIndex: Int) -> PseudonymDomain {
        let type = Array(name.type.utf8)
        let scopeValue = name.scopeValue
        var info = ByteScratch(capacity: 128)
        PseudonymDomain.appendInfo(
            tenant: tenantBytes.span, type: type.span, profile: name.profile, scope: name.scope.kind,
            scopeValue: scopeValue.span, isErasable: name.isErasable, to: &info)
        return domain(info: &info, profile: name.profile, isErasable: name.isErasable, keyIndex: keyIndex)
    }

    /// The domain whose `info` was written already.
    func domain(
        info: inout ByteScratch, profile: CanonicalProfile, isErasable: Bool, keyIndex: Int
    ) -> PseudonymDomain {
        let root = keys[keyIndex]
        return PseudonymDomain(
            profile: profile, isErasable: isErasable, textPrefix: root.textPrefix, key: root.domainKey(info: &info))
    }
}

extension ByteScratch {
    /// Appends `count` zero bytes.
    mutating func appendZeros(_ count: Int) {
        reserve(count)
        for _ in 0..<count { append(0) }
    }
}

extension PseudonymKeyRing {
    /// Reads the keys of a `cloakroom-p1` JWK or JWK Set, as `cloakroom key generate --alg pseudonym` writes them.
    ///
    /// One bad key spoils the set: a key that were silently missing would change pseudonyms.
    /// - Throws: `KeyError` for the file, ``PseudonymKeyError`` for the tenant.
    public init(tenant: String, jwks: Span<UInt8>) throws {
        try self.init(tenant: tenant, keys: try SecretKeySet.parse(jwks, algorithm: .pseudonym))
    }
}

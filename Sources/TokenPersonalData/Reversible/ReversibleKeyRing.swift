// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenScan

/// The keys of a tenant's reversible values (`s1_…`): one active, older ones still accepted for reversal.
///
/// They are for whoever may undo the values, the controller; a key has 64 bytes (AES-256-SIV, RFC 5297). Immutable; any
/// thread.
public struct ReversibleKeyRing: Sendable {
    /// The tenant, part of every value.
    public let tenant: String
    private let keys: SecretKeySet

    /// Joins a tenant with its keys.
    package init(tenant: String, keys: SecretKeySet) {
        self.tenant = tenant
        self.keys = keys
    }

    /// Reads a JWK or JWK Set of `cloakroom-siv1` keys; `"active": true` marks the one that new values are made with,
    /// else the first is.
    /// - Throws: `KeyError` for a file or a key that cannot be used.
    public init(tenant: String, jwks: Span<UInt8>) throws {
        self.init(tenant: tenant, keys: try SecretKeySet.parse(jwks, algorithm: .siv))
    }

    /// The kid of the active key.
    public var activeKeyID: String { keys.active.keyIDText }

    /// The domain of new values.
    package func activeDomain(_ name: PseudonymDomainName) -> ReversibleDomain {
        ReversibleDomain(tenant: tenant, key: keys.active, name: name)
    }

    /// The domain of values under an accepted key; nil for an unknown kid.
    func domain(keyID: Span<UInt8>, _ name: PseudonymDomainName) -> ReversibleDomain? {
        keys.key(id: keyID).map { ReversibleDomain(tenant: tenant, key: $0, name: name) }
    }
}

/// Where reversible values of one person are equal: a key, and what is authenticated with every value. Immutable.
package struct ReversibleDomain: Sendable {
    /// The rule that makes the bytes to encrypt.
    package let profile: CanonicalProfile
    let key: SecretBytes
    /// `"s1" | LP(kid) | LP(profile) | LP(tenant) | LP(type) | LP(scope)`, one component of associated data.
    let associated: [UInt8]
    /// `s1_<kid>_`
    let textPrefix: [UInt8]

    init(tenant: String, key: SecretKey, name: PseudonymDomainName) {
        profile = name.profile
        self.key = key.bytes
        var scope: [UInt8]
        switch name.scope {
        case .global: scope = Array("global".utf8)
        case .audience(let sector): scope = Array("aud:".utf8) + sector.bytes
        case .token(let jti): scope = Array("jti:".utf8) + jti
        }
        var text = ByteScratch()
        text.append("s1")
        text.appendLengthPrefixed(key.keyID.span)
        text.appendLengthPrefixed(name.profile.label)
        for part in [Array(tenant.utf8), Array(name.type.utf8), scope] { text.appendLengthPrefixed(part.span) }
        associated = [UInt8](text.span)
        textPrefix = Array("s1_".utf8) + [UInt8](key.keyID.span) + [UInt8(ascii: "_")]
    }
}

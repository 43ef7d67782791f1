// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// A pseudonymisation domain under one root key: the domain key as HMAC midstates, its kid and its profile.
///
/// `Kd = HKDF-SHA256(salt "cloakroom/p1", K, info, 32)` (RFC 5869) with
/// `info = LP(label) | LP(tenant) | LP(type) | LP(profile) | LP(scope)`. Values of two domains are unrelated.
/// Immutable, so any thread may use it; the midstates are wiped when the last reference goes.
package final class PseudonymDomain: Sendable {
    /// The rule that makes the bytes to authenticate.
    package let profile: CanonicalProfile
    /// Whether each message holds a person's 16-byte key, whose deletion makes the pseudonym unreachable.
    package let isErasable: Bool
    /// The bytes `p1_kkkk_`, first byte lowest.
    let textPrefix: UInt64
    /// The 48 bits that those eight characters stand for in base64url.
    let prefixBits: UInt64
    let key: HMACSHA256Key

    init(profile: CanonicalProfile, isErasable: Bool, textPrefix: UInt64, key: consuming HMACSHA256Key) {
        self.profile = profile
        self.isErasable = isErasable
        self.textPrefix = textPrefix
        prefixBits = PseudonymText.bits(textPrefix)
        self.key = key
    }

    /// Whether `personKey` fits: 16 bytes in an erasable domain, none in any other.
    func accepts(personKey: Span<UInt8>) -> Bool {
        personKey.count == (isErasable ? 16 : 0)
    }

    /// Appends the `info` of the domain key.
    static func appendInfo(
        tenant: Span<UInt8>, type: Span<UInt8>, profile: CanonicalProfile, scope: PseudonymScope.Kind,
        scopeValue: Span<UInt8>, isErasable: Bool, to output: inout ByteScratch
    ) {
        output.appendLengthPrefixed(isErasable ? "pseudonym-erasable/1" : "pseudonym/1")
        output.appendLengthPrefixed(tenant)
        output.appendLengthPrefixed(type)
        output.appendLengthPrefixed(profile.label)
        switch scope {
        case .global:
            output.appendLengthPrefixed("global")
        case .audience:
            output.appendLength(4 + scopeValue.count)
            output.append("aud:")
            output.append(scopeValue)
        case .token:
            output.appendLength(4 + scopeValue.count)
            output.append("jti:")
            output.append(scopeValue)
        }
    }
}

/// What names a domain beside tenant and root key.
public struct PseudonymDomainName: Sendable, Hashable {
    /// The semantic type (`email`): two claims with one type join on purpose.
    public let type: String
    /// The canonicalization rule, `text/1` where none is named.
    public let profile: CanonicalProfile
    /// Within what the pseudonym stays the same.
    public let scope: PseudonymScope
    /// Whether messages hold a person key.
    public let isErasable: Bool

    /// Names a domain.
    ///
    /// - Throws: ``PseudonymKeyError/emptyName`` for an empty type or jti.
    public init(
        type: String, profile: CanonicalProfile = .text, scope: PseudonymScope, isErasable: Bool = false
    ) throws(PseudonymKeyError) {
        if case .token(let jti) = scope, jti.isEmpty { throw .emptyName }
        guard !type.isEmpty else { throw .emptyName }
        self.type = type
        self.profile = profile
        self.scope = scope
        self.isErasable = isErasable
    }

    var scopeValue: [UInt8] {
        switch scope {
        case .global: []
        case .audience(let sector): sector.bytes
        case .token(let jti): jti
        }
    }
}

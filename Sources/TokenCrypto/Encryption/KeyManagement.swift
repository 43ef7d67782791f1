// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// How a recipient of a JWE gets the content key: `alg` (RFC 7518 section 4.1).
///
/// `RSA1_5`, the password-based `PBES2-*`, and compression (`zip`) do not exist here (RFC 8725 sections 3.2 and 3.6).
public enum KeyManagement: String, CaseIterable, Sendable {
    /// The shared key is the content key itself (RFC 7518 section 4.5). Encrypting needs a ``NonceLease``.
    case direct = "dir"
    /// AES Key Wrap of a fresh content key (RFC 7518 section 4.4).
    case a128KW = "A128KW"
    case a192KW = "A192KW"
    case a256KW = "A256KW"
    /// AES-GCM of a fresh content key (RFC 7518 section 4.7). Encrypting needs a ``NonceLease``.
    case a128GCMKW = "A128GCMKW"
    case a192GCMKW = "A192GCMKW"
    case a256GCMKW = "A256GCMKW"
    /// Ephemeral-static Diffie-Hellman on P-256, P-384, P-521 or X25519: the agreed key is the content key
    /// (RFC 7518 section 4.6, RFC 8037 section 3.2).
    case ecdhES = "ECDH-ES"
    /// The same, where the agreed key wraps a fresh content key.
    case ecdhESA128KW = "ECDH-ES+A128KW"
    case ecdhESA192KW = "ECDH-ES+A192KW"
    case ecdhESA256KW = "ECDH-ES+A256KW"
    /// RSAES-OAEP with SHA-256 and MGF1 with SHA-256 (RFC 7518 section 4.3).
    case rsaOAEP256 = "RSA-OAEP-256"
    /// RSAES-OAEP with SHA-1: for old peers, and refused unless a caller opts in.
    case rsaOAEP = "RSA-OAEP"

    /// The `alg` value.
    public var jwaName: String { rawValue }

    /// The algorithm with this `alg` value; nil for any other text. Compared byte for byte.
    package init?(jwaName: Span<UInt8>) {
        for algorithm in Self.allCases where jwaName.equals(algorithm.literal) {
            self = algorithm
            return
        }
        return nil
    }

    /// Whether a caller must name the algorithm before it is used: SHA-1.
    public var needsOptIn: Bool { self == .rsaOAEP }

    /// Whether one key and one IV must never meet twice, so that encrypting needs a ``NonceLease``.
    public var needsNonceLease: Bool {
        switch family {
        case .direct, .gcmWrap: true
        case .wrap, .agreement, .rsa: false
        }
    }

    enum Family { case direct, wrap, gcmWrap, agreement, rsa }

    var family: Family {
        switch self {
        case .direct: .direct
        case .a128KW, .a192KW, .a256KW: .wrap
        case .a128GCMKW, .a192GCMKW, .a256GCMKW: .gcmWrap
        case .ecdhES, .ecdhESA128KW, .ecdhESA192KW, .ecdhESA256KW: .agreement
        case .rsaOAEP256, .rsaOAEP: .rsa
        }
    }

    /// Bytes of the key that wraps: shared, or agreed on; 0 where nothing is wrapped by AES.
    var wrappingKeyByteCount: Int {
        switch self {
        case .a128KW, .a128GCMKW, .ecdhESA128KW: 16
        case .a192KW, .a192GCMKW, .ecdhESA192KW: 24
        case .a256KW, .a256GCMKW, .ecdhESA256KW: 32
        case .direct, .ecdhES, .rsaOAEP256, .rsaOAEP: 0
        }
    }

    /// The `alg` value as a literal.
    var literal: StaticString {
        switch self {
        case .direct: "dir"
        case .a128KW: "A128KW"
        case .a192KW: "A192KW"
        case .a256KW: "A256KW"
        case .a128GCMKW: "A128GCMKW"
        case .a192GCMKW: "A192GCMKW"
        case .a256GCMKW: "A256GCMKW"
        case .ecdhES: "ECDH-ES"
        case .ecdhESA128KW: "ECDH-ES+A128KW"
        case .ecdhESA192KW: "ECDH-ES+A192KW"
        case .ecdhESA256KW: "ECDH-ES+A256KW"
        case .rsaOAEP256: "RSA-OAEP-256"
        case .rsaOAEP: "RSA-OAEP"
        }
    }
}

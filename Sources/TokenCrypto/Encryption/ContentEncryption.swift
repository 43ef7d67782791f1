// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// How the content of a JWE is encrypted: `enc` (RFC 7518 section 5.1).
public enum ContentEncryption: String, CaseIterable, Sendable {
    /// AES-GCM with a key of 128, 192 or 256 bits (RFC 7518 section 5.3).
    case a128GCM = "A128GCM"
    case a192GCM = "A192GCM"
    case a256GCM = "A256GCM"
    /// AES-CBC with HMAC over header, IV and ciphertext (RFC 7518 section 5.2).
    case a128CBCHS256 = "A128CBC-HS256"
    case a192CBCHS384 = "A192CBC-HS384"
    case a256CBCHS512 = "A256CBC-HS512"

    /// The `enc` value.
    public var jwaName: String { rawValue }

    /// The content key's length in bytes: for CBC the MAC key and the AES key together.
    public var keyByteCount: Int {
        switch self {
        case .a128GCM: 16
        case .a192GCM: 24
        case .a256GCM, .a128CBCHS256: 32
        case .a192CBCHS384: 48
        case .a256CBCHS512: 64
        }
    }

    /// The only accepted length of the initialization vector in bytes.
    public var ivByteCount: Int { isGCM ? 12 : 16 }

    /// The only accepted length of the tag in bytes.
    public var tagByteCount: Int {
        switch self {
        case .a128GCM, .a192GCM, .a256GCM, .a128CBCHS256: 16
        case .a192CBCHS384: 24
        case .a256CBCHS512: 32
        }
    }

    /// Whether it is AES-GCM, whose keys must never see one IV twice.
    package var isGCM: Bool {
        switch self {
        case .a128GCM, .a192GCM, .a256GCM: true
        case .a128CBCHS256, .a192CBCHS384, .a256CBCHS512: false
        }
    }

    /// The algorithm with this `enc` value; nil for any other text. Compared byte for byte.
    package init?(jwaName: Span<UInt8>) {
        for algorithm in Self.allCases where jwaName.equals(algorithm.literal) {
            self = algorithm
            return
        }
        return nil
    }

    /// The `enc` value as a literal.
    var literal: StaticString {
        switch self {
        case .a128GCM: "A128GCM"
        case .a192GCM: "A192GCM"
        case .a256GCM: "A256GCM"
        case .a128CBCHS256: "A128CBC-HS256"
        case .a192CBCHS384: "A192CBC-HS384"
        case .a256CBCHS512: "A256CBC-HS512"
        }
    }
}

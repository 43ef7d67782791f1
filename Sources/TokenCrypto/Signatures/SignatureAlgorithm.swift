// SPDX-License-Identifier: Apache-2.0

/// A JWS signature or MAC algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1). `none` does not exist.
public enum SignatureAlgorithm: UInt8, CaseIterable, Sendable {
    /// HMAC with SHA-256, SHA-384 or SHA-512 (RFC 7518 section 3.2).
    case hs256, hs384, hs512
    /// RSASSA-PKCS1-v1_5 (RFC 7518 section 3.3).
    case rs256, rs384, rs512
    /// RSASSA-PSS with MGF1 of the same hash and a salt of the hash's length (RFC 7518 section 3.5).
    case ps256, ps384, ps512
    /// ECDSA on P-256 with SHA-256, P-384 with SHA-384, P-521 with SHA-512 (RFC 7518 section 3.4).
    case es256, es384, es512
    /// Ed25519 (RFC 8032). `EdDSA` (RFC 8037) and `Ed25519` (RFC 9864) name this one algorithm.
    case edDSA

    /// The kinds of key that algorithms use.
    package enum Family: UInt8, Sendable {
        case hmac, rsaPKCS1, rsaPSS, ecdsa, edDSA
    }

    package var family: Family {
        switch self {
        case .hs256, .hs384, .hs512: .hmac
        case .rs256, .rs384, .rs512: .rsaPKCS1
        case .ps256, .ps384, .ps512: .rsaPSS
        case .es256, .es384, .es512: .ecdsa
        case .edDSA: .edDSA
        }
    }

    /// The hash's length in bytes: 32, 48 or 64; 64 for EdDSA, whose hash is inside the algorithm.
    package var hashByteCount: Int {
        switch self {
        case .hs256, .rs256, .ps256, .es256: 32
        case .hs384, .rs384, .ps384, .es384: 48
        case .hs512, .rs512, .ps512, .es512, .edDSA: 64
        }
    }

    /// The name in the `alg` header parameter. `EdDSA` for Ed25519, the name that most verifiers know.
    public var jwaName: String {
        switch self {
        case .hs256: "HS256"
        case .hs384: "HS384"
        case .hs512: "HS512"
        case .rs256: "RS256"
        case .rs384: "RS384"
        case .rs512: "RS512"
        case .ps256: "PS256"
        case .ps384: "PS384"
        case .ps512: "PS512"
        case .es256: "ES256"
        case .es384: "ES384"
        case .es512: "ES512"
        case .edDSA: "EdDSA"
        }
    }

    /// The algorithm of an `alg` value, case-sensitive (RFC 7515 section 4.1.1); nil for every other name.
    /// - Complexity: O(1), no allocation.
    public init?(jwaName name: Span<UInt8>) {
        if name.count == 7 {
            let ed25519: InlineArray<7, UInt8> = [0x45, 0x64, 0x32, 0x35, 0x35, 0x31, 0x39]
            for i in 0..<7 where name[i] != ed25519[i] { return nil }
            self = .edDSA
            return
        }
        guard name.count == 5 else { return nil }
        let letters = (UInt32(name[0]) << 8) | UInt32(name[1])
        let digits = (UInt32(name[2]) << 16) | (UInt32(name[3]) << 8) | UInt32(name[4])
        if letters == 0x4564 && digits == 0x44_5341 {  // "Ed" "DSA"
            self = .edDSA
            return
        }
        let size: UInt8
        switch digits {
        case 0x32_3536: size = 0  // "256"
        case 0x33_3834: size = 1  // "384"
        case 0x35_3132: size = 2  // "512"
        default: return nil
        }
        let base: UInt8
        switch letters {
        case 0x4853: base = 0  // "HS"
        case 0x5253: base = 3  // "RS"
        case 0x5053: base = 6  // "PS"
        case 0x4553: base = 9  // "ES"
        default: return nil
        }
        self.init(rawValue: base &+ size)
    }

    /// The algorithm of an `alg` value as a string. See `init(jwaName:)` over bytes.
    public init?(jwaName name: String) {
        let bytes = [UInt8](name.utf8)
        self.init(jwaName: bytes.span)
    }
}

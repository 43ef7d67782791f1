// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// A token, or something to be treated like one, found in running text. Offsets only.
package struct TokenFinding: Sendable {
    /// What was found.
    package enum Form: Sendable, Equatable {
        /// A compact JWS, with disclosures or without; also one that ends early, after its payload.
        case jws
        /// A compact JWE, whole or cut.
        case jwe
        /// A claims set in base64url without the header before it: the line was cut.
        case claims
        /// A token longer than the finder's limit; the range holds as much of it as stands in this text.
        case oversized
        /// More of the token that was reported as `oversized` in the text before.
        case oversizedRest
        /// A reference `r1_…` with a right checksum.
        case reference
        /// A match of the caller's own rule with this number.
        case custom(Int)
        /// A fingerprint that the scrubber wrote earlier; to be left as it is.
        case fingerprint
    }

    /// What was found.
    package var form: Form
    /// Where it stands in the text that was searched, escapes and wrapping included.
    package var range: Range<Int>
    /// Whether ``TokenFinder/compactText(of:in:)`` is the text of the range itself, nothing unwrapped.
    package var isPlain = true
    /// Bytes of the compact text, disclosures included.
    package var compactByteCount: Int
    /// The header's segment in the compact text; empty for forms without one.
    package var header: Range<Int> = 0..<0
    /// The second segment: the payload of a JWS, the encrypted key of a JWE, the segment of `claims`.
    package var payload: Range<Int> = 0..<0
    /// Segments seen: 2 or 3 of a JWS, up to 5 of a JWE.
    package var partCount = 0
    /// Bytes of the compact text without disclosures.
    package var tokenByteCount: Int
    /// Disclosures of an SD-JWT, a key binding token counted as one.
    package var disclosureCount = 0
    /// The header's algorithm.
    package var algorithm = TokenAlgorithmName.absent

    init(_ form: Form, _ range: Range<Int>) {
        self.form = form
        self.range = range
        compactByteCount = range.count
        tokenByteCount = range.count
    }
}

/// An `alg` that may be shown: a registered name, never text of the token's maker.
package struct TokenAlgorithmName: Sendable, Equatable {
    /// The place in `names`; the ones past its end are `absent` and `other`.
    private let place: UInt8

    /// No `alg`.
    package static let absent = TokenAlgorithmName(place: 0xFF)
    /// An `alg` that is not registered.
    static let other = TokenAlgorithmName(place: 0xFE)

    private init(place: UInt8) { self.place = place }

    /// The name with these bytes, or `other`.
    init(_ bytes: Span<UInt8>) {
        for index in Self.names.indices where bytes.equals(Self.names[index]) {
            place = UInt8(truncatingIfNeeded: index)
            return
        }
        place = 0xFE
    }

    /// The registered name; `other` where the token has another, nil where it has none.
    package var text: StaticString? {
        if place == 0xFF { return nil }
        return Int(place) < Self.names.count ? Self.names[Int(place)] : "other"
    }

    /// RFC 7518 sections 3.1 and 4.1, RFC 8037, RFC 8812, RFC 9864.
    private static let names: [StaticString] = [
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
        "ES256K", "EdDSA", "Ed25519", "Ed448", "none", "dir", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW",
        "A256GCMKW", "RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "ECDH-ES",
        "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW",
        "PBES2-HS512+A256KW",
    ]
}

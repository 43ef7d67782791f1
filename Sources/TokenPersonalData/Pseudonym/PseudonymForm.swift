// SPDX-License-Identifier: Apache-2.0

/// How long a pseudonym is and how its text is spelled: `p1_`, four characters of kid, `_`, the body.
///
/// | bytes | body | text |
/// |---|---|---|
/// | 16 | 22 characters of base64url | 30 |
/// | 16 | 26 characters of lower-case base32 (RFC 4648 section 6, no padding) | 34 |
/// | 20 | 27 characters of base64url | 35 |
/// | 32 | 43 characters of base64url | 51 |
///
/// Under 16 bytes, half the hash, there is no form (RFC 2104 section 5). No text holds `.` or `~`, so none can be
/// read as part of a token.
public struct PseudonymForm: Sendable, Hashable {
    /// The alphabet of the body.
    public enum Alphabet: Sendable, Hashable {
        case base64URL
        /// For columns that ignore case.
        case base32
    }

    /// Bytes taken from the left of the HMAC: 16, 20 or 32.
    public let byteCount: Int
    /// The alphabet of the body.
    public let alphabet: Alphabet

    /// 16 bytes in base64url.
    public static let standard = PseudonymForm(16, .base64URL)

    private init(_ byteCount: Int, _ alphabet: Alphabet) {
        self.byteCount = byteCount
        self.alphabet = alphabet
    }

    /// Makes a form.
    ///
    /// - Throws: ``PseudonymKeyError/form`` for a length other than 16, 20 and 32, or base32 with another than 16.
    public init(byteCount: Int, alphabet: Alphabet = .base64URL) throws(PseudonymKeyError) {
        guard [16, 20, 32].contains(byteCount), alphabet == .base64URL || byteCount == 16 else { throw .form }
        self.init(byteCount, alphabet)
    }

    /// Characters of the whole text.
    public var textByteCount: Int {
        switch alphabet {
        case .base64URL: 8 + (byteCount * 8 + 5) / 6
        case .base32: 8 + (byteCount * 8 + 4) / 5
        }
    }

    /// The longest text of any form.
    package static let textByteCountMax = 51
}

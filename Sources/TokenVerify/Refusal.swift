// SPDX-License-Identifier: Apache-2.0
public import TokenScan

/// Why a token was refused: a closed list, stable across versions, the same on the command line.
public enum RefusalCode: String, CaseIterable, Sendable {
    /// Not a compact JWS (RFC 7515 section 7.1), or a header parameter of the wrong kind.
    case malformed
    /// Over a size limit, or too many members in an object.
    case tooLarge = "too-large"
    /// Not strict base64url (RFC 7515 section 2).
    case base64url
    /// Not RFC 8259 JSON in UTF-8, nested too deep, or no JSON object (RFC 7519 section 7.2).
    case json
    /// A member name twice in one object (RFC 7515 section 4, RFC 7519 section 4).
    case duplicateMember = "duplicate-member"
    /// `alg` is absent, unknown, `none`, or not on the caller's list (RFC 8725 section 3.1).
    case unsupportedAlgorithm = "unsupported-algorithm"
    /// `alg` is not the algorithm that the key is bound to (RFC 8725 section 3.1).
    case algorithmMismatch = "algorithm-mismatch"
    /// No key has this `kid`; or there is no `kid` and not exactly one key of this algorithm.
    case unknownKey = "unknown-key"
    /// `crit` is present, and this verifier understands no extension (RFC 7515 section 4.1.11, RFC 7797).
    case criticalHeader = "critical-header"
    /// The signature does not belong to these bytes and this key.
    case signatureInvalid = "signature-invalid"
    /// The time is at or after `exp` (RFC 7519 section 4.1.4), leeway applied.
    case expired
    /// The time is before `nbf` (RFC 7519 section 4.1.5), leeway applied.
    case notYetValid = "not-yet-valid"
    /// `iat` lies in the future, beyond the leeway.
    case issuedInFuture = "issued-in-future"
    /// `exp` lies further behind `iat` than the lifetime cap allows.
    case lifetimeTooLong = "lifetime-too-long"
    /// A required claim is absent.
    case missingClaim = "missing-claim"
    /// A registered claim has a JSON type or value that its definition does not allow.
    case claimType = "claim-type"
    /// `iss` is none of the accepted issuers (RFC 8725 section 3.8).
    case issuer
    /// `aud` names none of the accepted audiences (RFC 8725 section 3.9).
    case audience
    /// `typ` is not on the list of accepted types (RFC 8725 section 3.11).
    case tokenType = "token-type"
    /// The token, its subject or its key was revoked.
    case revoked
    /// A one-time token was seen before.
    case replayed
    /// The policy refuses this token or one of its claims.
    case policy
    /// A queue was full; the token was not looked at.
    case overloaded
    /// A store that must answer did not.
    case storage
    /// A ciphertext could not be opened, for whatever reason.
    case decryptionFailed = "decryption-failed"
    /// A reference gives nothing: unknown, expired, erased, foreign, or not allowed.
    case referenceUnavailable = "reference-unavailable"
    /// A part is bound to another token.
    case binding
    /// A selective disclosure does not fit its token (RFC 9901).
    case disclosure
    /// Too many requests for one subject.
    case rateLimited = "rate-limited"
}

/// A refused token: why, and where in the token it showed, when there is such a place.
///
/// Holds no byte of the token. `offset` counts bytes from the token's start.
public struct Refusal: Error, Equatable, Sendable {
    /// Why.
    public let code: RefusalCode
    /// Where, for errors of form; nil for errors of meaning.
    public let offset: Int?

    /// Makes a refusal.
    public init(_ code: RefusalCode, offset: Int? = nil) {
        self.code = code
        self.offset = offset
    }

    /// The outward code of a scan error, its offset kept.
    public init(_ error: ScanError) {
        let code: RefusalCode =
            switch error {
            case .malformed: .malformed
            case .tooLarge: .tooLarge
            case .base64url: .base64url
            case .json: .json
            case .duplicateMember: .duplicateMember
            }
        self.init(code, offset: error.offset)
    }
}

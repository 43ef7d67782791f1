// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
import TokenScan

/// One issuer that is accepted: its keys, and what its tokens must claim. Keys belong to issuers.
///
/// The defaults are strict: `exp`, `iat`, `iss` and `aud` required, lifetime at most one hour, leeway 30 s and
/// never over a tenth of the lifetime, `typ` either `at+jwt` or `JWT`.
public struct AcceptEntry: Sendable {
    /// A registered claim that a token may be required to have.
    public enum Claim: String, CaseIterable, Sendable {
        case issuer = "iss"
        case subject = "sub"
        case audience = "aud"
        case expires = "exp"
        case notBefore = "nbf"
        case issuedAt = "iat"
        case jwtID = "jti"

        /// The claim as scanning names it.
        var name: RegisteredClaims.Names {
            switch self {
            case .issuer: .issuer
            case .subject: .subject
            case .audience: .audience
            case .expires: .expires
            case .notBefore: .notBefore
            case .issuedAt: .issuedAt
            case .jwtID: .jwtID
            }
        }
    }

    /// Accepted `iss` values, compared byte for byte. More than one only for one issuer that has several names
    /// (Google writes its own with and without `https://`). Empty: `iss` is not checked.
    public var issuers: [String]
    /// Accepted `aud` values, compared byte for byte; one match is enough. Empty: `aud` is not checked.
    public var audiences: [String]
    /// The issuer's keys.
    public var keys: KeyRing
    /// Accepted algorithms. Default: all, since each key is bound to one anyway.
    public var algorithms: Set<SignatureAlgorithm>
    /// Accepted `typ` values, without `application/`, compared case-insensitively (RFC 7515 section 4.1.9).
    /// Default `at+jwt`, `JWT`. `none` accepts a token without `typ`. Nil: `typ` is not checked.
    public var types: [String]?
    /// Claims that must be there. Default `exp`, `iat`, `iss`, `aud`.
    public var required: Set<Claim>
    /// The largest `exp − iat` in seconds. Default 3 600. Nil: no cap.
    public var lifetimeSecondsMax: Int64?
    /// Seconds by which clocks may differ. Nil, the default: 30, or a tenth of the lifetime cap when that is less.
    public var leewaySeconds: Int64?

    /// Makes an entry with the defaults.
    public init(
        issuers: [String], audiences: [String], keys: KeyRing,
        algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases),
        types: [String]? = ["at+jwt", "JWT"],
        required: Set<Claim> = [.expires, .issuedAt, .issuer, .audience],
        lifetimeSecondsMax: Int64? = 3_600, leewaySeconds: Int64? = nil
    ) {
        self.issuers = issuers
        self.audiences = audiences
        self.keys = keys
        self.algorithms = algorithms
        self.types = types
        self.required = required
        self.lifetimeSecondsMax = lifetimeSecondsMax
        self.leewaySeconds = leewaySeconds
    }
}

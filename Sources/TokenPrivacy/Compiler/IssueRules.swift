// SPDX-License-Identifier: Apache-2.0
import TokenDisclosure
public import TokenPersonalData

/// What kind of token a policy issues; each kind caps the lifetime.
public enum IssuedTokenClass: String, CaseIterable, Sendable {
    /// An access token, at most 15 minutes (RFC 6750 section 5.3 asks for one hour or less).
    case access
    /// An ID token, at most 5 minutes.
    case id
    /// A token for one use, at most 60 seconds.
    case oneTime = "one-time"

    /// The longest lifetime in seconds.
    public var lifetimeSecondsMax: Int64 {
        switch self {
        case .access: 900
        case .id: 300
        case .oneTime: 60
        }
    }

    var standardLifetimeSeconds: Int64 { self == .oneTime ? 60 : 300 }
    var standardTokenType: String { self == .id ? "JWT" : "at+jwt" }
}

/// The `issue` block: what the engine itself writes into every token. Immutable.
public struct IssueRules: Sendable, Equatable {
    /// The `iss` of issued tokens.
    public let issuer: String
    /// The `aud` of issued tokens, at least one; one alone is written as a string, several as an array.
    public let audiences: [String]
    /// Seconds from `iat` to `exp`, 1 to the cap of the class; never beyond the input token's `exp`.
    public let lifetimeSeconds: Int64
    /// The `typ` of issued tokens.
    public let tokenType: String
    /// The class that capped the lifetime.
    public let tokenClass: IssuedTokenClass
    /// The sector of `scope: audience` pseudonyms. Nil when the audiences are of several.
    public let sector: PseudonymSector?
    /// The `client_id` of `at+jwt` tokens; nil takes it from the input token (`client_id`, else `azp`).
    public let clientID: String?
    /// Whether `client_id` is written (RFC 9068 section 2.2: for `at+jwt`).
    public let writesClientID: Bool
    /// The recipient that whole tokens are encrypted to, by its place among the policy's; nil when they are not.
    var wholeTokenRecipient: Int?
    /// Whether issued tokens are SD-JWTs (RFC 9901): ``tokenType`` ends in `+sd-jwt`.
    public var isSelective: Bool {
        let type = Array(tokenType.utf8)
        return DisclosureNames.isSelectiveType(type.span)
    }
}

/// One entry of the `accept` list, checked for form. The caller loads the key files and builds the verifier.
public struct AcceptDescription: Sendable, Equatable {
    /// The line of the entry in the policy file.
    public let line: Int
    /// Issuers whose tokens this entry's keys verify, at least one.
    public let issuers: [String]
    /// Names of key files, at least one, as written.
    public let keyFiles: [String]
    /// Accepted audiences; nil when the entry names none.
    public let audiences: [String]?
    /// JWS algorithm names from the closed list; nil means those of the keys.
    public let algorithms: [String]?
    /// Accepted `typ` values, `none` for an absent one; nil means the verifier's default.
    public let types: [String]?
    /// Claims that must be present; nil means the verifier's default.
    public let required: [String]?
    /// The longest accepted lifetime.
    public let lifetimeCap: LifetimeCap
    /// Clock leeway in seconds; nil means the verifier's default.
    public let leewaySeconds: Int64?
    /// A named compatibility profile; nil for none. The caller knows which exist.
    public let profile: String?

    /// How `max-lifetime` stands in an entry.
    public enum LifetimeCap: Sendable, Equatable {
        /// Absent: the verifier's default.
        case standard
        /// `none`: no cap.
        case unlimited
        /// At most this many seconds.
        case seconds(Int64)
    }
}

/// One declared recipient of encrypted claims. The caller loads the key file.
public struct RecipientDescription: Sendable, Equatable {
    /// The name rules refer to.
    public let name: String
    /// The line of the entry in the policy file.
    public let line: Int
    /// The key file as written.
    public let keyFile: String
    /// The JWE `alg`, from the closed list.
    public let algorithm: String
    /// The JWE `enc`, from the closed list.
    public let encryption: String
}

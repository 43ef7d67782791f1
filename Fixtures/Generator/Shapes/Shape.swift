// SPDX-License-Identifier: Apache-2.0

/// What a claims template may use for one token.
package struct TokenFacts: Sendable {
    /// The issuer.
    package let issuer: Issuer
    /// The signature algorithm.
    package let algorithm: FixtureAlgorithm
    /// The signing key's `kid`; nil where the issuer sends none.
    package let keyID: String?
    /// Which of the issuer's keys signs.
    package let keyPosition: Int
    /// The fixed clock of all fixtures.
    package let now: Int
    /// `iat`, seconds since 1970.
    package var issuedAt = 0
    /// `exp`.
    package var expiresAt = 0
    /// `auth_time`.
    package var authenticatedAt = 0
    /// Whom the token is about.
    package let person: Person
    /// The token's own random numbers.
    package var random: RandomStream
    /// More markers, beside those of the person.
    package var markers: MarkerSource
}

/// The shape of one issuer's tokens: what a verifier must be told to accept them, and two templates.
package struct Shape: Sendable {
    /// Folder under `Fixtures/corpora`.
    package let name: String
    /// Never changes once committed: it selects the random streams and the markers.
    package let number: UInt64
    /// Who signs.
    package let issuer: Issuer
    /// Audiences to accept; empty where the issuer writes no `aud`.
    package let audiences: [String]
    /// `typ` values to accept; `none` where the header has no `typ`.
    package let types: [String]
    /// Claims to require.
    package let required: [String]
    /// The issuer's longest lifetime; nil where there is no `iat` to measure from.
    package let lifetimeSecondsMax: Int?
    /// Which of the issuer's two keys signs; nil = mostly the first.
    package var keyPosition: Int?
    /// Committed tokens per algorithm.
    package var committedCount = 32
    /// File under `Fixtures/policies`.
    package let policy: String
    let lifetime: @Sendable (inout RandomStream) -> Int
    let header: @Sendable (inout JSONWriter, TokenFacts) -> Void
    let claims: @Sendable (inout JSONWriter, inout TokenFacts) -> Void

    /// All shapes, in the order of the index.
    package static let all: [Shape] = [
        keycloakAccess, keycloakID, auth0Access, auth0ID, oktaAccess, oktaID, entraV1Access, entraV1ID,
        entraV2Access, entraV2ID, cognitoAccess, cognitoID, googleID, appleID, firebaseID, githubActions,
        kubernetes, rfc9068, minimal, largeRoles,
    ]

    static let usualClaims = ["exp", "iat", "iss", "aud"]
}

/// The four algorithms every corpus is signed with.
package enum FixtureAlgorithm: String, CaseIterable, Sendable {
    case hs256 = "HS256"
    case rs256 = "RS256"
    case es256 = "ES256"
    case edDSA = "EdDSA"

    /// Never changes once committed.
    package var number: UInt64 {
        switch self {
        case .hs256: 0
        case .rs256: 1
        case .es256: 2
        case .edDSA: 3
        }
    }
}

extension JSONWriter {
    /// `{"alg":…,"typ":"JWT","kid":…}` as most issuers order it.
    mutating func algTypKid(_ facts: TokenFacts) {
        string("alg", facts.algorithm.rawValue)
        string("typ", "JWT")
        keyID(facts)
    }

    /// `{"kid":…,"alg":…}`, without `typ`.
    mutating func kidAlg(_ facts: TokenFacts) {
        keyID(facts)
        string("alg", facts.algorithm.rawValue)
    }

    /// The `kid` member, if there is a key id.
    mutating func keyID(_ facts: TokenFacts) {
        if let keyID = facts.keyID { string("kid", keyID) }
    }
}

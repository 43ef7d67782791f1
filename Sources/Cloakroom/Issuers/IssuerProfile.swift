// SPDX-License-Identifier: Apache-2.0
public import TokenVerify

/// What one issuer's tokens do differently from the defaults: a named, recorded deviation instead of switched-off
/// checks.
///
/// A policy's accept entry names one with `profile:`. What the entry itself says wins over the profile, and the
/// profile over the defaults of ``AcceptEntry``. Plain data, any thread.
public struct IssuerProfile: Sendable, Equatable {
    /// The word that a policy uses.
    public let name: String
    /// Accepted `typ` values; `none` accepts tokens without one.
    public let types: [String]
    /// Claims that must be there.
    public let required: Set<AcceptEntry.Claim>
    /// The longest lifetime that the issuer gives out, in seconds.
    public let lifetimeSecondsMax: Int64
    /// Why, in one sentence.
    public let note: String

    /// The profile of this name; nil when there is none.
    public static func named(_ name: String) -> IssuerProfile? { all.first { $0.name == name } }

    private static let usual: Set<AcceptEntry.Claim> = [.expires, .issuedAt, .issuer, .audience]

    private init(
        _ name: String, types: [String] = ["JWT"], required: Set<AcceptEntry.Claim> = usual,
        hours: Int64 = 1, extraSeconds: Int64 = 0, _ note: String
    ) {
        self.name = name
        self.types = types
        self.required = required
        lifetimeSecondsMax = hours * 3_600 + extraSeconds
        self.note = note
    }

    /// Every profile. The documentation shows the same rows; a test compares the two.
    public static let all: [IssuerProfile] = [
        IssuerProfile(
            "rfc9068", types: ["at+jwt"], required: usual.union([.subject, .jwtID]),
            "Access tokens as RFC 9068 has them: typ is at+jwt, sub and jti are required."),
        IssuerProfile("keycloak", "Short lifetimes; typ is JWT, and the token's kind stands in a claim typ."),
        IssuerProfile("auth0", types: ["JWT", "at+jwt"], hours: 24, "Access tokens live 24 hours by default."),
        IssuerProfile("okta", types: ["none", "JWT"], hours: 24, "No typ; lifetimes up to 24 hours can be set."),
        IssuerProfile(
            "entra", extraSeconds: 1_800, "Access tokens live a random 60 to 90 minutes; key sets without alg."),
        IssuerProfile(
            "cognito", types: ["none"], required: [.expires, .issuedAt, .issuer], hours: 24,
            "No typ; access tokens carry client_id and no aud; lifetimes up to 24 hours can be set."),
        IssuerProfile("google", "Its iss is written with and without https://, so an entry lists both."),
        IssuerProfile("apple", types: ["none", "JWT"], hours: 24, "No typ; identity tokens live up to 24 hours."),
        IssuerProfile("firebase", "iss and aud both name the project."),
        IssuerProfile("github-actions", "Workload tokens of 5 to 15 minutes; aud is chosen by the workflow."),
        IssuerProfile(
            "kubernetes", types: ["none"], extraSeconds: 7,
            "No typ; bound service account tokens live one hour and 7 seconds."),
        IssuerProfile(
            "kubernetes-extended", types: ["none"], hours: 8_760,
            "No typ; clusters that extend token expiration give out one year, to tokens bound to a running pod."),
    ]
}

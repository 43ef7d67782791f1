// SPDX-License-Identifier: Apache-2.0
import TokenDisclosure

/// What the compiler knows about registered claims: names the engine owns, and types that a rule may not change.
///
/// The type table is closed: RFC 7519, RFC 8693, RFC 9068, RFC 7800, OpenID Connect Core 5.1 and its logout
/// specifications. A claim that is not listed may get any rule.
enum ClaimRegistry {
    /// The JSON type that a registered claim has by its specification.
    enum JSONType: String { case string, boolean, number, array, object }

    /// Written by the engine; a rule for one of them is an error, and they never count as unlisted.
    static let engineOwned = ["iss", "aud", "exp", "iat", "nbf", "jti"]
    /// Bound to the input token or its request; never carried, `drop` is the only rule allowed.
    static let neverCarried = ["nonce", "at_hash", "c_hash"]
    /// Names of the engine's and of SD-JWT's own formats, refused at every level (RFC 9901 section 4.2).
    static let reserved = ["enc_claims", "_sd", "_sd_alg", "..."]
    /// Names that no `as:` may produce at the top level, since they would change what the token says about its holder.
    static let notRenameTargets = engineOwned + neverCarried + ["sub", "cnf", "client_id", "azp", "act", "may_act"]
    /// Claims at the top level that a holder must not be able to leave out: they decide whether, for whom and as what
    /// the token is valid (RFC 9901 section 9.7, RFC 8693 section 4).
    static let notDisclosable =
        DisclosureNames.neverDisclosed.map { "\($0)" } + ["client_id", "azp"]
    /// The purpose for which the vault gives back what `random: {vault: yes}` has replaced.
    static let reidentification = "reidentification"
    /// Attributes of few values: a pseudonym of one is undone by counting.
    static let lowCardinality: Set<String> = [
        "gender", "sex", "country", "locale", "zoneinfo", "language", "birthdate", "birth_year", "year_of_birth",
        "age", "nationality", "marital_status", "title", "department", "acr", "postal_code", "region", "is_admin",
    ]
    /// Claims that identify a person by themselves; `keep` on one is worth a second look.
    static let identifying: Set<String> = [
        "email", "phone_number", "name", "given_name", "family_name", "middle_name", "nickname",
        "preferred_username", "upn", "unique_name", "address", "birthdate", "picture", "profile", "website",
    ]

    static let types: [String: JSONType] = {
        var table: [String: JSONType] = [:]
        for name in [
            "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile",
            "picture", "website", "email", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "acr", "azp",
            "sid", "client_id", "scope",
        ] {
            table[name] = .string
        }
        for name in ["email_verified", "phone_number_verified"] { table[name] = .boolean }
        for name in ["auth_time", "updated_at"] { table[name] = .number }
        for name in ["amr", "roles", "groups", "entitlements"] { table[name] = .array }
        for name in ["address", "cnf", "act", "may_act", "events", "status"] { table[name] = .object }
        return table
    }()

    /// Whether the rule's result can have the registered type. Dates and shifts keep the type they are given.
    static func allows(_ rule: ClaimRule, for type: JSONType) -> Bool {
        switch rule {
        case .keep, .drop, .encrypt, .disclose: true
        case .pseudonym, .random, .mask, .siv, .vault: type == .string
        case .generalize(let rule):
            switch rule.method {
            case .date, .shift: type == .string || type == .number
            case .width, .bounds: rule.isLowerBound ? type == .number : type == .string
            case .ip: type == .string
            }
        }
    }
}

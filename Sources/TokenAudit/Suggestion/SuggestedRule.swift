// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData

/// One line of a suggested policy.
package struct SuggestedRule: Sendable, Equatable {
    /// The path as a policy writes it.
    package let path: String
    /// The right-hand side in YAML's flow form.
    package let rule: String
    /// Why, in a few words; becomes a comment.
    package let reason: String
}

extension AuditReport.Claim {
    /// What a first policy should do with the claim. Drops what it cannot judge: a policy is easier opened than closed.
    func suggestion(atTop name: String?) -> (rule: String, reason: String) {
        if name == "sub" { return ("{pseudonym: {type: user-id}}", "the user, under another name for each audience") }
        if name == "cnf" { return ("keep", "binds the token to its holder's key") }
        if let name, let known = SuggestionTable.byName[name] { return known }
        if !isScalar, let category { return ("drop", "personal data by its name (\(category.rawValue))") }
        if !isScalar { return kinds == ["array"] ? ("drop", "a list of values") : ("drop", "a nested claim") }
        if let kind = shapes.first?.name { return Self.byShape(kind) }
        if let category { return byCategory(category) }
        return byValues
    }

    private static func byShape(_ kind: String) -> (String, String) {
        switch kind {
        case "email":
            return (
                "{pseudonym: {type: email, canonical: email/1, otherwise: drop}}", "values look like e-mail addresses"
            )
        case "ipv4", "ipv6": return ("{generalize: {ip: {}, otherwise: drop}}", "values look like IP addresses")
        case "phone": return ("drop", "values look like phone numbers")
        default: return ("drop", "values look like a number of a person's: \(kind)")
        }
    }

    private func byCategory(_ category: NameCategory) -> (String, String) {
        let isText = kinds.first == "string"
        switch category {
        case .email where isText:
            return ("{pseudonym: {type: email, canonical: email/1, otherwise: drop}}", "an e-mail address by its name")
        case .birth where isText: return ("{generalize: {date: year, otherwise: drop}}", "a date of birth by its name")
        case .network where isText:
            return ("{generalize: {ip: {}, otherwise: drop}}", "an address of a device by its name")
        case .identifier where kinds != ["boolean"]:
            return ("{pseudonym: {otherwise: drop}}", "an identifier of a person by its name")
        default: return ("drop", "personal data by its name (\(category.rawValue))")
        }
    }

    private var byValues: (String, String) {
        if kinds.allSatisfy({ $0 == "boolean" || $0 == "null" }) { return ("keep", "true or false") }
        if isIdentifier { return ("drop", "\(distinctCount) different values tell people apart") }
        if kinds.first == "number" { return ("drop", "a number nobody has explained") }
        return ("keep", "few different values (\(distinctCount)), none that looks like personal data")
    }
}

/// Claims whose purpose is known from their specifications.
enum SuggestionTable {
    static let byName: [String: (rule: String, reason: String)] = {
        var table: [String: (String, String)] = [:]
        for name in [
            "scope", "scp", "acr", "amr", "azp", "auth_time", "roles", "groups", "entitlements", "permissions",
        ] {
            table[name] = ("keep", "what the token allows")
        }
        for name in ["email_verified", "phone_number_verified"] {
            table[name] = ("drop", "says something of a claim that does not leave")
        }
        for name in ["nonce", "at_hash", "c_hash"] { table[name] = ("drop", "belongs to the input token") }
        for name in ["locale", "zoneinfo"] { table[name] = ("keep", "shared by many people") }
        for name in ["address", "act", "may_act", "events"] { table[name] = ("drop", "a nested claim of a person") }
        table["sid"] = ("{pseudonym: {type: session, otherwise: drop}}", "the session, under another name")
        return table
    }()
}

// SPDX-License-Identifier: Apache-2.0

/// A mapping of the policy file with its own closed list of words.
package enum PolicySection: String, CaseIterable, Sendable {
    case policy, issue, accept, rule, pseudonym, random, mask, generalize, ip, encrypt, siv, vault, disclose
    case recipient, checks
}

/// One word of the grammar. `PolicyGrammar.md` shows the same rows; a test compares the two.
package struct PolicyWord: Equatable, Sendable {
    /// The mapping the word belongs to.
    package let section: PolicySection
    /// The word itself.
    package let word: String
    /// What stands behind it, in the notation of `PolicyGrammar.md`.
    package let argument: String
    /// The default, `required`, or `none`.
    package let standard: String
}

/// The whole grammar as one table: the compiler accepts these words and no others.
package enum PolicyWords {
    /// Every word, in documentation order.
    package static let table: [PolicyWord] = rows.map { row in
        PolicyWord(section: row.0, word: row.1, argument: row.2, standard: row.3)
    }

    /// The words of one section, in table order.
    package static func words(of section: PolicySection) -> [String] {
        rows.filter { $0.0 == section }.map { $0.1 }
    }

    private static let rows: [(PolicySection, String, String, String)] = [
        (.policy, "version", "1", "required"),
        (.policy, "tenant", "text", "required"),
        (.policy, "unlisted", "drop, refuse", "drop"),
        (.policy, "issue", "issue", "required"),
        (.policy, "accept", "list of accept", "none"),
        (.policy, "claims", "path to rule", "required"),
        (.policy, "recipients", "name to recipient", "none"),
        (.policy, "checks", "checks", "none"),
        (.issue, "issuer", "text", "required"),
        (.issue, "audience", "text or list", "required"),
        (.issue, "lifetime", "duration", "5m, or 60s for one-time"),
        (.issue, "type", "media type", "at+jwt, or JWT for id"),
        (.issue, "class", "access, id, one-time", "access"),
        (.issue, "sector", "text", "from the audience"),
        (.issue, "client-id", "text", "from the token"),
        (.issue, "encrypt", "encrypt", "none"),
        (.accept, "issuer", "text or list", "required"),
        (.accept, "keys", "file or list", "required"),
        (.accept, "audience", "text or list", "none"),
        (.accept, "algorithms", "list", "of the keys"),
        (.accept, "types", "list", "at+jwt, JWT"),
        (.accept, "require", "list", "exp, iat, iss, aud"),
        (.accept, "max-lifetime", "duration, none", "1h"),
        (.accept, "leeway", "duration", "30s"),
        (.accept, "profile", "text", "none"),
        (.rule, "keep", "nothing", "none"),
        (.rule, "drop", "nothing, unbind", "none"),
        (.rule, "pseudonym", "pseudonym", "none"),
        (.rule, "random", "random", "none"),
        (.rule, "mask", "mask", "none"),
        (.rule, "generalize", "generalize", "none"),
        (.rule, "encrypt", "encrypt", "none"),
        (.rule, "siv", "siv", "none"),
        (.rule, "vault", "vault", "none"),
        (.rule, "disclose", "disclose", "none"),
        (.rule, "as", "name", "the claim's name"),
        (.pseudonym, "type", "word", "the path's last name"),
        (.pseudonym, "canonical", "profile", "subject/1 for sub, sid, oid, else text/1"),
        (.pseudonym, "scope", "global, audience, token", "audience"),
        (.pseudonym, "bytes", "16, 20, 32", "16"),
        (.pseudonym, "text", "base64url, base32", "base64url"),
        (.pseudonym, "erasable", "yes, no", "no"),
        (.pseudonym, "otherwise", "refuse, drop", "refuse"),
        (.random, "vault", "yes, no", "no"),
        (.mask, "shape", "fixed, length, class", "fixed"),
        (.mask, "otherwise", "refuse, drop", "refuse"),
        (.generalize, "date", "year, month, day", "none"),
        (.generalize, "bucket", "width or list of bounds", "none"),
        (.generalize, "ip", "ip", "none"),
        (.generalize, "shift", "days", "none"),
        (.generalize, "form", "range, lower", "range"),
        (.generalize, "otherwise", "refuse, drop", "refuse"),
        (.ip, "v4", "8 to 30", "24"),
        (.ip, "v6", "16 to 64", "48"),
        (.encrypt, "to", "recipient", "required"),
        (.siv, "type", "word", "the path's last name"),
        (.siv, "canonical", "profile", "subject/1 for sub, sid, oid, else text/1"),
        (.siv, "scope", "global, audience, token", "audience"),
        (.siv, "otherwise", "refuse, drop", "refuse"),
        (.vault, "type", "word", "the path's last name"),
        (.vault, "purposes", "list", "required"),
        (.vault, "ttl", "duration", "token expiry and 60s"),
        (.vault, "otherwise", "refuse, drop", "refuse"),
        (.disclose, "decoys", "0 to 16", "0"),
        (.disclose, "recursive", "yes, no", "no"),
        (.recipient, "key", "file", "required"),
        (.recipient, "alg", "A256KW, ECDH-ES+A256KW, RSA-OAEP-256, dir", "A256KW"),
        (.recipient, "enc", "A256GCM, A128CBC-HS256, A256CBC-HS512", "A256GCM"),
        (.checks, "personal-data-in-kept-claims", "refuse, warn, off", "refuse"),
    ]
}

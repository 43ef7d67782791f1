// SPDX-License-Identifier: Apache-2.0

// Shapes that come from a specification, not from one product.
extension Shape {
    /// RFC 9068 section 2: `typ` at+jwt, required claims, and the optional authorization and identity claims.
    static let rfc9068 = Shape(
        name: "rfc9068", number: 18, issuer: .rfc9068, audiences: ["https://rs.example.com/"], types: ["at+jwt"],
        required: ["iss", "exp", "aud", "sub", "iat", "jti"], lifetimeSecondsMax: 3_600,
        policy: "rfc9068.yaml", lifetime: { $0.pick([300, 600, 900]) },
        header: { writer, facts in
            writer.string("typ", "at+jwt")
            writer.string("alg", facts.algorithm.rawValue)
            writer.keyID(facts)
        }
    ) { writer, facts in
        let person = facts.person
        writer.string("iss", facts.issuer.url)
        writer.personal("sub", facts.random.base64URL(byteCount: 18))
        if facts.random.isOne(in: 2) {
            writer.string("aud", "https://rs.example.com/")
        } else {
            writer.strings("aud", ["https://rs.example.com/"])
        }
        writer.integer("exp", facts.expiresAt)
        writer.integer("iat", facts.issuedAt)
        writer.string("jti", facts.random.base64URL(byteCount: 16))
        writer.string("client_id", "s6BhdRkqt3")
        let scopes = ["openid profile reademail", "orders:read", "orders:read orders:write"]
        writer.string("scope", facts.random.pick(scopes))
        if facts.random.isOne(in: 2) {
            writer.integer("auth_time", facts.authenticatedAt)
            writer.string("acr", "urn:example:loa:2")
            writer.strings("amr", ["pwd", "otp"])
        }
        // RFC 9068 section 2.2.3.1: names from SCIM (RFC 7643 section 4.1.2).
        writer.strings("groups", facts.random.sample(2, of: ["clerks", "auditors", "leads"]))
        writer.strings("roles", facts.random.sample(1, of: ["clerk", "auditor", "lead"]))
        writer.strings("entitlements", ["orders"])
        if facts.random.isOne(in: 2) { writer.personal("email", person.email.value, marker: person.email.marker) }
        if facts.random.isOne(in: 3) { writer.personal("phone_number", person.phoneNumber) }
        if facts.random.isOne(in: 3) { writer.personal("birthdate", person.birthDate) }
    }

    /// Three claims, no `kid`, no `aud`, no `iat`.
    static let minimal = Shape(
        name: "minimal", number: 19, issuer: .minimal, audiences: [], types: ["JWT"], required: ["iss", "sub", "exp"],
        lifetimeSecondsMax: nil, committedCount: 64, policy: "minimal.yaml", lifetime: { $0.pick([60, 300, 900]) },
        header: { writer, facts in
            writer.string("alg", facts.algorithm.rawValue)
            writer.string("typ", "JWT")
        }
    ) { writer, facts in
        writer.string("iss", facts.issuer.url)
        writer.personal("sub", facts.person.userName.value, marker: facts.person.userName.marker)
        writer.integer("exp", facts.expiresAt)
    }
}

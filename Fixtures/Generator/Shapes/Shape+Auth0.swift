// SPDX-License-Identifier: Apache-2.0

// Auth0: access tokens of custom APIs live 24 h by default, ID tokens 10 h; custom claims have URL names.
extension Shape {
    static let auth0Access = Shape(
        name: "auth0-access", number: 3, issuer: .auth0, audiences: ["https://orders.example.com"], types: ["JWT"],
        required: usualClaims, lifetimeSecondsMax: 86_400, policy: "auth0.yaml", lifetime: { _ in 86_400 },
        header: { writer, facts in writer.algTypKid(facts) }
    ) { writer, facts in
        let person = facts.person
        let isMachine = facts.random.isOne(in: 8)
        let clientID = facts.random.alphanumerics(32)
        if !isMachine {
            writer.personal("https://acme.example.com/email", person.email.value, marker: person.email.marker)
            writer.personal("https://acme.example.com/ip", person.address)
            writer.strings("https://acme.example.com/roles", facts.random.sample(2, of: ["clerk", "auditor", "admin"]))
        }
        writer.string("iss", facts.issuer.url)
        writer.personal("sub", isMachine ? "\(clientID)@clients" : "auth0|\(facts.random.hex(24))")
        if isMachine {
            writer.string("aud", "https://orders.example.com")
        } else {
            writer.strings("aud", ["https://orders.example.com", "https://login.acme.example.com/userinfo"])
        }
        writer.integer("iat", facts.issuedAt)
        writer.integer("exp", facts.expiresAt)
        writer.string("scope", isMachine ? "read:orders" : "openid profile email read:orders write:orders")
        if isMachine { writer.string("gty", "client-credentials") }
        writer.string("azp", clientID)
        writer.strings("permissions", facts.random.sample(2, of: ["read:orders", "write:orders", "read:invoices"]))
    }

    static let auth0ID = Shape(
        name: "auth0-id", number: 4, issuer: .auth0, audiences: ["K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja"],
        types: ["JWT"], required: usualClaims, lifetimeSecondsMax: 36_000, policy: "auth0-id.yaml",
        lifetime: { _ in 36_000 }, header: { writer, facts in writer.algTypKid(facts) }
    ) { writer, facts in
        let person = facts.person
        writer.personal("given_name", person.given.value, marker: person.given.marker)
        writer.personal("family_name", person.family.value, marker: person.family.marker)
        writer.personal("nickname", person.nickname.value, marker: person.nickname.marker)
        writer.personal("name", person.fullName, marker: person.family.marker)
        writer.personal("picture", person.pictureURL.value, marker: person.pictureURL.marker)
        let updated = isoTimestamp(facts.authenticatedAt, milliseconds: facts.random.below(1_000))
        writer.string("updated_at", updated)
        writer.personal("email", person.email.value, marker: person.email.marker)
        writer.boolean("email_verified", !facts.random.isOne(in: 5))
        writer.string("iss", facts.issuer.url)
        writer.string("aud", "K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja")
        let connection = facts.random.pick(["auth0|", "google-oauth2|1", "windowslive|"])
        writer.personal("sub", connection + facts.random.digits(20))
        writer.integer("iat", facts.issuedAt)
        writer.integer("exp", facts.expiresAt)
        writer.string("sid", facts.random.base64URL(byteCount: 24))
        if !facts.random.isOne(in: 3) { writer.string("nonce", facts.random.base64URL(byteCount: 32)) }
    }
}

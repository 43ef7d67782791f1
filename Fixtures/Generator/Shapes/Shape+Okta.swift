// SPDX-License-Identifier: Apache-2.0

// Okta: no `typ`; `cid` in place of `azp`, `scp` as an array, and the login name as `sub` of access tokens.
extension Shape {
    static let oktaAccess = Shape(
        name: "okta-access", number: 5, issuer: .okta, audiences: ["api://orders"], types: ["none"],
        required: usualClaims, lifetimeSecondsMax: 3_600, policy: "okta.yaml", lifetime: { _ in 3_600 },
        header: { writer, facts in writer.kidAlg(facts) }
    ) { writer, facts in
        let person = facts.person
        writer.integer("ver", 1)
        writer.string("jti", "AT.\(facts.random.base64URL(byteCount: 32))")
        writer.string("iss", facts.issuer.url)
        writer.string("aud", "api://orders")
        writer.integer("iat", facts.issuedAt)
        writer.integer("exp", facts.expiresAt)
        writer.string("cid", "0oa\(facts.random.alphanumerics(17))")
        writer.personal("uid", "00u\(facts.random.alphanumerics(17))")
        let scopes = ["openid", "profile", "email", "phone", "offline_access", "orders.read"]
        writer.strings("scp", facts.random.sample(4, of: scopes))
        writer.integer("auth_time", facts.authenticatedAt)
        writer.personal("sub", person.email.value, marker: person.email.marker)
        if facts.random.isOne(in: 2) {
            writer.strings("groups", ["Everyone"] + facts.random.sample(2, of: ["Clerks", "Auditors", "Leads"]))
        }
        if facts.random.isOne(in: 4) { writer.personal("phone", person.phoneNumber) }
    }

    static let oktaID = Shape(
        name: "okta-id", number: 6, issuer: .okta, audiences: ["0oaExampleClient0001"], types: ["none"],
        required: usualClaims, lifetimeSecondsMax: 3_600, policy: "okta-id.yaml", lifetime: { _ in 3_600 },
        header: { writer, facts in writer.kidAlg(facts) }
    ) { writer, facts in
        let person = facts.person
        writer.personal("sub", "00u\(facts.random.alphanumerics(17))")
        writer.personal("name", person.fullName, marker: person.family.marker)
        writer.string("locale", person.locale)
        writer.personal("email", person.email.value, marker: person.email.marker)
        writer.integer("ver", 1)
        writer.string("iss", facts.issuer.url)
        writer.string("aud", "0oaExampleClient0001")
        writer.integer("iat", facts.issuedAt)
        writer.integer("exp", facts.expiresAt)
        writer.string("jti", "ID.\(facts.random.base64URL(byteCount: 32))")
        writer.strings("amr", facts.random.pick([["pwd"], ["pwd", "mfa", "otp"], ["swk", "mfa", "hwk"]]))
        writer.string("idp", "00o\(facts.random.alphanumerics(17))")
        writer.string("nonce", facts.random.base64URL(byteCount: 24))
        writer.personal("preferred_username", person.userName.value, marker: person.userName.marker)
        writer.personal("given_name", person.given.value, marker: person.given.marker)
        writer.personal("family_name", person.family.value, marker: person.family.marker)
        writer.string("zoneinfo", facts.random.pick(["America/Los_Angeles", "Europe/Warsaw", "Africa/Lagos"]))
        writer.integer("updated_at", facts.authenticatedAt - 86_400)
        writer.boolean("email_verified", true)
        writer.integer("auth_time", facts.authenticatedAt)
        writer.string("at_hash", facts.random.base64URL(byteCount: 16))
    }
}

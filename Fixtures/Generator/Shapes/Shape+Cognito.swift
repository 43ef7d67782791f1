// SPDX-License-Identifier: Apache-2.0

// Amazon Cognito user pools: no `typ`, access tokens without `aud`, claim names with a colon, ID and access
// tokens signed with different keys of one set.
extension Shape {
    static let cognitoAccess = Shape(
        name: "cognito-access", number: 11, issuer: .cognito, audiences: [], types: ["none"],
        required: ["exp", "iat", "iss"], lifetimeSecondsMax: 3_600, keyPosition: 1, policy: "cognito.yaml",
        lifetime: { _ in 3_600 }, header: { writer, facts in writer.kidAlg(facts) }
    ) { writer, facts in
        let person = facts.person
        let hasGroups = facts.random.isOne(in: 2)
        writer.personal("sub", facts.random.uuid())
        if hasGroups { writer.strings("cognito:groups", facts.random.sample(2, of: ["clerks", "auditors", "leads"])) }
        writer.string("iss", facts.issuer.url)
        writer.integer("version", 2)
        writer.string("client_id", facts.random.lowercase(26))
        writer.string("origin_jti", facts.random.uuid())
        writer.string("event_id", facts.random.uuid())
        writer.string("token_use", "access")
        writer.string("scope", facts.random.pick(["aws.cognito.signin.user.admin", "openid profile email phone"]))
        writer.integer("auth_time", facts.authenticatedAt)
        writer.integer("exp", facts.expiresAt)
        writer.integer("iat", facts.issuedAt)
        writer.string("jti", facts.random.uuid())
        writer.personal("username", person.userName.value, marker: person.userName.marker)
    }

    static let cognitoID = Shape(
        name: "cognito-id", number: 12, issuer: .cognito, audiences: ["example23456789bcdfghjklmn"],
        types: ["none"], required: usualClaims, lifetimeSecondsMax: 3_600, keyPosition: 0,
        policy: "cognito-id.yaml", lifetime: { _ in 3_600 }, header: { writer, facts in writer.kidAlg(facts) }
    ) { writer, facts in
        let person = facts.person
        if facts.random.isOne(in: 2) { writer.string("at_hash", facts.random.base64URL(byteCount: 16)) }
        writer.personal("sub", facts.random.uuid())
        if facts.random.isOne(in: 2) { writer.strings("cognito:groups", ["clerks"]) }
        writer.boolean("email_verified", true)
        writer.personal("birthdate", person.birthDate)
        writer.string("cognito:preferred_role", "arn:aws:iam::111122223333:role/clerk")
        writer.string("iss", facts.issuer.url)
        writer.boolean("phone_number_verified", facts.random.isOne(in: 2))
        writer.personal("cognito:username", person.userName.value, marker: person.userName.marker)
        writer.personal("given_name", person.given.value, marker: person.given.marker)
        writer.string("origin_jti", facts.random.uuid())
        writer.strings("cognito:roles", ["arn:aws:iam::111122223333:role/clerk"])
        writer.string("aud", "example23456789bcdfghjklmn")
        writer.string("event_id", facts.random.uuid())
        writer.string("token_use", "id")
        writer.integer("auth_time", facts.authenticatedAt)
        writer.personal("phone_number", person.phoneNumber)
        writer.integer("exp", facts.expiresAt)
        writer.string("custom:tier", facts.random.pick(["silver", "gold"]))
        writer.integer("iat", facts.issuedAt)
        writer.personal("family_name", person.family.value, marker: person.family.marker)
        writer.string("jti", facts.random.uuid())
        writer.personal("email", person.email.value, marker: person.email.marker)
    }
}

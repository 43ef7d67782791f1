// SPDX-License-Identifier: Apache-2.0

// Google, Apple and Firebase sign-in.
extension Shape {
    private static let googleClient = "123456789012-example0client0id0example0client0.apps.googleusercontent.com"

    static let googleID = Shape(
        name: "google-id", number: 13, issuer: .google, audiences: [googleClient], types: ["JWT"],
        required: usualClaims, lifetimeSecondsMax: 3_600, policy: "google.yaml", lifetime: { _ in 3_600 },
        header: { writer, facts in
            writer.kidAfterAlg(facts)
        }
    ) { writer, facts in
        let person = facts.person
        writer.string("iss", facts.issuer.url)
        writer.string("azp", googleClient)
        writer.string("aud", googleClient)
        writer.personal("sub", "1\(facts.random.digits(20))")
        if facts.random.isOne(in: 3) { writer.string("hd", "example.com") }
        writer.personal("email", person.email.value, marker: person.email.marker)
        writer.boolean("email_verified", true)
        writer.string("at_hash", facts.random.base64URL(byteCount: 16))
        if facts.random.isOne(in: 2) { writer.string("nonce", facts.random.base64URL(byteCount: 32)) }
        writer.personal("name", person.fullName, marker: person.family.marker)
        writer.personal("picture", person.pictureURL.value, marker: person.pictureURL.marker)
        writer.personal("given_name", person.given.value, marker: person.given.marker)
        writer.personal("family_name", person.family.value, marker: person.family.marker)
        if facts.random.isOne(in: 2) { writer.string("locale", person.locale) }
        writer.integer("iat", facts.issuedAt)
        writer.integer("exp", facts.expiresAt)
    }

    // Apple: no `typ`, 24 hours, booleans that older endpoints send as strings, relay mailboxes.
    static let appleID = Shape(
        name: "apple-id", number: 14, issuer: .apple, audiences: ["com.example.orders"], types: ["none"],
        required: usualClaims, lifetimeSecondsMax: 86_400, policy: "apple.yaml", lifetime: { _ in 86_400 },
        header: { writer, facts in writer.kidAlg(facts) }
    ) { writer, facts in
        let email = facts.person.email
        let isRelay = facts.random.isOne(in: 3)
        writer.string("iss", facts.issuer.url)
        writer.string("aud", "com.example.orders")
        writer.integer("exp", facts.expiresAt)
        writer.integer("iat", facts.issuedAt)
        writer.personal("sub", "00\(facts.random.digits(4)).\(facts.random.hex(32)).\(facts.random.digits(4))")
        if facts.random.isOne(in: 2) { writer.string("nonce", facts.random.hex(64)) }
        writer.string("c_hash", facts.random.base64URL(byteCount: 16))
        writer.personal(
            "email", isRelay ? "\(email.marker)@privaterelay.example.com" : email.value, marker: email.marker)
        if facts.random.isOne(in: 4) {
            writer.string("email_verified", "true")
        } else {
            writer.boolean("email_verified", true)
        }
        if isRelay { writer.boolean("is_private_email", true) }
        writer.integer("auth_time", facts.authenticatedAt)
        writer.boolean("nonce_supported", true)
        if facts.random.isOne(in: 4) { writer.integer("real_user_status", facts.random.below(3)) }
    }

    // Firebase Authentication: `user_id` repeats `sub`, identities in an object whose member names hold dots.
    static let firebaseID = Shape(
        name: "firebase-id", number: 15, issuer: .firebase, audiences: ["acme-example"], types: ["JWT"],
        required: usualClaims, lifetimeSecondsMax: 3_600, policy: "firebase.yaml", lifetime: { _ in 3_600 },
        header: { writer, facts in writer.kidAfterAlg(facts) }
    ) { writer, facts in
        let person = facts.person
        let user = facts.random.alphanumerics(28)
        let provider = facts.random.pick(["google.com", "password", "phone"])
        if provider != "phone" {
            writer.personal("name", person.fullName, marker: person.family.marker)
            if provider == "google.com" {
                writer.personal("picture", person.pictureURL.value, marker: person.pictureURL.marker)
            }
        }
        writer.string("iss", facts.issuer.url)
        writer.string("aud", "acme-example")
        writer.integer("auth_time", facts.authenticatedAt)
        writer.personal("user_id", user)
        writer.personal("sub", user)
        writer.integer("iat", facts.issuedAt)
        writer.integer("exp", facts.expiresAt)
        if provider == "phone" {
            writer.personal("phone_number", person.phoneNumber)
        } else {
            writer.personal("email", person.email.value, marker: person.email.marker)
            writer.boolean("email_verified", provider == "google.com")
        }
        writer.object("firebase") { firebase in
            firebase.object("identities") { identities in
                if provider == "phone" {
                    identities.personalElement("phone", person.phoneNumber)
                } else {
                    if provider == "google.com" {
                        identities.personalElement("google.com", "1\(facts.random.digits(20))")
                    }
                    identities.personalElement("email", person.email.value, marker: person.email.marker)
                }
            }
            firebase.string("sign_in_provider", provider)
        }
    }
}

extension JSONWriter {
    /// `{"alg":…,"kid":…,"typ":"JWT"}` as Google's services order it.
    fileprivate mutating func kidAfterAlg(_ facts: TokenFacts) {
        string("alg", facts.algorithm.rawValue)
        keyID(facts)
        string("typ", "JWT")
    }
}

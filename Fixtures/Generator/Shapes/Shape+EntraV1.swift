// SPDX-License-Identifier: Apache-2.0

// Microsoft Entra ID, v1.0 tokens: `x5t` beside an equal `kid`; aud, iss and times first, then the names in
// alphabetical order; the caller's address in `ipaddr`; lifetimes of 60 to 90 minutes at random.
extension Shape {
    static let entraV1Access = Shape(
        name: "entra-v1-access", number: 7, issuer: .entraV1, audiences: ["api://orders.example.com"],
        types: ["JWT"], required: usualClaims, lifetimeSecondsMax: 5_400, policy: "entra-v1.yaml",
        lifetime: { $0.within(3_600...5_400) }, header: entraV1Header
    ) { writer, facts in
        let person = facts.person
        entraTimes(&writer, facts, audience: "api://orders.example.com")
        writer.string("acr", "1")
        writer.string("aio", facts.random.base64URL(byteCount: 60))
        writer.strings("amr", facts.random.pick([["pwd"], ["pwd", "mfa"], ["rsa", "mfa"]]))
        writer.string("appid", facts.random.uuid())
        writer.string("appidacr", facts.random.pick(["0", "1", "2"]))
        writer.personal("family_name", person.family.value, marker: person.family.marker)
        writer.personal("given_name", person.given.value, marker: person.given.marker)
        writer.personal("ipaddr", person.address)
        writer.personal("name", person.fullName, marker: person.family.marker)
        writer.personal("oid", facts.random.uuid())
        if facts.random.isOne(in: 3) { writer.personal("onprem_sid", entraSecurityID(&facts.random)) }
        writer.string("rh", "1.\(facts.random.base64URL(byteCount: 36)).")
        if facts.random.isOne(in: 2) { writer.strings("roles", ["Orders.Read.All", "Orders.Write.All"]) }
        writer.string("scp", facts.random.pick(["user_impersonation", "Orders.Read Orders.Write"]))
        writer.personal("sub", facts.random.base64URL(byteCount: 32))
        writer.string("tid", Issuer.entraTenant)
        writer.personal("unique_name", person.email.value, marker: person.email.marker)
        writer.personal("upn", person.email.value, marker: person.email.marker)
        writer.string("uti", facts.random.base64URL(byteCount: 16))
        writer.string("ver", "1.0")
        if facts.random.isOne(in: 2) { writer.strings("wids", [facts.random.uuid(), facts.random.uuid()]) }
    }

    static let entraV1ID = Shape(
        name: "entra-v1-id", number: 8, issuer: .entraV1, audiences: ["b14a7505-96e9-4927-91e8-0601d0fc9caa"],
        types: ["JWT"], required: usualClaims, lifetimeSecondsMax: 5_400, policy: "entra-v1-id.yaml",
        lifetime: { _ in 3_900 }, header: entraV1Header
    ) { writer, facts in
        let person = facts.person
        entraTimes(&writer, facts, audience: "b14a7505-96e9-4927-91e8-0601d0fc9caa")
        writer.strings("amr", facts.random.pick([["pwd"], ["pwd", "mfa"]]))
        writer.personal("family_name", person.family.value, marker: person.family.marker)
        writer.personal("given_name", person.given.value, marker: person.given.marker)
        writer.personal("ipaddr", person.address)
        writer.personal("name", person.fullName, marker: person.family.marker)
        writer.string("nonce", facts.random.uuid())
        writer.personal("oid", facts.random.uuid())
        writer.string("rh", "1.\(facts.random.base64URL(byteCount: 36)).")
        writer.string("sid", facts.random.uuid())
        writer.personal("sub", facts.random.base64URL(byteCount: 32))
        writer.string("tid", Issuer.entraTenant)
        writer.personal("unique_name", person.email.value, marker: person.email.marker)
        writer.personal("upn", person.email.value, marker: person.email.marker)
        writer.string("uti", facts.random.base64URL(byteCount: 16))
        writer.string("ver", "1.0")
    }

    @Sendable private static func entraV1Header(_ writer: inout JSONWriter, _ facts: TokenFacts) {
        writer.string("typ", "JWT")
        writer.string("alg", facts.algorithm.rawValue)
        if let keyID = facts.keyID { writer.string("x5t", keyID) }
        writer.keyID(facts)
    }

    static func entraTimes(_ writer: inout JSONWriter, _ facts: TokenFacts, audience: String) {
        writer.string("aud", audience)
        writer.string("iss", facts.issuer.url)
        writer.integer("iat", facts.issuedAt)
        writer.integer("nbf", facts.issuedAt)
        writer.integer("exp", facts.expiresAt)
    }

    private static func entraSecurityID(_ random: inout RandomStream) -> String {
        "S-1-5-21-\(random.digits(10))-\(random.digits(9))-\(random.digits(10))-\(random.digits(6))"
    }
}

// SPDX-License-Identifier: Apache-2.0

// Microsoft Entra ID, v2.0 tokens: `azp` in place of `appid`, `preferred_username` in place of `upn`, no `x5t`,
// a GUID as audience.
extension Shape {
    private static let api = "6e74172b-be56-4843-9ff4-e66a39bb12e3"

    static let entraV2Access = Shape(
        name: "entra-v2-access", number: 9, issuer: .entraV2, audiences: [api], types: ["JWT"],
        required: usualClaims, lifetimeSecondsMax: 5_400, policy: "entra-v2.yaml",
        lifetime: { $0.within(3_600...5_400) }, header: entraV2Header
    ) { writer, facts in
        let person = facts.person
        entraTimes(&writer, facts, audience: api)
        writer.string("aio", facts.random.base64URL(byteCount: 48))
        writer.string("azp", facts.random.uuid())
        writer.string("azpacr", facts.random.pick(["0", "1", "2"]))
        if facts.random.isOne(in: 2) { writer.strings("groups", [facts.random.uuid(), facts.random.uuid()]) }
        if facts.random.isOne(in: 3) { writer.personal("ipaddr", person.address) }
        writer.personal("name", person.fullName, marker: person.family.marker)
        writer.personal("oid", facts.random.uuid())
        writer.personal("preferred_username", person.email.value, marker: person.email.marker)
        writer.string("rh", "1.\(facts.random.base64URL(byteCount: 36)).")
        if facts.random.isOne(in: 2) { writer.strings("roles", ["Orders.Read.All"]) }
        writer.string("scp", "Orders.Read Orders.Write")
        writer.string("sid", facts.random.uuid())
        writer.personal("sub", facts.random.base64URL(byteCount: 32))
        writer.string("tid", Issuer.entraTenant)
        writer.string("uti", facts.random.base64URL(byteCount: 16))
        writer.string("ver", "2.0")
    }

    static let entraV2ID = Shape(
        name: "entra-v2-id", number: 10, issuer: .entraV2, audiences: ["6cb04018-a3f5-46a7-b995-940c78f5aef3"],
        types: ["JWT"], required: usualClaims, lifetimeSecondsMax: 5_400, policy: "entra-v2-id.yaml",
        lifetime: { _ in 3_900 }, header: entraV2Header
    ) { writer, facts in
        let person = facts.person
        // ID tokens of this endpoint name the version first.
        writer.string("ver", "2.0")
        writer.string("iss", facts.issuer.url)
        writer.personal("sub", facts.random.base64URL(byteCount: 32))
        writer.string("aud", "6cb04018-a3f5-46a7-b995-940c78f5aef3")
        writer.integer("exp", facts.expiresAt)
        writer.integer("iat", facts.issuedAt)
        writer.integer("nbf", facts.issuedAt)
        writer.personal("name", person.fullName, marker: person.family.marker)
        writer.personal("preferred_username", person.email.value, marker: person.email.marker)
        writer.personal("oid", facts.random.uuid())
        if facts.random.isOne(in: 2) { writer.personal("email", person.email.value, marker: person.email.marker) }
        writer.string("tid", Issuer.entraTenant)
        writer.string("nonce", facts.random.digits(6))
        writer.string("aio", facts.random.base64URL(byteCount: 90))
    }

    @Sendable private static func entraV2Header(_ writer: inout JSONWriter, _ facts: TokenFacts) {
        writer.string("typ", "JWT")
        writer.string("alg", facts.algorithm.rawValue)
        writer.keyID(facts)
    }
}

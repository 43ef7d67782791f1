// SPDX-License-Identifier: Apache-2.0

// Keycloak 26: the header is written with blanks around the later colons; times come first; access tokens
// carry their own "typ":"Bearer" claim; service accounts have clientHost and clientAddress instead of a person.
extension Shape {
    static let keycloakAccess = Shape(
        name: "keycloak-access", number: 1, issuer: .keycloak, audiences: ["orders-api"], types: ["JWT"],
        required: usualClaims, lifetimeSecondsMax: 3_600, policy: "keycloak.yaml", lifetime: { _ in 300 },
        header: keycloakHeader
    ) { writer, facts in
        let isService = facts.random.isOne(in: 8)
        keycloakTimes(&writer, &facts, jtiPrefix: isService ? "trrtcc:" : "onrtac:", hasSession: !isService)
        writer.strings(
            "aud", facts.random.pick([["orders-api", "account"], ["orders-api", "billing-api", "account"]]))
        writer.personal("sub", facts.random.uuid())
        writer.string("typ", "Bearer")
        writer.string("azp", isService ? "batch-worker" : facts.random.pick(["web-portal", "mobile-app"]))
        if !isService { writer.string("sid", facts.random.uuid()) }
        writer.string("acr", isService ? "1" : facts.random.pick(["0", "1", "gold"]))
        writer.strings("allowed-origins", ["https://portal.example.com", "https://m.example.com"])
        keycloakRoles(&writer, &facts)
        if isService {
            writer.personal("clientHost", facts.person.address)
            writer.string("scope", "profile email")
            writer.boolean("email_verified", false)
            writer.string("preferred_username", "service-account-batch-worker")
            writer.personal("clientAddress", facts.person.address)
            writer.string("client_id", "batch-worker")
        } else {
            writer.string("scope", "openid profile email phone")
            keycloakProfile(&writer, &facts)
        }
    }

    static let keycloakID = Shape(
        name: "keycloak-id", number: 2, issuer: .keycloak, audiences: ["web-portal"], types: ["JWT"],
        required: usualClaims, lifetimeSecondsMax: 3_600, policy: "keycloak-id.yaml", lifetime: { _ in 300 },
        header: keycloakHeader
    ) { writer, facts in
        keycloakTimes(&writer, &facts, jtiPrefix: "", hasSession: true)
        writer.string("aud", "web-portal")
        writer.personal("sub", facts.random.uuid())
        writer.string("typ", "ID")
        writer.string("azp", "web-portal")
        if facts.random.isOne(in: 2) { writer.string("nonce", facts.random.base64URL(byteCount: 24)) }
        writer.string("sid", facts.random.uuid())
        writer.string("at_hash", facts.random.base64URL(byteCount: 16))
        writer.string("acr", "1")
        keycloakProfile(&writer, &facts)
        writer.personal("birthdate", facts.person.birthDate)
        if facts.random.isOne(in: 2) {
            writer.object("address") { address in
                let street = facts.person.street
                address.personal("street_address", street.value, marker: street.marker)
                address.string("locality", facts.random.pick(["Anytown", "Musterstadt", "Springfield"]))
                address.string("postal_code", facts.random.digits(5))
                address.string("country", facts.random.pick(["US", "DE", "NG", "JP", "BR", "IN"]))
            }
        }
    }

    /// An enterprise realm with many client roles: the token is about 8 KiB long.
    static let largeRoles = Shape(
        name: "large-roles", number: 20, issuer: .largeRoles, audiences: ["orders-api"], types: ["JWT"],
        required: usualClaims, lifetimeSecondsMax: 3_600, committedCount: 10, policy: "large-roles.yaml",
        lifetime: { _ in 600 }, header: keycloakHeader
    ) { writer, facts in
        keycloakTimes(&writer, &facts, jtiPrefix: "onrtac:", hasSession: true)
        writer.strings("aud", ["orders-api", "account"])
        writer.personal("sub", facts.random.uuid())
        writer.string("typ", "Bearer")
        writer.string("azp", "web-portal")
        writer.string("acr", "1")
        writer.object("realm_access") { $0.strings("roles", RoleTable.roles(count: 40, area: "realm", &facts.random)) }
        writer.object("resource_access") { access in
            for area in ["orders-api", "warehouse-api", "billing-api", "reporting-api", "hr-portal"] {
                access.object(area) { $0.strings("roles", RoleTable.roles(count: 32, area: area, &facts.random)) }
            }
        }
        writer.string("scope", "openid profile email")
        keycloakProfile(&writer, &facts)
    }

    @Sendable private static func keycloakHeader(_ writer: inout JSONWriter, _ facts: TokenFacts) {
        writer.string("alg", facts.algorithm.rawValue)
        writer.nameSeparator = " : "
        writer.string("typ", "JWT")
        writer.keyID(facts)
    }

    private static func keycloakTimes(
        _ writer: inout JSONWriter, _ facts: inout TokenFacts, jtiPrefix: String, hasSession: Bool
    ) {
        writer.integer("exp", facts.expiresAt)
        writer.integer("iat", facts.issuedAt)
        if hasSession { writer.integer("auth_time", facts.authenticatedAt) }
        writer.string("jti", jtiPrefix + facts.random.uuid())
        writer.string("iss", facts.issuer.url)
    }

    private static func keycloakRoles(_ writer: inout JSONWriter, _ facts: inout TokenFacts) {
        writer.object("realm_access") { access in
            let roles = ["default-roles-acme", "offline_access", "uma_authorization", "clerk", "auditor", "team-lead"]
            access.strings("roles", Array(roles.prefix(3)) + facts.random.sample(1, of: Array(roles.dropFirst(3))))
        }
        writer.object("resource_access") { access in
            access.object("orders-api") { api in
                let roles = ["order-read", "order-write", "order-cancel", "invoice-read", "refund"]
                api.strings("roles", facts.random.sample(facts.random.within(1...4), of: roles))
            }
            access.object("account") {
                $0.strings("roles", ["manage-account", "manage-account-links", "view-profile"])
            }
        }
    }

    private static func keycloakProfile(_ writer: inout JSONWriter, _ facts: inout TokenFacts) {
        let person = facts.person
        writer.boolean("email_verified", !facts.random.isOne(in: 5))
        writer.personal("name", person.fullName, marker: person.family.marker)
        if facts.random.isOne(in: 2) {
            writer.personal("phone_number", person.phoneNumber)
            writer.boolean("phone_number_verified", facts.random.isOne(in: 2))
        }
        writer.personal("preferred_username", person.userName.value, marker: person.userName.marker)
        writer.string("locale", person.locale)
        writer.personal("given_name", person.given.value, marker: person.given.marker)
        writer.personal("family_name", person.family.value, marker: person.family.marker)
        writer.personal("email", person.email.value, marker: person.email.marker)
    }
}

/// Role names for tokens with long lists.
enum RoleTable {
    private static let verbs = ["view", "create", "edit", "approve", "archive", "export", "delete", "assign"]
    private static let nouns = ["order", "invoice", "shipment", "return", "contract", "ledger", "stock", "report"]

    /// `count` different names (at most 64) of one area.
    static func roles(count: Int, area: String, _ random: inout RandomStream) -> [String] {
        let all = verbs.flatMap { verb in nouns.map { "\(area):\(verb)-\($0)" } }
        return random.sample(count, of: all)
    }
}

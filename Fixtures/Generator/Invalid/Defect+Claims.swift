// SPDX-License-Identifier: Apache-2.0

// Correctly signed tokens that a claim rule refuses. The leeway is 30 s; the boundary variants lie one second
// past it.
extension Defect {
    static let claims: [Defect] =
        expired + notYetValid + issuedInFuture + lifetimeTooLong + missingClaim + claimType + issuer + audience
        + tokenType

    private static let expired: [Defect] = [
        Defect("expired", "long-ago") { _, facts in
            .settingTimes(facts, issuedAt: facts.now - 900, expiresAt: facts.now - 600)
        },
        Defect("expired", "past-leeway") { _, facts in
            .settingTimes(facts, issuedAt: facts.now - 331, expiresAt: facts.now - 31)
        },
        Defect("expired", "later-clock") { _, facts in
            var recipe = TokenRecipe()
            recipe.now = facts.expiresAt + 31
            return recipe
        },
        Defect("expired", "year-1970") { _, facts in .settingTimes(facts, issuedAt: 0, expiresAt: 60) },
    ]

    private static let notYetValid: [Defect] = [
        Defect("not-yet-valid", "ten-minutes") { _, facts in .settingClaims(("nbf", "\(facts.now + 600)")) },
        Defect("not-yet-valid", "past-leeway") { _, facts in .settingClaims(("nbf", "\(facts.now + 31)")) },
    ]

    private static let issuedInFuture: [Defect] = [
        Defect("issued-in-future", "five-minutes", when: hasLifetime) { _, facts in
            .settingTimes(facts, issuedAt: facts.now + 300, expiresAt: facts.now + 600)
        },
        Defect("issued-in-future", "past-leeway", when: hasLifetime) { _, facts in
            .settingTimes(facts, issuedAt: facts.now + 31, expiresAt: facts.now + 331)
        },
    ]

    private static let lifetimeTooLong: [Defect] = [
        Defect("lifetime-too-long", "one-second", when: hasLifetime) { shape, facts in
            let longest = shape.lifetimeSecondsMax ?? 0
            return .settingTimes(facts, issuedAt: facts.now - 60, expiresAt: facts.now - 59 + longest)
        },
        Defect("lifetime-too-long", "ten-years", when: hasLifetime) { _, facts in
            .settingTimes(facts, issuedAt: facts.now - 60, expiresAt: facts.now + 315_360_000)
        },
    ]

    private static let missingClaim: [Defect] = ["exp", "iat", "iss", "aud", "sub", "jti"].map { name in
        Defect("missing-claim", name, when: { shape, _ in shape.required.contains(name) }) { _, _ in
            var recipe = TokenRecipe()
            recipe.claims = [(name: name, change: .omitted)]
            return recipe
        }
    }

    private static let claimType: [Defect] = [
        Defect("claim-type", "exp-text") { _, facts in .settingClaims(("exp", "\"\(facts.expiresAt)\"")) },
        Defect("claim-type", "exp-null") { _, _ in .settingClaims(("exp", "null")) },
        Defect("claim-type", "exp-infinite") { _, _ in .settingClaims(("exp", "1e999")) },
        Defect("claim-type", "exp-negative") { _, _ in .settingClaims(("exp", "-1")) },
        Defect("claim-type", "exp-over-2^53") { _, _ in .settingClaims(("exp", "9007199254740994")) },
        Defect("claim-type", "iat-true", when: hasLifetime) { _, _ in .settingClaims(("iat", "true")) },
        Defect("claim-type", "nbf-text") { _, facts in .settingClaims(("nbf", "\"\(facts.now)\"")) },
        Defect("claim-type", "aud-number", when: hasAudience) { _, _ in .settingClaims(("aud", "1")) },
        Defect("claim-type", "aud-mixed-array", when: hasAudience) { shape, _ in
            .settingClaims(("aud", "[\"\(shape.audiences.first ?? "")\",1]"))
        },
        Defect("claim-type", "sub-number") { _, _ in .settingClaims(("sub", "7")) },
    ]

    private static let issuer: [Defect] = [
        Defect("issuer", "other") { _, _ in .settingClaims(("iss", "\"https://attacker.example.net/\"")) },
        Defect("issuer", "trailing-slash") { shape, _ in
            let url = shape.issuer.url
            return .settingClaims(("iss", "\"\(url.hasSuffix("/") ? String(url.dropLast()) : url + "/")\""))
        },
        Defect("issuer", "upper-case") { shape, _ in
            .settingClaims(("iss", "\"HTTPS\(shape.issuer.url.dropFirst(5))\""))
        },
        Defect("issuer", "empty") { _, _ in .settingClaims(("iss", "\"\"")) },
    ]

    private static let audience: [Defect] = [
        Defect("audience", "other", when: hasAudience) { _, _ in
            .settingClaims(("aud", "\"https://other.example.net\""))
        },
        Defect("audience", "others", when: hasAudience) { _, _ in
            .settingClaims(("aud", "[\"https://other.example.net\",\"account\"]"))
        },
        Defect("audience", "longer", when: hasAudience) { shape, _ in
            .settingClaims(("aud", "\"\(shape.audiences.first ?? "").example.net\""))
        },
        Defect("audience", "empty-array", when: hasAudience) { _, _ in .settingClaims(("aud", "[]")) },
    ]

    private static let tokenType: [Defect] = [
        Defect("token-type", "logout") { _, _ in .settingHeader(("typ", "\"logout+jwt\"")) },
        Defect("token-type", "proof") { _, _ in .settingHeader(("typ", "\"dpop+jwt\"")) },
        Defect("token-type", "absent", when: { shape, _ in !shape.types.contains("none") }) { _, _ in
            var recipe = TokenRecipe()
            recipe.header = [(name: "typ", change: .omitted)]
            return recipe
        },
    ]

    @Sendable private static func hasLifetime(_ shape: Shape, _ algorithm: FixtureAlgorithm) -> Bool {
        shape.lifetimeSecondsMax != nil
    }

    @Sendable private static func hasAudience(_ shape: Shape, _ algorithm: FixtureAlgorithm) -> Bool {
        !shape.audiences.isEmpty
    }
}

extension TokenRecipe {
    /// Sets `exp`, and `iat` and `nbf` where the shape writes them, so that only one rule is broken.
    fileprivate static func settingTimes(_ facts: TokenFacts, issuedAt: Int, expiresAt: Int) -> TokenRecipe {
        var recipe = TokenRecipe()
        recipe.claims = [
            (name: "exp", change: .set("\(expiresAt)")),
            (name: "iat", change: .setIfPresent("\(issuedAt)")),
            (name: "nbf", change: .setIfPresent("\(min(issuedAt, facts.now))")),
        ]
        return recipe
    }
}

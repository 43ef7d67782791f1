// SPDX-License-Identifier: Apache-2.0

/// One composed token.
package struct ComposedToken: Sendable {
    /// The token's text, without a line break.
    package let bytes: [UInt8]
    /// The personal values it holds.
    package let personalValues: [PersonalValue]
    /// The clock a verifier must use.
    package let now: Int
}

/// Composes the tokens of one shape and algorithm, each from its number alone.
///
/// Memory stays that of one token, so a corpus of any size can be streamed. One composer per thread.
package struct TokenComposer {
    /// 2027-01-15T08:00:00Z, the clock of all fixtures.
    package static let now = 1_800_000_000
    /// The seed of the committed corpora.
    package static let committedSeed: UInt64 = 0xC10A_4300_2027_0115

    /// The shape composed.
    package let shape: Shape
    /// The algorithm signed with.
    package let algorithm: FixtureAlgorithm
    private let seed: UInt64
    private let keys: SigningKeys
    private var writer = JSONWriter()

    /// A composer for one shape and algorithm.
    package init(shape: Shape, algorithm: FixtureAlgorithm, keys: SigningKeys, seed: UInt64 = committedSeed) {
        self.shape = shape
        self.algorithm = algorithm
        self.keys = keys
        self.seed = seed
    }

    /// The valid token numbered `index`.
    package mutating func valid(_ index: Int) throws(FixtureError) -> ComposedToken {
        try compose(facts(UInt64(index)), TokenRecipe())
    }

    /// A token with `defect`. Its numbers lie apart from those of the valid tokens.
    package mutating func invalid(_ defect: Defect, _ index: Int) throws(FixtureError) -> ComposedToken {
        let facts = facts(UInt64(index) | (1 << 33))
        return try compose(facts, defect.recipe(shape, facts))
    }

    private func facts(_ index: UInt64) -> TokenFacts {
        let corpus = shape.number << 2 | algorithm.number
        var random = RandomStream(seed: seed, corpus: corpus, index: index)
        var markers = MarkerSource(corpus: corpus, index: index)
        let person = Person(random: &random, markers: &markers)
        // Every eighth token is signed with the other key, as around a rotation.
        let position = min(shape.keyPosition ?? (index % 8 == 7 ? 1 : 0), shape.issuer.keyCount - 1)
        let lifetime = shape.lifetime(&random)
        var facts = TokenFacts(
            issuer: shape.issuer, algorithm: algorithm, keyID: keys.keyID(position), keyPosition: position,
            now: Self.now, person: person, random: random, markers: markers)
        // Issued lately enough that at least half of the lifetime is left.
        facts.issuedAt = Self.now - facts.random.within(1...(min(lifetime, 3_600) / 2))
        facts.expiresAt = facts.issuedAt + lifetime
        facts.authenticatedAt = facts.issuedAt - facts.random.within(0...7_200)
        return facts
    }

    private mutating func compose(_ facts: TokenFacts, _ recipe: TokenRecipe) throws(FixtureError) -> ComposedToken {
        var facts = facts
        let header = json(recipe.header, escapes: false) { [shape, facts] in shape.header(&$0, facts) }
        let escapes = facts.random.isOne(in: 3)
        let original = facts
        let claims = json(recipe.claims, escapes: escapes) { [shape] in shape.claims(&$0, &facts) }
        let personalValues = writer.personalValues
        var headerText = header
        var claimsText = claims
        recipe.rewriteHeader?(&headerText)
        recipe.rewriteClaims?(&claimsText)
        var token = CompactToken(header: base64URL(headerText), payload: base64URL(claimsText), signature: [])
        let signed = token.header + [UInt8(ascii: ".")] + token.payload
        token.signature = base64URL(try keys.sign(signed, recipe.signer, facts.keyPosition))
        if !recipe.claimsAfterSigning.isEmpty {
            var again = original
            let changed = json(recipe.claimsAfterSigning, escapes: escapes) { [shape] in shape.claims(&$0, &again) }
            token.payload = base64URL(changed)
        }
        recipe.rewriteToken?(&token)
        return ComposedToken(
            bytes: token.bytes + Array(recipe.suffix.utf8), personalValues: personalValues,
            now: recipe.now ?? facts.now)
    }

    private mutating func json(
        _ changes: [(name: String, change: MemberChange)], escapes: Bool, _ body: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        writer.removeAll()
        writer.changes = changes
        writer.escapesNonASCII = escapes
        writer.root(body)
        return writer.bytes
    }
}

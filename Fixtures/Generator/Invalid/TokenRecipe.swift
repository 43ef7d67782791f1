// SPDX-License-Identifier: Apache-2.0

/// The three base64url texts of a compact JWS.
package struct CompactToken: Sendable {
    /// The JOSE header.
    package var header: [UInt8]
    /// The claims.
    package var payload: [UInt8]
    /// The signature.
    package var signature: [UInt8]
    /// Leaves out the signature together with its dot.
    package var hasTwoParts = false

    /// The token's bytes.
    package var bytes: [UInt8] {
        let signed = header + [UInt8(ascii: ".")] + payload
        return hasTwoParts ? signed : signed + [UInt8(ascii: ".")] + signature
    }
}

/// How one token departs from its shape; `TokenRecipe()` makes a valid token.
package struct TokenRecipe: Sendable {
    /// Whose key signs.
    package enum Signer: Sendable {
        /// The issuer's, as the header says.
        case issuer
        /// A key of the same algorithm that no verifier knows.
        case stranger
        /// HMAC-SHA-256 keyed with the text of the issuer's public key set (RFC 8725 section 2.1).
        case publicKeyAsSecret
    }

    /// Changes to header members.
    package var header: [(name: String, change: MemberChange)] = []
    /// Changes to top-level claims.
    package var claims: [(name: String, change: MemberChange)] = []
    /// Changes to claims that are made after signing.
    package var claimsAfterSigning: [(name: String, change: MemberChange)] = []
    /// Rewrites the claims' JSON text before it is signed.
    package var rewriteClaims: (@Sendable (inout [UInt8]) -> Void)?
    /// Rewrites the header's JSON text before it is signed.
    package var rewriteHeader: (@Sendable (inout [UInt8]) -> Void)?
    /// Whose key signs.
    package var signer = Signer.issuer
    /// Rewrites the finished token.
    package var rewriteToken: (@Sendable (inout CompactToken) -> Void)?
    /// What is added after the last byte.
    package var suffix = ""
    /// The verifier's clock, when it is not the fixtures' own.
    package var now: Int?

    /// A valid token.
    package init() {}

    /// Sets claims to JSON texts.
    package static func settingClaims(_ values: (String, String)...) -> TokenRecipe {
        var recipe = TokenRecipe()
        recipe.claims = values.map { (name: $0.0, change: .set($0.1)) }
        return recipe
    }

    /// Sets header members to JSON texts.
    package static func settingHeader(_ values: (String, String)...) -> TokenRecipe {
        var recipe = TokenRecipe()
        recipe.header = values.map { (name: $0.0, change: .set($0.1)) }
        return recipe
    }

    /// Rewrites the claims' text.
    package static func rewritingClaims(_ rewrite: @escaping @Sendable (inout [UInt8]) -> Void) -> TokenRecipe {
        var recipe = TokenRecipe()
        recipe.rewriteClaims = rewrite
        return recipe
    }

    /// Rewrites the finished token.
    package static func rewritingToken(_ rewrite: @escaping @Sendable (inout CompactToken) -> Void) -> TokenRecipe {
        var recipe = TokenRecipe()
        recipe.rewriteToken = rewrite
        return recipe
    }
}

/// One way to be refused: the error code a verifier must give, a word for how, and the recipe.
package struct Defect: Sendable {
    /// The code as in the verdict lines of the command line.
    package let code: String
    /// Names the variant; unique together with the code.
    package let how: String
    /// Whether the shape and algorithm can have this defect.
    package let applies: @Sendable (Shape, FixtureAlgorithm) -> Bool
    /// Makes the recipe for one token.
    package let recipe: @Sendable (Shape, TokenFacts) -> TokenRecipe

    init(
        _ code: String, _ how: String,
        when applies: @escaping @Sendable (Shape, FixtureAlgorithm) -> Bool = { _, _ in true },
        _ recipe: @escaping @Sendable (Shape, TokenFacts) -> TokenRecipe
    ) {
        self.code = code
        self.how = how
        self.applies = applies
        self.recipe = recipe
    }

    /// Every defect, grouped by code.
    package static let all = form + json + trust + claims

    /// The codes in the order of the catalogue.
    package static let codes: [String] = all.reduce(into: []) { codes, defect in
        if codes.last != defect.code { codes.append(defect.code) }
    }

    /// The defects that the committed set of one shape and algorithm holds: every variant for the short shapes,
    /// one variant of each code for the others, chosen so that the shapes together hold them all.
    package static func committed(for shape: Shape, _ algorithm: FixtureAlgorithm) -> [Defect] {
        let possible = all.filter { $0.applies(shape, algorithm) }
        if shape.name == "minimal" || shape.name == "rfc9068" { return possible }
        return codes.enumerated().compactMap { position, code in
            // Long tokens: each code for one algorithm only.
            if shape.name == "large-roles", position % 4 != Int(algorithm.number) { return nil }
            let variants = possible.filter { $0.code == code }
            guard !variants.isEmpty else { return nil }
            return variants[Int(shape.number * 3 + algorithm.number) % variants.count]
        }
    }
}

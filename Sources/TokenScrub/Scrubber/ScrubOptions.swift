// SPDX-License-Identifier: Apache-2.0
package import TokenPersonalData

/// What the scrubber looks for and what it leaves in the place of a token.
package struct ScrubOptions: Sendable {
    /// How much of a token stays visible.
    package enum Mode: String, Sendable, CaseIterable {
        /// `[jwt alg=RS256 exp=1700000000 fp=l1_k001_…]`.
        case fingerprint
        /// `[jwt]`: nothing.
        case full
        /// As `fingerprint`, and a fingerprint of each listed claim: `kid=l1_… sub=l1_…`.
        case claims
    }

    /// Claims that mode `claims` may show, each as a fingerprint of its own: `kid` from the header, the others from the
    /// payload.
    package enum Claim: String, Sendable, CaseIterable {
        case keyID = "kid"
        case issuer = "iss"
        case subject = "sub"
        case audience = "aud"
        case jwtID = "jti"
        case clientID = "client_id"
        case session = "sid"
    }

    /// How much of a token stays visible. Default `fingerprint`.
    package var mode: Mode
    /// The claims of mode `claims`, written in this order. Default `kid`, `sub`, `jti`.
    package var claims: [Claim]
    /// Kinds of personal data to replace. Default none.
    package var personalData: Set<PersonalDataKind>
    /// The caller's own rules. Default none.
    package var rules: [TokenRule]

    /// Makes options.
    package init(
        mode: Mode = .fingerprint, claims: [Claim] = [.keyID, .subject, .jwtID],
        personalData: Set<PersonalDataKind> = [], rules: [TokenRule] = []
    ) {
        self.mode = mode
        self.claims = claims
        self.personalData = personalData
        self.rules = rules
    }
}

/// What went through a scrubber: counts only.
package struct ScrubStatistics: Sendable, Equatable {
    /// Bytes taken.
    package var inputByteCount = 0
    /// Bytes given.
    package var outputByteCount = 0
    /// Compact JWS, SD-JWT among them.
    package var jws = 0
    /// Compact JWE.
    package var jwe = 0
    /// Tokens that were cut at their start or end.
    package var cut = 0
    /// Tokens over the limit.
    package var oversized = 0
    /// References `r1_…`.
    package var references = 0
    /// Matches of the caller's own rules.
    package var custom = 0
    /// In the order of `PersonalDataKind.allCases`.
    private var personalCounts = [Int](repeating: 0, count: PersonalDataKind.allCases.count)

    /// Personal data of one kind.
    package func count(of kind: PersonalDataKind) -> Int { personalCounts[Self.place(kind)] }

    mutating func count(_ kind: PersonalDataKind) { personalCounts[Self.place(kind)] += 1 }

    private static func place(_ kind: PersonalDataKind) -> Int {
        switch kind {
        case .email: 0
        case .phone: 1
        case .card: 2
        case .iban: 3
        case .ssn: 4
        case .ipv4: 5
        case .ipv6: 6
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// An accept entry's rules in the form that judging needs: bytes instead of strings, bounds resolved.
final class ClaimRules: Sendable {
    let issuers: ByteStrings
    let audiences: ByteStrings
    /// Lower-cased, without `application/`; nil when `typ` is not checked.
    let types: [[UInt8]]?
    let typeMayBeAbsent: Bool
    let algorithmMask: UInt32
    /// What must be there: what the entry requires, and what it compares.
    let required: RegisteredClaims.Names
    /// Infinite when there is no cap.
    let lifetimeSecondsMax: Double
    let leewaySeconds: Double
    // Bits of a set of names, kept here since another module's constants cost a call.
    private let expiresBit = RegisteredClaims.Names.expires.rawValue
    private let notBeforeBit = RegisteredClaims.Names.notBefore.rawValue
    private let issuedAtBit = RegisteredClaims.Names.issuedAt.rawValue

    init(_ entry: AcceptEntry) throws(ConfigurationError) {
        if entry.issuers.isEmpty, entry.required.contains(.issuer) { throw .noIssuer }
        if entry.audiences.isEmpty, entry.required.contains(.audience) { throw .noAudience }
        guard !entry.algorithms.isEmpty, entry.types?.isEmpty != true else { throw .emptyList }
        issuers = ByteStrings(entry.issuers)
        audiences = ByteStrings(entry.audiences)
        // `none` stands for an absent `typ`, so that a token cannot write it.
        types = entry.types?.filter { $0 != "none" }.map { MediaType.normalized(Array($0.utf8)) }
        typeMayBeAbsent = entry.types?.contains("none") ?? true
        algorithmMask = entry.algorithms.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
        var required = RegisteredClaims.Names(entry.required.map(\.name))
        if !entry.issuers.isEmpty { required.insert(.issuer) }
        if !entry.audiences.isEmpty { required.insert(.audience) }
        self.required = required
        (lifetimeSecondsMax, leewaySeconds) = try Self.bounds(entry)
    }

    private static func bounds(_ entry: AcceptEntry) throws(ConfigurationError) -> (Double, Double) {
        guard let cap = entry.lifetimeSecondsMax else {
            let leeway = entry.leewaySeconds ?? 30
            guard (0...30).contains(leeway) else { throw .leeway }
            return (.infinity, Double(leeway))
        }
        guard cap > 0, cap <= 1 << 53 else { throw .lifetime }
        let leeway = entry.leewaySeconds ?? min(30, cap / 10)
        guard leeway >= 0, leeway <= cap / 10 else { throw .leeway }
        return (Double(cap), Double(leeway))
    }

    /// Whether `algorithm` is on the caller's list.
    func allows(_ algorithm: SignatureAlgorithm) -> Bool {
        algorithmMask & (1 << UInt32(algorithm.rawValue)) != 0
    }

    /// Whether a header's `typ` is on the list; nil stands for an absent one.
    func allows(type: Span<UInt8>?) -> Bool {
        guard let types else { return true }
        guard let type else { return typeMayBeAbsent }
        return types.contains { MediaType.matches(type, $0.span) }
    }

    /// Judges a claims set at a time, in a fixed order: types of all registered claims, presence, issuer, audience,
    /// then times. Returns the first rule that fails, nil when all hold. No allocation.
    func judge(_ view: JSONView, _ claims: RegisteredClaims, now: Double) -> RefusalCode? {
        // Raw bits: the generic set operations are calls into the standard library.
        guard claims.mistyped.rawValue == 0 else { return .claimType }
        guard required.rawValue & ~claims.present.rawValue == 0 else { return .missingClaim }
        guard issuers.isEmpty || isIssuerAccepted(view, claims) else { return .issuer }
        guard audiences.isEmpty || isAudienceAccepted(view, claims) else { return .audience }
        return judgeTimes(claims, now: now)
    }

    /// Whether `iss`, which is there, is on the list. The usual text is compared where it stands.
    @inline(__always)
    func isIssuerAccepted(_ view: JSONView, _ claims: RegisteredClaims) -> Bool {
        if claims.issuerText.count > 0 { return issuers.contains(view.json, claims.issuerText) }
        return issuers.contains(view, claims.issuer)
    }

    /// Whether `aud`, which is there, is on the list or has an element that is.
    @inline(__always)
    private func isAudienceAccepted(_ view: JSONView, _ claims: RegisteredClaims) -> Bool {
        if claims.audienceText.count > 0 { return audiences.contains(view.json, claims.audienceText) }
        return isAnyAudienceAccepted(view, claims.audience)
    }

    private func isAnyAudienceAccepted(_ view: JSONView, _ node: Int) -> Bool {
        if view[node].isString { return audiences.contains(view, node) }
        var element = node &+ 1
        let end = view[node].subtreeEnd
        while element < end {
            if audiences.contains(view, element) { return true }
            element = view[element].subtreeEnd
        }
        return false
    }

    @inline(__always)
    private func judgeTimes(_ claims: RegisteredClaims, now: Double) -> RefusalCode? {
        let present = claims.present.rawValue
        let hasIssuedAt = present & issuedAtBit != 0
        let hasNotBefore = present & notBeforeBit != 0
        if hasIssuedAt, claims.issuedAtOrZero > now + leewaySeconds { return .issuedInFuture }
        if hasNotBefore, claims.notBeforeOrZero > now + leewaySeconds { return .notYetValid }
        guard present & expiresBit != 0 else { return nil }
        let expires = claims.expiresOrZero
        if now >= expires + leewaySeconds { return .expired }
        // Without `iat` the token cannot have been issued later than now, so what is left is a lower bound.
        if expires - (hasIssuedAt ? claims.issuedAtOrZero : now) > lifetimeSecondsMax { return .lifetimeTooLong }
        return nil
    }
}

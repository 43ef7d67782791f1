// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// An accept entry's rules in the form that judging needs: bytes instead of strings, bounds resolved.
struct ClaimRules: Sendable {
    let issuers: [[UInt8]]
    let audiences: [[UInt8]]
    /// Lower-cased, without `application/`; nil when `typ` is not checked.
    let types: [[UInt8]]?
    let typeMayBeAbsent: Bool
    let algorithmMask: UInt32
    let requiredMask: UInt8
    let lifetimeSecondsMax: Double?
    let leewaySeconds: Double

    init(_ entry: AcceptEntry) throws(ConfigurationError) {
        if entry.issuers.isEmpty, entry.required.contains(.issuer) { throw .noIssuer }
        if entry.audiences.isEmpty, entry.required.contains(.audience) { throw .noAudience }
        guard !entry.algorithms.isEmpty, entry.types?.isEmpty != true else { throw .emptyList }
        issuers = entry.issuers.map { Array($0.utf8) }
        audiences = entry.audiences.map { Array($0.utf8) }
        types = entry.types?.map { MediaType.normalized(Array($0.utf8)) }
        typeMayBeAbsent = entry.types?.contains("none") ?? true
        algorithmMask = entry.algorithms.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
        requiredMask = entry.required.reduce(0) { $0 | $1.bit }
        (lifetimeSecondsMax, leewaySeconds) = try Self.bounds(entry)
    }

    private static func bounds(_ entry: AcceptEntry) throws(ConfigurationError) -> (Double?, Double) {
        guard let cap = entry.lifetimeSecondsMax else {
            let leeway = entry.leewaySeconds ?? 30
            guard (0...30).contains(leeway) else { throw .leeway }
            return (nil, Double(leeway))
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
    func judge(_ claims: JSONView, _ registered: RegisteredClaims, now: Double) -> RefusalCode? {
        guard let times = ClaimTimes(claims, registered), Self.areStrings(claims, registered) else {
            return .claimType
        }
        if isMissingRequired(registered) { return .missingClaim }
        if !issuers.isEmpty {
            guard registered.issuer != 0 else { return .missingClaim }
            guard issuers.contains(where: { claims.isString(registered.issuer, $0.span) }) else { return .issuer }
        }
        if !audiences.isEmpty {
            guard registered.audience != 0 else { return .missingClaim }
            switch audienceVerdict(claims, registered.audience) {
            case nil: break
            case let refusal: return refusal
            }
        }
        return judge(times, now: now)
    }

    private static func areStrings(_ claims: JSONView, _ registered: RegisteredClaims) -> Bool {
        (registered.issuer == 0 || claims[registered.issuer].isString)
            && (registered.subject == 0 || claims[registered.subject].isString)
            && (registered.jwtID == 0 || claims[registered.jwtID].isString)
            && (registered.audience == 0 || isAudience(claims, registered.audience))
    }

    /// A string, or an array of strings (RFC 7519 section 4.1.3).
    private static func isAudience(_ claims: JSONView, _ node: Int) -> Bool {
        let audience = claims[node]
        if audience.isString { return true }
        guard audience.valueKind == .array else { return false }
        var element = node &+ 1
        while element < audience.subtreeEnd {
            guard claims[element].isString else { return false }
            element = claims[element].subtreeEnd
        }
        return true
    }

    private func isMissingRequired(_ registered: RegisteredClaims) -> Bool {
        (requires(.issuer) && registered.issuer == 0)
            || (requires(.subject) && registered.subject == 0)
            || (requires(.audience) && registered.audience == 0)
            || (requires(.expires) && registered.expires == 0)
            || (requires(.notBefore) && registered.notBefore == 0)
            || (requires(.issuedAt) && registered.issuedAt == 0)
            || (requires(.jwtID) && registered.jwtID == 0)
    }

    private func requires(_ claim: AcceptEntry.Claim) -> Bool { requiredMask & claim.bit != 0 }

    private func audienceVerdict(_ claims: JSONView, _ node: Int) -> RefusalCode? {
        if claims[node].isString { return isAccepted(claims, node) ? nil : .audience }
        var element = node &+ 1
        while element < claims[node].subtreeEnd {
            if isAccepted(claims, element) { return nil }
            element = claims[element].subtreeEnd
        }
        return .audience
    }

    private func isAccepted(_ claims: JSONView, _ node: Int) -> Bool {
        audiences.contains { claims.isString(node, $0.span) }
    }

    private func judge(_ times: ClaimTimes, now: Double) -> RefusalCode? {
        if let issuedAt = times.issuedAt, issuedAt > now + leewaySeconds { return .issuedInFuture }
        if let notBefore = times.notBefore, notBefore > now + leewaySeconds { return .notYetValid }
        guard let expires = times.expires else { return nil }
        if now >= expires + leewaySeconds { return .expired }
        if let cap = lifetimeSecondsMax {
            // Without `iat` the token cannot have been issued later than now, so what is left is a lower bound.
            let start = times.issuedAt ?? now
            if expires - start > cap { return .lifetimeTooLong }
        }
        return nil
    }
}

/// The NumericDate claims of a token, each absent or in range.
struct ClaimTimes {
    var expires: Double?
    var notBefore: Double?
    var issuedAt: Double?

    /// Nil when one of them is there but no number in [0, 2^53] (RFC 7519 section 2): never taken for absent.
    init?(_ claims: JSONView, _ registered: RegisteredClaims) {
        guard Self.read(claims, registered.expires, into: &expires),
            Self.read(claims, registered.notBefore, into: &notBefore),
            Self.read(claims, registered.issuedAt, into: &issuedAt)
        else { return nil }
    }

    private static func read(_ claims: JSONView, _ node: Int, into seconds: inout Double?) -> Bool {
        guard node != 0 else { return true }
        let kind = claims[node].valueKind
        guard kind == .integer || kind == .number else { return false }
        guard let date = NumericDate(jsonNumber: claims.value(node)) else { return false }
        seconds = date.seconds
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenScan
public import TokenVerify

/// Token Status Lists (draft-ietf-oauth-status-list) in memory: give it to a `RevocationCheck` as `statuses`.
///
/// The host fetches each list, a JWT, and adds it; nothing here touches the network. A list counts until its `exp`, its
/// `ttl` or the greatest age, whichever comes first; a token whose list does not count is refused as `storage`, unless
/// the host has chosen otherwise by name. Any thread; a look-up takes one lock and allocates nothing.
public final class StatusLists: TokenStatusSource {
    /// Bounds, enforced while a list is read.
    public struct Limits: Sendable, Equatable {
        /// Lists at a time. Default 64.
        public var listCountMax = 64
        /// Bytes of one list when inflated: at one bit, eight tokens a byte. Default 4 MiB.
        public var byteCountMax = 4 << 20
        /// Bytes of one list's token. Default 1 MiB.
        public var tokenByteCountMax = 1 << 20
        /// Seconds that a list counts at most, whatever it says. Default one day.
        public var ageSecondsMax: Int64 = 86_400

        /// The defaults.
        public init() {}
    }

    /// What a token gets whose list is absent or out of its time.
    public enum UnavailablePolicy: Sendable {
        /// Refused as `storage`. The default.
        case refuse
        /// Accepted, as if its status were valid.
        case accept
    }

    private struct Entry {
        let uri: [UInt8]
        let list: StatusList
        let issuedAtSeconds: Double
        let validUntilSeconds: Double
    }

    public let acceptsTokensWithoutStatus: Bool
    private let limits: Limits
    private let unavailable: UnavailablePolicy
    private let entries = Mutex<[Entry]>([])

    /// An empty collection.
    /// - Parameter acceptsTokensWithoutStatus: default true; false refuses them as `missing-claim`.
    public init(
        limits: Limits = Limits(), whenUnavailable: UnavailablePolicy = .refuse, acceptsTokensWithoutStatus: Bool = true
    ) {
        self.limits = limits
        unavailable = whenUnavailable
        self.acceptsTokensWithoutStatus = acceptsTokensWithoutStatus
    }

    /// A verifier for the lists of one publisher: `typ` `statuslist+jwt`, `sub` and `iat` required, large tokens.
    /// - Throws: `ConfigurationError`.
    public func makeVerifier(issuers: [String] = [], keys: KeyRing) throws(ConfigurationError) -> Verifier {
        let entry = AcceptEntry(
            issuers: issuers, audiences: [], keys: keys, types: [Self.type], required: [.subject, .issuedAt],
            lifetimeSecondsMax: nil)
        return try Verifier(accept: [entry], limits: ScanLimits(tokenByteCountMax: limits.tokenByteCountMax))
    }

    private static let type = "statuslist+jwt"

    /// Verifies a list's token and puts the list in the place of the one from the same address.
    ///
    /// - Parameter uri: where the token was fetched from, as tokens write it; must be its `sub`.
    /// - Throws: ``StatusListError``; the list that is there stays.
    /// - Complexity: O(bytes of the list). Any thread.
    public func add(
        _ token: [UInt8], from uri: String, verifiedBy verifier: Verifier, now: Int64
    ) throws(StatusListError) {
        var worker = verifier.makeWorker()
        let accepted: AcceptedToken
        switch verifier.verify(token.span, now: now, using: &worker) {
        case .refused(let refusal): throw .refused(refusal.code)
        case .accepted(let token): accepted = token
        }
        try worker.withHeader(of: accepted) { (header) throws(StatusListError) in try Self.checkType(header) }
        let entry = try worker.withClaims(of: accepted) { (claims) throws(StatusListError) in
            try self.entry(claims, uri: Array(uri.utf8), now: now)
        }
        try entries.withLock { (entries) throws(StatusListError) in
            if let old = entries.firstIndex(where: { $0.uri == entry.uri }) {
                // An old list that is still good must not bring a revoked token back.
                guard
                    entry.issuedAtSeconds >= entries[old].issuedAtSeconds
                        || Double(now) >= entries[old].validUntilSeconds
                else { throw .older }
                entries[old] = entry
            } else {
                guard entries.count < limits.listCountMax else { throw .full }
                entries.append(entry)
            }
        }
    }

    /// Forgets the list of an address.
    public func remove(from uri: String) {
        let uri = Array(uri.utf8)
        entries.withLock { $0.removeAll { $0.uri == uri } }
    }

    public func status(uri: Span<UInt8>, index: Int, now: Int64) -> TokenStatus {
        let status: UInt8? = entries.withLock { entries in
            for entry in entries where entry.uri.span.equals(uri) {
                return Double(now) < entry.validUntilSeconds ? entry.list[index] : nil
            }
            return nil
        }
        switch status {
        case 0: return .valid
        case .some: return .notValid
        case nil: return unavailable == .accept ? .valid : .unavailable
        }
    }

    // MARK: Reading

    private static func checkType(_ header: Span<UInt8>) throws(StatusListError) {
        var index = JSONIndex()
        do { try index.build(header, limits: ScanLimits()) } catch { throw .malformed }
        let view = index.view(header)
        guard let node = view.member(of: 0, "typ") else { throw .tokenType }
        let (short, long) = (Array(type.utf8), Array(("application/" + type).utf8))
        guard view.isString(node, short.span) || view.isString(node, long.span) else { throw .tokenType }
    }

    private func entry(_ claims: Span<UInt8>, uri: [UInt8], now: Int64) throws(StatusListError) -> Entry {
        var index = JSONIndex()
        let bounds = ScanLimits(tokenByteCountMax: limits.tokenByteCountMax, depthMax: 16, memberCountMax: 256)
        do { try index.build(claims, limits: bounds) } catch { throw .malformed }
        let view = index.view(claims)
        guard let subject = view.member(of: 0, "sub"), view.isString(subject, uri.span) else { throw .subject }
        let registered = RegisteredClaims(view)
        guard let issuedAt = registered.issuedAtSeconds else { throw .malformed }
        var until = Double(now) + Double(limits.ageSecondsMax)
        if let expires = registered.expiresSeconds { until = min(until, expires) }
        if let node = view.member(of: 0, "ttl") {
            guard [.integer, .number].contains(view[node].valueKind),
                let ttl = NumericDate(jsonNumber: view.value(node)), ttl.seconds > 0
            else { throw .malformed }
            until = min(until, Double(now) + ttl.seconds)
        }
        guard Double(now) < until else { throw .expired }
        return Entry(
            uri: uri, list: try list(view), issuedAtSeconds: issuedAt, validUntilSeconds: until)
    }

    private func list(_ view: JSONView) throws(StatusListError) -> StatusList {
        guard let status = view.member(of: 0, "status_list"), let bits = view.member(of: status, "bits"),
            let text = view.member(of: status, "lst"), view[bits].valueKind == .integer, view[text].isString,
            let bitCount = NumericDate(jsonNumber: view.value(bits)).flatMap({ Int(exactly: $0.seconds) })
        else { throw .malformed }
        var encoded = ByteScratch()
        view.appendText(text, to: &encoded)
        var data = ByteScratch()
        do { try data.appendBase64URLDecoded(encoded.span) } catch { throw .malformed }
        let bytes = try Inflater.inflate(data.span, byteCountMax: limits.byteCountMax)
        guard let list = StatusList(bitCount: bitCount, bytes: bytes) else { throw .malformed }
        return list
    }
}

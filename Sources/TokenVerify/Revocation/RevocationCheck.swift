// SPDX-License-Identifier: Apache-2.0
/// What a verifier looks up after signature and claim rules hold: revocations, a status list, one-time use.
///
/// Costs nothing where no check is given. In this order: `(iss, jti)`, subject, key, status, and last the claim of a
/// one-time token, so that a token that is refused for anything else is not used up.
public struct RevocationCheck: Sendable {
    /// Revocations of this process.
    public var list: RevocationList?
    /// Revocations of a shared store. May stand beside a list of the process's own.
    public var mirror: RevocationMirror?
    /// Token Status Lists.
    public var statuses: (any TokenStatusSource)?
    /// When given, every token counts once: it must have `jti` and `exp`, and its second use is refused as `replayed`.
    public var oneTime: (any OneTimeStore)?

    /// Makes a check of what is given.
    public init(
        list: RevocationList? = nil, mirror: RevocationMirror? = nil, statuses: (any TokenStatusSource)? = nil,
        oneTime: (any OneTimeStore)? = nil
    ) {
        self.list = list
        self.mirror = mirror
        self.statuses = statuses
        self.oneTime = oneTime
    }

    /// Changes with the cuts by subject and key. Read before a token is judged, it tells whether the verdict still
    /// holds as far as cuts go; the rest is looked up again at every use of the verdict.
    var cutEpoch: UInt64 { (list?.cutEpoch ?? 0) &+ (mirror?.list.cutEpoch ?? 0) }
}

/// The status that an issuer publishes for a token beside it (draft-ietf-oauth-status-list).
public enum TokenStatus: Sendable, Equatable {
    /// 0: the token is valid.
    case valid
    /// Anything else: invalid, suspended, or a value of an application. The token is refused as `revoked`.
    case notValid
    /// No list that counts now: not fetched, expired, or the index lies outside. The token is refused as `storage`,
    /// unless the source was told otherwise.
    case unavailable
}

/// Where the status of tokens comes from. Called on verifying threads, so it answers from memory.
public protocol TokenStatusSource: Sendable {
    /// The status at `index` of the list at `uri`, at `now`, seconds since 1970. `uri` is compared byte for byte.
    func status(uri: Span<UInt8>, index: Int, now: Int64) -> TokenStatus
    /// Whether a token without a `status` claim is accepted.
    var acceptsTokensWithoutStatus: Bool { get }
}

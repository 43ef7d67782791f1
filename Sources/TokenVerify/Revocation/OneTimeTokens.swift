// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// Where the use of a one-time token is written down: for one process ``OneTimeTokens``, for several nodes a shared
/// store's own type. Never remembered in between, never open on failure.
public protocol OneTimeStore: Sendable {
    /// Marks the token of this id as used: true for exactly one caller of all nodes, false for all others.
    ///
    /// `id` is SHA-256 over issuer and `jti`, each behind its length, so that the store holds no identities. It may be
    /// forgotten from `untilSeconds` on, seconds since 1970, which lies in the future. Called on verifying threads, so
    /// it blocks one of them as long as it takes.
    /// - Throws: ``RevocationError``; the token is then refused as `storage`.
    func claim(id: Span<UInt8>, untilSeconds: Int64, now: Int64) throws(RevocationError) -> Bool
}

/// The one-time tokens that this process has accepted. Any thread; exactly one of many concurrent uses wins.
///
/// A token is kept until it expires, leeway included, as a 128-bit keyed hash. When the table is full, further tokens
/// are refused as `storage`; none is forgotten.
public final class OneTimeTokens: OneTimeStore {
    private let seed = KeyedHash.Seed.random()
    private let tags: ExpiringTags

    /// - Parameter tokenCountMax: live tokens, default 1 048 576; about 100 bytes each when they are there.
    public init(tokenCountMax: Int = 1 << 20) { tags = ExpiringTags(countMax: tokenCountMax) }

    /// Tokens kept, those included that expired and were not cleaned up yet.
    public var tokenCount: Int { tags.count }

    /// Forgets the tokens that have expired. Insertions do it when there is no room.
    public func removeExpired(now: Int64) { tags.removeExpired(now: now) }

    public func claim(id: Span<UInt8>, untilSeconds: Int64, now: Int64) throws(RevocationError) -> Bool {
        var hash = KeyedHash(seed)
        hash.absorb(id)
        return try tags.claim(hash.tag(), untilSeconds: untilSeconds, now: now)
    }

    /// The same for a token's own claims, without the digest in between.
    func claim(
        _ claims: JSONView, _ registered: RegisteredClaims, untilSeconds: Int64, now: Int64
    ) throws(RevocationError) -> Bool {
        var hash = KeyedHash(seed)
        hash.absorb(claims, registered.issuer)
        hash.absorb(claims, registered.jwtID)
        return try tags.claim(hash.tag(), untilSeconds: untilSeconds, now: now)
    }
}

/// The id of a one-time token in a shared store.
enum OneTimeID {
    /// Calls `body` with SHA-256(LP(issuer) | LP(jti)), LP being a 4-byte big-endian length and the bytes. Allocates.
    static func with<Result>(
        _ claims: JSONView, _ registered: RegisteredClaims,
        _ body: (Span<UInt8>) throws(RevocationError) -> Result
    ) throws(RevocationError) -> Result {
        var message = ByteScratch()
        append(claims, registered.issuer, to: &message)
        append(claims, registered.jwtID, to: &message)
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(message.span, into: &span)
        return try body(digest.span)
    }

    private static func append(_ claims: JSONView, _ node: Int, to message: inout ByteScratch) {
        var text = ByteScratch()
        claims.appendText(node, to: &text)
        let count = UInt32(truncatingIfNeeded: text.count)
        for shift: UInt32 in [24, 16, 8, 0] { message.append(UInt8(truncatingIfNeeded: count >> shift)) }
        message.append(text.span)
    }
}

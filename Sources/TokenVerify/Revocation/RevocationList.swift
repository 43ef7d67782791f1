// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto
import TokenScan

/// Revoked tokens, and cuts by subject and key, in memory. Any thread; a lookup allocates nothing.
///
/// An entry is kept as a 128-bit keyed hash and two times, so that the memory holds no identities. `now` is the
/// caller's clock, seconds since 1970.
public final class RevocationList: Sendable {
    /// What an entry is about. Part of what is hashed.
    private enum Kind: UInt64 {
        case token = 1
        case subject = 2
        case key = 4
    }

    private let seed = KeyedHash.Seed.random()
    private let tags: ExpiringTags
    /// The kinds that may be there, one bit each: a lookup of another kind ends here.
    private let kinds = Atomic<UInt64>(0)
    private let cuts = Atomic<UInt64>(1)
    /// Held by writers alone.
    private let writer = Mutex<Void>(())

    /// Makes an empty list.
    /// - Parameter entryCountMax: live entries, default 1 048 576; about 100 bytes each when they are there.
    public init(entryCountMax: Int = 1 << 20) {
        self.entryCountMax = entryCountMax
        tags = ExpiringTags(countMax: entryCountMax)
    }

    /// The most live entries.
    public let entryCountMax: Int
    /// Live entries, those included that expired and were not cleaned up yet.
    public var entryCount: Int { tags.count }

    /// Counts the changes of cuts.
    var cutEpoch: UInt64 { cuts.load(ordering: .acquiring) }

    /// Adds an entry; effective on every thread when this returns. An entry that has expired already is not added; one
    /// that is there keeps the later of its times.
    /// - Throws: ``RevocationError/full``; no entry was forgotten.
    public func add(_ entry: RevocationEntry, now: Int64) throws(RevocationError) {
        try writer.withLock { (_) throws(RevocationError) in
            kinds.bitwiseOr(Self.kind(of: entry).rawValue, ordering: .releasing)
            try Self.insert(entry, into: tags, seed: seed, now: now)
            if Self.kind(of: entry) != .token { cuts.wrappingAdd(1, ordering: .releasing) }
        }
    }

    /// Puts `entries` in the place of all there are. An entry that is in both is in force all the while.
    /// - Throws: ``RevocationError/full`` when they are too many; the list is as before then.
    /// - Complexity: O(entries), with room for both lists while it runs.
    public func replace(with entries: some Sequence<RevocationEntry>, now: Int64) throws(RevocationError) {
        try writer.withLock { (_) throws(RevocationError) in
            let new = ExpiringTags(countMax: entryCountMax)
            var newKinds: UInt64 = 0
            for entry in entries {
                newKinds |= Self.kind(of: entry).rawValue
                try Self.insert(entry, into: new, seed: seed, now: now)
            }
            kinds.bitwiseOr(newKinds, ordering: .releasing)
            tags.takeContents(of: new)
            kinds.store(newKinds, ordering: .releasing)
            cuts.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// Forgets what has expired. Insertions do it when there is no room; call it every few minutes to get memory back
    /// sooner. O(expired entries).
    public func removeExpired(now: Int64) { tags.removeExpired(now: now) }

    private static func kind(of entry: RevocationEntry) -> Kind {
        switch entry {
        case .token: .token
        case .subject: .subject
        case .key: .key
        }
    }

    private static func insert(
        _ entry: RevocationEntry, into tags: ExpiringTags, seed: KeyedHash.Seed, now: Int64
    ) throws(RevocationError) {
        let kind = kind(of: entry)
        switch entry {
        case .token(let issuer, let jwtID, let until):
            try tags.insert(
                tag(seed, issuer, kind, jwtID), TagTable.Times(untilSeconds: until, beforeSeconds: 0), now: now)
        case .subject(let issuer, let subject, let before, let until):
            try tags.insert(
                tag(seed, issuer, kind, subject),
                TagTable.Times(untilSeconds: until ?? ExpiringTags.never, beforeSeconds: before), now: now)
        case .key(let issuer, let keyID, let before, let until):
            try tags.insert(
                tag(seed, issuer, kind, keyID),
                TagTable.Times(
                    untilSeconds: until ?? ExpiringTags.never, beforeSeconds: before ?? ExpiringTags.never),
                now: now)
        }
    }

    private static func tag(_ seed: KeyedHash.Seed, _ issuer: String, _ kind: Kind, _ text: String) -> KeyedHash.Tag {
        let (issuer, text) = (Array(issuer.utf8), Array(text.utf8))
        var hash = KeyedHash(seed)
        hash.absorb(issuer.span)
        hash.absorb(word: kind.rawValue)
        hash.absorb(text.span)
        return hash.tag()
    }
}

extension RevocationList {
    /// Whether an entry names this `(iss, jti)` at `now`, whatever the cuts say.
    func isTokenRevoked(_ claims: JSONView, _ registered: RegisteredClaims, now: Int64) -> Bool {
        guard kinds.load(ordering: .acquiring) & Kind.token.rawValue != 0, registered.jwtID != 0 else { return false }
        var hash = KeyedHash(seed)
        hash.absorb(claims, registered.issuer)
        hash.absorb(word: Kind.token.rawValue)
        hash.absorb(claims, registered.jwtID)
        return tags.times(of: hash.tag(), now: now) != nil
    }

    /// Whether there may be cuts by key, so that the caller has to find the `kid`.
    var mayHaveKeyCuts: Bool { kinds.load(ordering: .acquiring) & Kind.key.rawValue != 0 }

    /// Whether an entry says that a token with these claims, signed under `keyID`, is revoked at `now`.
    ///
    /// A list without entries costs one read. No allocation.
    func isRevoked(_ claims: JSONView, _ registered: RegisteredClaims, keyID: Span<UInt8>?, now: Int64) -> Bool {
        let kinds = kinds.load(ordering: .acquiring)
        guard kinds != 0 else { return false }
        var issuer = KeyedHash(seed)
        issuer.absorb(claims, registered.issuer)
        if kinds & Kind.token.rawValue != 0, registered.jwtID != 0 {
            var hash = issuer
            hash.absorb(word: Kind.token.rawValue)
            hash.absorb(claims, registered.jwtID)
            if tags.times(of: hash.tag(), now: now) != nil { return true }
        }
        if kinds & Kind.subject.rawValue != 0, registered.subject != 0 {
            var hash = issuer
            hash.absorb(word: Kind.subject.rawValue)
            hash.absorb(claims, registered.subject)
            if isCut(hash.tag(), registered, now: now) { return true }
        }
        if kinds & Kind.key.rawValue != 0, let keyID {
            issuer.absorb(word: Kind.key.rawValue)
            issuer.absorb(keyID)
            if isCut(issuer.tag(), registered, now: now) { return true }
        }
        return false
    }

    /// A token without `iat` cannot show that it was issued after the cut.
    private func isCut(_ tag: KeyedHash.Tag, _ registered: RegisteredClaims, now: Int64) -> Bool {
        guard let times = tags.times(of: tag, now: now) else { return false }
        guard let issuedAt = registered.issuedAtSeconds else { return true }
        return issuedAt < Double(times.beforeSeconds)
    }
}

extension KeyedHash {
    /// Absorbs the text of a string value; of node 0, an absent claim, the empty text.
    mutating func absorb(_ claims: JSONView, _ node: Int) {
        let value = claims[node]
        let content = claims.json.extracting(value.stringRange)
        if value.isValueEscaped { absorb(unescaping: content) } else { absorb(content) }
    }
}

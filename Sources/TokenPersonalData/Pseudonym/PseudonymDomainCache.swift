// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// A worker's bounded table of domains of one key ring, for scopes that are known only when a token is at hand.
///
/// A policy with fixed audiences looks its domains up once, when it is compiled, and needs no table. Sets of four
/// entries, the oldest use replaced; a hit costs one hash and one comparison over about 100 bytes and no allocation.
/// Scope `token` is never kept, since no jti comes twice. Dropping the table drops the midstates, which are wiped.
package struct PseudonymDomainCache: ~Copyable {
    private struct Entry {
        let hash: UInt64
        let keyIndex: Int
        let info: [UInt8]
        let domain: PseudonymDomain
        var usedAt: UInt64
    }

    private static let waysPerSet = 4
    private let ring: PseudonymKeyRing
    private let setMask: Int
    private let seed: UInt64
    private var entries: [Entry?]
    private var info: ByteScratch
    private var clock: UInt64 = 0
    /// Lookups that derived a key.
    package private(set) var missCount = 0

    /// Makes an empty table of at least `capacity` entries (4 to 65 536, rounded up to a power of two).
    package init(ring: PseudonymKeyRing, capacity: Int = 256) {
        let bounded = min(max(capacity, Self.waysPerSet), 65_536)
        var sets = 1
        while sets * Self.waysPerSet < bounded { sets *= 2 }
        self.ring = ring
        setMask = sets - 1
        // A secret seed: audiences may come from outside and must not be able to crowd one set.
        seed = UInt64.random(in: .min ... .max)
        entries = Array(repeating: nil, count: sets * Self.waysPerSet)
        info = ByteScratch(capacity: 256)
    }

    /// The domain under the active key, or under the key at `keyIndex` of the ring.
    ///
    /// `scopeValue` is the sector or the jti and is not read for `global`.
    package mutating func domain(
        type: Span<UInt8>, profile: CanonicalProfile, scope: PseudonymScope.Kind, scopeValue: Span<UInt8>,
        isErasable: Bool = false, keyIndex: Int? = nil
    ) -> PseudonymDomain {
        let keyIndex = keyIndex ?? ring.activeIndex
        let tenant = ring.tenantBytes
        info.removeAll()
        PseudonymDomain.appendInfo(
            tenant: tenant.span, type: type, profile: profile, scope: scope, scopeValue: scopeValue,
            isErasable: isErasable, to: &info)
        if scope == .token {
            return ring.domain(info: &info, profile: profile, isErasable: isErasable, keyIndex: keyIndex)
        }
        let hash = Self.hash(info.span, seed ^ UInt64(truncatingIfNeeded: keyIndex))
        let first = Int(truncatingIfNeeded: hash >> 32) & setMask
        clock &+= 1
        var victim = first * Self.waysPerSet
        for index in victim..<victim + Self.waysPerSet {
            guard let entry = entries[index] else {
                victim = index
                break
            }
            if entry.hash == hash, entry.keyIndex == keyIndex, entry.domain.profile == profile,
                entry.info.span.equals(info.span)
            {
                entries[index]?.usedAt = clock
                return entry.domain
            }
            if let oldest = entries[victim], entry.usedAt < oldest.usedAt { victim = index }
        }
        missCount += 1
        let domain = ring.domain(info: &info, profile: profile, isErasable: isErasable, keyIndex: keyIndex)
        entries[victim] = Entry(
            hash: hash, keyIndex: keyIndex, info: info.copy(), domain: domain, usedAt: clock)
        return domain
    }

    /// Forgets all entries.
    package mutating func removeAll() {
        for index in entries.indices { entries[index] = nil }
    }

    /// Entries in use.
    package var count: Int { entries.reduce(0) { $1 == nil ? $0 : $0 + 1 } }

    /// A seeded multiply-and-fold hash over 8 bytes a step; collisions only cost a comparison.
    private static func hash(_ bytes: Span<UInt8>, _ seed: UInt64) -> UInt64 {
        var state = seed
        var index = 0
        while index < bytes.count {
            var word: UInt64 = 0
            for place in index..<min(index + 8, bytes.count) { word = word << 8 | UInt64(bytes[place]) }
            let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            state = product.high ^ product.low ^ seed
            index += 8
        }
        return state
    }
}

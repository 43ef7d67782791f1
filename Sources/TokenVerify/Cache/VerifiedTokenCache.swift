// SPDX-License-Identifier: Apache-2.0
internal import CTokenXXHash
internal import Synchronization
import TokenCrypto
import TokenScan

/// Tokens that were verified and accepted before, so that the next sight of one costs a comparison instead of a
/// signature check. Shared by all workers of a verifier; any thread.
///
/// A hit gives what verifying would give at that moment. It needs every byte of the token to be equal (or a keyed
/// 256-bit digest of it), the same verifier and key epoch, and a time inside the entry's. Refusals are never kept: a
/// malformed token is refused in less time than a lookup takes, and a forged one must not push out good ones.
///
/// Memory is bounded and taken in one piece; entries that are not wanted again leave first (``CacheShard``). Hits take
/// no lock and allocate nothing.
public final class VerifiedTokenCache: Sendable {
    /// The least memory of a cache in bytes; less is rounded up to it.
    public static let byteCountMin = 64 * 1024
    /// The most memory of a cache in bytes: 64 GiB.
    public static let byteCountMax = 64 << 30
    /// About how many bytes an everyday token with its claims takes here, for sizing by tokens.
    public static let typicalEntryByteCount = 2 * 1024

    /// The memory that the cache takes at most, in bytes.
    public let byteCount: Int
    /// How long an entry is good, in seconds; never past the token's own time.
    public let ttlSeconds: Int64
    /// Tags tokens where no token bytes are kept; nil where they are.
    let digestKey: HMACSHA256Key?

    private let memory: CacheMemory
    private let shards: [CacheShard]
    private let secret: [UInt8]
    private let counters = Mutex(Registry())

    private struct Registry {
        var live: [CacheCounters] = []
        /// What workers counted that are gone.
        var past = Statistics()
    }

    private static let shardCountMax = 64
    private static let shardByteCountMin = 1 << 20

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - byteCount: memory in bytes, from 64 KiB to 64 GiB; values outside are moved to the nearest bound. Pages are
    ///     touched only as the cache fills.
    ///   - ttlSeconds: how long an entry is good; default 300. A token's own `exp` ends it earlier.
    ///   - storesTokenBytes: false keeps a keyed SHA-256 digest in the place of the token, so that the cache's memory
    ///     holds no bearer token (its decoded claims it does hold). Costs one HMAC of the token a hit.
    public init(byteCount: Int, ttlSeconds: Int64 = 300, storesTokenBytes: Bool = true) {
        self.byteCount = min(max(byteCount, Self.byteCountMin), Self.byteCountMax)
        self.ttlSeconds = max(ttlSeconds, 0)
        var random = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        digestKey = storesTokenBytes ? nil : HMACSHA256Key(key.span)
        secret = (0..<Int(XXH3_SECRET_DEFAULT_SIZE)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        var shardCount = 1
        while shardCount < Self.shardCountMax, self.byteCount / (shardCount * 2) >= Self.shardByteCountMin {
            shardCount *= 2
        }
        // The list of fingerprints, four bytes a slot, is the one part outside the words: at most a 160th of them.
        let wordCount = self.byteCount / 8 / 161 * 160 / shardCount
        memory = CacheMemory(wordCount: wordCount * shardCount)
        let memory = memory
        shards = (0..<shardCount).map {
            CacheShard(memory, CacheShard.Places(base: $0 * wordCount, wordCount: wordCount))
        }
    }

    /// Forgets every entry.
    public func removeAll() {
        for shard in shards { shard.removeAll() }
    }

    // MARK: Places

    /// The hash that picks a token's place: XXH3-64 under the cache's secret of the token's last 64 bytes, which are
    /// signature. Nobody can choose a valid signature, so nobody can pile accepted tokens up in one place; and a
    /// token that has another's signature is told from it by comparing all of both.
    @inline(__always)
    func hash(of token: Span<UInt8>, verifier: UInt64) -> UInt64 {
        let tail = token.extracting(last: 64)
        // SAFETY: the function reads the bytes of both buffers during the call.
        let hash = unsafe tail.withUnsafeBytes { input in
            unsafe secret.withUnsafeBytes { secret in
                unsafe XXH3_64bits_withSecret(input.baseAddress, input.count, secret.baseAddress, secret.count)
            }
        }
        return hash ^ (verifier &* 0x9E37_79B9_7F4A_7C15)
    }

    @inline(__always)
    func shard(of hash: UInt64) -> CacheShard {
        shards[Int(truncatingIfNeeded: hash >> 40) & (shards.count &- 1)]
    }

    // MARK: Counting

    /// What happened so far.
    public struct Statistics: Equatable, Sendable {
        /// Tokens answered from the cache.
        public var hitCount = 0
        /// Tokens that were not there.
        public var missCount = 0
        /// Tokens that were there, but out of time, revoked, or of other keys.
        public var staleCount = 0
        /// Entries made.
        public var insertionCount = 0
        /// Entries that made room for others.
        public var evictionCount = 0
        /// Accepted tokens that were not kept: too long, or another thread was changing the same part of the cache.
        public var skippedCount = 0

        /// The share of lookups that were hits, 0 without any.
        public var hitRatio: Double {
            let all = hitCount + missCount + staleCount
            return all == 0 ? 0 : Double(hitCount) / Double(all)
        }
    }

    /// The sum over all workers. A snapshot: workers go on counting meanwhile. O(workers).
    public var statistics: Statistics {
        counters.withLock { registry in
            var sum = registry.past
            for counters in registry.live { counters.add(to: &sum) }
            return sum
        }
    }

    /// A copy of the cache's words, for tests of what is in them.
    var words: [UInt64] { (0..<memory.count).map { memory.load($0) } }

    /// Entries that are kept, out-of-date ones included. O(shards); waits for writers.
    public var entryCount: Int { shards.reduce(0) { $0 + $1.entryCount } }

    /// Counters for one more worker. Those of workers that are gone are added up.
    func makeCounters() -> CacheCounters {
        let made = CacheCounters()
        counters.withLock { registry in
            var live: [CacheCounters] = [made]
            live.reserveCapacity(registry.live.count + 1)
            while var last = registry.live.popLast() {
                if isKnownUniquelyReferenced(&last) { last.add(to: &registry.past) } else { live.append(last) }
            }
            registry.live = live
        }
        return made
    }
}

extension VerifiedTokenCache: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The size, and nothing of the content.
    public var description: String { "VerifiedTokenCache(\(byteCount) bytes)" }
    /// The size, and nothing of the content.
    public var debugDescription: String { description }
    /// No children: tokens and claims are not for logs.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// A worker's side of the cache: its counters, and the memory in which entries are made.
struct CacheUse: ~Copyable {
    private var cacheID: ObjectIdentifier?
    private(set) var counters = CacheCounters()
    var entry: [UInt64] = []
    /// The verifier's cuts as they were before the token at hand was judged.
    var cutEpoch: UInt64 = 0

    /// Counts for `cache` from now on.
    @inline(__always)
    mutating func bind(to cache: VerifiedTokenCache) {
        if cacheID == ObjectIdentifier(cache) { return }
        cacheID = ObjectIdentifier(cache)
        counters = cache.makeCounters()
    }
}

extension Verifier {
    /// What the cache knows of a token, when all of it still holds. Anything else is nil, and means to verify.
    func recall(
        _ token: Span<UInt8>, _ cache: VerifiedTokenCache, now: Int64, using worker: inout VerifierWorker
    ) -> AcceptedToken? {
        worker.cacheUse.bind(to: cache)
        // Before the token is judged: what is cut meanwhile makes the entry out of date.
        if let revocation { worker.cacheUse.cutEpoch = revocation.cutEpoch }
        let hash = cache.hash(of: token, verifier: policyID)
        let question = CacheQuestion(token, hash: hash, verifier: policyID, now: now, digestKey: cache.digestKey)
        switch cache.shard(of: hash).find(question, into: &worker.scanner) {
        case .absent: worker.cacheUse.counters.countMiss()
        case .stale: worker.cacheUse.counters.countStale()
        case .found(let finding):
            guard finding.epochs == cacheEpochs(worker) else {
                worker.cacheUse.counters.countStale()
                return nil
            }
            if let revocation, isRevoked(finding.view, revocation, now: now, using: worker) {
                worker.cacheUse.counters.countStale()
                return nil
            }
            worker.cacheUse.counters.countHit()
            return AcceptedToken(VerifiedToken(view: finding.view, remembered: finding))
        }
        return nil
    }

    /// Keeps an accepted token, which this worker has verified in this call.
    func remember(
        _ token: Span<UInt8>, _ accepted: AcceptedToken, _ cache: VerifiedTokenCache, now: Int64,
        using worker: inout VerifierWorker
    ) {
        let rules = entries[accepted.acceptEntryIndex].rules
        let claims = worker.scanner.registeredClaims(of: accepted.view)
        // From now on: all rules on times but `exp` can only become true as time goes on. Before now, verify again.
        var until = Double(now) + Double(cache.ttlSeconds)
        if let expires = claims.expiresSeconds { until = min(until, expires + rules.leewaySeconds) }
        let hash = cache.hash(of: token, verifier: policyID)
        let shard = cache.shard(of: hash)
        let facts = CacheEntry.Facts(
            hash: hash, verifier: policyID, epochs: cacheEpochs(worker), validFrom: now, validUntil: until)
        guard
            CacheEntry.write(
                facts, token, digest: cache.digestKey, accepted, worker.scanner,
                wordCountMax: shard.places.entryWordCountMax, into: &worker.cacheUse.entry)
        else { return worker.cacheUse.counters.countSkipped() }
        worker.cacheUse.counters.count(shard.insert(worker.cacheUse.entry))
    }

    /// What the call under way relies on: the keys that the worker is bound to. A call that starts after a swap of keys
    /// is bound to the new ones, so it finds every older entry out of date.
    private func cacheEpochs(_ worker: borrowing VerifierWorker) -> CacheEpochs {
        CacheEpochs(keys: worker.keyEpoch, revocation: revocation == nil ? 0 : worker.cacheUse.cutEpoch)
    }

    private func isRevoked(
        _ token: TokenView, _ revocation: RevocationCheck, now: Int64, using worker: borrowing VerifierWorker
    ) -> Bool {
        let claims = worker.scanner.claims(of: token)
        return revocation.judgeAgain(claims, worker.scanner.registeredClaims(of: token), now: now) != nil
    }
}

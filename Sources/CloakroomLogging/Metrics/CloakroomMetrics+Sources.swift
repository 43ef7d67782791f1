// SPDX-License-Identifier: Apache-2.0
public import TokenVerify

extension CloakroomMetrics {
    /// Adds what threads have put into a tally since the last report.
    public func report(_ tally: VerificationTally) {
        var counts = tally.drain()
        report(&counts)
    }

    /// Adds what a cache has counted since `previous`, which then holds the present numbers.
    public func report(_ cache: VerifiedTokenCache, since previous: inout VerifiedTokenCache.Statistics) {
        let now = cache.statistics
        reportCache(.hit, count: now.hitCount - previous.hitCount)
        reportCache(.miss, count: now.missCount - previous.missCount)
        reportCache(.stale, count: now.staleCount - previous.staleCount)
        reportCache(.evicted, count: now.evictionCount - previous.evictionCount)
        previous = now
    }

    /// Counts an event of keys. An expiry follows a failure that was counted.
    public func report(_ event: KeyEvent) {
        switch event {
        case .refreshed(let isChanged, _, _): count(isChanged ? .changed : .unchanged)
        case .failed: count(.failed)
        case .expired: break
        }
    }
}

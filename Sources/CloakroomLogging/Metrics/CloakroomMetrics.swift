// SPDX-License-Identifier: Apache-2.0
public import CoreMetrics
public import TokenVerify

/// The engine's numbers as swift-metrics counters, timers and meters, in the backend that the host has chosen.
///
/// All objects and their dimensions are made once, here; nothing of a token is ever a dimension. Reporting is off the
/// hot path: threads count for themselves (``TokenVerify/VerificationCounts``) and hand their counts over now and then.
/// Sendable as far as the backend's handlers are, which swift-metrics requires of them.
public struct CloakroomMetrics: Sendable {
    private let accepted: Counter
    /// In the order of `RefusalCode.allCases`.
    private let refused: [(code: RefusalCode, counter: Counter)]
    private let cache: [CacheOutcome: Counter]
    private let keyRefreshes: [KeyRefreshOutcome: Counter]
    private let keyRefreshDuration: CoreMetrics.Timer
    private let verificationDuration: CoreMetrics.Timer
    private let revocations: Meter
    private let revocationFailures: Counter

    /// What became of a lookup in a cache of verified tokens, or of one of its entries.
    public enum CacheOutcome: String, CaseIterable, Sendable {
        /// Found, and everything still holds.
        case hit
        /// Not there.
        case miss
        /// There, but made under other keys, another policy or other cuts, or out of its time.
        case stale
        /// Removed to make room.
        case evicted
    }

    /// How a refresh of an issuer's keys ended.
    public enum KeyRefreshOutcome: String, CaseIterable, Sendable {
        /// The keys differ from before.
        case changed
        /// The same keys.
        case unchanged
        /// No keys came; the ring keeps those that it has.
        case failed
    }

    /// Makes all objects.
    ///
    /// - Parameter factory: the backend; that of the process when none is given, which the host sets up before.
    /// - Parameter prefix: the first part of every label.
    public init(factory: any MetricsFactory = MetricsSystem.factory, prefix: String = "cloakroom") {
        func counter(_ name: String, _ dimensions: [(String, String)] = []) -> Counter {
            Counter(label: "\(prefix).\(name)", dimensions: dimensions, factory: factory)
        }
        accepted = counter("tokens.verified")
        refused = RefusalCode.allCases.map { ($0, counter("tokens.refused", [("code", $0.rawValue)])) }
        cache = Self.counters { counter("cache", [("outcome", $0)]) }
        keyRefreshes = Self.counters { counter("keys.refreshes", [("outcome", $0)]) }
        keyRefreshDuration = CoreMetrics.Timer(label: "\(prefix).keys.refresh.duration", factory: factory)
        verificationDuration = CoreMetrics.Timer(label: "\(prefix).batch.duration", factory: factory)
        revocations = Meter(label: "\(prefix).revocations.entries", factory: factory)
        revocationFailures = counter("revocations.failures")
    }

    private static func counters<Outcome: RawRepresentable<String> & CaseIterable & Hashable>(
        _ make: (String) -> Counter
    ) -> [Outcome: Counter] {
        Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, make($0.rawValue)) })
    }

    /// Adds a thread's counts to the counters and sets them to 0.
    public func report(_ counts: inout VerificationCounts) {
        if counts.acceptedCount > 0 { accepted.increment(by: counts.acceptedCount) }
        for (code, counter) in refused {
            let count = counts.refusedCount(code)
            if count > 0 { counter.increment(by: count) }
        }
        counts.removeAll()
    }

    /// Adds what a cache has counted since the last report.
    public func reportCache(_ outcome: CacheOutcome, count: Int) {
        if count > 0 { cache[outcome]?.increment(by: count) }
    }

    /// Records how long a batch took.
    public func reportBatch(durationNanoseconds: Int64) {
        verificationDuration.recordNanoseconds(durationNanoseconds)
    }

    /// Records the end of a key refresh.
    public func reportKeyRefresh(_ outcome: KeyRefreshOutcome, durationNanoseconds: Int64) {
        count(outcome)
        keyRefreshDuration.recordNanoseconds(durationNanoseconds)
    }

    func count(_ outcome: KeyRefreshOutcome) { keyRefreshes[outcome]?.increment() }

    /// Sets the number of live entries of a revocation list.
    public func reportRevocations(entryCount: Int) { revocations.set(Int64(entryCount)) }

    /// Counts a revocation store that did not answer.
    public func reportRevocationFailure() { revocationFailures.increment() }
}

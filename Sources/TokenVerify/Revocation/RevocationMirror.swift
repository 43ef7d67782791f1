// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A node's copy of a shared store: verifications look into memory, and the copy knows how old it is.
///
/// A revocation is effective here at most `lagSecondsMax` after the store has it: a copy that was not confirmed for so
/// long is stale, and tokens are then refused as `storage`, unless the caller has chosen otherwise by name. Any thread.
public final class RevocationMirror: Sendable {
    /// What a verification does while the copy is stale.
    public enum StalePolicy: Sendable {
        /// Refuses every token as `storage`. The default.
        case refuse
        /// Goes on with the entries that are there. A token revoked since the last answer is accepted.
        case accept
    }

    /// The copy.
    public let list: RevocationList
    /// What a verification does while the copy is stale.
    public let stalePolicy: StalePolicy
    private let store: any RevocationStore
    private let lagNanosecondsMax: Int64
    private let clock: MonotonicClock.Reading
    private let cursor = Mutex<RevocationCursor?>(nil)
    /// When the last question that was answered in full was asked; the copy is as new as that.
    private let confirmedNanoseconds = Atomic<Int64>(Int64.min)

    /// Makes an empty, stale mirror; call ``refresh(now:)`` before the first verification.
    ///
    /// - Parameter lagSecondsMax: default 1; at least 0.001.
    /// - Parameter clock: for tests.
    public init(
        _ store: any RevocationStore, into list: RevocationList = RevocationList(), lagSecondsMax: Double = 1,
        whenStale stalePolicy: StalePolicy = .refuse, clock: @escaping MonotonicClock.Reading = MonotonicClock.system
    ) {
        self.store = store
        self.list = list
        self.stalePolicy = stalePolicy
        lagNanosecondsMax = Int64(exactly: (min(max(lagSecondsMax, 0.001), 1e9) * 1e9).rounded()) ?? 1_000_000_000
        self.clock = clock
    }

    /// Whether the copy may be relied on: confirmed within the lag, or to be used anyway. One clock read.
    var isUsable: Bool { stalePolicy == .accept || isFresh }

    /// Whether the store has confirmed the copy within the lag.
    public var isFresh: Bool {
        let confirmed = confirmedNanoseconds.load(ordering: .acquiring)
        return confirmed != Int64.min && clock() &- confirmed <= lagNanosecondsMax
    }

    /// Asks the store for what is new until it has no more. One at a time; blocks as long as the store takes.
    ///
    /// - Throws: ``RevocationError``. What was added until then stays, the copy does not count as confirmed, and the
    ///   next call goes on from there.
    public func refresh(now: Int64) throws(RevocationError) {
        try cursor.withLock { (cursor) throws(RevocationError) in
            while true {
                let asked = clock()
                let changes = try store.changes(after: cursor, now: now)
                if changes.isWholeList {
                    try list.replace(with: changes.entries, now: now)
                } else {
                    for entry in changes.entries { try list.add(entry, now: now) }
                }
                cursor = changes.cursor
                guard changes.hasMore else {
                    confirmedNanoseconds.store(asked, ordering: .releasing)
                    return
                }
            }
        }
    }

    /// Refreshes until the task is cancelled, a few times within the lag. `report` gets each error, and nil for each
    /// success; nothing else happens at an error, since the copy turns stale by itself.
    public func run(
        now: @Sendable () -> Int64, report: @Sendable (RevocationError?) -> Void = { _ in }
    ) async {
        while !Task.isCancelled {
            do throws(RevocationError) {
                try refresh(now: now())
                report(nil)
            } catch {
                report(error)
            }
            list.removeExpired(now: now())
            try? await Task.sleep(for: .nanoseconds(lagNanosecondsMax / 4))
        }
    }
}

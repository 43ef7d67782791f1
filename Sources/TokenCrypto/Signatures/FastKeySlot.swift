// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// What all verifiers of one public key share: its table, while there is one. Any thread.
final class FastKeySlot<Table: FastTable>: Sendable {
    private struct State {
        var table: Table?
        var isBuilding = false
        /// The self-test failed: never again for this key.
        var isRefused = false
    }

    private let state = Mutex(State())
    private let successCount = Atomic<Int>(0)
    private let lastUse = Atomic<UInt64>(0)

    /// The table, borrowed for one check: an evicted one is freed when the last check with it ends.
    var table: Table? { state.withLock { $0.table } }

    var isIdle: Bool { state.withLock { $0.table == nil && !$0.isBuilding } }
    var isBuilding: Bool { state.withLock { $0.isBuilding } }

    /// Takes the one right to build the table. False when it exists, is being built, or was refused.
    func beginBuilding() -> Bool {
        state.withLock { state in
            guard state.table == nil, !state.isBuilding, !state.isRefused else { return false }
            state.isBuilding = true
            return true
        }
    }

    /// Ends what `beginBuilding` began; nil means that the table did not pass its self-test.
    func endBuilding(_ table: Table?) {
        state.withLock { $0 = State(table: table, isBuilding: false, isRefused: table == nil) }
    }

    /// Gives the right back without a verdict: there was no room.
    func cancelBuilding() { state.withLock { $0.isBuilding = false } }

    /// Drops the table for good: it gave another verdict than OpenSSL.
    func refuse() { state.withLock { $0 = State(isRefused: true) } }

    /// Drops the table; later successes may earn a new one.
    func evict() { state.withLock { $0.table = nil } }

    /// Counts a success; true for every `period`-th.
    func recordSuccess(period: Int) -> Bool {
        let count = successCount.wrappingAdd(1, ordering: .relaxed).newValue
        return count >= 0 && count % period == 0
    }

    func touch(_ tick: UInt64) { lastUse.store(tick, ordering: .relaxed) }
    var lastUsed: UInt64 { lastUse.load(ordering: .relaxed) }
}

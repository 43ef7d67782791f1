// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto

/// Writes audit events to a store, chained, many in one commit. Any thread.
///
/// Strict: a caller waits until its events are durable; whoever finds no commit under way does it for all that wait, so
/// that many threads share one commit. Relaxed: a thread of the log's own commits within 10 ms, or at 1 000 events; the
/// caller waits only when the last commit failed, so that an unwritable log stops reads.
final class AuditLog: Sendable {
    private let keys: VaultKeys
    private let store: any VaultStore
    private let mode: VaultOptions.Audit
    private let monitor = Monitor()
    private let state: State

    /// Milliseconds that a relaxed event may wait.
    static let delayMilliseconds = 10
    /// Relaxed events that are committed at once.
    static let groupCountMax = 1000

    /// Events that share a commit.
    private final class Group: @unchecked Sendable {
        // Sendable by hand: used under the monitor's lock, and by the one thread that commits it.
        var events: [AuditEvent] = []
        var result: Result<Void, VaultError>?
    }

    private final class State: @unchecked Sendable {
        // Sendable by hand: used under the monitor's lock; `head` by the one thread that commits.
        var current = Group()
        var isCommitting = false
        var isClosed = false
        var hasFailed = false
        var head = AuditChain.Head()
        var stored: StoredFact = StoredFact(AuditChain.headFact, nil)
    }

    /// Reads the end of the store's chain.
    ///
    /// - Throws: ``VaultError/damaged`` when the head is not of these keys, ``VaultError/audit`` when there is no
    ///   thread to be had.
    init(store: any VaultStore, keys: VaultKeys, mode: VaultOptions.Audit) throws(VaultError) {
        self.keys = keys
        self.store = store
        self.mode = mode
        state = State()
        try readHead()
        guard mode == .relaxed else { return }
        let monitor = monitor
        let state = state
        let isStarted = BackgroundThread.start { [weak self] in
            monitor.lock()
            while !state.isClosed {
                if state.current.events.isEmpty {
                    monitor.wait()
                } else {
                    monitor.wait(milliseconds: Self.delayMilliseconds)
                }
                if !state.current.events.isEmpty, !state.isCommitting { self?.commitCurrent() }
            }
            monitor.unlock()
        }
        guard isStarted else { throw .audit }
    }

    /// Writes events; returns when they may count as written under the log's mode.
    ///
    /// - Throws: ``VaultError/audit``; the events were not written then.
    func record(_ events: [AuditEvent]) throws(VaultError) {
        if events.isEmpty { return }
        monitor.lock()
        defer { monitor.unlock() }
        let group = state.current
        let wasEmpty = group.events.isEmpty
        group.events += events
        if mode == .relaxed, !state.hasFailed {
            if group.events.count >= Self.groupCountMax, !state.isCommitting {
                commitCurrent()
                if case .failure? = group.result { throw .audit }
            } else if wasEmpty {
                monitor.wakeAll()
            }
            return
        }
        while group.result == nil {
            if state.isCommitting { monitor.wait() } else { commitCurrent() }
        }
        if case .failure? = group.result { throw .audit }
    }

    /// Commits what is waiting.
    ///
    /// - Throws: ``VaultError/audit``.
    func flush() throws(VaultError) {
        monitor.lock()
        defer { monitor.unlock() }
        let group = state.current
        if group.events.isEmpty {
            while state.isCommitting { monitor.wait() }
            return
        }
        while group.result == nil {
            if state.isCommitting { monitor.wait() } else { commitCurrent() }
        }
        if case .failure? = group.result { throw .audit }
    }

    /// Commits what is waiting and ends the log's thread.
    func close() {
        try? flush()
        monitor.lock()
        state.isClosed = true
        monitor.wakeAll()
        monitor.unlock()
    }

    deinit {
        monitor.lock()
        state.isClosed = true
        monitor.wakeAll()
        monitor.unlock()
    }

    /// A keyed fingerprint, so that entries link to a token without telling anything of it.
    func fingerprint(of digest: Digest) -> InlineArray<32, UInt8> {
        var tag = InlineArray<32, UInt8>(repeating: 0)
        var span = tag.mutableSpan
        keys.audit[0].fingerprints.authenticate(digest.bytes.span, into: &span)
        return tag
    }

    /// Takes the current group and commits it. Called with the lock, which is given back meanwhile.
    private func commitCurrent() {
        let group = state.current
        state.current = Group()
        state.isCommitting = true
        monitor.unlock()
        let result: Result<Void, VaultError>
        do throws(VaultError) {
            try commit(group.events)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        monitor.lock()
        state.isCommitting = false
        group.result = result
        state.hasFailed = if case .failure = result { true } else { false }
        if state.hasFailed, mode == .relaxed { keep(group) }
        monitor.wakeAll()
    }

    /// Relaxed events whose commit failed are not lost: they go in front of the next group. Bounded, since reads stop.
    private func keep(_ group: Group) {
        state.current.events = group.events + state.current.events
        let surplus = state.current.events.count - 64 * Self.groupCountMax
        if surplus > 0 { state.current.events.removeFirst(surplus) }
    }

    private func commit(_ events: [AuditEvent]) throws(VaultError) {
        for _ in 0..<SealedVault.attemptCountMax {
            var head = state.head
            let entries = events.map { AuditChain.entry($0, after: &head, key: keys.audit[0]) }
            let fact = AuditChain.fact(head, key: keys.audit[0])
            if try store.appendAudit(entries, first: state.head.number + 1, head: fact, expected: state.stored) {
                state.head = head
                state.stored = fact
                return
            }
            // Another process wrote first.
            try readHead()
        }
        throw .busy
    }

    private func readHead() throws(VaultError) {
        let value = try store.fact(AuditChain.headFact)
        state.stored = StoredFact(AuditChain.headFact, value)
        guard let value else {
            state.head = AuditChain.Head()
            return
        }
        guard let head = AuditChain.head(value, keys: keys) else { throw .damaged }
        state.head = head
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto
public import TokenVerify

/// An issuer's keys, kept fresh from where it publishes them. Any thread.
///
/// Give ``ring`` to an accept entry; verification uses it and never waits for the network. ``run()`` in a task of its
/// own refreshes by age; ``refresh(forUnknownKeyID:)`` is for a token that was refused as `unknown-key`. Whoever asks
/// while a fetch is under way waits for that one. What comes is checked before it is swapped in, and what does not
/// make a ring changes nothing.
public final class RemoteKeys: Sendable {
    /// The keys that are in force.
    public let ring: KeyRing
    private let configuration: RemoteKeysConfiguration
    private let fetcher: any KeyFetcher
    private let clock: MonotonicClock.Reading
    private let report: @Sendable (KeyEvent) -> Void

    private struct State {
        var inFlight: Task<KeyEvent, Never>?
        /// When the last fetch began, and the last one that succeeded.
        var attempted: Int64
        var confirmed: Int64
        var unknown: UnknownKeyIDs
    }
    private let state: Mutex<State>

    /// Fetches the keys for the first time.
    ///
    /// - Parameter fetcher: how; default ``URLSessionKeyFetcher``.
    /// - Parameter clock: for tests.
    /// - Parameter report: gets every event, from whichever task made it; must return soon.
    /// - Throws: ``KeyFetchError``. There is no object without keys: an issuer whose keys never came accepts nothing.
    public static func load(
        _ configuration: RemoteKeysConfiguration, fetcher: any KeyFetcher = URLSessionKeyFetcher(),
        clock: @escaping MonotonicClock.Reading = MonotonicClock.system,
        report: @escaping @Sendable (KeyEvent) -> Void = { _ in }
    ) async throws(KeyFetchError) -> RemoteKeys {
        let started = clock()
        do throws(KeyFetchError) {
            let set = try await PublishedKeys.fetch(configuration, fetcher)
            let ring: KeyRing
            do { ring = try KeyRing(set.keys) } catch { throw .ring(error) }
            report(.refreshed(isChanged: true, keyCount: set.keys.count, skippedCount: set.skippedCount))
            return RemoteKeys(ring, configuration, fetcher, clock, report, started: started)
        } catch {
            report(.failed(error))
            throw error
        }
    }

    private init(
        _ ring: KeyRing, _ configuration: RemoteKeysConfiguration, _ fetcher: any KeyFetcher,
        _ clock: @escaping MonotonicClock.Reading, _ report: @escaping @Sendable (KeyEvent) -> Void, started: Int64
    ) {
        self.ring = ring
        self.configuration = configuration
        self.fetcher = fetcher
        self.clock = clock
        self.report = report
        state = Mutex(
            State(
                attempted: started, confirmed: started,
                unknown: UnknownKeyIDs(countMax: configuration.unknownKeyIDCountMax)))
    }

    /// Fetches now, or waits for the fetch under way.
    @discardableResult
    public func refresh() async -> KeyEvent {
        await flight().value
    }

    /// Fetches when the keys are past their refresh age and the last fetch is a cooldown ago. Nil when nothing was due.
    @discardableResult
    public func refreshIfDue() async -> KeyEvent? {
        expireIfDue()
        let now = clock()
        let isDue = state.withLock { state in
            now &- state.confirmed >= age && (now &- state.attempted >= cooldown || state.inFlight != nil)
        }
        guard isDue else { return nil }
        let event = await refresh()
        expireIfDue()
        return event
    }

    /// Whether the ring has a key of this `kid`, after one fetch if that may help. For a token that was refused as
    /// `unknown-key`; verify it once more when this says true.
    ///
    /// No fetch for a `kid` that was looked for in vain since the keys were last confirmed or within their refresh
    /// age, none within the cooldown, and none for nil or more than 1 024 bytes: tokens that anybody can make up
    /// cause one fetch a cooldown, together.
    public func refresh(forUnknownKeyID keyID: [UInt8]?) async -> Bool {
        guard let keyID, keyID.count <= 1_024 else { return false }
        if hasKey(keyID) { return true }
        let now = clock()
        let flight: Task<KeyEvent, Never>? = state.withLock { state in
            if state.unknown.contains(keyID, since: now &- age) { return nil }
            if state.inFlight == nil, now &- state.attempted < cooldown { return nil }
            return startFlight(&state)
        }
        guard let flight else { return false }
        guard case .refreshed = await flight.value else { return false }
        if hasKey(keyID) { return true }
        state.withLock { $0.unknown.insert(keyID, at: clock()) }
        return false
    }

    /// Refreshes by age until the task is cancelled, and empties the ring when keys are too old. Checks every second.
    public func run() async {
        while !Task.isCancelled {
            await refreshIfDue()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    // MARK: One fetch at a time

    private var age: Int64 { RemoteKeysConfiguration.nanoseconds(configuration.refreshAgeSeconds) }
    private var cooldown: Int64 { RemoteKeysConfiguration.nanoseconds(configuration.cooldownSeconds) }

    private func hasKey(_ keyID: [UInt8]) -> Bool { ring.keys.contains { $0.keyID == keyID } }

    private func flight() -> Task<KeyEvent, Never> { state.withLock { startFlight(&$0) } }

    /// The fetch under way, or a new one. It runs on its own, so that a caller who is cancelled does not take it from
    /// the others.
    private func startFlight(_ state: inout State) -> Task<KeyEvent, Never> {
        if let running = state.inFlight { return running }
        let started = clock()
        state.attempted = started
        let task = Task.detached { await self.fly(started) }
        state.inFlight = task
        return task
    }

    private func fly(_ started: Int64) async -> KeyEvent {
        var event: KeyEvent
        do throws(KeyFetchError) {
            let set = try await PublishedKeys.fetch(configuration, fetcher)
            let isChanged: Bool
            do { isChanged = try ring.replace(with: set.keys) } catch { throw .ring(error) }
            event = .refreshed(isChanged: isChanged, keyCount: set.keys.count, skippedCount: set.skippedCount)
        } catch {
            event = .failed(error)
        }
        state.withLock { state in
            state.inFlight = nil
            guard case .refreshed(let isChanged, _, _) = event else { return }
            state.confirmed = started
            if isChanged { state.unknown.removeAll() }
        }
        report(event)
        return event
    }

    /// Empties the ring when the keys were not confirmed for longer than they may be used.
    private func expireIfDue() {
        let stale = RemoteKeysConfiguration.nanoseconds(configuration.staleSeconds)
        let isExpired = state.withLock { clock() &- $0.confirmed > age &+ stale }
        guard isExpired, !ring.keys.isEmpty else { return }
        ring.removeAll()
        report(.expired)
    }
}

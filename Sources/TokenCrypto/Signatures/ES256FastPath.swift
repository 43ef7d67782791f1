// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Decides which ES256 keys get a table (``ES256KeyTable``), holds these tables, and bounds them. Any thread.
///
/// A key earns its table by ``successCountBeforeTable`` valid signatures, so that forged tokens cannot cause work, and
/// the table is built by a detached task, never by the check that earned it. Until then, and whenever the table did
/// not pass its self-test against OpenSSL, was evicted, or the switch is off, OpenSSL checks alone. Verdicts
/// are the same either way.
package final class ES256FastPath: Sendable {
    /// The one that verifiers use unless told otherwise: off when the environment has `CLOAKROOM_FAST_ES256=off`.
    package static let shared = ES256FastPath(isEnabled: !isTurnedOff)

    private static var isTurnedOff: Bool {
        // SAFETY: the name is a C string, and the result is copied before anything could change the environment.
        guard let value = unsafe getenv("CLOAKROOM_FAST_ES256") else { return false }
        return unsafe String(cString: value) == "off"
    }

    /// Makes a key's table; nil when it cannot.
    package typealias TableMaker = @Sendable (SignatureKey) -> ES256KeyTable?

    /// Valid signatures that OpenSSL checks before a table is built: the table's cost, about 4 ms, divided by what
    /// each later check saves.
    package static let successCountBeforeTable = 64
    /// A table is evicted only when so many checks of other keys followed its last use, so that more busy keys
    /// than tables do not rebuild each other's without end.
    package static let idleCheckCountMin = 4096

    /// The most tables at a time; the least recently used makes room.
    package let keyCountMax: Int
    private let idleCheckCountMin: UInt64
    private let makeTable: TableMaker
    private let enabled: Atomic<Bool>
    private let clock = Atomic<UInt64>(0)

    private struct Entry {
        weak var slot: ES256KeySlot?
    }

    private struct State {
        /// Every key with a live verifier, by x | y.
        var known: [[UInt8]: Entry] = [:]
        /// The keys that have or build a table.
        var residents: [ES256KeySlot] = []
        var knownCountBeforePurge = 128
    }
    private let state = Mutex(State())

    /// - Parameter keyCountMax: the most tables, default 64 (16 MiB); the base point's 256 KiB come on top.
    /// - Parameter idleCheckCountMin: see the static member of that name, the default.
    /// - Parameter makeTable: for tests of a failing self-test.
    package init(
        isEnabled: Bool = true, keyCountMax: Int = 64, idleCheckCountMin: Int = ES256FastPath.idleCheckCountMin,
        makeTable: @escaping TableMaker = { ES256KeyTable(key: $0) }
    ) {
        enabled = Atomic(isEnabled)
        self.keyCountMax = keyCountMax
        self.idleCheckCountMin = UInt64(max(0, idleCheckCountMin))
        self.makeTable = makeTable
    }

    /// The process-wide switch of ``shared``. Off: no table is used or built; tables that exist stay.
    package var isEnabled: Bool {
        get { enabled.load(ordering: .relaxed) }
        set { enabled.store(newValue, ordering: .relaxed) }
    }

    /// The tables that exist or are being built.
    package var tableCount: Int { state.withLock { $0.residents.count } }

    /// Whether checks of `key` are fast now.
    package func hasTable(for key: SignatureKey) -> Bool { isEnabled && slot(for: key)?.table != nil }

    /// Builds the table of `key` now, for callers that start up: about 4 ms. True when the key has one afterwards;
    /// false for other algorithms, for lack of room, after a failed self-test, or while another thread builds it.
    @discardableResult
    package func prepare(_ key: SignatureKey) -> Bool {
        guard isEnabled, let slot = slot(for: key) else { return false }
        if reserve(slot) { build(slot, key) }
        return slot.table != nil
    }

    /// The shared slot of an ES256 key; nil for other keys.
    func slot(for key: SignatureKey) -> ES256KeySlot? {
        guard key.algorithm == .es256 else { return nil }
        let name = key.publicNumbers.first + key.publicNumbers.second
        return state.withLock { state in
            if let slot = state.known[name]?.slot { return slot }
            if state.known.count >= state.knownCountBeforePurge {
                state.known = state.known.filter { $0.value.slot != nil }
                state.knownCountBeforePurge = max(128, 2 * state.known.count)
            }
            let slot = ES256KeySlot()
            state.known[name] = Entry(slot: slot)
            return slot
        }
    }

    /// The verdict by the key's table; nil when OpenSSL has to say.
    @inline(__always)
    func verdict(_ slot: ES256KeySlot, _ signature: Span<UInt8>, over message: Span<UInt8>) -> Bool? {
        guard isEnabled, let table = slot.table else { return nil }
        slot.touch(clock.wrappingAdd(1, ordering: .relaxed).newValue)
        guard signature.count == 64 else { return false }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(message, into: &span)
        return table.isValid(signature, digest: digest.span)
    }

    /// Counts a signature that OpenSSL found valid, and has the table built when the key has earned it.
    func recordSuccess(_ slot: ES256KeySlot, _ key: SignatureKey) {
        guard isEnabled else { return }
        clock.wrappingAdd(1, ordering: .relaxed)
        guard slot.recordSuccess(period: Self.successCountBeforeTable), reserve(slot) else { return }
        Task.detached(priority: .utility) { self.build(slot, key) }
    }

    /// Makes `slot` a resident that is building; false when it has a table already or there is no room.
    private func reserve(_ slot: ES256KeySlot) -> Bool {
        let now = clock.load(ordering: .relaxed)
        return state.withLock { state in
            guard slot.beginBuilding() else { return false }
            if state.residents.count >= keyCountMax {
                let victims = state.residents.indices.filter { !state.residents[$0].isBuilding }
                guard let victim = victims.min(by: { state.residents[$0].lastUsed < state.residents[$1].lastUsed }),
                    now >= state.residents[victim].lastUsed,
                    now - state.residents[victim].lastUsed >= idleCheckCountMin
                else {
                    slot.cancelBuilding()
                    return false
                }
                state.residents.remove(at: victim).evict()
            }
            state.residents.append(slot)
            return true
        }
    }

    private func build(_ slot: ES256KeySlot, _ key: SignatureKey) {
        var table = makeTable(key)
        if let made = table {
            let reference = try? ES256Reference(key)
            if reference?.agrees(with: made) != true { table = nil }
        }
        slot.touch(clock.load(ordering: .relaxed))
        slot.endBuilding(table)
        guard table == nil else { return }
        state.withLock { $0.residents.removeAll { $0 === slot } }
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The multiples of one public key that make its checks cheap.
package protocol FastTable: AnyObject, Sendable {
    /// The one algorithm of such keys.
    static var algorithm: SignatureAlgorithm { get }
    /// What tells public keys of this algorithm apart.
    static func name(of key: SignatureKey) -> [UInt8]
    /// Makes the table of a key of this algorithm; nil when it cannot.
    static func make(for key: SignatureKey) -> Self?
    /// Whether the table gives OpenSSL's verdicts, as far as that shows without the private key. Takes milliseconds.
    func passesSelfTest(for key: SignatureKey) -> Bool
}

/// The two algorithms whose busy keys have tables.
package typealias ES256FastPath = FastPath<ES256KeyTable>
package typealias Ed25519FastPath = FastPath<Ed25519KeyTable>

/// The fast paths that verifiers use unless told otherwise, and their one switch.
package enum FastPaths {
    /// Whether the environment has `CLOAKROOM_FAST_SIGNATURES=off`.
    static let isTurnedOff: Bool = {
        // SAFETY: the name is a C string, and the result is copied before anything could change the environment.
        guard let value = unsafe getenv("CLOAKROOM_FAST_SIGNATURES") else { return false }
        return unsafe String(cString: value) == "off"
    }()

    /// For ES256 keys.
    package static let es256 = ES256FastPath(isEnabled: !isTurnedOff)
    /// For Ed25519 keys.
    package static let ed25519 = Ed25519FastPath(isEnabled: !isTurnedOff)

    /// Builds the table of `key` now, for callers that start up: one to four milliseconds for an ES256 or Ed25519 key,
    /// nothing for others.
    package static func prepare(_ key: SignatureKey) {
        es256.prepare(key)
        ed25519.prepare(key)
    }

    /// The process-wide switch. Off: no table is used or built; tables that exist stay.
    package static func setEnabled(_ isEnabled: Bool) {
        es256.isEnabled = isEnabled
        ed25519.isEnabled = isEnabled
    }
}

/// Decides which keys of an algorithm get a table (``FastTable``), holds these tables, and bounds them. Any thread.
///
/// A key earns its table by ``successCountBeforeTable`` valid signatures, so that forged tokens cannot cause work, and
/// the table is built by a detached task, never by the check that earned it. Until then, and whenever the table did
/// not pass its self-test against OpenSSL, was evicted, or the switch is off, OpenSSL checks alone. Verdicts
/// are the same either way.
package final class FastPath<Table: FastTable>: Sendable {
    /// Makes a key's table; nil when it cannot.
    package typealias TableMaker = @Sendable (SignatureKey) -> Table?

    /// Valid signatures that OpenSSL checks before a table is built: the table's cost, 2 to 4 ms, divided by what
    /// each later check saves.
    package static var successCountBeforeTable: Int { 64 }
    /// A table is evicted only when so many checks of other keys followed its last use, so that more busy keys
    /// than tables do not rebuild each other's without end.
    package static var idleCheckCountMin: Int { 4096 }

    /// The most tables at a time; the least recently used makes room.
    package let keyCountMax: Int
    private let idleCheckCountMin: UInt64
    private let makeTable: TableMaker
    private let enabled: Atomic<Bool>
    private let clock = Atomic<UInt64>(0)

    private struct Entry {
        weak var slot: FastKeySlot<Table>?
    }

    private struct State {
        /// Every key with a live verifier, by x | y.
        var known: [[UInt8]: Entry] = [:]
        /// The keys that have or build a table.
        var residents: [FastKeySlot<Table>] = []
        var knownCountBeforePurge = 128
    }
    private let state = Mutex(State())

    /// - Parameter keyCountMax: the most tables, default 64 (ES256: 16 MiB, Ed25519: 24 MiB); the base point's comes on
    ///   top.
    /// - Parameter idleCheckCountMin: see the static member of that name, the default.
    /// - Parameter makeTable: for tests of a failing self-test.
    package init(
        isEnabled: Bool = true, keyCountMax: Int = 64, idleCheckCountMin: Int = 4096,
        makeTable: @escaping TableMaker = { Table.make(for: $0) }
    ) {
        enabled = Atomic(isEnabled)
        self.keyCountMax = keyCountMax
        self.idleCheckCountMin = UInt64(max(0, idleCheckCountMin))
        self.makeTable = makeTable
    }

    /// The switch. Off: no table is used or built; tables that exist stay.
    package var isEnabled: Bool {
        get { enabled.load(ordering: .relaxed) }
        set { enabled.store(newValue, ordering: .relaxed) }
    }

    /// The tables that exist or are being built.
    package var tableCount: Int { state.withLock { $0.residents.count } }

    /// Whether checks of `key` are fast now.
    package func hasTable(for key: SignatureKey) -> Bool { isEnabled && slot(for: key)?.table != nil }

    /// Builds the table of `key` now, for callers that start up: milliseconds. True when the key has one afterwards;
    /// false for other algorithms, for lack of room, after a failed self-test, or while another thread builds it.
    @discardableResult
    package func prepare(_ key: SignatureKey) -> Bool {
        guard isEnabled, let slot = slot(for: key) else { return false }
        if reserve(slot) { build(slot, key) }
        return slot.table != nil
    }

    /// The shared slot of a key of this algorithm; nil for other keys.
    func slot(for key: SignatureKey) -> FastKeySlot<Table>? {
        guard key.algorithm == Table.algorithm else { return nil }
        let name = Table.name(of: key)
        return state.withLock { state in
            if let slot = state.known[name]?.slot { return slot }
            if state.known.count >= state.knownCountBeforePurge {
                state.known = state.known.filter { $0.value.slot != nil }
                state.knownCountBeforePurge = max(128, 2 * state.known.count)
            }
            let slot = FastKeySlot<Table>()
            state.known[name] = Entry(slot: slot)
            return slot
        }
    }

    /// The key's table, for one check; nil when OpenSSL has to say.
    @inline(__always)
    func table(_ slot: FastKeySlot<Table>) -> Table? {
        guard isEnabled, let table = slot.table else { return nil }
        slot.touch(clock.wrappingAdd(1, ordering: .relaxed).newValue)
        return table
    }

    /// Gives a table up for good that disagreed with OpenSSL.
    func refuse(_ slot: FastKeySlot<Table>) {
        slot.refuse()
        state.withLock { $0.residents.removeAll { $0 === slot } }
    }

    /// Counts a signature that OpenSSL found valid, and has the table built when the key has earned it.
    func recordSuccess(_ slot: FastKeySlot<Table>, _ key: SignatureKey) {
        guard isEnabled else { return }
        clock.wrappingAdd(1, ordering: .relaxed)
        guard slot.recordSuccess(period: Self.successCountBeforeTable), reserve(slot) else { return }
        Task.detached(priority: .utility) { self.build(slot, key) }
    }

    /// Makes `slot` a resident that is building; false when it has a table already or there is no room.
    private func reserve(_ slot: FastKeySlot<Table>) -> Bool {
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

    private func build(_ slot: FastKeySlot<Table>, _ key: SignatureKey) {
        var table = makeTable(key)
        if table?.passesSelfTest(for: key) != true { table = nil }
        slot.touch(clock.load(ordering: .relaxed))
        slot.endBuilding(table)
        guard table == nil else { return }
        state.withLock { $0.residents.removeAll { $0 === slot } }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto

/// The vault over any storage engine: all keys and all encryption are here, engines see sealed rows.
///
/// Records are encrypted under a key of their person, bound to the token that the reference was issued in; the keys of
/// persons are wrapped under a key of the vault. One for each store and process; any thread.
public final class SealedVault: PersonalDataVault {
    let keys: VaultKeys
    let store: any VaultStore
    let options: VaultOptions
    let audit: AuditLog?
    let limiter: RateLimiter
    /// Tells the places of one second apart; starts anywhere, so that two processes rarely meet.
    let sequence: Atomic<UInt64>

    /// How often a put is tried again when another one was faster.
    static let attemptCountMax = 16
    /// Rows of one step of expiry, rotation and report.
    static let stepCount = 1000

    public var tenant: String { keys.tenant }

    /// Opens a vault over a store that was initialised before.
    ///
    /// - Throws: ``VaultError/absent`` for a store that was never initialised, ``VaultError/tenant`` and
    ///   ``VaultError/wrongKeys`` when it belongs to others, or the store's own error.
    package init(store: any VaultStore, keys: VaultKeys, options: VaultOptions = VaultOptions()) throws(VaultError) {
        guard let tenant = try store.fact(Self.tenantFact) else { throw .absent }
        guard tenant == keys.tenantBytes else { throw .tenant }
        try Self.checkKeys(keys, store)
        let log = options.audit == .off ? nil : try AuditLog(store: store, keys: keys, mode: options.audit)
        sequence = Atomic(try Self.random())
        self.keys = keys
        self.store = store
        self.options = options
        limiter = RateLimiter(perMinute: options.resolvesPerMinute)
        audit = log
        // What an interrupted erasure has left is tried again now, and later when this fails too.
        if let pending = try? store.fact(Self.pendingFact), !pending.isEmpty { _ = try? settleErasures() }
    }

    /// Prepares an empty store for a tenant and its keys.
    ///
    /// - Throws: ``VaultError/exists`` for a store that was initialised before.
    package static func initialise(_ store: any VaultStore, keys: VaultKeys) throws(VaultError) {
        let facts = [StoredFact(tenantFact, keys.tenantBytes)] + keys.checks.map { StoredFact($0.name, $0.value) }
        guard try store.writeFacts(facts, expected: StoredFact(tenantFact, nil)) else { throw .exists }
    }

    /// The tenant that a store was initialised for.
    ///
    /// - Throws: ``VaultError/absent`` for none.
    package static func tenant(of store: any VaultStore) throws(VaultError) -> String {
        guard let tenant = try store.fact(tenantFact) else { throw .absent }
        return String(decoding: tenant, as: UTF8.self)
    }

    static let tenantFact = "tenant"
    static let pendingFact = "erasure.pending"

    /// A key that the store knows must be the same, and at least one of each use must be known. New ones are noted.
    private static func checkKeys(_ keys: VaultKeys, _ store: any VaultStore) throws(VaultError) {
        var known: Set<String> = []
        var new: [StoredFact] = []
        for check in keys.checks {
            guard let value = try store.fact(check.name) else {
                new.append(StoredFact(check.name, check.value))
                continue
            }
            guard value == check.value else { throw .wrongKeys }
            known.insert(String(check.name.prefix(7)))
        }
        guard known.count == 3 else { throw .wrongKeys }
        if !new.isEmpty { _ = try store.writeFacts(new, expected: nil) }
    }

    private static func random() throws(VaultError) -> UInt64 {
        var bytes = InlineArray<8, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        guard RandomBytes.openSSL(&span) else { throw .randomness }
        return bytes.span.bigEndian(at: 0)
    }

    public func close() {
        audit?.close()
        store.close()
    }

    deinit { close() }
}

/// How a vault behaves.
public struct VaultOptions: Sendable {
    /// When a read may leave: after its audit entry is durable, or before.
    public enum Audit: String, Sendable, CaseIterable {
        /// The answer waits for the entry; without it nothing is given out.
        case strict
        /// Entries are written within 10 ms or 1 000 entries; a crash may lose those.
        case relaxed
        /// Nothing is written. For tests and benchmarks of the store alone.
        case off
    }

    /// How reads are written to the audit log. Default: strict.
    public var audit: Audit
    /// How many tokens of one subject may be resolved a minute in this process; nil: no bound. Default 60.
    public var resolvesPerMinute: Int?

    /// Options with their defaults.
    public init(audit: Audit = .strict, resolvesPerMinute: Int? = 60) {
        self.audit = audit
        self.resolvesPerMinute = resolvesPerMinute
    }
}

// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto

/// The keys that one issuer signs with. Shared freely between threads; they can be replaced while tokens are verified.
///
/// A key has one algorithm. A token names its key by `kid`, byte for byte; an unknown `kid` never falls to
/// another key, and a token without `kid` is accepted only where exactly one key has its algorithm.
///
/// A replacement is one swap of an immutable list. When ``replace(with:)`` returns, every call to a verifier that
/// starts afterwards sees the new keys alone, on every thread; a call under way, a batch as a whole, ends with the
/// keys that it began with. Verification takes no lock for this: one atomic read a call.
public final class KeyRing: Sendable {
    private struct Observer {
        weak var source: VerifierKeySource?
    }

    private struct State {
        var list: KeyList
        var epoch: UInt64 = 1
        var observers: [Observer] = []
        /// Thumbprints of keys that must not enter.
        var excluded: Set<[UInt8]> = []
    }

    private let isSymmetric: Bool
    private let state: Guarded<State>

    /// Makes a ring. Keys whose `key_ops` exclude `verify` are left out: a token that names one names no key.
    ///
    /// - Throws: ``ConfigurationError/noKey`` when no key is left, ``ConfigurationError/mixedKeyKinds`` for HMAC
    ///   secrets beside public keys (a secret in a set that is meant to be published is a secret no more),
    ///   ``ConfigurationError/duplicateKeyID`` when two keys share both `kid` and algorithm (one `kid` for two
    ///   algorithms is no conflict: `alg` tells them apart).
    public init(_ keys: [SignatureKey]) throws(ConfigurationError) {
        let list = try KeyList(keys)
        isSymmetric = list.isSymmetric
        state = Guarded(State(list: list))
    }

    /// The keys that may verify now, in the order they were given.
    public var keys: [SignatureKey] { list.keys }

    /// Counts the swaps of this ring, from 1.
    public var epoch: UInt64 { state.withLock { $0.epoch } }

    /// Puts other keys in the place of the present ones. A key that is in both keeps what workers prepared for it.
    ///
    /// - Returns: false when the keys are those that the ring has; nothing is swapped then.
    /// - Throws: as ``init(_:)``; ``ConfigurationError/mixedKeyKinds`` also when public keys would take the place of
    ///   secrets or the other way round; ``ConfigurationError/excludedKey``. The ring then keeps its keys.
    /// - Complexity: O(keys of the verifiers that use the ring). Any thread.
    @discardableResult
    public func replace(with keys: [SignatureKey]) throws(ConfigurationError) -> Bool {
        let new = try KeyList(keys)
        guard new.isSymmetric == isSymmetric else { throw .mixedKeyKinds }
        return try swap { (state) throws(ConfigurationError) in
            if !state.excluded.isEmpty, new.keys.contains(where: { state.excluded.contains($0.thumbprint()) }) {
                throw .excludedKey
            }
            return new.reusing(state.list)
        }
    }

    /// Refuses `key` from now on, under any `kid` and algorithm, whoever replaces the ring's keys: for an exchanger's
    /// own signing secret, which an accepted issuer must never have. Keys that are in the ring already stay.
    package func exclude(_ key: SignatureKey) {
        state.withLock { _ = $0.excluded.insert(key.thumbprint()) }
    }

    /// Takes all keys away: every token of this issuer is refused as `unknown-key` until keys come again.
    public func removeAll() {
        swap { $0.list.keys.isEmpty ? nil : .empty }
    }

    @discardableResult
    private func swap<Failure: Error>(
        _ makeList: (borrowing State) throws(Failure) -> KeyList?
    ) throws(Failure) -> Bool {
        let sources: [VerifierKeySource]? = try state.withLock { (state) throws(Failure) in
            guard let list = try makeList(state) else { return nil }
            state.list = list
            state.epoch &+= 1
            state.observers.removeAll { $0.source == nil }
            return state.observers.compactMap(\.source)
        }
        guard let sources else { return false }
        // Outside the lock: a source reads all its rings under a lock of its own.
        for source in sources { source.rebuild() }
        return true
    }

    /// The present list.
    var list: KeyList { state.withLock { $0.list } }

    /// Has `source` rebuilt at each swap from now on, as long as it lives.
    func add(observer source: VerifierKeySource) {
        state.withLock { state in
            state.observers.removeAll { $0.source == nil }
            state.observers.append(Observer(source: source))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto

/// The keys of all accept entries of a verifier at one moment, numbered through. Immutable; any thread.
final class VerifierKeys: Sendable {
    /// Tells snapshots apart, over all verifiers of the process; a later one of the same verifier has a larger number.
    let epoch: UInt64
    /// One an accept entry.
    let lists: [KeyList]
    /// Where each entry's keys begin in ``all``.
    let firstIndexes: [Int]
    /// The keys of all entries, one behind the other.
    let all: [SignatureKey]
    /// The HS256 keys among them, for batches, and where each key stands there (-1: another algorithm).
    let hmacKeys: [HMACSHA256Key]
    let hmacKeyIndexes: [Int32]

    init(epoch: UInt64, lists: [KeyList]) {
        self.epoch = epoch
        self.lists = lists
        var firstIndexes: [Int] = []
        var all: [SignatureKey] = []
        for list in lists {
            firstIndexes.append(all.count)
            all += list.keys
        }
        var hmacKeys: [HMACSHA256Key] = []
        hmacKeyIndexes = all.map { key in
            guard let prepared = key.hmacSHA256Key else { return -1 }
            hmacKeys.append(prepared)
            return Int32(truncatingIfNeeded: hmacKeys.count - 1)
        }
        self.firstIndexes = firstIndexes
        self.all = all
        self.hmacKeys = hmacKeys
    }
}

/// Where a verifier's workers find its present keys: a number that says whether they changed, and the snapshot.
///
/// A worker reads the number at each call and takes the lock only when it differs from the one it knows. The thread
/// that swaps a ring's keys builds the snapshot, so that no verification waits for it.
final class VerifierKeySource: Sendable {
    private static let counter = Atomic<UInt64>(0)

    private let rings: [KeyRing]
    private let current: Guarded<VerifierKeys>
    private let published = Atomic<UInt64>(0)

    init(_ rings: [KeyRing]) {
        self.rings = rings
        current = Guarded(VerifierKeys(epoch: 0, lists: []))
        // First listen, then look: a swap in between is seen by one or the other.
        for ring in rings { ring.add(observer: self) }
        rebuild()
    }

    /// The number of the present snapshot.
    @inline(__always) var epoch: UInt64 { published.load(ordering: .acquiring) }

    /// The present snapshot.
    var keys: VerifierKeys { current.withLock { $0 } }

    /// Makes a new snapshot of the rings' present keys.
    func rebuild() {
        current.withLock { keys in
            // Numbered under the lock, so that a later snapshot of this verifier has the larger number.
            let epoch = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
            keys = VerifierKeys(epoch: epoch, lists: rings.map(\.list))
            published.store(epoch, ordering: .releasing)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenScan

/// The reference implementation of a store: dictionaries under one lock. Slow, obvious, gone with the process.
///
/// Engines are tested against it; `memory:` on the command line is it.
package final class MemoryVaultStore: VaultStore {
    private struct Record {
        let tag: [UInt8]
        let slot: Int64
        let data: [UInt8]
    }

    private struct State {
        var isClosed = false
        var facts: [String: [UInt8]] = [:]
        var slots: [PersonHandle: Int64] = [:]
        /// Slot s stands at s - 1; empty: erased.
        var secrets: [[UInt8]] = []
        var tombstones: [PersonHandle: Int64] = [:]
        var records: [Int64: Record] = [:]
        var audit: [[UInt8]] = []
        var revocationNumber: Int64 = 0
        var revocations: [(number: Int64, until: Int64, entry: [UInt8])] = []
        var claims: [[UInt8]: Int64] = [:]
    }

    private let state = Mutex(State())

    /// An empty store.
    package init() {}

    private func withState<Result>(_ body: (inout State) throws(VaultError) -> Result) throws(VaultError) -> Result {
        try state.withLock { (state) throws(VaultError) -> Result in
            guard !state.isClosed else { throw .unreachable }
            return try body(&state)
        }
    }

    package func fact(_ name: String) throws(VaultError) -> [UInt8]? { try withState { $0.facts[name] } }

    package func writeFacts(_ facts: [StoredFact], expected: StoredFact?) throws(VaultError) -> Bool {
        try withState { state in
            if let expected, state.facts[expected.name] != expected.value { return false }
            for fact in facts { state.facts[fact.name] = fact.value }
            return true
        }
    }

    package func findPersons(_ handles: Span<UInt8>, into rows: inout StoredRows) throws(VaultError) {
        for handle in Self.handles(handles) {
            let found = try withState { state in state.slots[handle].map { ($0, state.secrets[Int($0) - 1]) } }
            guard let (slot, secret) = found else {
                rows.rows.append(nil)
                continue
            }
            var row = StoredRows.Row()
            row.number = slot
            row.secret = rows.add(secret.span)
            rows.rows.append(row)
        }
    }

    package func put(_ batch: borrowing SealedBatch) throws(VaultError) -> Bool {
        var persons: [(handle: PersonHandle, secret: [UInt8], slot: Int64?)] = []
        for person in batch.persons {
            let handle = PersonHandle(stored: batch.part(person.handle))
            persons.append((handle, [UInt8](batch.part(person.secret)), person.slot))
        }
        var records: [(place: Int64, tag: [UInt8], data: [UInt8], person: Int)] = []
        for record in batch.records {
            records.append(
                (record.place, [UInt8](batch.part(record.tag)), [UInt8](batch.part(record.data)), record.person))
        }
        return try withState { state in
            for person in persons {
                if let slot = person.slot {
                    guard state.secrets[Int(slot) - 1].starts(with: person.secret.prefix(16)) else { return false }
                } else if state.slots[person.handle] != nil {
                    return false
                }
            }
            let new = persons.filter { $0.slot == nil }.map(\.handle)
            guard Set(new).count == new.count, Set(records.map(\.place)).count == records.count,
                records.allSatisfy({ state.records[$0.place] == nil })
            else { return false }
            var slots: [Int64] = []
            for person in persons {
                if person.slot == nil {
                    state.secrets.append(person.secret)
                    state.slots[person.handle] = Int64(state.secrets.count)
                }
                slots.append(person.slot ?? Int64(state.secrets.count))
            }
            for record in records {
                state.records[record.place] = Record(tag: record.tag, slot: slots[record.person], data: record.data)
            }
            return true
        }
    }

    package func read(_ places: [Int64], into rows: inout StoredRows) throws(VaultError) {
        for place in places {
            let found = try withState { state in
                state.records[place].map { ($0, state.secrets[Int($0.slot) - 1]) }
            }
            guard let (record, secret) = found else {
                rows.rows.append(nil)
                continue
            }
            var row = StoredRows.Row()
            row.number = place
            row.tag = rows.add(record.tag.span)
            row.data = rows.add(record.data.span)
            row.secret = rows.add(secret.span)
            rows.rows.append(row)
        }
    }

    package func expire(below place: Int64, countMax: Int) throws(VaultError) -> Int {
        try withState { state in
            let old = state.records.keys.filter { $0 < place }.sorted().prefix(countMax)
            for place in old { state.records[place] = nil }
            return old.count
        }
    }

    package func erase(_ handles: Span<UInt8>, now: Int64) throws(VaultError) -> Int {
        let handles = Self.handles(handles)
        return try withState { state in
            var count = 0
            for handle in handles {
                guard let slot = state.slots.removeValue(forKey: handle) else { continue }
                state.secrets[Int(slot) - 1] = []
                state.tombstones[handle] = now
                count += 1
            }
            return count
        }
    }

    package func scour() throws(VaultError) -> Bool? { try withState { _ in true } }

    package func tombstones(_ handles: Span<UInt8>) throws(VaultError) -> [Int64?] {
        let handles = Self.handles(handles)
        return try withState { state in handles.map { state.tombstones[$0] } }
    }

    package func records(
        ofSlots slots: [Int64], from place: Int64, countMax: Int, into rows: inout StoredRows
    ) throws(VaultError) {
        let found = try withState { state in
            state.records.filter { $0.key >= place && slots.contains($0.value.slot) }.sorted { $0.key < $1.key }
                .prefix(countMax)
        }
        for (place, record) in found {
            var row = StoredRows.Row()
            row.number = place
            row.tag = rows.add(record.tag.span)
            row.data = rows.add(record.data.span)
            rows.rows.append(row)
        }
    }

    package func persons(from slot: Int64, countMax: Int, into rows: inout StoredRows) throws(VaultError) {
        let secrets = try withState { $0.secrets }
        for (i, secret) in secrets.enumerated() where Int64(i) + 1 >= slot && !secret.isEmpty {
            guard rows.rows.count < countMax else { return }
            var row = StoredRows.Row()
            row.number = Int64(i) + 1
            row.secret = rows.add(secret.span)
            rows.rows.append(row)
        }
    }

    package func replaceSecrets(_ slots: [Int64], _ secrets: Span<UInt8>) throws(VaultError) -> Int {
        let size = VaultLayout.secretByteCount
        let pairs = slots.indices.map { i in
            (
                [UInt8](secrets.extracting((2 * i * size)..<((2 * i + 1) * size))),
                [UInt8](secrets.extracting(((2 * i + 1) * size)..<((2 * i + 2) * size)))
            )
        }
        return try withState { state in
            var count = 0
            for (slot, (old, new)) in zip(slots, pairs) where state.secrets[Int(slot) - 1] == old {
                state.secrets[Int(slot) - 1] = new
                count += 1
            }
            return count
        }
    }

    package func appendAudit(
        _ entries: [[UInt8]], first: Int64, head: StoredFact, expected: StoredFact
    ) throws(VaultError) -> Bool {
        try withState { state in
            guard state.facts[expected.name] == expected.value, Int(first) == state.audit.count + 1 else {
                return false
            }
            state.audit += entries
            state.facts[head.name] = head.value
            return true
        }
    }

    package func audit(from number: Int64, countMax: Int) throws(VaultError) -> [(number: Int64, entry: [UInt8])] {
        try withState { state in
            state.audit.enumerated().dropFirst(Int(number) - 1).prefix(countMax)
                .map { (Int64($0.offset) + 1, $0.element) }
        }
    }

    package func addRevocation(_ entry: [UInt8], untilSeconds: Int64) throws(VaultError) {
        try withState { state in
            state.revocationNumber += 1
            state.revocations.append((state.revocationNumber, untilSeconds, entry))
        }
    }

    package func revocations(
        after number: Int64, now: Int64, countMax: Int
    ) throws(VaultError) -> [(number: Int64, entry: [UInt8])] {
        try withState { state in
            state.revocations.filter { $0.number > number && $0.until > now }.prefix(countMax)
                .map { ($0.number, $0.entry) }
        }
    }

    package func claim(_ id: [UInt8], untilSeconds: Int64, now: Int64) throws(VaultError) -> Bool {
        try withState { state in
            if let until = state.claims[id], until > now { return false }
            state.claims[id] = untilSeconds
            return true
        }
    }

    package func forget(now: Int64) throws(VaultError) {
        try withState { state in
            state.revocations.removeAll { $0.until <= now }
            state.claims = state.claims.filter { $0.value > now }
        }
    }

    package func close() { state.withLock { $0.isClosed = true } }

    private static func handles(_ bytes: Span<UInt8>) -> [PersonHandle] {
        (0..<(bytes.count / PersonHandle.byteCount)).map { PersonHandle(stored: bytes.storedHandle($0)) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
package import TokenPrivacy
import TokenScan

/// Runs random operations on a store and on the in-memory reference and compares every answer.
package struct StoreModel {
    private let store: any VaultStore
    private let model = MemoryVaultStore()
    private var generator: SeededGenerator
    private var handles: [[UInt8]] = []
    private var slots: [Int64: [UInt8]] = [:]
    private var places: [Int64] = []
    private var auditCount: Int64 = 0
    private var head = StoredFact("audit.head", nil)

    /// The first answer that differed; nil: none.
    package private(set) var difference: String?

    package init(_ store: any VaultStore, seed: UInt64) {
        self.store = store
        generator = SeededGenerator(seed: seed)
    }

    /// Runs `count` operations or until an answer differs.
    package mutating func run(_ count: Int) throws {
        for step in 0..<count where difference == nil {
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<45: try put(step)
            case 45..<65: try read(step)
            case 65..<72: try find(step)
            case 72..<77: try erase(step)
            case 77..<82: try expire(step)
            case 82..<86: try records(step)
            case 86..<90: try replace(step)
            case 90..<93: try audit(step)
            case 93..<96: try shared(step)
            default: try facts(step)
            }
        }
    }

    private mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 1...255, using: &generator) }
    }

    private mutating func check(_ left: some Equatable, _ right: some Equatable, _ what: String) {
        if "\(left)" != "\(right)", difference == nil { difference = what }
    }

    /// New and known persons, taken handles, erased slots, places that are taken, large and small data.
    private mutating func put(_ step: Int) throws {
        var batch = SealedBatch()
        var added: [(slot: Int64?, handle: [UInt8], secret: [UInt8])] = []
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            var handle = bytes(20)
            var secret = bytes(96)
            var slot: Int64?
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: if let known = handles.randomElement(using: &generator) { handle = known }
            case 1, 2:
                let known = slots.keys.sorted().randomElement(using: &generator)
                if let known, let old = slots[known], !added.contains(where: { $0.slot == known }) {
                    slot = known
                    secret = old
                }
            default: break
            }
            let start = batch.bytes.count
            batch.bytes.append(handle.span)
            batch.bytes.append(secret.span)
            batch.persons.append(
                SealedBatch.Person(handle: start..<(start + 20), secret: (start + 20)..<(start + 116), slot: slot))
            added.append((slot, handle, secret))
        }
        var newPlaces: [Int64] = []
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let isTaken = Int.random(in: 0..<30, using: &generator) == 0
            let fresh =
                VaultLayout.place(expirySeconds: Int64.random(in: 1...1000, using: &generator))
                | Int64.random(in: 0..<(1 << 30), using: &generator)
            let place = isTaken ? places.randomElement(using: &generator) ?? fresh : fresh
            let start = batch.bytes.count
            let data = bytes(Int.random(in: 1...3000, using: &generator))
            let tag = bytes(24)
            batch.bytes.append(tag.span)
            batch.bytes.append(data.span)
            batch.records.append(
                SealedBatch.Record(
                    place: place, tag: start..<(start + 24), data: (start + 24)..<(start + 24 + data.count),
                    person: Int.random(in: 0..<batch.persons.count, using: &generator)))
            newPlaces.append(place)
        }
        let stored = try store.put(batch)
        let expected = try model.put(batch)
        check(stored, expected, "put \(step)")
        guard stored else { return }
        places += newPlaces
        for person in added where person.slot == nil { handles.append(person.handle) }
        try learnSlots(added.filter { $0.slot == nil }.map(\.handle))
    }

    private mutating func learnSlots(_ handles: [[UInt8]]) throws {
        let all = handles.flatMap { $0 }
        var rows = StoredRows()
        try model.findPersons(all.span, into: &rows)
        for row in rows.rows {
            guard let row else { continue }
            slots[row.number] = [UInt8](rows.part(row.secret))
        }
    }

    /// Everything that rows say, as text.
    private static func text(_ rows: borrowing StoredRows) -> [String] {
        var lines: [String] = []
        for row in rows.rows {
            guard let row else {
                lines.append("none")
                continue
            }
            lines.append(
                "\(row.number) \([UInt8](rows.part(row.tag))) \([UInt8](rows.part(row.data))) "
                    + "\([UInt8](rows.part(row.secret)))")
        }
        return lines
    }

    private mutating func compare(
        _ step: Int, _ what: String, _ read: (any VaultStore, inout StoredRows) throws -> Void
    ) throws {
        var left = StoredRows()
        var right = StoredRows()
        try read(store, &left)
        try read(model, &right)
        check(Self.text(left), Self.text(right), "\(what) \(step)")
    }

    private mutating func read(_ step: Int) throws {
        var asked: [Int64] = []
        for _ in 0..<Int.random(in: 1...5, using: &generator) {
            asked.append(places.randomElement(using: &generator) ?? 1)
        }
        if Bool.random(using: &generator) { asked.append(Int64.random(in: 1...Int64.max, using: &generator)) }
        try compare(step, "read") { try $0.read(asked, into: &$1) }
    }

    private mutating func find(_ step: Int) throws {
        var asked = handles.randomElement(using: &generator) ?? bytes(20)
        asked += bytes(20)
        let found = asked
        try compare(step, "find") { try $0.findPersons(found.span, into: &$1) }
        let left = try store.tombstones(found.span)
        let right = try model.tombstones(found.span)
        check(left, right, "tombstones \(step)")
    }

    private mutating func erase(_ step: Int) throws {
        guard let handle = handles.randomElement(using: &generator) else { return }
        let now = Int64(step)
        let left = try store.erase(handle.span, now: now)
        let right = try model.erase(handle.span, now: now)
        check(left, right, "erase \(step)")
    }

    private mutating func expire(_ step: Int) throws {
        let place = VaultLayout.place(expirySeconds: Int64.random(in: 1...300, using: &generator))
        let count = Int.random(in: 1...20, using: &generator)
        check(
            try store.expire(below: place, countMax: count), try model.expire(below: place, countMax: count),
            "expire \(step)")
    }

    private mutating func records(_ step: Int) throws {
        let asked = Array(slots.keys.sorted().shuffled(using: &generator).prefix(3))
        let from = VaultLayout.place(expirySeconds: Int64.random(in: 0...500, using: &generator))
        try compare(step, "records") { try $0.records(ofSlots: asked, from: from, countMax: 7, into: &$1) }
    }

    private mutating func replace(_ step: Int) throws {
        let from = Int64.random(in: 1...20, using: &generator)
        try compare(step, "persons") { try $0.persons(from: from, countMax: 5, into: &$1) }
        guard let slot = slots.keys.sorted().randomElement(using: &generator), let old = slots[slot] else { return }
        // The person id stays, as it does in a rotation.
        let new = Array(old.prefix(16)) + bytes(80)
        let pair = old + new
        let count = try store.replaceSecrets([slot], pair.span)
        let expected = try model.replaceSecrets([slot], pair.span)
        check(count, expected, "replace \(step)")
        if count == 1 { slots[slot] = new }
    }

    private mutating func audit(_ step: Int) throws {
        let entries = (0..<Int.random(in: 1...3, using: &generator)).map { _ in bytes(50) }
        let isStale = Int.random(in: 0..<4, using: &generator) == 0
        let expected = isStale ? StoredFact(head.name, bytes(3)) : head
        let next = StoredFact(head.name, bytes(8))
        let left = try store.appendAudit(entries, first: auditCount + 1, head: next, expected: expected)
        let right = try model.appendAudit(entries, first: auditCount + 1, head: next, expected: expected)
        check(left, right, "audit \(step)")
        if left {
            auditCount += Int64(entries.count)
            head = next
        }
        let from = Int64.random(in: 1...(auditCount + 1), using: &generator)
        check(
            try store.audit(from: from, countMax: 4).map { "\($0)" },
            try model.audit(from: from, countMax: 4).map { "\($0)" }, "audit entries \(step)")
    }

    private mutating func shared(_ step: Int) throws {
        let now = Int64.random(in: 0..<100, using: &generator)
        let until = Int64.random(in: 0..<100, using: &generator)
        let entry = bytes(10)
        try store.addRevocation(entry, untilSeconds: until)
        try model.addRevocation(entry, untilSeconds: until)
        let id = [UInt8.random(in: 0..<8, using: &generator)]
        let left = try store.claim(id, untilSeconds: until, now: now)
        let right = try model.claim(id, untilSeconds: until, now: now)
        check(left, right, "claim \(step)")
        if now < 10 {
            try store.forget(now: now)
            try model.forget(now: now)
        }
        let after = Int64.random(in: 0..<10, using: &generator)
        let entries = try store.revocations(after: after, now: now, countMax: 5).map { "\($0)" }
        let expected = try model.revocations(after: after, now: now, countMax: 5).map { "\($0)" }
        check(entries, expected, "revocations \(step)")
    }

    private mutating func facts(_ step: Int) throws {
        let name = "fact\(Int.random(in: 0..<4, using: &generator))"
        let current = try model.fact(name)
        let expected: StoredFact? =
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: nil
            case 1: StoredFact(name, current)
            default: StoredFact(name, bytes(2))
            }
        let new = StoredFact(name, Bool.random(using: &generator) ? bytes(5) : nil)
        check(
            try store.writeFacts([new], expected: expected), try model.writeFacts([new], expected: expected),
            "facts \(step)")
        check(try store.fact(name).map { "\($0)" } ?? "", try model.fact(name).map { "\($0)" } ?? "", "fact \(step)")
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

extension SealedVault {
    @discardableResult
    public func expire(now: Int64) throws(VaultError) -> Int {
        // A record is good while its expiry lies after now.
        let end = VaultLayout.place(expirySeconds: now + 1)
        var total = 0
        while true {
            let count = try store.expire(below: end, countMax: Self.stepCount)
            total += count
            if count == 0 { break }
        }
        try store.forget(now: now)
        if try store.fact(Self.pendingFact) != nil { _ = try settleErasures() }
        return total
    }

    public func erase(
        _ persons: [PersonHandle], actor: String, now: Int64
    ) throws(VaultError) -> ErasureReport {
        let handles = Self.bytes(of: persons)
        // Noted first: whatever happens from here on, the next opening looks after the files.
        _ = try store.writeFacts([StoredFact(Self.pendingFact, [1])], expected: nil)
        let count = try store.erase(handles.span, now: now)
        let state = try settleErasures()
        if let audit {
            var event = AuditEvent(.erase, actor: actor, now: now)
            if let first = persons.first { event.add("person", first.text) }
            event.add("persons", Int64(count))
            event.add("outcome", state.rawValue)
            try audit.record([event])
        }
        return ErasureReport(state: state, personCount: count)
    }

    /// Lets the engine remove what erased keys have left in its files.
    func settleErasures() throws(VaultError) -> ErasureReport.State {
        switch try store.scour() {
        case true?:
            _ = try store.writeFacts([StoredFact(Self.pendingFact, nil)], expected: nil)
            return .complete
        case false?: return .pending
        case nil:
            _ = try store.writeFacts([StoredFact(Self.pendingFact, nil)], expected: nil)
            return .logical
        }
    }

    public func report(
        _ persons: [PersonHandle], actor: String, now: Int64
    ) throws(VaultError) -> PersonReport {
        let handles = Self.bytes(of: persons)
        var rows = StoredRows()
        try store.findPersons(handles.span, into: &rows)
        let slots = Array(Set(rows.rows.compactMap { $0.flatMap { $0.secret.isEmpty ? nil : $0.number } })).sorted()
        let erased = try store.tombstones(handles.span).compactMap { $0 }.max()
        var items: [PersonReport.Item] = []
        var next = VaultLayout.place(expirySeconds: now + 1)
        while !slots.isEmpty {
            rows.removeAll()
            try store.records(ofSlots: slots, from: next, countMax: Self.stepCount, into: &rows)
            for row in rows.rows {
                guard let row else { continue }
                items.append(try item(row, rows))
                next = row.number + 1
            }
            if rows.rows.count < Self.stepCount { break }
        }
        if let audit {
            var event = AuditEvent(.report, actor: actor, now: now)
            if let first = persons.first { event.add("person", first.text) }
            event.add("items", Int64(items.count))
            try audit.record([event])
        }
        return PersonReport(isKnown: !slots.isEmpty, erasedSeconds: erased, items: items)
    }

    private func item(_ row: StoredRows.Row, _ rows: borrowing StoredRows) throws(VaultError) -> PersonReport.Item {
        guard let form = Self.form(rows, row), let label = Self.label(rows, row, form) else { throw .damaged }
        return PersonReport.Item(
            type: label.type, purposes: label.purposes, createdSeconds: form.createdSeconds,
            expiresSeconds: VaultLayout.expirySeconds(row.number))
    }

    private static func label(
        _ rows: borrowing StoredRows, _ row: StoredRows.Row, _ form: RecordForm
    ) -> VaultLabel? {
        let data = rows.part(row.data)
        return VaultLabel(stored: data.extracting(form.label))
    }

    @discardableResult
    public func rotate(actor: String, now: Int64) throws(VaultError) -> Int {
        let cipher = try PersonCipher()
        var random = RandomBytes()
        var rows = StoredRows()
        var secrets = ByteScratch(capacity: 4096)
        var slots: [Int64] = []
        var next: Int64 = 1
        var total = 0
        let active = keys.wrapping[keys.activeWrapping].keyID
        while true {
            rows.removeAll()
            secrets.removeAll()
            slots.removeAll(keepingCapacity: true)
            try store.persons(from: next, countMax: Self.stepCount, into: &rows)
            for row in rows.rows {
                guard let row else { continue }
                next = row.number + 1
                if Self.wrappingKeyID(rows, row) == active { continue }
                slots.append(row.number)
                try rewrap(rows, row, cipher, &random, to: &secrets)
            }
            if !slots.isEmpty { total += try store.replaceSecrets(slots, secrets.span) }
            if rows.rows.count < Self.stepCount { break }
        }
        _ = try settleErasures()
        if let audit {
            var event = AuditEvent(.rotate, actor: actor, now: now)
            event.add("persons", Int64(total))
            try audit.record([event])
        }
        return total
    }

    private static func wrappingKeyID(_ rows: borrowing StoredRows, _ row: StoredRows.Row) -> UInt32 {
        UInt32(truncatingIfNeeded: rows.part(row.secret).bigEndian(at: VaultLayout.personIDByteCount) >> 32)
    }

    private func rewrap(
        _ rows: borrowing StoredRows, _ row: StoredRows.Row, _ cipher: PersonCipher, _ random: inout RandomBytes,
        to secrets: inout ByteScratch
    ) throws(VaultError) {
        let secret = rows.part(row.secret)
        secrets.append(secret)
        try cipher.appendRewrapped(secret, keys: keys, random: &random, to: &secrets)
    }

    private static func bytes(of persons: [PersonHandle]) -> [UInt8] {
        var bytes = ByteScratch(capacity: persons.count * PersonHandle.byteCount)
        for person in persons { person.append(to: &bytes) }
        return [UInt8](bytes.span)
    }

    /// Checks the audit chain from its start.
    ///
    /// `expected` is the ``AuditChainReport/head`` of an earlier check: then the chain must still hold that entry.
    /// - Throws: ``VaultError``, not for a chain that does not hold: that is the answer.
    public func verifyAudit(expecting expected: String? = nil) throws(VaultError) -> AuditChainReport {
        try audit?.flush()
        guard let value = try store.fact(AuditChain.headFact) else {
            let isEmpty = try store.audit(from: 1, countMax: 1).isEmpty && expected == nil
            return AuditChainReport(entryCount: 0, firstBadEntry: isEmpty ? nil : 1, head: nil)
        }
        guard let end = AuditChain.head(value, keys: keys) else {
            return AuditChainReport(entryCount: 0, firstBadEntry: 0, head: nil)
        }
        var head = AuditChain.Head()
        var isMissing = expected != nil
        while head.number < end.number {
            let entries = try store.audit(from: head.number + 1, countMax: Self.stepCount)
            for (number, entry) in entries where head.number < end.number {
                guard AuditChain.follows(entry, number: number, &head, keys: keys) else {
                    return AuditChainReport(holdsUntil: head)
                }
                if isMissing, head.text == expected { isMissing = false }
            }
            if entries.isEmpty { return AuditChainReport(holdsUntil: head) }
        }
        guard head == end, !isMissing else {
            return AuditChainReport(entryCount: head.number, firstBadEntry: head.number, head: nil)
        }
        return AuditChainReport(entryCount: head.number, firstBadEntry: nil, head: head)
    }
}

/// What checking an audit chain found.
public struct AuditChainReport: Sendable, Equatable {
    /// Entries that hold, from the first on.
    public let entryCount: Int64
    /// The number of the first entry that is changed, missing or out of order; 0 when the stored head is not of the
    /// vault's keys; nil when all hold.
    public let firstBadEntry: Int64?
    /// The number and MAC of the last entry as text, `12:…`, to be kept elsewhere and compared; nil without entries.
    public let head: String?

    /// The entry behind `head` is the first that does not hold.
    init(holdsUntil head: AuditChain.Head) {
        self.init(entryCount: head.number, firstBadEntry: head.number + 1, head: nil)
    }

    init(entryCount: Int64, firstBadEntry: Int64?, head: AuditChain.Head?) {
        self.entryCount = entryCount
        self.firstBadEntry = firstBadEntry
        self.head = head?.text
    }
}

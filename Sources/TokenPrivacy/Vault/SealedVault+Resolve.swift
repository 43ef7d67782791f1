// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

extension SealedVault {
    public func resolve(
        _ queries: inout VaultQueries, purpose: String, actor: String, now: Int64
    ) throws(VaultError) {
        for i in queries.tokens.indices {
            queries.tokens[i].isLimited = !limiter.allows(queries.tokens[i].binding.subject, now: now)
        }
        queries.forgetAnswers()
        findPlaces(&queries, now: now)
        do throws(VaultError) {
            if !queries.places.isEmpty { try store.read(queries.places, into: &queries.rows) }
            try open(&queries, purpose: purpose, now: now)
            if let audit { try audit.record(queries.events(purpose: purpose, actor: actor, now: now, audit)) }
        } catch {
            // Nothing leaves without its entry, and nothing of a half-read batch does.
            queries.forgetAnswers()
            throw error
        }
    }

    /// Finds where the references stand under each accepted index key.
    ///
    /// Under a key that is not a reference's own its place is a random number; those out of range are not asked for.
    private func findPlaces(_ queries: inout VaultQueries, now: Int64) {
        queries.places.removeAll(keepingCapacity: true)
        queries.asked.removeAll(keepingCapacity: true)
        queries.tags.removeAll()
        for key in keys.index {
            queries.work.tags.computeBoth(queries.references, under: key)
            for i in queries.entries.indices {
                let reference = queries.entries[i].reference
                if queries.tokens[queries.entries[i].token].isLimited { queries.entries[i].reason = .limited }
                guard reference >= 0, queries.entries[i].reason != .limited else { continue }
                let place = queries.work.tags.place(reference, in: queries.references)
                guard place > 0 else { continue }
                queries.places.append(place)
                queries.asked.append((entry: i, tag: queries.tags.count))
                Self.copyTag(queries.work.tags.output, reference, to: &queries.tags)
            }
        }
    }

    private static func copyTag(_ tags: borrowing ByteScratch, _ reference: Int, to output: inout ByteScratch) {
        output.append(tags.span.extracting(IndexTags.tagRange(2 * reference + 1)))
    }

    /// Opens the rows that were found. Every failure to give a value costs an opening too, so that time tells little.
    private func open(_ queries: inout VaultQueries, purpose: String, now: Int64) throws(VaultError) {
        var purpose = purpose
        purpose.makeContiguousUTF8()
        let cipher = try queries.work.readyCipher()
        for i in queries.asked.indices {
            let asked = queries.asked[i]
            guard queries.entries[asked.entry].reason != .given else { continue }
            let reason = try open(i, cipher, &queries, purpose: purpose.utf8.span, now: now)
            if reason != .unknown { queries.entries[asked.entry].reason = reason }
            if reason != .given { cipher.burn() }
        }
    }

    private func open(
        _ i: Int, _ cipher: PersonCipher, _ queries: inout VaultQueries, purpose: Span<UInt8>, now: Int64
    ) throws(VaultError) -> VaultQueries.Reason {
        let asked = queries.asked[i]
        guard let row = queries.rows.rows[i] else { return .unknown }
        let tag = asked.tag..<(asked.tag + VaultLayout.tagByteCount)
        guard Self.isTag(queries.rows, row.tag, equalTo: queries.tags, tag) else { return .unknown }
        guard let form = Self.form(queries.rows, row) else { throw .damaged }
        let label = (row.data.lowerBound + form.label.lowerBound)..<(row.data.lowerBound + form.label.upperBound)
        let start = queries.labels.count
        Self.copy(queries.rows, label, to: &queries.labels)
        queries.entries[asked.entry].label = start..<queries.labels.count
        guard VaultLayout.expirySeconds(row.number) > now else { return .expired }
        guard !row.secret.isEmpty else { return .erased }
        let binding = queries.tokens[queries.entries[asked.entry].token].binding
        guard try prepare(cipher, queries.rows, row, form, binding, &queries.work.associated) else { throw .damaged }
        guard Self.allows(queries.labels, start..<queries.labels.count, purpose) else { return .purpose }
        let before = queries.values.count
        guard Self.open(cipher, queries.rows, row, form, queries.work.associated, into: &queries.values) else {
            return .foreign
        }
        guard let end = Self.valueEnd(queries.values, from: before) else { throw .damaged }
        queries.entries[asked.entry].value = before..<end
        return .given
    }

    private static func isTag(
        _ rows: borrowing StoredRows, _ stored: Range<Int>, equalTo tags: borrowing ByteScratch, _ range: Range<Int>
    ) -> Bool {
        ConstantTime.areEqual(rows.part(stored), tags.span.extracting(range))
    }

    static func form(_ rows: borrowing StoredRows, _ row: StoredRows.Row) -> RecordForm? {
        RecordForm(rows.part(row.data), place: row.number, tag: rows.part(row.tag))
    }

    private static func copy(_ rows: borrowing StoredRows, _ range: Range<Int>, to output: inout ByteScratch) {
        output.append(rows.part(range))
    }

    private static func allows(_ labels: borrowing ByteScratch, _ range: Range<Int>, _ purpose: Span<UInt8>) -> Bool {
        let bytes = labels.span.extracting(range)
        guard let label = LabelParts(bytes) else { return false }
        return label.allows(purpose)
    }

    /// Loads the person's keys and writes the associated data. False for a label that is none.
    private func prepare(
        _ cipher: PersonCipher, _ rows: borrowing StoredRows, _ row: StoredRows.Row, _ form: RecordForm,
        _ binding: VaultBinding, _ associated: inout ByteScratch
    ) throws(VaultError) -> Bool {
        let data = rows.part(row.data)
        let secret = rows.part(row.secret)
        guard let label = LabelParts(data.extracting(form.label)) else { return false }
        try cipher.load(secret, keys: keys)
        let tenant = keys.tenantBytes
        associated.removeAll()
        RecordForm.appendAssociatedData(
            indexKeyID: form.indexKeyID, place: row.number, tag: rows.part(row.tag), tenant: tenant.span,
            personID: secret.extracting(0..<VaultLayout.personIDByteCount), label: label, binding: binding,
            to: &associated)
        return true
    }

    private static func open(
        _ cipher: PersonCipher, _ rows: borrowing StoredRows, _ row: StoredRows.Row, _ form: RecordForm,
        _ associated: borrowing ByteScratch, into values: inout ByteScratch
    ) -> Bool {
        let data = rows.part(row.data)
        return cipher.open(
            data.extracting(form.sealed), nonce: data.extracting(form.nonce), associatedData: associated.span,
            into: &values)
    }

    private static func valueEnd(_ values: borrowing ByteScratch, from start: Int) -> Int? {
        RecordForm.valueByteCount(values.span.extracting(start..<values.count)).map { start + $0 }
    }
}

extension VaultQueries {
    /// One audit entry for each token: what was asked of it and what came of it.
    mutating func events(purpose: String, actor: String, now: Int64, _ audit: AuditLog) -> [AuditEvent] {
        var events: [AuditEvent] = []
        events.reserveCapacity(tokens.count)
        var entry = 0
        for token in tokens.indices {
            var event = AuditEvent(.resolve, actor: actor, now: now)
            event.add("purpose", purpose)
            event.add("token", fingerprint: audit.fingerprint(of: tokens[token].binding.token))
            event.beginList("results")
            while entry < entries.count, entries[entry].token == token {
                event.addResult(type: Self.type(labels, entries[entry].label), entries[entry].reason.rawValue)
                entry += 1
            }
            event.endList()
            events.append(event)
        }
        return events
    }

    private static func type(_ labels: borrowing ByteScratch, _ range: Range<Int>) -> String {
        let bytes = labels.span.extracting(range)
        guard let parts = LabelParts(bytes) else { return "" }
        return String(decoding: [UInt8](parts.type), as: UTF8.self)
    }
}

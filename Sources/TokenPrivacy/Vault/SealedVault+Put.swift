// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto
import TokenPersonalData
import TokenScan

extension SealedVault {
    public func put(_ deposits: inout VaultDeposits, now: Int64) throws(VaultError) {
        guard deposits.count > 0 else { return }
        let isDrawn = deposits.isDrawn
        for _ in 0..<Self.attemptCountMax {
            try findPersons(&deposits)
            if !isDrawn { try draw(&deposits) }
            try seal(&deposits, now: now)
            if try store.put(deposits.sealed) { return }
        }
        throw .busy
    }

    public func draw(_ deposits: inout VaultDeposits) throws(VaultError) {
        try drawReferences(&deposits)
        deposits.writeTexts()
    }

    public func enroll(_ deposits: inout VaultDeposits, now: Int64) throws(VaultError) {
        for _ in 0..<Self.attemptCountMax {
            try findPersons(&deposits)
            if deposits.sealed.persons.allSatisfy({ $0.slot != nil }) { return try readPersonKeys(&deposits) }
            if try store.put(deposits.sealed) { return try readPersonKeys(&deposits) }
        }
        throw .busy
    }

    public func handles(issuer: String, subject: String) throws(VaultError) -> [PersonHandle] {
        var deposits = VaultDeposits()
        let issuer = Array(issuer.utf8)
        let subject = Array(subject.utf8)
        _ = try deposits.addPerson(issuer: issuer.span, subject: subject.span)
        try deposits.computeHandles(keys)
        return (0..<keys.index.count).map { deposits.handle(person: 0, key: $0, keys) }
    }

    /// Fills `sealed.persons` with one entry for each different person: what is stored of it, or fresh keys.
    private func findPersons(_ deposits: inout VaultDeposits) throws(VaultError) {
        deposits.sealed.removeAll()
        deposits.personIndexes.removeAll(keepingCapacity: true)
        deposits.knownHandles.removeAll(keepingCapacity: true)
        deposits.handleBytes.removeAll()
        try deposits.computeHandles(keys)
        for person in deposits.identities.indices {
            let handle = deposits.handle(person: person, key: 0, keys)
            if let known = deposits.knownHandles[handle] {
                deposits.personIndexes.append(known)
                continue
            }
            let index = deposits.knownHandles.count
            deposits.knownHandles[handle] = index
            deposits.personIndexes.append(index)
            for key in keys.index.indices {
                deposits.handle(person: person, key: key, keys).append(to: &deposits.handleBytes)
            }
        }
        deposits.rows.removeAll()
        try Self.find(store, deposits.handleBytes, into: &deposits.rows)
        for person in 0..<deposits.knownHandles.count { try addSealedPerson(person, &deposits) }
    }

    /// Apart, so that the handles are read while the rows change.
    private static func find(
        _ store: any VaultStore, _ handles: borrowing ByteScratch, into rows: inout StoredRows
    ) throws(VaultError) {
        try store.findPersons(handles.span, into: &rows)
    }

    private func addSealedPerson(_ person: Int, _ deposits: inout VaultDeposits) throws(VaultError) {
        let first = person * keys.index.count
        let start = deposits.sealed.bytes.count
        let size = PersonHandle.byteCount
        Self.copy(deposits.handleBytes, (first * size)..<((first + 1) * size), to: &deposits.sealed.bytes)
        let handle = start..<deposits.sealed.bytes.count
        for row in deposits.rows.rows[first..<(first + keys.index.count)] {
            guard let row, !row.secret.isEmpty else { continue }
            Self.copy(deposits.rows.bytes, row.secret, to: &deposits.sealed.bytes)
            let secret = handle.upperBound..<deposits.sealed.bytes.count
            deposits.sealed.persons.append(SealedBatch.Person(handle: handle, secret: secret, slot: row.number))
            return
        }
        let cipher = try deposits.work.readyCipher()
        try cipher.appendNewSecret(keys: keys, random: &deposits.work.random, to: &deposits.sealed.bytes)
        let secret = handle.upperBound..<deposits.sealed.bytes.count
        deposits.sealed.persons.append(SealedBatch.Person(handle: handle, secret: secret, slot: nil))
    }

    private static func copy(_ source: borrowing ByteScratch, _ range: Range<Int>, to output: inout ByteScratch) {
        output.append(source.span.extracting(range))
    }

    /// `Kp` of each person, in the order of `sealed.persons`.
    private func readPersonKeys(_ deposits: inout VaultDeposits) throws(VaultError) {
        deposits.personKeys.removeAll()
        let cipher = try deposits.work.readyCipher()
        for person in deposits.sealed.persons {
            try Self.load(cipher, deposits.sealed, person.secret, keys)
            cipher.appendPersonKey(to: &deposits.personKeys)
        }
    }

    private static func load(
        _ cipher: PersonCipher, _ sealed: borrowing SealedBatch, _ secret: Range<Int>, _ keys: VaultKeys
    ) throws(VaultError) {
        try cipher.load(sealed.part(secret), keys: keys)
    }

    /// Draws a reference for each value, and the place that it hides.
    private func drawReferences(_ deposits: inout VaultDeposits) throws(VaultError) {
        let count = UInt64(deposits.count)
        let first = sequence.wrappingAdd(count, ordering: .relaxed).oldValue
        deposits.references.removeAll()
        deposits.places.removeAll(keepingCapacity: true)
        for (i, entry) in deposits.entries.enumerated() {
            let low = Int64(truncatingIfNeeded: (first &+ UInt64(i)) & ((1 << VaultLayout.sequenceBitCount) - 1))
            deposits.places.append(VaultLayout.place(expirySeconds: entry.expiresSeconds) | low)
            var drawn = InlineArray<24, UInt8>(repeating: 0)
            var span = drawn.mutableSpan
            do { try deposits.work.random.fill(&span) } catch { throw .randomness }
            deposits.references.appendBigEndian(UInt64(0))
            deposits.references.append(drawn.span)
        }
        deposits.work.tags.hide(deposits.places, in: &deposits.references, under: keys.index[0])
    }

    /// Encrypts all values into `sealed.records`.
    private func seal(_ deposits: inout VaultDeposits, now: Int64) throws(VaultError) {
        let cipher = try deposits.work.readyCipher()
        deposits.work.tags.computeTags(deposits.references, under: keys.index[0])
        for i in deposits.entries.indices {
            let entry = deposits.entries[i]
            let person = deposits.personIndexes[entry.person]
            let secret = deposits.sealed.persons[person].secret
            try Self.load(cipher, deposits.sealed, secret, keys)
            let tagStart = deposits.sealed.bytes.count
            Self.copy(deposits.work.tags.output, IndexTags.tagRange(i), to: &deposits.sealed.bytes)
            let tag = tagStart..<deposits.sealed.bytes.count
            let place = deposits.places[i]
            let label = deposits.labels[entry.label]
            Self.setAssociatedData(
                &deposits.work.associated, deposits.sealed, tag: tag, personID: secret.prefix(16), place: place,
                label: label, binding: entry.binding, keys)
            RecordForm.appendHead(
                indexKeyID: keys.index[0].keyID, createdSeconds: now, label: label.stored.span,
                to: &deposits.sealed.bytes)
            Self.pad(deposits.values, entry.value, into: &deposits.work.plain)
            try Self.seal(cipher, &deposits.work, into: &deposits.sealed.bytes)
            deposits.sealed.appendChecksum(place: place, tag: tag)
            deposits.sealed.records.append(
                SealedBatch.Record(
                    place: place, tag: tag, data: tag.upperBound..<deposits.sealed.bytes.count, person: person))
        }
        deposits.work.plain.removeAll()
    }

    private static func pad(_ values: borrowing ByteScratch, _ range: Range<Int>, into plain: inout ByteScratch) {
        plain.removeAll()
        RecordForm.appendPadded(values.span.extracting(range), to: &plain)
    }

    private static func setAssociatedData(
        _ associated: inout ByteScratch, _ sealed: borrowing SealedBatch, tag: Range<Int>, personID: Range<Int>,
        place: Int64, label: VaultLabel, binding: VaultBinding, _ keys: VaultKeys
    ) {
        associated.removeAll()
        guard let parts = LabelParts(label.stored.span) else { return }
        RecordForm.appendAssociatedData(
            indexKeyID: keys.index[0].keyID, place: place, tag: sealed.part(tag), tenant: keys.tenantBytes.span,
            personID: sealed.part(personID), label: parts, binding: binding, to: &associated)
    }

    /// Appends a fresh nonce and the encrypted plaintext.
    private static func seal(
        _ cipher: PersonCipher, _ work: inout SealingScratch, into output: inout ByteScratch
    ) throws(VaultError) {
        var nonce = InlineArray<12, UInt8>(repeating: 0)
        var span = nonce.mutableSpan
        do { try work.random.fill(&span) } catch { throw .randomness }
        output.append(nonce.span)
        try seal(cipher, work.plain, nonce.span, work.associated, into: &output)
    }

    private static func seal(
        _ cipher: PersonCipher, _ plain: borrowing ByteScratch, _ nonce: Span<UInt8>,
        _ associated: borrowing ByteScratch, into output: inout ByteScratch
    ) throws(VaultError) {
        try cipher.seal(plain.span, nonce: nonce, associatedData: associated.span, into: &output)
    }
}

extension VaultDeposits {
    /// Whether each value has its reference.
    var isDrawn: Bool { references.count == entries.count * VaultReference.byteCount }

    /// Computes the handles of all added persons under all index keys.
    mutating func computeHandles(_ keys: VaultKeys) throws(VaultError) {
        handles.removeAll()
        for identity in identities {
            for key in keys.index {
                do { try Self.add(&handles, key.handles, names, identity) } catch { throw .tooLarge }
            }
        }
        handles.run()
    }

    private static func add(
        _ handles: inout PseudonymBatch, _ domain: PseudonymDomain, _ names: borrowing ByteScratch, _ identity: Identity
    ) throws(CanonicalizationError) {
        _ = try handles.add(
            domain, .string, names.span.extracting(identity.subject), issuer: names.span.extracting(identity.issuer))
    }

    /// The handle of an added person under one index key, after ``computeHandles(_:)``.
    mutating func handle(person: Int, key: Int, _ keys: VaultKeys) -> PersonHandle {
        work.associated.removeAll()
        handles.appendBytes(person * keys.index.count + key, to: &work.associated)
        return PersonHandle(keyID: keys.index[key].keyID, pseudonym: work.associated.span)
    }

    /// The `Kp` of an added person, after enrolling.
    @_lifetime(borrow self)
    func personKey(_ person: Int) -> Span<UInt8> {
        let start = personIndexes[person] * PersonCipher.personKeyByteCount
        return personKeys.span.extracting(start..<(start + PersonCipher.personKeyByteCount))
    }

    /// Writes the texts of all references.
    mutating func writeTexts() { Self.writeTexts(references, to: &texts) }

    private static func writeTexts(_ references: borrowing ByteScratch, to texts: inout ByteScratch) {
        texts.removeAll()
        for i in 0..<(references.count / VaultReference.byteCount) {
            let range = (i * VaultReference.byteCount)..<((i + 1) * VaultReference.byteCount)
            VaultReference.appendText(references.span.extracting(range), to: &texts)
        }
    }
}

extension SealedBatch {
    /// Ends a record's data, which starts behind its tag.
    mutating func appendChecksum(place: Int64, tag: Range<Int>) {
        let data = tag.upperBound..<bytes.count
        let checksum = RecordForm.checksum(part(data), place: place, tag: part(tag))
        bytes.appendBigEndian(checksum)
    }
}

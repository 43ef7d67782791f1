// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
package import TokenPrivacy
import TokenScan

extension SQLiteStore {
    package func put(_ batch: borrowing SealedBatch) throws(VaultError) -> Bool {
        // The closure cannot capture a borrowed value, so that the parts run in line.
        lockWriter()
        defer { unlockWriter() }
        let connection = try writer()
        do throws(VaultError) {
            try connection.execute("BEGIN IMMEDIATE")
            var slots: [Int64] = []
            slots.reserveCapacity(batch.persons.count)
            var isStored = try put(persons: batch, into: &slots, connection)
            if isStored { isStored = try put(records: batch, slots: slots, connection) }
            guard isStored else {
                try connection.execute("ROLLBACK")
                return false
            }
            try connection.execute("COMMIT")
            return true
        } catch {
            giveUp(connection, error)
            throw error
        }
    }

    private func put(
        persons batch: borrowing SealedBatch, into slots: inout [Int64], _ connection: SQLiteConnection
    ) throws(VaultError) -> Bool {
        for person in batch.persons {
            if let slot = person.slot {
                let query = try connection.statement(.personID)
                query.bind(slot, at: 1)
                defer { query.reset() }
                guard try query.step(), query.bytes(0).span.equals(batch.part(person.secret).extracting(0..<16)) else {
                    return false
                }
                slots.append(slot)
                continue
            }
            let addSecret = try connection.statement(.addSecret)
            let code = try addSecret.bind(batch.part(person.secret), at: 1) { addSecret.run() }
            guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
            let slot = connection.lastRow
            let addPerson = try connection.statement(.addPerson)
            addPerson.bind(slot, at: 2)
            let added = try addPerson.bind(batch.part(person.handle), at: 1) { addPerson.run() }
            guard try isAdded(added) else { return false }
            slots.append(slot)
        }
        return true
    }

    private func put(
        records batch: borrowing SealedBatch, slots: [Int64], _ connection: SQLiteConnection
    ) throws(VaultError) -> Bool {
        let add = try connection.statement(.addRecord)
        for record in batch.records {
            add.bind(record.place, at: 1)
            add.bind(slots[record.person], at: 2)
            let tag = batch.part(record.tag)
            let data = batch.part(record.data)
            guard try isAdded(add.run(binding: tag, at: 3, data, at: 4)) else { return false }
        }
        return true
    }

    /// False for a key that is taken.
    private func isAdded(_ code: Int32) throws(VaultError) -> Bool {
        if code == SQLITE_OK { return true }
        if code & 0xFF == SQLITE_CONSTRAINT { return false }
        throw VaultError(sqlite: code)
    }

    package func read(_ places: [Int64], into rows: inout StoredRows) throws(VaultError) {
        let connection = try takeReader()
        // One snapshot for many; a single read makes its own.
        if places.count > 1 { try connection.execute("BEGIN") }
        let query = try connection.statement(.read)
        for place in places {
            query.bind(place, at: 1)
            guard try query.step() else {
                query.reset()
                rows.rows.append(nil)
                continue
            }
            var row = StoredRows.Row()
            row.number = place
            row.tag = query.appendBytes(0, to: &rows)
            row.data = query.appendBytes(1, to: &rows)
            row.secret = Self.secret(query.appendBytes(2, to: &rows), in: rows)
            query.reset()
            rows.rows.append(row)
        }
        if places.count > 1 { try connection.execute("COMMIT") }
        giveBack(connection)
    }

    /// An erased person's keys are zeros: as good as none.
    static func secret(_ range: Range<Int>, in rows: borrowing StoredRows) -> Range<Int> {
        let bytes = rows.part(range)
        for i in bytes.indices where bytes[i] != 0 { return range }
        return range.lowerBound..<range.lowerBound
    }

    package func expire(below place: Int64, countMax: Int) throws(VaultError) -> Int {
        var count = 0
        _ = try writing { (connection) throws(VaultError) in
            let query = try connection.statement(.expire)
            query.bind(place, at: 1)
            query.bind(Int64(countMax), at: 2)
            let code = query.run()
            guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
            count = connection.changeCount
            return true
        }
        return count
    }

    package func records(
        ofSlots slots: [Int64], from place: Int64, countMax: Int, into rows: inout StoredRows
    ) throws(VaultError) {
        let connection = try takeReader()
        let query = try connection.statement(.records)
        query.bind(place, at: 1)
        query.bind(Int64(countMax), at: 3)
        let list = "[" + slots.map(String.init).joined(separator: ",") + "]"
        try query.bindText(list, at: 2)
        while try query.step() {
            var row = StoredRows.Row()
            row.number = query.integer(0)
            row.tag = query.appendBytes(1, to: &rows)
            row.data = query.appendBytes(2, to: &rows)
            rows.rows.append(row)
        }
        query.reset()
        giveBack(connection)
    }
}

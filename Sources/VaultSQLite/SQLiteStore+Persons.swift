// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
package import TokenPrivacy
import TokenScan

extension SQLiteStore {
    package func findPersons(_ handles: Span<UInt8>, into rows: inout StoredRows) throws(VaultError) {
        let connection = try takeReader()
        try connection.execute("BEGIN")
        let query = try connection.statement(.person)
        for i in 0..<(handles.count / PersonHandle.byteCount) {
            var row: StoredRows.Row?
            try query.bind(handles.storedHandle(i), at: 1) { () throws(VaultError) in
                guard try query.step() else { return }
                var found = StoredRows.Row()
                found.number = query.integer(0)
                found.secret = Self.secret(query.appendBytes(1, to: &rows), in: rows)
                row = found
            }
            rows.rows.append(row)
        }
        try connection.execute("COMMIT")
        giveBack(connection)
    }

    package func erase(_ handles: Span<UInt8>, now: Int64) throws(VaultError) -> Int {
        var list: [[UInt8]] = []
        for i in 0..<(handles.count / PersonHandle.byteCount) { list.append([UInt8](handles.storedHandle(i))) }
        var count = 0
        _ = try writing { (connection) throws(VaultError) in
            for handle in list where try erase(handle, now: now, connection) { count += 1 }
            return true
        }
        return count
    }

    private func erase(_ handle: [UInt8], now: Int64, _ connection: SQLiteConnection) throws(VaultError) -> Bool {
        let delete = try connection.statement(.deletePerson)
        let slot = try delete.bind(handle.span, at: 1) { () throws(VaultError) -> Int64? in
            guard try delete.step() else { return nil }
            let slot = delete.integer(0)
            // The row is gone only when the statement has run to its end.
            while try delete.step() {}
            return slot
        }
        guard let slot else { return false }
        let erase = try connection.statement(.eraseSecret)
        erase.bind(slot, at: 1)
        let code = erase.run()
        guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
        let tombstone = try connection.statement(.addTombstone)
        tombstone.bind(now, at: 2)
        let added = try tombstone.bind(handle.span, at: 1) { tombstone.run() }
        guard added == SQLITE_OK else { throw VaultError(sqlite: added) }
        return true
    }

    package func tombstones(_ handles: Span<UInt8>) throws(VaultError) -> [Int64?] {
        let connection = try takeReader()
        let query = try connection.statement(.tombstone)
        var times: [Int64?] = []
        for i in 0..<(handles.count / PersonHandle.byteCount) {
            times.append(
                try query.bind(handles.storedHandle(i), at: 1) { () throws(VaultError) in
                    try query.step() ? query.integer(0) : nil
                })
        }
        giveBack(connection)
        return times
    }

    package func persons(from slot: Int64, countMax: Int, into rows: inout StoredRows) throws(VaultError) {
        let connection = try takeReader()
        let query = try connection.statement(.persons)
        query.bind(slot, at: 1)
        query.bind(Int64(countMax), at: 2)
        while try query.step() {
            var row = StoredRows.Row()
            row.number = query.integer(0)
            row.secret = query.appendBytes(1, to: &rows)
            rows.rows.append(row)
        }
        query.reset()
        giveBack(connection)
    }

    package func replaceSecrets(_ slots: [Int64], _ secrets: Span<UInt8>) throws(VaultError) -> Int {
        let size = VaultLayout.secretByteCount
        precondition(secrets.count == slots.count * 2 * size, "old and new keys side by side")
        var pairs: [(old: [UInt8], new: [UInt8])] = []
        for i in slots.indices {
            let old = secrets.extracting((2 * i * size)..<((2 * i + 1) * size))
            let new = secrets.extracting(((2 * i + 1) * size)..<((2 * i + 2) * size))
            pairs.append(([UInt8](old), [UInt8](new)))
        }
        var count = 0
        _ = try writing { (connection) throws(VaultError) in
            let read = try connection.statement(.secret)
            let replace = try connection.statement(.replaceSecret)
            for (slot, pair) in zip(slots, pairs) {
                read.bind(slot, at: 1)
                let isOld = try read.step() && read.bytes(0) == pair.old
                read.reset()
                guard isOld else { continue }
                replace.bind(slot, at: 1)
                let code = try replace.bind(pair.new.span, at: 2) { replace.run() }
                guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
                count += 1
            }
            return true
        }
        return count
    }
}

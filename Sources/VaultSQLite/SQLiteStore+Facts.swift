// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
package import TokenPrivacy

extension SQLiteStore {
    package func fact(_ name: String) throws(VaultError) -> [UInt8]? {
        let connection = try takeReader()
        let value = try Self.fact(name, connection)
        giveBack(connection)
        return value
    }

    private static func fact(_ name: String, _ connection: SQLiteConnection) throws(VaultError) -> [UInt8]? {
        let query = try connection.statement(.fact)
        try query.bindText(name, at: 1)
        defer { query.reset() }
        return try query.step() ? query.bytes(0) : nil
    }

    private static func write(_ fact: StoredFact, _ connection: SQLiteConnection) throws(VaultError) {
        let query = try connection.statement(fact.value == nil ? .deleteFact : .writeFact)
        try query.bindText(fact.name, at: 1)
        let code: Int32
        if let value = fact.value {
            code = try query.bind(value.span, at: 2) { query.run() }
        } else {
            code = query.run()
        }
        guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
    }

    package func writeFacts(_ facts: [StoredFact], expected: StoredFact?) throws(VaultError) -> Bool {
        try writing { (connection) throws(VaultError) in
            if let expected, try Self.fact(expected.name, connection) != expected.value { return false }
            for fact in facts { try Self.write(fact, connection) }
            return true
        }
    }

    package func appendAudit(
        _ entries: [[UInt8]], first: Int64, head: StoredFact, expected: StoredFact
    ) throws(VaultError) -> Bool {
        try writing { (connection) throws(VaultError) in
            guard try Self.fact(expected.name, connection) == expected.value else { return false }
            let add = try connection.statement(.addAudit)
            for (i, entry) in entries.enumerated() {
                add.bind(first + Int64(i), at: 1)
                let code = try add.bind(entry.span, at: 2) { add.run() }
                // A number that is taken although the head says otherwise: the log was changed from outside.
                guard code & 0xFF != SQLITE_CONSTRAINT else { throw .damaged }
                guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
            }
            try Self.write(head, connection)
            return true
        }
    }

    package func audit(from number: Int64, countMax: Int) throws(VaultError) -> [(number: Int64, entry: [UInt8])] {
        let connection = try takeReader()
        let query = try connection.statement(.audit)
        query.bind(number, at: 1)
        query.bind(Int64(countMax), at: 2)
        var entries: [(number: Int64, entry: [UInt8])] = []
        while try query.step() { entries.append((query.integer(0), query.bytes(1))) }
        query.reset()
        giveBack(connection)
        return entries
    }
}

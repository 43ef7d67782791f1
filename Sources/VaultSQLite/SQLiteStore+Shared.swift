// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
package import TokenPrivacy

/// Revocations and one-time ids, which several nodes share.
extension SQLiteStore {
    package func addRevocation(_ entry: [UInt8], untilSeconds: Int64) throws(VaultError) {
        _ = try writing { (connection) throws(VaultError) in
            let add = try connection.statement(.addRevocation)
            add.bind(untilSeconds, at: 1)
            let code = try add.bind(entry.span, at: 2) { add.run() }
            guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
            return true
        }
    }

    package func revocations(
        after number: Int64, now: Int64, countMax: Int
    ) throws(VaultError) -> [(number: Int64, entry: [UInt8])] {
        let connection = try takeReader()
        let query = try connection.statement(.revocations)
        query.bind(number, at: 1)
        query.bind(now, at: 2)
        query.bind(Int64(countMax), at: 3)
        var entries: [(number: Int64, entry: [UInt8])] = []
        while try query.step() { entries.append((query.integer(0), query.bytes(1))) }
        query.reset()
        giveBack(connection)
        return entries
    }

    package func claim(_ id: [UInt8], untilSeconds: Int64, now: Int64) throws(VaultError) -> Bool {
        try writing { (connection) throws(VaultError) in
            let add = try connection.statement(.addClaim)
            add.bind(untilSeconds, at: 2)
            add.bind(now, at: 3)
            let code = try add.bind(id.span, at: 1) { add.run() }
            guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
            return connection.changeCount == 1
        }
    }

    package func forget(now: Int64) throws(VaultError) {
        _ = try writing { (connection) throws(VaultError) in
            for query in [Query.forgetRevocations, .forgetClaims] {
                let delete = try connection.statement(query)
                delete.bind(now, at: 1)
                let code = delete.run()
                guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
            }
            return true
        }
    }
}

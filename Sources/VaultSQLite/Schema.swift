// SPDX-License-Identifier: Apache-2.0
import TokenPrivacy

/// The tables and their versions.
///
/// `secrets` is only appended to and overwritten in place, never deleted from: so a row never moves to another page,
/// and no stale copy of a sealed key is left behind when pages are split or joined. `records` are ordered by expiry, so
/// that writes of one time go to few pages and the sweep deletes from one end.
enum Schema {
    /// `PRAGMA application_id` of a vault: "CLKV".
    static let applicationID: Int64 = 0x434C_4B56

    /// Step i brings a file of version i to version i + 1.
    static let migrations: [StaticString] = [
        """
        CREATE TABLE facts(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE persons(handle BLOB PRIMARY KEY, slot INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE secrets(slot INTEGER PRIMARY KEY, secret BLOB NOT NULL) STRICT;
        CREATE TABLE tombstones(handle BLOB PRIMARY KEY, erased INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE records(
            place INTEGER PRIMARY KEY, slot INTEGER NOT NULL, tag BLOB NOT NULL, data BLOB NOT NULL) STRICT;
        CREATE TABLE revocations(
            number INTEGER PRIMARY KEY AUTOINCREMENT, until INTEGER NOT NULL, entry BLOB NOT NULL) STRICT;
        CREATE TABLE claims(id BLOB PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE audit(number INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;
        PRAGMA user_version = 1
        """
    ]

    /// The version that this build reads and writes.
    static var version: Int64 { Int64(migrations.count) }

    /// Makes an empty file a vault's.
    static func prepare(_ connection: SQLiteConnection) throws(VaultError) {
        try connection.execute("PRAGMA page_size=4096")
        try connection.execute("PRAGMA application_id=1129073494")
        try connection.execute("PRAGMA journal_mode=WAL")
        try migrate(connection)
    }

    /// Refuses what is no vault or a newer one, and brings an older one up to date.
    static func check(_ connection: SQLiteConnection) throws(VaultError) {
        guard try connection.integer("PRAGMA application_id") == applicationID else { throw .notVault }
        let found = try connection.integer("PRAGMA user_version")
        guard found <= version else { throw .newerVersion }
        if found < version { try migrate(connection) }
    }

    /// All steps in one transaction; another process may have been faster.
    private static func migrate(_ connection: SQLiteConnection) throws(VaultError) {
        _ = try connection.write { () throws(VaultError) in
            let found = try connection.integer("PRAGMA user_version")
            guard found <= version else { throw .newerVersion }
            for step in migrations.dropFirst(Int(max(found, 0))) { try connection.execute(step) }
            return true
        }
    }
}

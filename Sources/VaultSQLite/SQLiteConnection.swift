// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
import TokenPrivacy

/// One connection with its prepared statements. SQLite's own locks are off: one thread at a time uses it.
// `@safe`: the pointer never leaves the object but to its statements.
@safe final class SQLiteConnection: @unchecked Sendable {
    // Sendable by hand: the store hands a connection to one thread at a time.
    private let database: OpaquePointer  // sqlite3 *, owned
    private var statements: [SQLiteStatement?]

    /// Whether the file can only be read.
    let isReadOnly: Bool

    /// Milliseconds that a call waits for another process's lock.
    static let busyMilliseconds: Int32 = 5000

    /// Opens an existing file.
    init(path: String, readsOnly: Bool = false) throws(VaultError) {
        var made: OpaquePointer?
        let mode = readsOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        let flags = mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE
        // SAFETY: the path is a C string for the call; a handle is made even when opening fails, and closed then.
        let code = unsafe path.withCString { unsafe sqlite3_open_v2($0, &made, flags, nil) }
        guard code == SQLITE_OK, let database = unsafe made else {
            unsafe _ = sqlite3_close_v2(made)
            throw VaultError(sqlite: code)
        }
        unsafe self.database = database
        statements = Array(repeating: nil, count: Query.allCases.count)
        unsafe isReadOnly = sqlite3_db_readonly(database, "main") == 1
        unsafe _ = sqlite3_busy_timeout(database, Self.busyMilliseconds)
        for pragma: StaticString in [
            "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON", "PRAGMA temp_store=MEMORY",
            "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA cache_size=-16000",
            "PRAGMA wal_autocheckpoint=2000",
        ] {
            try execute(pragma)
        }
    }

    deinit {
        statements.removeAll()
        // SAFETY: owned by this object, closed once, after its statements.
        unsafe _ = sqlite3_close_v2(database)
    }

    // SAFETY of all below: the handle is live as long as the object; literals live for ever and end with a NUL.

    /// Runs fixed SQL.
    func execute(_ sql: StaticString) throws(VaultError) {
        let code = unsafe sqlite3_exec(
            database, UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self), nil, nil, nil)
        guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
    }

    /// The number that fixed SQL gives.
    func integer(_ sql: StaticString) throws(VaultError) -> Int64 {
        let statement = unsafe try SQLiteStatement(database, sql)
        guard try statement.step() else { return 0 }
        return statement.integer(0)
    }

    /// The prepared statement of a query.
    func statement(_ query: Query) throws(VaultError) -> SQLiteStatement {
        let index = query.rawValue
        if let made = statements[index] { return made }
        let made = unsafe try SQLiteStatement(database, query.sql)
        statements[index] = made
        return made
    }

    /// The row number of the last insertion.
    var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(database) }

    /// Rows that the last statement changed.
    var changeCount: Int { Int(unsafe sqlite3_changes64(database)) }

    /// Whether a transaction is open.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(database) == 0 }

    /// Runs `body` in a write transaction, which is durable when this returns true. When `body` returns false or throws
    /// nothing of it stays.
    func write(_ body: () throws(VaultError) -> Bool) throws(VaultError) -> Bool {
        try execute("BEGIN IMMEDIATE")
        do throws(VaultError) {
            guard try body() else {
                try execute("ROLLBACK")
                return false
            }
            try execute("COMMIT")
            return true
        } catch {
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Copies the whole log into the file and truncates the log. False when a reader or writer was in the way.
    func checkpoint() throws(VaultError) -> Bool {
        unsafe _ = sqlite3_busy_timeout(database, 1000)
        defer { unsafe _ = sqlite3_busy_timeout(database, Self.busyMilliseconds) }
        let code = unsafe sqlite3_wal_checkpoint_v2(database, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        if code == SQLITE_OK { return true }
        if code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED { return false }
        throw VaultError(sqlite: code)
    }
}

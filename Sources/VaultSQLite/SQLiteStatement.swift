// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
import TokenPrivacy
import TokenScan

/// A prepared statement of one connection. Values are bound, never written into SQL.
// `@safe`: the pointer never leaves the object, and is used by the thread that uses its connection.
@safe final class SQLiteStatement {
    private let statement: OpaquePointer  // sqlite3_stmt *, owned

    init(_ database: OpaquePointer, _ sql: StaticString) throws(VaultError) {
        var made: OpaquePointer?
        // SAFETY: literals live for ever and end with a NUL; a null result is turned away; owned until deinit.
        let code = unsafe sqlite3_prepare_v3(
            database, UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self), -1,
            UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let statement = unsafe made else { throw VaultError(sqlite: code) }
        unsafe self.statement = statement
    }

    // SAFETY: owned by this object, freed once.
    deinit { unsafe _ = sqlite3_finalize(statement) }

    // SAFETY of all below: the statement is live as long as the object; columns are counted by the caller's own SQL.

    /// Binds a number to parameter `index`, counted from 1.
    func bind(_ number: Int64, at index: Int32) {
        unsafe _ = sqlite3_bind_int64(statement, index, number)
    }

    /// Runs the statement with `bytes`, which must not be empty, bound to parameter `index` while `body` runs.
    func bind<Result>(
        _ bytes: Span<UInt8>, at index: Int32, _ body: () throws(VaultError) -> Result
    ) throws(VaultError) -> Result {
        var result: Swift.Result<Result, VaultError> = .failure(.backend)
        // SAFETY: SQLite reads `count` bytes while the statement runs inside `body`; the reset below ends that, and the
        // binding is dropped before the bytes may go.
        unsafe bytes.withUnsafeBufferPointer { buffer in
            let code = unsafe sqlite3_bind_blob64(statement, index, buffer.baseAddress, UInt64(buffer.count), nil)
            guard code == SQLITE_OK else {
                result = .failure(VaultError(sqlite: code))
                return
            }
            do throws(VaultError) { result = .success(try body()) } catch { result = .failure(error) }
            unsafe _ = sqlite3_reset(statement)
            unsafe _ = sqlite3_bind_null(statement, index)
        }
        return try result.get()
    }

    /// Binds two byte strings, runs to the end, resets and drops the bindings. Returns the result code.
    func run(binding first: Span<UInt8>, at firstIndex: Int32, _ second: Span<UInt8>, at secondIndex: Int32) -> Int32 {
        // SAFETY: SQLite reads the bytes inside `run` only; the bindings are dropped before the spans may go.
        unsafe first.withUnsafeBufferPointer { a in
            unsafe second.withUnsafeBufferPointer { b in
                var code = unsafe sqlite3_bind_blob64(statement, firstIndex, a.baseAddress, UInt64(a.count), nil)
                if code == SQLITE_OK {
                    code = unsafe sqlite3_bind_blob64(statement, secondIndex, b.baseAddress, UInt64(b.count), nil)
                }
                if code == SQLITE_OK { code = run() }
                unsafe _ = sqlite3_bind_null(statement, firstIndex)
                unsafe _ = sqlite3_bind_null(statement, secondIndex)
                return code
            }
        }
    }

    /// Binds a copy of a text.
    func bindText(_ text: String, at index: Int32) throws(VaultError) {
        // SAFETY: SQLITE_TRANSIENT, which is -1, lets SQLite copy the bytes before it returns.
        let code = unsafe text.withCString {
            unsafe sqlite3_bind_text(statement, index, $0, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
        }
        guard code == SQLITE_OK else { throw VaultError(sqlite: code) }
    }

    /// Takes one step: true for a row, false at the end.
    func step() throws(VaultError) -> Bool {
        let code = unsafe sqlite3_step(statement)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        unsafe _ = sqlite3_reset(statement)
        throw VaultError(sqlite: code)
    }

    /// Runs to the end and resets. Returns the result code for callers that expect a constraint to fail.
    func run() -> Int32 {
        var code = unsafe sqlite3_step(statement)
        while code == SQLITE_ROW { code = unsafe sqlite3_step(statement) }
        unsafe _ = sqlite3_reset(statement)
        return code == SQLITE_DONE ? SQLITE_OK : code
    }

    /// Ends the reading, so that the connection holds no snapshot.
    func reset() { unsafe _ = sqlite3_reset(statement) }

    /// A number of the current row.
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    /// Appends the bytes of a column of the current row and gives their place in `rows`.
    func appendBytes(_ column: Int32, to rows: inout StoredRows) -> Range<Int> {
        // SAFETY: the pointer is valid for `count` bytes until the next step, and is read before that.
        let start = unsafe sqlite3_column_blob(statement, column)
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        guard let start = unsafe start, count > 0 else { return rows.add(Span()) }
        let buffer = unsafe UnsafeRawBufferPointer(start: start, count: count)
        return unsafe rows.add(Span<UInt8>(_unsafeBytes: buffer))
    }

    /// The bytes of a column of the current row.
    func bytes(_ column: Int32) -> [UInt8] {
        let start = unsafe sqlite3_column_blob(statement, column)
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        guard let start = unsafe start, count > 0 else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
import Synchronization
package import TokenPrivacy

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A vault's rows in one SQLite file: write-ahead log, every commit synchronised, readers beside the one writer.
///
/// Connections belong to one thread at a time: a lock guards the writer's, readers take theirs from a list. Any number
/// of processes may use the file; do not carry a store over a fork.
package final class SQLiteStore: VaultStore {
    private let path: String
    private let readsOnly: Bool
    private let writerLock = Monitor()
    private let writerBox: WriterBox
    private let readers = Mutex<[SQLiteConnection]>([])
    private let isClosed = Atomic(false)
    /// After a failed synchronisation: what the system kept in memory may be lost, so nothing is written any more.
    private let hasFailed = Atomic(false)

    /// Connections that wait for readers at most; more are made and dropped.
    private static let idleReaderCountMax = 16

    private final class WriterBox: @unchecked Sendable {
        // Sendable by hand: used under `writerLock`.
        var connection: SQLiteConnection?
        init(_ connection: SQLiteConnection) { self.connection = connection }
    }

    /// Makes a new file, readable by its owner alone.
    ///
    /// - Throws: ``VaultError/exists``, `.permission`, `.unreachable`, `.full`.
    package static func create(path: String) throws(VaultError) {
        guard !path.utf8.contains(0), !path.isEmpty else { throw .unreachable }
        // SAFETY: `open` and `unlink` only read the path.
        let descriptor = unsafe path.withCString { unsafe open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        guard descriptor >= 0 else {
            switch errno {
            case EEXIST: throw .exists
            case EACCES, EPERM, EROFS: throw .permission
            case ENOSPC, EDQUOT: throw .full
            default: throw .unreachable
            }
        }
        _ = Glibc.close(descriptor)
        do throws(VaultError) {
            try Schema.prepare(SQLiteConnection(path: path))
        } catch {
            // Half a file would be in the way of the next try.
            for suffix in ["", "-wal", "-shm"] { unsafe _ = (path + suffix).withCString { unsafe unlink($0) } }
            throw error
        }
    }

    /// Opens a file that ``create(path:)`` made.
    ///
    /// - Throws: ``VaultError``: `.absent`, `.notVault`, `.newerVersion`, `.damaged`, `.permission`, `.unreachable`.
    package init(path: String, readsOnly: Bool = false) throws(VaultError) {
        try SQLiteFile.check(path)
        self.path = path
        self.readsOnly = readsOnly
        let connection = try SQLiteConnection(path: path, readsOnly: readsOnly)
        do throws(VaultError) {
            try Schema.check(connection)
        } catch {
            // A file that does not start as SQLite does is something else; one that does is damaged.
            throw error == .notVault && SQLiteFile.startsAsDatabase(path) && !SQLiteFile.isForeign(path)
                ? .damaged : error
        }
        writerBox = WriterBox(connection)
    }

    package func close() {
        isClosed.store(true, ordering: .releasing)
        readers.withLock { $0.removeAll() }
        writerLock.lock()
        writerBox.connection = nil
        writerLock.unlock()
    }

    /// Lends a connection for reading. One that is not given back, since it failed, is closed.
    func takeReader() throws(VaultError) -> SQLiteConnection {
        guard !isClosed.load(ordering: .acquiring) else { throw .unreachable }
        if let idle = readers.withLock({ $0.popLast() }) { return idle }
        return try SQLiteConnection(path: path, readsOnly: readsOnly)
    }

    /// Takes a connection back.
    func giveBack(_ connection: SQLiteConnection) {
        guard !isClosed.load(ordering: .acquiring) else { return }
        readers.withLock { if $0.count < Self.idleReaderCountMax { $0.append(connection) } }
    }

    func lockWriter() { writerLock.lock() }
    func unlockWriter() { writerLock.unlock() }

    /// The one connection that writes, for the holder of the lock.
    func writer() throws(VaultError) -> SQLiteConnection {
        guard !hasFailed.load(ordering: .relaxed) else { throw .notDurable }
        guard let connection = writerBox.connection else { throw .unreachable }
        guard !connection.isReadOnly else { throw .readOnly }
        return connection
    }

    /// Ends a transaction that failed. A failed synchronisation is final (nothing is tried again on what the system may
    /// have dropped).
    func giveUp(_ connection: SQLiteConnection, _ error: VaultError) {
        if connection.isInTransaction { try? connection.execute("ROLLBACK") }
        if error == .notDurable { hasFailed.store(true, ordering: .relaxed) }
    }

    /// Runs `body` in a write transaction, which is durable when this returns true. When `body` returns false or throws
    /// nothing of it stays.
    func writing(_ body: (SQLiteConnection) throws(VaultError) -> Bool) throws(VaultError) -> Bool {
        lockWriter()
        defer { unlockWriter() }
        let connection = try writer()
        do throws(VaultError) {
            return try connection.write { () throws(VaultError) in try body(connection) }
        } catch {
            giveUp(connection, error)
            throw error
        }
    }

    package func scour() throws(VaultError) -> Bool? {
        lockWriter()
        defer { unlockWriter() }
        return try writer().checkpoint()
    }
}

/// Questions about a file before SQLite is asked.
enum SQLiteFile {
    /// Turns away what is not there and what cannot be whole.
    static func check(_ path: String) throws(VaultError) {
        guard let header = header(path) else {
            switch errno {
            case ENOENT, ENOTDIR: throw .absent
            case EACCES, EPERM: throw .permission
            default: throw .unreachable
            }
        }
        // An empty file is what a crash inside `create` leaves.
        guard header.byteCount > 0 else { throw .absent }
        guard startsAsDatabase(header.bytes) else { throw .notVault }
        // Without a log the header's own size is the file's: less than that was cut off.
        let pageByteCount = header.number(at: 16, count: 2) == 1 ? 65_536 : header.number(at: 16, count: 2)
        let pageCount = header.number(at: 28, count: 4)
        let hasLog = (self.header(path + "-wal")?.byteCount ?? 0) > 0
        guard hasLog || header.byteCount >= pageByteCount * pageCount else { throw .damaged }
    }

    struct Header {
        let bytes: [UInt8]
        let byteCount: Int

        func number(at offset: Int, count: Int) -> Int {
            guard bytes.count >= offset + count else { return 0 }
            return bytes[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
        }
    }

    static func startsAsDatabase(_ path: String) -> Bool { header(path).map { startsAsDatabase($0.bytes) } ?? false }

    /// Whether the header says that another program made the file.
    static func isForeign(_ path: String) -> Bool {
        header(path).map { Int64($0.number(at: 68, count: 4)) != Schema.applicationID } ?? true
    }

    private static func startsAsDatabase(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array("SQLite format 3".utf8) + [0])
    }

    /// The first 100 bytes and the size; nil with `errno` when the file cannot be read.
    private static func header(_ path: String) -> Header? {
        // SAFETY: `open` only reads the path; `read` and `fstat` write what they are given room for.
        let descriptor = unsafe path.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        defer { _ = Glibc.close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            errno = EISDIR
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, 100) }
        guard count >= 0 else { return nil }
        return Header(bytes: Array(bytes.prefix(count)), byteCount: Int(status.st_size))
    }
}

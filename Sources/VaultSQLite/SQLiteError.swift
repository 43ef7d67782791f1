// SPDX-License-Identifier: Apache-2.0
import CTokenSQLite
import TokenPrivacy

extension VaultError {
    /// What an SQLite result code, plain or extended, means to a vault. One place, so that nothing is told twice.
    init(sqlite code: Int32) {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .busy
        case SQLITE_FULL: self = .full
        case SQLITE_READONLY: self = .readOnly
        case SQLITE_CORRUPT: self = .damaged
        case SQLITE_NOTADB: self = .notVault
        case SQLITE_CANTOPEN: self = .unreachable
        case SQLITE_PERM, SQLITE_AUTH: self = .permission
        case SQLITE_IOERR: self = Self.inputOutput(code)
        case SQLITE_TOOBIG: self = .tooLarge
        default: self = .backend
        }
    }

    /// A failed write or synchronisation is final; a short read is a file that lacks its end.
    private static func inputOutput(_ code: Int32) -> VaultError {
        switch code >> 8 {
        case 2: .damaged  // SQLITE_IOERR_SHORT_READ
        case 1, 17: .unreachable  // SQLITE_IOERR_READ, SQLITE_IOERR_CLOSE
        case 12: .backend  // SQLITE_IOERR_NOMEM
        case 15, 11, 14: .busy  // SQLITE_IOERR_LOCK, SQLITE_IOERR_BLOCKED, SQLITE_IOERR_CHECKRESERVEDLOCK
        default: .notDurable
        }
    }
}

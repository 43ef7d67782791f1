// SPDX-License-Identifier: Apache-2.0

/// Keeps personal data out of tokens: values go in, references come out, and come back only with the verified token
/// that they were issued in, for a stated purpose.
///
/// Every call is a batch and blocks until the store has answered; call it from a thread that may wait. All methods may
/// be called from any number of threads. `now` is in seconds since 1970 and `actor` names who asks, for the audit log.
public protocol PersonalDataVault: Sendable {
    /// The tenant whose data this is.
    var tenant: String { get }

    /// Draws the references of all values, which are good once they are stored. For callers that need the texts to
    /// complete a token and then set its binding; ``put(_:now:)`` draws them itself where that was not done.
    ///
    /// - Throws: ``VaultError/randomness``.
    func draw(_ deposits: inout VaultDeposits) throws(VaultError)

    /// Stores all values durably, or none, and fills in their references.
    ///
    /// - Throws: ``VaultError``; then no reference was given out, and what may have reached the store is unreadable
    ///   without one and expires.
    func put(_ deposits: inout VaultDeposits, now: Int64) throws(VaultError)

    /// Makes sure that the persons of the batch have keys, durably, and fills in their `Kp`, for erasable pseudonyms.
    ///
    /// - Throws: ``VaultError``.
    func enroll(_ deposits: inout VaultDeposits, now: Int64) throws(VaultError)

    /// Reads references. What is wrong with one reference is its outcome, not an error.
    ///
    /// - Throws: ``VaultError`` when the store or the audit log did not answer; then no value is given out.
    func resolve(_ queries: inout VaultQueries, purpose: String, actor: String, now: Int64) throws(VaultError)

    /// Deletes the records that have expired. Reading never waits for it: an expired record is absent at once.
    ///
    /// - Returns: how many were deleted.
    @discardableResult
    func expire(now: Int64) throws(VaultError) -> Int

    /// The handles of a person under all accepted keys, the active one first.
    func handles(issuer: String, subject: String) throws(VaultError) -> [PersonHandle]

    /// Erases persons: their keys are overwritten and a tombstone stays, so that their records can never be read again.
    ///
    /// The answer says whether the engine's own files hold the old keys no more. Backups, disk blocks that the file
    /// system has given up and copies held elsewhere are beyond it.
    func erase(_ persons: [PersonHandle], actor: String, now: Int64) throws(VaultError) -> ErasureReport

    /// What is held on persons: types and times, no values. Reads all records of the store.
    func report(_ persons: [PersonHandle], actor: String, now: Int64) throws(VaultError) -> PersonReport

    /// Wraps all keys of persons under the active key again; records stay as they are. Safe to repeat and to interrupt.
    ///
    /// - Returns: how many were wrapped anew.
    @discardableResult
    func rotate(actor: String, now: Int64) throws(VaultError) -> Int

    /// Waits until everything is stored, and gives up files and connections.
    func close()
}

/// What an erasure has done.
public struct ErasureReport: Sendable, Equatable {
    /// How far it has come.
    public enum State: String, Sendable {
        /// No file of the engine holds an erased key.
        case complete
        /// Unreadable through the engine; another reader kept old pages from being overwritten. Tried again at the next
        /// erasure, expiry sweep and opening.
        case pending
        /// Unreadable through the engine; when old pages go is the engine's own matter, as with PostgreSQL.
        case logical
    }

    /// How far it has come.
    public let state: State
    /// Persons whose keys were erased now; 0 when they were unknown or erased before.
    public let personCount: Int
}

/// What is held on a person.
public struct PersonReport: Sendable, Equatable {
    /// One stored value, without the value.
    public struct Item: Sendable, Equatable {
        /// Its type.
        public let type: String
        /// What it may be read for.
        public let purposes: [String]
        /// When it was stored, seconds since 1970.
        public let createdSeconds: Int64
        /// When it expires, seconds since 1970.
        public let expiresSeconds: Int64
    }

    /// Whether the vault has keys of the person.
    public let isKnown: Bool
    /// When the person was erased last; nil: never.
    public let erasedSeconds: Int64?
    /// The values that have not expired, by expiry.
    public let items: [Item]
}

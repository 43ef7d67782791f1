// SPDX-License-Identifier: Apache-2.0

/// What a storage engine does for a vault: keeps sealed rows under numbers, durably. It never sees a key or a value.
///
/// A record stands at a *place*, a positive number that orders records by expiry: the expiry in seconds above 30 bits
/// that tell records of one second apart. So writes go to few pages, expiry is a range of places, and a table may be
/// partitioned by it. A person's sealed keys stand in a *slot*, which is given out once and never moves.
///
/// Every call is a batch; a write is one transaction, durable when it returns, and whole or not there after a crash.
/// Any number of threads and processes may call at once.
package protocol VaultStore: Sendable {
    /// The store's own facts (version aside): the tenant, key checks, the audit chain's head.
    func fact(_ name: String) throws(VaultError) -> [UInt8]?

    /// Writes facts; none of them when `expected` names a fact that has another value by now. Returns whether it did.
    func writeFacts(_ facts: [StoredFact], expected: StoredFact?) throws(VaultError) -> Bool

    /// Finds persons by handle: for each `PersonHandle.byteCount` bytes of `handles` the slot and sealed keys, where
    /// there are any.
    func findPersons(_ handles: Span<UInt8>, into rows: inout StoredRows) throws(VaultError)

    /// Stores new persons and records, all or nothing. Returns false, with nothing stored, when it was overtaken: a
    /// new person's handle or a record's place is taken, or a person's slot holds another person id than given.
    func put(_ batch: borrowing SealedBatch) throws(VaultError) -> Bool

    /// Reads the records at places: for each the tag, the data and its person's sealed keys, where there is one.
    func read(_ places: [Int64], into rows: inout StoredRows) throws(VaultError)

    /// Deletes at most `countMax` of the records below a place, the earliest first. Returns how many.
    func expire(below place: Int64, countMax: Int) throws(VaultError) -> Int

    /// Overwrites the sealed keys of persons and leaves tombstones with the time. Returns how many had keys.
    func erase(_ handles: Span<UInt8>, now: Int64) throws(VaultError) -> Int

    /// Tries to remove what erasures left in the engine's own files: true when no file of the engine holds an erased
    /// key any more, false when a reader was in the way, nil when the engine cannot tell.
    func scour() throws(VaultError) -> Bool?

    /// What is known of persons by handle, erased ones included.
    func tombstones(_ handles: Span<UInt8>) throws(VaultError) -> [Int64?]

    /// Reads the places and data of the records of persons' slots, at most `countMax`, from a place on, in order.
    func records(
        ofSlots slots: [Int64], from place: Int64, countMax: Int, into rows: inout StoredRows
    ) throws(VaultError)

    /// Reads the sealed keys of persons from a slot on, at most `countMax`, erased ones left out.
    func persons(from slot: Int64, countMax: Int, into rows: inout StoredRows) throws(VaultError)

    /// Replaces sealed keys whose old value is still there. `secrets` holds old and new value of each slot side by
    /// side. Returns how many were replaced.
    func replaceSecrets(_ slots: [Int64], _ secrets: Span<UInt8>) throws(VaultError) -> Int

    /// Appends audit entries at consecutive numbers from `first` on, and moves the head fact; nothing of it when the
    /// head has another value than `expected` by now. Returns whether it did.
    func appendAudit(
        _ entries: [[UInt8]], first: Int64, head: StoredFact, expected: StoredFact
    ) throws(VaultError) -> Bool

    /// Reads audit entries from a number on, at most `countMax`.
    func audit(from number: Int64, countMax: Int) throws(VaultError) -> [(number: Int64, entry: [UInt8])]

    /// Appends a revocation, which may be forgotten from a time on.
    func addRevocation(_ entry: [UInt8], untilSeconds: Int64) throws(VaultError)

    /// Reads the revocations behind a number, those left out that may be forgotten, at most `countMax`.
    func revocations(
        after number: Int64, now: Int64, countMax: Int
    ) throws(VaultError) -> [(number: Int64, entry: [UInt8])]

    /// Writes an id down: true for exactly one caller, also of several processes, until it may be forgotten.
    func claim(_ id: [UInt8], untilSeconds: Int64, now: Int64) throws(VaultError) -> Bool

    /// Deletes revocations and ids that may be forgotten.
    func forget(now: Int64) throws(VaultError)

    /// Gives up files and connections. Later calls throw ``VaultError/unreachable``.
    func close()
}

/// A named fact of a store. No value stands for an absent fact.
package struct StoredFact: Sendable, Equatable {
    /// Its name, ASCII.
    package let name: String
    /// Its value; nil: absent.
    package let value: [UInt8]?

    /// Names a fact.
    package init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}

/// Lengths and number ranges that drivers and the vault share.
package enum VaultLayout {
    /// Bits of a place below the expiry.
    package static let sequenceBitCount: Int64 = 30
    /// The last expiry that a place can hold, in the year 2242.
    package static let expirySecondsMax: Int64 = (1 << 33) - 1
    /// Bytes of a record's tag.
    package static let tagByteCount = 24
    /// Bytes of a person id, the start of the sealed keys.
    package static let personIDByteCount = 16
    /// Bytes of a person's sealed keys: person id, key id, nonce, ciphertext of 48 bytes, tag.
    package static let secretByteCount = 96

    /// The first place of an expiry time; times out of range go to the nearest end.
    package static func place(expirySeconds: Int64) -> Int64 {
        min(max(expirySeconds, 0), expirySecondsMax) << sequenceBitCount
    }

    /// The expiry time of a place.
    package static func expirySeconds(_ place: Int64) -> Int64 { place >> sequenceBitCount }
}

// SPDX-License-Identifier: Apache-2.0

/// Revocations that several nodes share: a log of entries that each node mirrors into a ``RevocationList``.
///
/// Called by a ``RevocationMirror`` on a thread of its own, never by a verification.
public protocol RevocationStore: Sendable {
    /// What was added behind `cursor`, oldest first, at most as much as the store likes to give at a time. A nil cursor
    /// asks for all live entries.
    /// - Throws: ``RevocationError``; the mirror asks again with the same cursor.
    func changes(after cursor: RevocationCursor?, now: Int64) throws(RevocationError) -> RevocationChanges
}

/// A place in a store's log. Its bytes mean something to the store alone.
public struct RevocationCursor: Sendable, Equatable {
    /// The store's own bytes.
    public var bytes: [UInt8]

    /// A place.
    public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// An answer of a store.
public struct RevocationChanges: Sendable {
    /// Entries to add.
    public var entries: [RevocationEntry]
    /// Where the next question starts.
    public var cursor: RevocationCursor
    /// Whether `entries` are all there are, and others are to be dropped: for stores that give whole lists.
    public var isWholeList: Bool
    /// Whether there is more behind the cursor.
    public var hasMore: Bool

    /// An answer.
    public init(
        entries: [RevocationEntry], cursor: RevocationCursor, isWholeList: Bool = false, hasMore: Bool = false
    ) {
        self.entries = entries
        self.cursor = cursor
        self.isWholeList = isWholeList
        self.hasMore = hasMore
    }
}

// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// What a put hands to a driver: persons and records in one buffer, ready to be bound as they are.
package struct SealedBatch: ~Copyable {
    /// A person of the batch.
    package struct Person {
        /// Where the handle stands, `PersonHandle.byteCount` bytes.
        package let handle: Range<Int>
        /// Where the sealed keys stand, `VaultLayout.secretByteCount` bytes, the person id first.
        package let secret: Range<Int>
        /// The slot of a stored person; nil for a new one.
        package let slot: Int64?

        /// Names the parts.
        package init(handle: Range<Int>, secret: Range<Int>, slot: Int64?) {
            self.handle = handle
            self.secret = secret
            self.slot = slot
        }
    }

    /// A record of the batch.
    package struct Record {
        /// Its place, above 0.
        package let place: Int64
        /// Where its tag stands, `VaultLayout.tagByteCount` bytes.
        package let tag: Range<Int>
        /// Where its data stands.
        package let data: Range<Int>
        /// Its person in ``SealedBatch/persons``.
        package let person: Int

        /// Names the parts.
        package init(place: Int64, tag: Range<Int>, data: Range<Int>, person: Int) {
            self.place = place
            self.tag = tag
            self.data = data
            self.person = person
        }
    }

    /// The bytes that the ranges refer to.
    package var bytes = ByteScratch(capacity: 4096)
    /// The persons that records refer to; a new one without records is stored too.
    package var persons: [Person] = []
    /// The records.
    package var records: [Record] = []

    /// An empty batch.
    package init() {}

    /// Forgets everything and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll()
        persons.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }

    /// The bytes of one part.
    @_lifetime(borrow self)
    package func part(_ range: Range<Int>) -> Span<UInt8> { bytes.span.extracting(range) }
}

/// Rows that a driver has read, in one buffer: row i answers question i.
package struct StoredRows: ~Copyable {
    /// One row. Ranges of what was not asked for are empty.
    package struct Row {
        /// The record's place, or the person's slot.
        package var number: Int64 = 0
        /// A record's tag.
        package var tag: Range<Int> = 0..<0
        /// A record's data.
        package var data: Range<Int> = 0..<0
        /// A person's sealed keys; empty for an erased person.
        package var secret: Range<Int> = 0..<0

        /// An empty row.
        package init() {}
    }

    /// The bytes that the ranges refer to.
    package var bytes = ByteScratch(capacity: 1024)
    /// The rows; nil: nothing was found.
    package var rows: [Row?] = []

    /// No rows.
    package init() {}

    /// Forgets everything and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll()
        rows.removeAll(keepingCapacity: true)
    }

    /// Appends a part and gives its range.
    package mutating func add(_ part: Span<UInt8>) -> Range<Int> {
        let start = bytes.count
        bytes.append(part)
        return start..<bytes.count
    }

    /// The bytes of one part.
    @_lifetime(borrow self)
    package func part(_ range: Range<Int>) -> Span<UInt8> { bytes.span.extracting(range) }
}

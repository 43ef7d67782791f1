// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// Many messages of one domain in one contiguous buffer with an offset table, the input of the bulk writer.
///
/// The buffer holds personal data and is wiped by `removeAll` and on drop. 4 GiB at most.
package struct PseudonymMessages: ~Copyable {
    /// Message i is `bytes[offsets[i] ..< offsets[i + 1]]`.
    package private(set) var bytes = ByteScratch(isSecret: true)
    /// `count + 1` ascending offsets.
    package private(set) var offsets: [UInt32] = [0]

    /// An empty list with room for `count` messages of `byteCount` bytes together.
    package init(count: Int = 0, byteCount: Int = 0) {
        offsets.reserveCapacity(count + 1)
        bytes.reserve(byteCount)
    }

    /// Messages in the list.
    package var count: Int { offsets.count - 1 }

    /// Forgets all messages and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll()
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
    }

    /// Adds a value; see ``PseudonymBatch`` for the parameters.
    ///
    /// - Throws: ``CanonicalizationError``; the list is then as before.
    package mutating func append(
        _ kind: PseudonymValueKind, _ value: Span<UInt8>, profile: CanonicalProfile, issuer: Span<UInt8>
    ) throws(CanonicalizationError) {
        try profile.appendMessage(kind, value, issuer: issuer, personKey: value.extracting(0..<0), to: &bytes)
        let end = UInt32(exactly: bytes.count)
        precondition(end != nil, "messages over 4 GiB")
        offsets.append(end ?? 0)
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan

/// The form of audit entries and how they are chained.
///
/// An entry is 32 bytes of MAC and a JSON object. The MAC is `HMAC(chain key, "audit/1" | MAC of the entry before |
/// u64 number | LP(JSON))`, 32 zeros before the first, so that an entry cannot be changed, moved or left out unseen.
/// The store keeps a head, number and MAC of the last entry with a MAC of its own, so that entries cannot be cut off.
/// Whoever can write to the store can bring back an older state of all of it: keep a head elsewhere from time to time
/// and compare.
package enum AuditChain {
    /// The name of the head among a store's facts.
    static let headFact = "audit.head"
    static let tagByteCount = HMACSHA256Key.tagByteCount

    /// The end of a chain.
    struct Head: Equatable {
        var number: Int64 = 0
        var tag = [UInt8](repeating: 0, count: tagByteCount)

        /// Number and MAC as text.
        var text: String {
            var text = ByteScratch(capacity: 64)
            text.appendDecimal(number)
            text.append(UInt8(ascii: ":"))
            text.appendBase64URL(tag.span)
            return String(decoding: [UInt8](text.span), as: UTF8.self)
        }
    }

    /// Makes the entry behind `head` and moves it on.
    static func entry(_ event: AuditEvent, after head: inout Head, key: VaultKeys.AuditKey) -> [UInt8] {
        head.number += 1
        var json = ByteScratch(capacity: 256)
        json.append("{\"seq\":")
        json.appendDecimal(head.number)
        json.append(",\"key\":\"")
        json.appendBigEndian(key.keyID)
        json.append("\",")
        json.append(event.members.span)
        json.append("}")
        head.tag = tag(json.span, number: head.number, after: head.tag.span, key: key)
        return head.tag + [UInt8](json.span)
    }

    private static func tag(
        _ json: Span<UInt8>, number: Int64, after previous: Span<UInt8>, key: VaultKeys.AuditKey
    ) -> [UInt8] {
        var message = ByteScratch(capacity: 320)
        message.append("audit/1")
        message.append(previous)
        message.appendBigEndian(UInt64(bitPattern: number))
        message.appendLengthPrefixed(json)
        return tag(message.span, key)
    }

    private static func tag(_ message: Span<UInt8>, _ key: VaultKeys.AuditKey) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: tagByteCount)
        var span = tag.mutableSpan
        key.chain.authenticate(message, into: &span)
        return tag
    }

    // MARK: Head

    /// The head as a store keeps it: number, MAC, key id, MAC of these.
    static func fact(_ head: Head, key: VaultKeys.AuditKey) -> StoredFact {
        var value = ByteScratch(capacity: 80)
        appendHead(head, key, to: &value)
        let signature = headTag(value.span, key)
        value.append(signature.span)
        return StoredFact(headFact, [UInt8](value.span))
    }

    /// Reads a stored head; nil when it was not made with one of the keys.
    static func head(_ value: [UInt8], keys: VaultKeys) -> Head? {
        guard value.count == 44 + tagByteCount else { return nil }
        let keyID = UInt32(truncatingIfNeeded: value.span.bigEndian(at: 40) >> 32)
        guard let key = keys.audit.first(where: { $0.keyID == keyID }) else { return nil }
        let signature = headTag(value.span.extracting(0..<44), key)
        guard ConstantTime.areEqual(signature.span, value.span.extracting(44...)) else { return nil }
        return Head(number: Int64(bitPattern: value.span.bigEndian(at: 0)), tag: Array(value[8..<40]))
    }

    private static func appendHead(_ head: Head, _ key: VaultKeys.AuditKey, to value: inout ByteScratch) {
        value.appendBigEndian(UInt64(bitPattern: head.number))
        value.append(head.tag.span)
        value.appendBigEndian(key.keyID)
    }

    private static func headTag(_ head: Span<UInt8>, _ key: VaultKeys.AuditKey) -> [UInt8] {
        var message = ByteScratch(capacity: 64)
        message.append("head/1")
        message.append(head)
        return tag(message.span, key)
    }

    // MARK: Verifying

    /// Checks one entry against the end of the chain before it and moves that on; false when it does not continue it.
    static func follows(_ entry: [UInt8], number: Int64, _ head: inout Head, keys: VaultKeys) -> Bool {
        guard number == head.number + 1, entry.count > tagByteCount else { return false }
        let json = entry.span.extracting(tagByteCount...)
        guard let keyID = keyID(json, number: number), let key = keys.audit.first(where: { $0.keyID == keyID }) else {
            return false
        }
        let expected = tag(json, number: number, after: head.tag.span, key: key)
        guard ConstantTime.areEqual(expected.span, entry.span.extracting(0..<tagByteCount)) else { return false }
        head = Head(number: number, tag: expected)
        return true
    }

    /// The key id that an entry's JSON names behind its number; the text's start is fixed.
    private static func keyID(_ json: Span<UInt8>, number: Int64) -> UInt32? {
        var start = ByteScratch(capacity: 48)
        start.append("{\"seq\":")
        start.appendDecimal(number)
        start.append(",\"key\":\"")
        guard json.count >= start.count + 6, json.extracting(0..<start.count).equals(start.span) else { return nil }
        var keyID: UInt32 = 0
        for i in start.count..<(start.count + 4) { keyID = keyID << 8 | UInt32(json[i]) }
        return keyID
    }
}

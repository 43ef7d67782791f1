// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// The vault's name for a person: `h1_`, four characters of key id, `_`, 22 of base64url.
///
/// A pseudonym of type `person`, profile `subject/1` and scope `global` under a root key of its own, which nobody but
/// the vault has. It stays personal data for whoever holds that key. Handles under two key ids are unrelated texts, so
/// a person has one for each accepted index key. Immutable; any thread.
public struct PersonHandle: Sendable, Hashable {
    /// The key id as a number, the first character highest.
    let keyID: UInt32
    let high: UInt64
    let low: UInt64

    /// Bytes of the form that stores keep: key id and pseudonym.
    package static let byteCount = 20

    init(keyID: UInt32, pseudonym: Span<UInt8>) {
        self.keyID = keyID
        high = Self.word(pseudonym, at: 0)
        low = Self.word(pseudonym, at: 8)
    }

    /// Reads the text of a handle; nil for any other text.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 30, bytes.span.extracting(0..<3).equals("h1_"), bytes[7] == UInt8(ascii: "_") else {
            return nil
        }
        var keyID: UInt32 = 0
        for byte in bytes[3..<7] {
            guard (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) else { return nil }
            keyID = keyID << 8 | UInt32(byte)
        }
        var body = ByteScratch(capacity: 16)
        guard (try? body.appendBase64URLDecoded(bytes.span.extracting(8...))) != nil, body.count == 16 else {
            return nil
        }
        self.init(keyID: keyID, pseudonym: body.span)
    }

    /// Reads the form that stores keep. Traps for another length than ``byteCount``.
    package init(stored: Span<UInt8>) {
        precondition(stored.count == Self.byteCount, "stored handle length")
        var keyID: UInt32 = 0
        for i in 0..<4 { keyID = keyID << 8 | UInt32(stored[i]) }
        self.init(keyID: keyID, pseudonym: stored.extracting(4...))
    }

    /// Appends the form that stores keep, ``byteCount`` bytes.
    package func append(to output: inout ByteScratch) {
        output.appendBigEndian(keyID)
        output.appendBigEndian(high)
        output.appendBigEndian(low)
    }

    /// The handle's text.
    public var text: String {
        var body = ByteScratch(capacity: 16)
        body.appendBigEndian(high)
        body.appendBigEndian(low)
        var text = ByteScratch(capacity: 32)
        text.append("h1_")
        text.appendBigEndian(keyID)
        text.append(UInt8(ascii: "_"))
        text.appendBase64URL(body.span)
        return String(decoding: [UInt8](text.span), as: UTF8.self)
    }

    private static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for i in offset..<(offset + 8) { word = word << 8 | UInt64(bytes[i]) }
        return word
    }
}

extension ByteScratch {
    /// Appends the eight bytes of a number, the highest first.
    mutating func appendBigEndian(_ word: UInt64) {
        appendBigEndian(UInt32(truncatingIfNeeded: word >> 32))
        appendBigEndian(UInt32(truncatingIfNeeded: word))
    }

    /// Appends the four bytes of a number, the highest first.
    mutating func appendBigEndian(_ word: UInt32) {
        for shift: UInt32 in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
}

extension Span<UInt8> {
    /// The number in the eight bytes at `offset`, the highest first. Traps beyond the end.
    func bigEndian(at offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for i in offset..<(offset + 8) { word = word << 8 | UInt64(self[i]) }
        return word
    }
}

extension Span<UInt8> {
    /// Handle `i` of several in the form that stores keep. Traps beyond the end.
    @_lifetime(copy self)
    package func storedHandle(_ i: Int) -> Span<UInt8> {
        extracting((i * PersonHandle.byteCount)..<((i + 1) * PersonHandle.byteCount))
    }
}

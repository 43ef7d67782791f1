// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// The SHA-256 digest of one disclosure, over its base64url text (RFC 9901 section 4.2.3), in a form that sorts.
struct DisclosureDigest: Comparable, Sendable {
    private let words: InlineArray<4, UInt64>

    /// Characters of a digest as base64url.
    static let characterCount = 43

    /// The digest of a text.
    init(of text: Span<UInt8>) {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        SHA256.digest(text, into: &span)
        self.init(bytes.span)
    }

    /// The digest that 32 bytes are.
    init(_ bytes: Span<UInt8>) {
        var words = InlineArray<4, UInt64>(repeating: 0)
        for i in 0..<32 { words[i / 8] = words[i / 8] << 8 | UInt64(bytes[i]) }
        self.words = words
    }

    /// The digest that a string of the payload encodes; nil when it is no base64url of 32 bytes.
    init?(decoding content: Span<UInt8>, using scratch: inout ByteScratch) {
        guard content.count == Self.characterCount else { return nil }
        scratch.removeAll()
        guard (try? scratch.appendBase64URLDecoded(content)) != nil, scratch.count == 32 else { return nil }
        self.init(scratch.span)
    }

    /// Appends the digest as a JSON string.
    func appendString(to output: inout ByteScratch) {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        for i in 0..<32 { bytes[i] = UInt8(truncatingIfNeeded: words[i / 8] >> UInt64(56 - i % 8 * 8)) }
        output.append(UInt8(ascii: "\""))
        output.appendBase64URL(bytes.span)
        output.append(UInt8(ascii: "\""))
    }

    static func == (a: Self, b: Self) -> Bool {
        a.words[0] == b.words[0] && a.words[1] == b.words[1] && a.words[2] == b.words[2] && a.words[3] == b.words[3]
    }

    static func < (a: Self, b: Self) -> Bool {
        for i in 0..<4 where a.words[i] != b.words[i] { return a.words[i] < b.words[i] }
        return false
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// The text that stands in a token for a value in the vault: `r1_`, 43 characters of base64url for 32 bytes, and
/// 6 characters for the CRC-32C of those 43.
///
/// The check characters refuse junk before a store is asked, and let scanners find references; they prove nothing.
/// The 32 bytes are 24 random ones and 8 that say, to the holder of the index key alone, where the record stands:
/// without that key all 32 look random.
package enum VaultReference {
    /// Characters of the text.
    package static let textByteCount = 52
    /// Bytes behind the text.
    static let byteCount = 32
    /// Random bytes of a reference.
    static let randomByteCount = 24

    /// Appends the text of a reference's 32 bytes.
    static func appendText(_ bytes: Span<UInt8>, to output: inout ByteScratch) {
        output.append("r1_")
        let start = output.count
        output.appendBase64URL(bytes)
        let checksum = CRC32C.checksum(output.span.extracting(start..<output.count))
        var check = InlineArray<4, UInt8>(repeating: 0)
        for i in 0..<4 { check[i] = UInt8(truncatingIfNeeded: checksum >> UInt32(24 - i * 8)) }
        output.appendBase64URL(check.span)
    }

    /// Whether `text` is a reference with the right check characters. Costs about 50 ns.
    package static func isReference(_ text: Span<UInt8>) -> Bool {
        var bytes = ByteScratch(capacity: 48)
        return appendBytes(text, to: &bytes)
    }

    /// Appends the 32 bytes of a reference's text. False, with nothing appended, for any other text.
    static func appendBytes(_ text: Span<UInt8>, to output: inout ByteScratch) -> Bool {
        guard text.count == textByteCount, text.extracting(0..<3).equals("r1_") else { return false }
        let start = output.count
        do {
            try output.appendBase64URLDecoded(text.extracting(46..<52))
            var expected: UInt32 = 0
            for i in start..<(start + 4) { expected = expected << 8 | UInt32(output.span[i]) }
            output.truncate(to: start)
            guard CRC32C.checksum(text.extracting(3..<46)) == expected else { return false }
            try output.appendBase64URLDecoded(text.extracting(3..<46))
            return true
        } catch {
            output.truncate(to: start)
            return false
        }
    }
}

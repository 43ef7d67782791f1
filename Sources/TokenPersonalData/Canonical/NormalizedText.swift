// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// `text/1`: Unicode normalization form C (UAX #15), then blanks trimmed.
///
/// The only file that normalizes. The standard library holds the normalizer that `String` comparison uses; it is
/// reachable without Foundation as `String._nfcCodeUnits`, whose underscore says that the name may change, not what
/// it computes. `String ==` itself is of no use: it calls NFC and NFD spellings equal, yet their bytes differ.
///
/// Unicode's stability policy fixes NFC for every character that is assigned today. A character that a later Unicode
/// version assigns may normalize in a later toolchain only.
enum NormalizedText {
    /// Appends the canonical bytes. ASCII and text already in NFC is copied without an allocation.
    ///
    /// - Throws: ``CanonicalizationError/invalidUTF8(offset:)``; nothing is appended then.
    /// - Complexity: O(bytes); one array for text that is not known to be in NFC.
    static func append(_ value: Span<UInt8>, to output: inout ByteScratch) throws(CanonicalizationError) {
        if ASCIIBytes.isASCII(value) {
            output.append(value.extracting(ASCIIBytes.trimmed(value)))
            return
        }
        guard let composed = try composed(value) else {
            output.append(value.extracting(ASCIIBytes.trimmed(value)))
            return
        }
        let bytes = composed.span
        output.append(bytes.extracting(ASCIIBytes.trimmed(bytes)))
    }

    /// The NFC bytes, or nil where `value` is known to be in NFC already.
    static func composed(_ value: Span<UInt8>) throws(CanonicalizationError) -> [UInt8]? {
        do {
            var text = try UTF8Span(validating: value)
            return text.checkForNFC(quickCheck: true) ? nil : String(copying: text)._nfcCodeUnits
        } catch {
            throw .invalidUTF8(offset: error.byteOffsets.lowerBound)
        }
    }
}

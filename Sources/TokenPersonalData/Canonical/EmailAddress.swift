// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// `email/1`: trimmed, split at the last `@`, both sides lower-cased (ASCII only).
///
/// - Whole: 3 to 254 bytes (RFC 5321 section 4.5.3.1.3 less the angle brackets).
/// - Local part: 1 to 64 bytes of atext and dots; non-ASCII bytes are UTF-8 (RFC 6531) and are brought to NFC. Quoted
///   local parts are refused, since one mailbox has many quoted spellings. Lower-casing is a declared choice: RFC 5321
///   section 2.4 lets case matter, real mail systems do not. Dots and `+tag` stay: removing them merges strangers.
/// - Domain: 1 to 253 bytes, labels of 1 to 63 letters, digits and inner hyphens; A-labels (`xn--`) stay as they are.
///   Non-ASCII domains, address literals, empty labels and a trailing dot are refused.
enum EmailAddress {
    /// Appends the canonical bytes, or throws and appends nothing. Allocates only for a local part that is not ASCII.
    static func append(_ value: Span<UInt8>, to output: inout ByteScratch) throws(CanonicalizationError) {
        let whole = ASCIIBytes.trimmed(value)
        guard whole.count <= 254 else { throw .emailTooLong }
        var at = whole.upperBound - 1
        while at >= whole.lowerBound, value[at] != 0x40 { at -= 1 }
        guard at >= whole.lowerBound else { throw .email(offset: whole.upperBound) }
        let local = whole.lowerBound..<at
        try checkDomain(value, at + 1..<whole.upperBound)
        guard !local.isEmpty else { throw .email(offset: at) }
        guard local.count <= 64 else { throw .emailTooLong }
        let isASCII = try checkLocal(value, local)
        if !isASCII {
            let composed = try composedLocal(value, local)
            output.append(composed.span)
        } else {
            appendLowered(value, local, to: &output)
        }
        appendLowered(value, at..<whole.upperBound, to: &output)
    }

    private static func appendLowered(_ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout ByteScratch) {
        let start = output.count
        output.append(bytes.extracting(range))
        var copy = output.mutableSpan
        for i in start..<copy.count { copy[i] = ASCIIBytes.lowered(copy[i]) }
    }

    /// Whether the local part is ASCII. Control bytes, blanks, quotes and specials are refused.
    private static func checkLocal(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CanonicalizationError) -> Bool {
        var seen: UInt8 = 0
        for i in range {
            let byte = bytes[i]
            seen |= byte
            guard byte >= 0x80 || ASCIIBytes.isAtextOrDot(byte) else { throw .email(offset: i) }
        }
        return seen < 0x80
    }

    /// The local part in NFC and lower case, checked again: a few characters compose to ASCII specials (U+037E becomes
    /// `;`) and some grow. Composed twice, since a lower-case letter composes with marks that its upper case does not
    /// (`T` and U+0308 stay apart, `t` and U+0308 are U+1E97), and the Kelvin sign composes to a letter with a case.
    private static func composedLocal(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(CanonicalizationError) -> [UInt8] {
        var local: [UInt8]
        do {
            local = try composed(bytes.extracting(range))
        } catch {
            if case .invalidUTF8(let offset) = error { throw .invalidUTF8(offset: offset + range.lowerBound) }
            throw error
        }
        for i in local.indices { local[i] = ASCIIBytes.lowered(local[i]) }
        let lowered = local
        local = try composed(lowered.span)
        guard local.count <= 64 else { throw .emailTooLong }
        do {
            _ = try checkLocal(local.span, 0..<local.count)
        } catch {
            throw .email(offset: range.lowerBound)
        }
        return local
    }

    private static func composed(_ bytes: Span<UInt8>) throws(CanonicalizationError) -> [UInt8] {
        if let composed = try NormalizedText.composed(bytes) { return composed }
        return [UInt8](bytes)
    }

    private static func checkDomain(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CanonicalizationError) {
        guard range.count <= 253 else { throw .emailTooLong }
        var labelStart = range.lowerBound
        for i in range {
            let byte = bytes[i]
            guard byte < 0x80 else { throw .emailDomainNotASCII(offset: i) }
            if byte == 0x2E {
                try checkLabel(bytes, labelStart..<i)
                labelStart = i + 1
            } else if !ASCIIBytes.isHostByte(byte) {
                throw .email(offset: i)
            }
        }
        try checkLabel(bytes, labelStart..<range.upperBound)
    }

    private static func checkLabel(_ bytes: Span<UInt8>, _ label: Range<Int>) throws(CanonicalizationError) {
        guard !label.isEmpty else { throw .email(offset: label.lowerBound) }
        guard label.count <= 63 else { throw .emailTooLong }
        if bytes[label.lowerBound] == 0x2D { throw .email(offset: label.lowerBound) }
        if bytes[label.upperBound - 1] == 0x2D { throw .email(offset: label.upperBound - 1) }
    }
}

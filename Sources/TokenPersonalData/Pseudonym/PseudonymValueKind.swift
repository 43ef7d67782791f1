// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// The JSON type of a value, which goes in front of the canonical bytes, so that `"1"`, `1` and `true` never meet.
///
/// Floats, null, objects and arrays have no pseudonym: one number has many float spellings, null is no identity, and
/// the elements of an array get one each.
public enum PseudonymValueKind: UInt8, Sendable, CaseIterable {
    /// A string: its unescaped UTF-8.
    case string = 0x01
    /// An integer: its decimal text, `-?(0|[1-9][0-9]*)` and not `-0`.
    case integer = 0x02
    /// `true` or `false`: one byte 01 or 00.
    case bool = 0x03
}

extension CanonicalProfile {
    /// Appends the message that is authenticated: tag, the person key of an erasable domain, canonical bytes.
    ///
    /// `value` is the unescaped string, the decimal text, or the word `true` or `false`. Integers and booleans go with
    /// `text/1` and `subject/1` only. `personKey` is empty or 16 bytes.
    ///
    /// - Throws: ``CanonicalizationError``; `output` is then as before.
    package func appendMessage(
        _ kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: Span<UInt8>, personKey: Span<UInt8>,
        to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        let start = output.count
        output.append(kind.rawValue)
        output.append(personKey)
        do throws(CanonicalizationError) {
            switch kind {
            case .string:
                try canonicalize(value, issuer: issuer, into: &output)
            case .integer:
                guard Self.isPlainInteger(value) else { throw .integer }
                try appendScalar(value, issuer: issuer, to: &output)
            case .bool:
                let isTrue = value.equals("true")
                guard isTrue || value.equals("false") else { throw .valueKind }
                let byte: InlineArray<1, UInt8> = [isTrue ? 1 : 0]
                try appendScalar(byte.span, issuer: issuer, to: &output)
            }
        } catch {
            output.truncate(to: start)
            throw error
        }
    }

    /// Bytes that need no normalization: as they are, or behind the issuer.
    private func appendScalar(
        _ bytes: Span<UInt8>, issuer: Span<UInt8>, to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        switch self {
        case .text: output.append(bytes)
        case .subject: try canonicalize(bytes, issuer: issuer, into: &output)
        case .email, .phone, .ip: throw .valueKind
        }
    }

    private static func isPlainInteger(_ text: Span<UInt8>) -> Bool {
        let first = text.isEmpty || text[0] != 0x2D ? 0 : 1
        guard first < text.count else { return false }
        if text[first] == 0x30 { return text.count == 1 }
        for index in first..<text.count where !ASCIIBytes.isDigit(text[index]) { return false }
        return true
    }
}

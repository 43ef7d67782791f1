// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// A versioned rule that turns a value into the bytes a pseudonym is made of.
///
/// Two spellings of one thing become one pseudonym only where a profile says so. A change of a rule is a new profile
/// with a new number, since it changes every pseudonym. Trimming takes bytes 09 0A 0D 20 only and lower-casing ASCII
/// only.
///
/// | profile | accepts | bytes |
/// |---|---|---|
/// | `email/1` | an address of 254 bytes at most | lower-case, local part in NFC, domain as A-labels |
/// | `phone/1` | E.164, or with a region its national form | `+` and digits |
/// | `ip/1` | strict IPv4 or IPv6 text | 4 or 16 bytes, IPv4-mapped folded, cut where asked for |
/// | `text/1` | UTF-8 | NFC, trimmed |
/// | `subject/1` | any bytes, with an issuer | LP(issuer), LP(value); nothing is trimmed or folded |
public enum CanonicalProfile: Sendable, Hashable {
    case email
    case phone(region: PhoneRegion?)
    case ip(cut: IPCut?)
    case text
    case subject

    /// The profile with this name: the names of the table, `phone/1:DE` with a region, `ip/1:24,48` with a cut.
    public init?(name: String) {
        switch name {
        case "email/1": self = .email
        case "phone/1": self = .phone(region: nil)
        case "ip/1": self = .ip(cut: nil)
        case "text/1": self = .text
        case "subject/1": self = .subject
        default:
            let parts = name.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "phone/1":
                guard let region = PhoneRegion(code: String(parts[1])) else { return nil }
                self = .phone(region: region)
            case "ip/1":
                let bits = parts[1].split(separator: ",", omittingEmptySubsequences: false)
                guard bits.count == 2, let four = Int(bits[0]), let six = Int(bits[1]),
                    let cut = IPCut(v4BitCount: four, v6BitCount: six)
                else { return nil }
                self = .ip(cut: cut)
            default: return nil
            }
        }
    }

    /// The versioned name that goes into the domain key, without options: they choose what is accepted, or cut the
    /// value before the rule applies.
    public var name: String {
        String(describing: label)
    }

    var label: StaticString {
        switch self {
        case .email: "email/1"
        case .phone: "phone/1"
        case .ip: "ip/1"
        case .text: "text/1"
        case .subject: "subject/1"
        }
    }

    /// Appends the canonical bytes of a string value. `issuer` is read by `subject/1` only and may be empty otherwise.
    ///
    /// - Throws: ``CanonicalizationError``; nothing is appended then.
    /// - Complexity: O(bytes); no allocation for ASCII values or text already in NFC.
    package func canonicalize(
        _ value: Span<UInt8>, issuer: Span<UInt8>, into output: inout ByteScratch
    ) throws(CanonicalizationError) {
        switch self {
        case .email: try EmailAddress.append(value, to: &output)
        case .phone(let region): try PhoneNumber.append(value, region: region, to: &output)
        case .ip(let cut):
            let range = ASCIIBytes.trimmed(value)
            guard let address = IPAddress(text: value.extracting(range)) else { throw .ipAddress }
            let folded = address.folded
            (cut.map(folded.cut) ?? folded).append(to: &output)
        case .text: try NormalizedText.append(value, to: &output)
        case .subject:
            guard !issuer.isEmpty else { throw .missingIssuer }
            output.appendLengthPrefixed(issuer)
            output.appendLengthPrefixed(value)
        }
    }

    /// The same for profiles that need no issuer; `subject/1` throws ``CanonicalizationError/missingIssuer``.
    package func canonicalize(
        _ value: Span<UInt8>, into output: inout ByteScratch
    ) throws(CanonicalizationError) {
        try canonicalize(value, issuer: value.extracting(0..<0), into: &output)
    }
}

extension ByteScratch {
    /// LP(x): a 4-byte big-endian length, then the bytes, so that "ab" and "c" never read as "a" and "bc".
    package mutating func appendLengthPrefixed(_ bytes: Span<UInt8>) {
        appendLength(bytes.count)
        append(bytes)
    }

    /// LP of a literal.
    package mutating func appendLengthPrefixed(_ literal: StaticString) {
        appendLength(literal.utf8CodeUnitCount)
        append(literal)
    }

    /// The 4-byte length of LP. Every input here is far below 4 GiB (a token is 16 KiB), larger ones are a caller's
    /// bug.
    package mutating func appendLength(_ byteCount: Int) {
        let length = UInt32(exactly: byteCount)
        precondition(length != nil, "length prefix")
        let word = length ?? 0
        append(UInt8(truncatingIfNeeded: word >> 24))
        append(UInt8(truncatingIfNeeded: word >> 16))
        append(UInt8(truncatingIfNeeded: word >> 8))
        append(UInt8(truncatingIfNeeded: word))
    }
}

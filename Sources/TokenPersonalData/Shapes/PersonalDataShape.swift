// SPDX-License-Identifier: Apache-2.0

/// Says what kind of personal data a whole value looks like, for the lint of claims under a `keep` rule.
///
/// Blanks at both ends are ignored. The rules prefer a miss to a false alarm, since an alarm may refuse a token: bare
/// digits are an identifier or a time unless they are a payment card by number and check digit.
///
/// | kind | whole value |
/// |---|---|
/// | email | an address with a dotted domain that ends in letters; `mailto:` before it; IDN domains too |
/// | phone | `+` or `tel:+` and 8 to 15 digits with separators, also with an extension |
/// | phone | North American with punctuation: `(NXX) NXX-XXXX`, `NXX-NXX-XXXX`, `NXX.NXX.XXXX` |
/// | card | 12 to 19 digits of an issuer range that allows this length, and Luhn; bare or with one kind of separator |
/// | iban | an ISO 13616 country and its length, in one piece or with blanks, and mod 97 |
/// | ssn | `AAA-GG-SSSS` or `AAA GG SSSS` with a valid area (not 000, 666, 9xx), group and serial |
/// | ipv4, ipv6 | strict text, also with a port or zone; not unspecified, not loopback, not a prefix (`192.0.2.0/24`) |
package enum PersonalDataShape {
    /// The longest value that can be any of the kinds; longer ones cost nothing.
    private static let byteCountMax = 320

    /// The kind of `value`, an unescaped string or a number's text, or nil. O(bytes), no allocation.
    package static func kind(of value: Span<UInt8>) -> PersonalDataKind? {
        guard value.count >= 2, value.count <= byteCountMax else { return nil }
        let range = ASCIIBytes.trimmed(value)
        guard range.count >= 2 else { return nil }
        let text = value.extracting(range)
        var classes = Classes()
        for index in text.indices { classes.count(text[index]) }
        if classes.atCount > 0 || classes.percentCount > 0, EmailShape.isWhole(text) { return .email }
        if classes.atCount > 0 { return nil }
        if classes.colonCount > 0 || classes.dotCount == 3, let kind = IPShape.kind(of: text) { return kind }
        guard classes.digitCount >= 8 else { return nil }
        if ASCIIBytes.isLetter(text[0]), ASCIIBytes.isLetter(text[1]), IBANShape.isWhole(text) { return .iban }
        if SocialSecurityShape.isWhole(text) { return .ssn }
        if CardShape.isWhole(text) { return .card }
        return PhoneShape.isWhole(text) ? .phone : nil
    }

    /// The kind of the whole value, else `email` where an address stands anywhere in it: the question of the lint.
    package static func kind(in text: Span<UInt8>) -> PersonalDataKind? {
        kind(of: text) ?? (containsEmail(text) ? .email : nil)
    }

    /// Whether an e-mail address stands anywhere in `text` (`Jane <jane@example.com>`, `user=jane%40example.com`).
    /// O(bytes), no allocation.
    package static func containsEmail(_ text: Span<UInt8>) -> Bool {
        emailRange(in: text, from: 0) != nil
    }

    /// Where the first e-mail address at or behind `start` stands in `text`.
    package static func emailRange(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
        EmailShape.range(in: text, from: start)
    }

    /// What a first pass counts.
    private struct Classes {
        // Sixteen bits hold any count up to the longest value, and let the loop run eight bytes a step.
        var digitCount: UInt16 = 0
        var atCount: UInt16 = 0
        var percentCount: UInt16 = 0
        var colonCount: UInt16 = 0
        var dotCount: UInt16 = 0

        @inline(__always)
        mutating func count(_ byte: UInt8) {
            digitCount &+= ASCIIBytes.isDigit(byte) ? 1 : 0
            atCount &+= byte == 0x40 ? 1 : 0
            percentCount &+= byte == 0x25 ? 1 : 0
            colonCount &+= byte == 0x3A ? 1 : 0
            dotCount &+= byte == 0x2E ? 1 : 0
        }
    }
}

/// A North American social security number, groups apart: nine bare digits are no evidence.
enum SocialSecurityShape {
    static func isWhole(_ text: Span<UInt8>) -> Bool {
        guard text.count == 11, text[3] == 0x2D || text[3] == 0x20, text[6] == text[3] else { return false }
        var parts = InlineArray<3, Int>(repeating: 0)
        var part = 0
        for index in 0..<11 {
            if index == 3 || index == 6 {
                part += 1
                continue
            }
            guard ASCIIBytes.isDigit(text[index]) else { return false }
            parts[part] = parts[part] * 10 + Int(text[index] &- 0x30)
        }
        return parts[0] > 0 && parts[0] != 666 && parts[0] < 900 && parts[1] > 0 && parts[2] > 0
    }
}

/// An IP address that may belong to a person.
enum IPShape {
    static func kind(of text: Span<UInt8>) -> PersonalDataKind? {
        guard let address = address(text) else { return nil }
        let folded = address.folded
        if folded.isIPv4 { return folded.low == 0 || folded.low >> 24 == 127 ? nil : .ipv4 }
        return folded.high == 0 && folded.low <= 1 ? nil : .ipv6
    }

    private static func address(_ text: Span<UInt8>) -> IPAddress? {
        if let plain = IPAddress(text: text) { return plain }
        if text[0] == 0x5B {
            guard let close = index(of: 0x5D, in: text), isPort(text, from: close + 1) else { return nil }
            return IPAddress(text: text.extracting(1..<close))
        }
        if let zone = index(of: 0x25, in: text) {
            guard zone + 1 < text.count else { return nil }
            return IPAddress(text: text.extracting(0..<zone))
        }
        guard let colon = index(of: 0x3A, in: text), isPort(text, from: colon),
            let four = IPAddress(text: text.extracting(0..<colon)), four.isIPv4
        else { return nil }
        return four
    }

    /// Nothing, or a colon and one to five digits.
    private static func isPort(_ text: Span<UInt8>, from start: Int) -> Bool {
        if start == text.count { return true }
        guard text[start] == 0x3A, 1...5 ~= text.count - start - 1 else { return false }
        for index in start + 1..<text.count where !ASCIIBytes.isDigit(text[index]) { return false }
        return true
    }

    fileprivate static func index(of byte: UInt8, in text: Span<UInt8>) -> Int? {
        for index in text.indices where text[index] == byte { return index }
        return nil
    }
}

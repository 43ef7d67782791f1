// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// Personal data found in running text.
package struct PersonalDataMatch: Sendable, Equatable {
    /// What it looks like.
    package let kind: PersonalDataKind
    /// Where it stands.
    package let range: Range<Int>
}

/// Finds personal data in running text: one SIMD pass finds where something may start, then the shape, its check digits
/// and its neighbours decide.
///
/// Narrower than ``PersonalDataShape``, which is asked about whole values: in running text the rules prefer a miss.
///
/// | kind | in running text |
/// |---|---|
/// | email | as ``PersonalDataShape``, also with `%40`; a local part of at most 64 bytes |
/// | phone | `+` or `%2B` and 8 to 15 digits; North American with punctuation, `1-` or `001-` before it; an extension |
/// | card | 13 to 16 digits in one piece, 12 to 19 in groups; Luhn and issuer range |
/// | iban | in one piece or with blanks; country, length, mod 97 |
/// | ssn | `AAA-GG-SSSS` |
/// | ipv4 | no version number: not behind a letter or `version`, not `x.0.0.0`, not with a fifth part, no prefix |
/// | ipv6 | with three colons or a group of three digits |
///
/// A value neither starts behind nor ends before a letter, a digit or `_`. No value spans a line feed, and none with
/// what its decision needs is longer than ``byteCountMax``. One worker owns it; no allocation after the first use.
package struct PersonalDataFinder: ~Copyable {
    /// The longest match, and the bytes behind its start that its decision may need.
    package static let byteCountMax = 384
    /// The bytes in front of a match that its decision may need.
    package static let lookBackByteCountMax = 96

    private let kinds: PersonalAnchors.Kinds
    private var anchors = PersonalAnchors()
    /// Nothing in front of this place is looked at any more.
    private var floor = 0

    /// A finder for these kinds.
    package init(kinds: Set<PersonalDataKind> = Set(PersonalDataKind.allCases)) {
        var wanted = PersonalAnchors.Kinds()
        for kind in kinds {
            switch kind {
            case .email: wanted.insert(.email)
            case .phone: wanted.insert(.phone)
            case .card: wanted.insert(.card)
            case .iban: wanted.insert(.iban)
            case .ssn: wanted.insert(.ssn)
            case .ipv4: wanted.insert(.ipv4)
            case .ipv6: wanted.insert(.ipv6)
            }
        }
        self.kinds = wanted
    }

    /// Starts on another text. Its ends count as blanks.
    package mutating func begin() {
        anchors.begin()
        floor = 0
    }

    /// The next match, in order; matches do not overlap. Nil when there is none left.
    package mutating func next(in text: Span<UInt8>) -> PersonalDataMatch? {
        while let anchor = anchors.next(kinds, in: text) {
            if anchor.offset < floor { continue }
            guard let match = Self.match(text, at: anchor.offset, anchor.kinds, from: floor) else { continue }
            floor = match.range.upperBound
            return match
        }
        return nil
    }

    private static func match(
        _ text: Span<UInt8>, at anchor: Int, _ kinds: PersonalAnchors.Kinds, from floor: Int
    ) -> PersonalDataMatch? {
        if kinds.contains(.email), let range = EmailShape.range(in: text, at: anchor, floor: floor) {
            return PersonalDataMatch(kind: .email, range: range)
        }
        if kinds.contains(.ipv4), let range = IPShape.rangeOfIPv4(in: text, at: anchor, floor: floor) {
            return PersonalDataMatch(kind: .ipv4, range: range)
        }
        if kinds.contains(.ipv6), let range = IPShape.rangeOfIPv6(in: text, at: anchor, floor: floor) {
            return PersonalDataMatch(kind: .ipv6, range: range)
        }
        if kinds.contains(.ssn), let range = SocialSecurityShape.range(in: text, at: anchor, floor: floor) {
            return PersonalDataMatch(kind: .ssn, range: range)
        }
        if kinds.contains(.card), let range = CardShape.range(in: text, at: anchor, floor: floor) {
            return PersonalDataMatch(kind: .card, range: range)
        }
        if kinds.contains(.iban), let range = IBANShape.range(in: text, at: anchor, floor: floor) {
            return PersonalDataMatch(kind: .iban, range: range)
        }
        if kinds.contains(.phone), let range = PhoneShape.range(in: text, at: anchor, floor: floor) {
            return PersonalDataMatch(kind: .phone, range: range)
        }
        return nil
    }
}

/// What stands around a value in running text.
enum Neighbours {
    /// Whether a value of letters and digits may start at `start`: nothing of a word in front of it.
    static func mayStart(_ text: Span<UInt8>, at start: Int, floor: Int) -> Bool {
        start <= floor || !isWord(text[start - 1])
    }

    /// Whether it may end before `end`.
    static func mayEnd(_ text: Span<UInt8>, at end: Int) -> Bool {
        end >= text.count || !isWord(text[end])
    }

    /// The same for numbers: no decimal point or hyphen between it and another digit either.
    static func mayStartNumber(_ text: Span<UInt8>, at start: Int, floor: Int) -> Bool {
        guard mayStart(text, at: start, floor: floor) else { return false }
        guard start - 1 > floor, isJoiner(text[start - 1]) else { return true }
        return !ASCIIBytes.isDigit(text[start - 2])
    }

    /// The same for the end of numbers.
    static func mayEndNumber(_ text: Span<UInt8>, at end: Int) -> Bool {
        guard mayEnd(text, at: end) else { return false }
        guard end + 1 < text.count, isJoiner(text[end]) else { return true }
        return !ASCIIBytes.isDigit(text[end + 1])
    }

    @inline(__always)
    static func isWord(_ byte: UInt8) -> Bool { ASCIIBytes.isLetterOrDigit(byte) || byte == 0x5F || byte >= 0x80 }

    @inline(__always)
    private static func isJoiner(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x2D }
}

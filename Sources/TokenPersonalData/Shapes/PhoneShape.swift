// SPDX-License-Identifier: Apache-2.0

/// Telephone numbers that say so: an international `+`, a `tel:` scheme, or North American punctuation.
enum PhoneShape {
    static func isWhole(_ text: Span<UInt8>) -> Bool {
        let hasScheme = ASCIIBytes.hasPrefix(text, at: 0, "tel:")
        let start = hasScheme ? 4 : 0
        let end = extensionStart(text, from: start)
        guard end > start else { return false }
        if text[start] == 0x2B { return isInternational(text, start + 1..<end) }
        return hasScheme ? isLocal(text, start..<end) : isNorthAmerican(text, start..<end)
    }

    /// 8 to 15 digits behind the `+`, in an assigned zone. `(0)` may stand in the middle here.
    static func isInternational(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first, ASCIIBytes.isDigit(text[first]), text[first] != 0x30 else { return false }
        guard let digits = try? PhoneNumber.scan(text, range, isInternational: false) else { return false }
        guard 8...15 ~= digits.count else { return false }
        // ITU-T E.164 country codes: 28x, 83x and 89x are not assigned.
        let zone = Int(digits.bytes[0] &- 0x30) * 10 + Int(digits.bytes[1] &- 0x30)
        return zone != 28 && zone != 83 && zone != 89
    }

    /// What `tel:` holds without a `+` (RFC 3966 section 5.1.5).
    private static func isLocal(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let digits = try? PhoneNumber.scan(text, range, isInternational: false) else { return false }
        return 7...15 ~= digits.count
    }

    /// `(NXX) NXX-XXXX`, `NXX-NXX-XXXX` and `NXX.NXX.XXXX`; `1` and the same separator may stand before the latter two.
    static func isNorthAmerican(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        if text[index] == 0x28 {
            guard group(text, index + 1, 3, range), index + 5 < range.upperBound, text[index + 4] == 0x29 else {
                return false
            }
            index += 5
            if text[index] == 0x20 { index += 1 }
            guard group(text, index, 3, range), isSeparator(text, index + 3, range) else { return false }
            return group(text, index + 4, 4, range) && index + 8 == range.upperBound
        }
        if text[index] == 0x31, range.count == 14, text[index + 1] == text[index + 5] { index += 2 }
        guard range.upperBound - index == 12, text[index + 3] == text[index + 7] else { return false }
        guard text[index + 3] == 0x2D || text[index + 3] == 0x2E else { return false }
        return group(text, index, 3, range) && group(text, index + 4, 3, range) && group(text, index + 8, 4, range)
    }

    /// Digits; groups of three, area code and exchange, start with 2 to 9.
    private static func group(_ text: Span<UInt8>, _ start: Int, _ count: Int, _ range: Range<Int>) -> Bool {
        guard start + count <= range.upperBound, count == 4 || text[start] > 0x31 else { return false }
        for index in start..<start + count where !ASCIIBytes.isDigit(text[index]) { return false }
        return true
    }

    private static func isSeparator(_ text: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
        index < range.upperBound && (text[index] == 0x2D || text[index] == 0x2E || text[index] == 0x20)
    }

    /// Where an extension starts (`x123`, ` ext. 123`, `;ext=123`), or the end.
    private static func extensionStart(_ text: Span<UInt8>, from start: Int) -> Int {
        var digitsStart = text.count
        while digitsStart > start, ASCIIBytes.isDigit(text[digitsStart - 1]) { digitsStart -= 1 }
        guard 1...7 ~= text.count - digitsStart else { return text.count }
        var index = digitsStart
        while index > start, text[index - 1] == 0x20 || text[index - 1] == 0x2E || text[index - 1] == 0x3D {
            index -= 1
        }
        if index >= start + 3, ASCIIBytes.hasPrefix(text, at: index - 3, "ext") {
            index -= 3
        } else if index >= start + 1, ASCIIBytes.lowered(text[index - 1]) == 0x78 {
            index -= 1
        } else {
            return text.count
        }
        while index > start, text[index - 1] == 0x20 || text[index - 1] == 0x3B || text[index - 1] == 0x2C {
            index -= 1
        }
        return index
    }
}

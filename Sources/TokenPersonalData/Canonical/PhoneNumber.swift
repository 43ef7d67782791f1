// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// `phone/1`: `+` and 7 to 15 digits (ITU-T E.164), without separators.
///
/// Blanks, `-`, `.`, `/` and parentheses between digits are left out; the last byte is a digit. `tel:` before the `+`
/// is left out (RFC 3966), parameters and extensions are refused. `(0)` after a calling code is refused: some plans
/// keep that digit, most drop it. A national form is accepted only with a region, whose rule then decides.
enum PhoneNumber {
    /// E.164 section 6.1; one trunk or international prefix of up to four digits may stand before it.
    private static let digitCountMax = 15
    private static let digitCountMin = 7

    /// The digits of a number as written, 19 at most.
    struct Digits {
        var bytes = InlineArray<20, UInt8>(repeating: 0)
        var count = 0

        /// Whether the digits start with `prefix`.
        func hasPrefix(_ prefix: String) -> Bool {
            guard !prefix.isEmpty, prefix.utf8.count <= count else { return false }
            var index = 0
            for digit in prefix.utf8 {
                if bytes[index] != digit { return false }
                index += 1
            }
            return true
        }
    }

    /// Appends the canonical bytes, or throws and appends nothing. No allocation.
    static func append(
        _ value: Span<UInt8>, region: PhoneRegion?, to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        let range = ASCIIBytes.trimmed(value)
        var start = range.lowerBound
        guard start < range.upperBound else { throw .phone(offset: start) }
        let hasScheme = ASCIIBytes.hasPrefix(value, at: start, "tel:")
        if hasScheme { start += 4 }
        guard start < range.upperBound else { throw .phone(offset: start) }
        if value[start] == 0x2B {
            let digits = try scan(value, start + 1..<range.upperBound, isInternational: true)
            try appendInternational(digits, from: 0, to: &output)
            return
        }
        guard !hasScheme else { throw .phone(offset: start) }
        let digits = try scan(value, start..<range.upperBound, isInternational: false)
        guard let region else { throw .phoneNationalForm }
        try appendNational(digits, region.rule, to: &output)
    }

    /// Collects the digits. Separators, several in a row too, stand between digits; parentheses hold digits and close.
    static func scan(
        _ value: Span<UInt8>, _ range: Range<Int>, isInternational: Bool
    ) throws(CanonicalizationError) -> Digits {
        var digits = Digits()
        var openAt = -1
        var last: UInt8 = 0
        for index in range {
            let byte = value[index]
            switch byte {
            case 0x30...0x39:
                guard digits.count < 19 else { throw .phoneDigitCount }
                digits.bytes[digits.count] = byte
                digits.count += 1
            case 0x28:
                guard openAt < 0, digits.count > 0 || !isInternational else { throw .phone(offset: index) }
                openAt = index
            case 0x29:
                guard openAt >= 0, ASCIIBytes.isDigit(last) else { throw .phone(offset: index) }
                if isInternational, index == openAt + 2, last == 0x30 { throw .phone(offset: openAt) }
                openAt = -1
            case 0x20, 0x2D, 0x2E, 0x2F:
                guard last != 0, last != 0x28 else { throw .phone(offset: index) }
            default:
                throw .phone(offset: index)
            }
            last = byte
        }
        guard openAt < 0, ASCIIBytes.isDigit(last) else { throw .phone(offset: range.upperBound) }
        return digits
    }

    private static func appendNational(
        _ digits: Digits, _ rule: PhoneRegion.Rule, to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        if digits.hasPrefix(rule.internationalPrefix) {
            try appendInternational(digits, from: rule.internationalPrefix.utf8.count, to: &output)
            return
        }
        var first = 0
        switch rule.trunk {
        case .absent: break
        case .required:
            guard digits.hasPrefix(rule.trunkPrefix) else { throw .phoneNationalForm }
            first = rule.trunkPrefix.utf8.count
        case .optional:
            if digits.hasPrefix(rule.trunkPrefix) { first = rule.trunkPrefix.utf8.count }
        }
        let total = digits.count - first + rule.callingCode.utf8.count
        guard rule.digitCounts ~= digits.count - first, total <= digitCountMax else { throw .phoneDigitCount }
        output.append(0x2B)
        for digit in rule.callingCode.utf8 { output.append(digit) }
        for index in first..<digits.count { output.append(digits.bytes[index]) }
    }

    private static func appendInternational(
        _ digits: Digits, from first: Int, to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        let count = digits.count - first
        // No calling code starts with 0.
        guard digitCountMin...digitCountMax ~= count, digits.bytes[first] != 0x30 else { throw .phoneDigitCount }
        output.append(0x2B)
        for index in first..<digits.count { output.append(digits.bytes[index]) }
    }
}

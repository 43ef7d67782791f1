// SPDX-License-Identifier: Apache-2.0

/// Payment card numbers (ISO/IEC 7812-1): an issuer range that allows the length, and the Luhn check digit.
enum CardShape {
    /// Whether all of `text` is one card number, bare or in groups of at least two digits with one kind of separator.
    static func isWhole(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 12, text.count <= 28 else { return false }
        var digits = InlineArray<19, UInt8>(repeating: 0)
        var count = 0
        var separator: UInt8 = 0
        var groupCount = 0
        for index in text.indices {
            let byte = text[index]
            if ASCIIBytes.isDigit(byte) {
                guard count < 19 else { return false }
                digits[count] = byte &- 0x30
                count += 1
                groupCount += 1
            } else {
                guard byte == 0x20 || byte == 0x2D, separator == 0 || separator == byte, groupCount >= 2 else {
                    return false
                }
                separator = byte
                groupCount = 0
            }
        }
        guard count >= 12, groupCount >= 2 || separator == 0 else { return false }
        return isIssuerRange(digits, count: count) && hasLuhn(digits, count: count)
    }

    private static func hasLuhn(_ digits: InlineArray<19, UInt8>, count: Int) -> Bool {
        var sum = 0
        for index in 0..<count {
            let digit = Int(digits[count - 1 - index])
            let doubled = digit * 2
            sum += index % 2 == 0 ? digit : (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }

    /// The ranges that the networks publish, with the lengths they issue.
    ///
    /// | range | network | digits |
    /// |---|---|---|
    /// | 4 | Visa | 13, 16, 19 |
    /// | 51-55, 2221-2720 | Mastercard | 16 |
    /// | 34, 37 | American Express | 15 |
    /// | 300-305, 3095, 36, 38-39 | Diners Club | 14-19 |
    /// | 3528-3589 | JCB | 16-19 |
    /// | 6011, 644-649, 65 | Discover | 16-19 |
    /// | 62, 81 | UnionPay | 16-19 |
    /// | 2200-2204 | Mir | 16-19 |
    /// | 60, 82, 508 | RuPay | 16 |
    /// | 9792 | Troy | 16 |
    /// | 5018, 5020, 5038, 5893, 6304, 6759, 6761-6763 | Maestro | 12-19 |
    private static func isIssuerRange(_ digits: InlineArray<19, UInt8>, count: Int) -> Bool {
        let four = Int(digits[0]) * 1000 + Int(digits[1]) * 100 + Int(digits[2]) * 10 + Int(digits[3])
        switch four {
        case 4000...4999: return count == 13 || count == 16 || count == 19
        case 5018, 5020, 5038, 5893, 6304, 6759, 6761...6763: return true
        case 5100...5599, 2221...2720: return count == 16
        case 3400...3499, 3700...3799: return count == 15
        case 3000...3059, 3095, 3600...3699, 3800...3999: return count >= 14
        case 3528...3589, 6440...6599, 6200...6299, 8100...8199, 2200...2204, 6011: return count >= 16
        case 6000...6099, 8200...8299, 5080...5089, 9792: return count == 16
        default: return false
        }
    }
}

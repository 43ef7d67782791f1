// SPDX-License-Identifier: Apache-2.0

extension SocialSecurityShape {
    /// The number whose first digit stands at `start`, with hyphens.
    static func range(in text: Span<UInt8>, at start: Int, floor: Int) -> Range<Int>? {
        let end = start + 11
        guard end <= text.count, text[start + 3] == 0x2D, Neighbours.mayStartNumber(text, at: start, floor: floor),
            Neighbours.mayEndNumber(text, at: end), isWhole(text.extracting(start..<end))
        else { return nil }
        return start..<end
    }
}

extension CardShape {
    /// The card number whose first digit stands at `start`: 13 to 16 digits in one piece, or groups.
    static func range(in text: Span<UInt8>, at start: Int, floor: Int) -> Range<Int>? {
        guard Neighbours.mayStartNumber(text, at: start, floor: floor) else { return nil }
        var end = start
        while end < text.count, end - start < 20, ASCIIBytes.isDigit(text[end]) { end += 1 }
        if end - start >= 12 {
            guard (13...16).contains(end - start), Neighbours.mayEndNumber(text, at: end),
                isWhole(text.extracting(start..<end))
            else { return nil }
            return start..<end
        }
        return grouped(text, start: start, firstGroupEnd: end)
    }

    /// Groups with one separator between them; the longest run of groups that is a card number.
    private static func grouped(_ text: Span<UInt8>, start: Int, firstGroupEnd: Int) -> Range<Int>? {
        guard firstGroupEnd < text.count else { return nil }
        let separator = text[firstGroupEnd]
        guard separator == 0x20 || separator == 0x2D else { return nil }
        var found: Range<Int>?
        var end = firstGroupEnd
        var digitCount = firstGroupEnd - start
        while end + 1 < text.count, text[end] == separator, ASCIIBytes.isDigit(text[end + 1]), digitCount < 19 {
            end += 1
            while end < text.count, digitCount < 20, ASCIIBytes.isDigit(text[end]) {
                end += 1
                digitCount += 1
            }
            guard digitCount >= 12, Neighbours.mayEnd(text, at: end) else { continue }
            if isWhole(text.extracting(start..<end)) { found = start..<end }
        }
        guard let found, separator == 0x20 || Neighbours.mayEndNumber(text, at: found.upperBound) else { return nil }
        return found
    }
}

extension IBANShape {
    /// The IBAN whose first letter stands at `start`, in one piece or with a blank behind every fourth character.
    static func range(in text: Span<UInt8>, at start: Int, floor: Int) -> Range<Int>? {
        guard start + 15 <= text.count, Neighbours.mayStartNumber(text, at: start, floor: floor),
            let length = byteCount(of: text[start], text[start + 1])
        else { return nil }
        var end = start
        var count = 0
        while count < length {
            guard end < text.count else { return nil }
            if ASCIIBytes.isLetterOrDigit(text[end]) {
                count += 1
            } else {
                guard text[end] == 0x20, count > 0, count % 4 == 0, text[end - 1] != 0x20 else { return nil }
            }
            end += 1
        }
        guard Neighbours.mayEnd(text, at: end), isWhole(text.extracting(start..<end)) else { return nil }
        return start..<end
    }
}

extension PhoneShape {
    /// The telephone number that starts at `start` with a `+`, a `%2B`, a parenthesis or a digit.
    static func range(in text: Span<UInt8>, at start: Int, floor: Int) -> Range<Int>? {
        switch text[start] {
        case 0x2B:
            guard Neighbours.mayStart(text, at: start, floor: floor) else { return nil }
            return international(text, start: start, digits: start + 1)
        case 0x25:
            guard ASCIIBytes.hasPrefix(text, at: start, "%2b") else { return nil }
            return international(text, start: start, digits: start + 3)
        default:
            return northAmerican(text, start: start, floor: floor)
        }
    }

    /// Digits in groups with single separators, the most that make a number.
    private static func international(_ text: Span<UInt8>, start: Int, digits: Int) -> Range<Int>? {
        var end = digits
        var digitCount = 0
        var hasSeparator = false
        var found: Int?
        var last: UInt8 = 0x2B
        while end < text.count, end - digits < 32 {
            let byte = text[end]
            if ASCIIBytes.isDigit(byte) {
                digitCount += 1
                if digitCount > 15 { break }
            } else {
                guard byte == 0x20 || byte == 0x2D || byte == 0x2E || byte == 0x2F || byte == 0x28 || byte == 0x29
                else { break }
                if ASCIIBytes.isDigit(last), isNumber(text, digits, end) { found = end }
                // What follows a number in one piece is something else; two blanks end a number.
                if byte == 0x20, (digitCount >= 8 && !hasSeparator) || last == 0x20 { break }
                hasSeparator = true
            }
            last = byte
            end += 1
        }
        if end >= text.count || !ASCIIBytes.isDigit(text[end]), ASCIIBytes.isDigit(last), isNumber(text, digits, end),
            Neighbours.mayEnd(text, at: end) || isExtension(text, at: end)
        {
            found = end
        }
        guard let found else { return nil }
        return start..<extensionEnd(text, from: found)
    }

    private static func isNumber(_ text: Span<UInt8>, _ digits: Int, _ end: Int) -> Bool {
        guard end - digits >= 8 else { return false }
        return isInternational(text, digits..<end)
    }

    private static func northAmerican(_ text: Span<UInt8>, start: Int, floor: Int) -> Range<Int>? {
        guard Neighbours.mayStart(text, at: start, floor: floor) else { return nil }
        let byteCounts = text[start] == 0x28 ? 13...14 : 12...12
        for byteCount in byteCounts.reversed() where start + byteCount <= text.count {
            let end = start + byteCount
            guard isNorthAmerican(text, start..<end) else { continue }
            guard Neighbours.mayEndNumber(text, at: end) || isExtension(text, at: end) else { return nil }
            let first = prefixStart(text, before: start, floor: floor)
            guard let first else { return nil }
            return first..<extensionEnd(text, from: end)
        }
        return nil
    }

    /// Where `1-` or `001-` starts before the number; nil when another digit is joined to it.
    private static func prefixStart(_ text: Span<UInt8>, before start: Int, floor: Int) -> Int? {
        guard start - 1 > floor, text[start - 1] == 0x2D || text[start - 1] == 0x2E, ASCIIBytes.isDigit(text[start - 2])
        else { return start }
        var first = start - 1
        while first > floor, start - first < 5, ASCIIBytes.isDigit(text[first - 1]) { first -= 1 }
        let digits = first..<start - 1
        let isPrefix =
            digits.count == 1 && text[first] == 0x31
            || digits.count == 3 && text[first] == 0x30 && text[first + 1] == 0x30 && text[first + 2] == 0x31
        return isPrefix && Neighbours.mayStartNumber(text, at: first, floor: floor) ? first : nil
    }

    /// `x` and one to seven digits.
    private static func isExtension(_ text: Span<UInt8>, at end: Int) -> Bool { extensionEnd(text, from: end) > end }

    private static func extensionEnd(_ text: Span<UInt8>, from end: Int) -> Int {
        guard end + 1 < text.count, ASCIIBytes.lowered(text[end]) == 0x78 else { return end }
        var last = end + 1
        while last < text.count, last - end <= 8, ASCIIBytes.isDigit(text[last]) { last += 1 }
        return (2...8).contains(last - end) && Neighbours.mayEnd(text, at: last) ? last : end
    }
}

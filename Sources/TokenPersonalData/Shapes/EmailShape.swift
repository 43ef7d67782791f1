// SPDX-License-Identifier: Apache-2.0

/// E-mail addresses as they are written, wider than `email/1` where people would still call it an address: IDN domains
/// count, and so does `%40`.
enum EmailShape {
    /// Whether all of `text`, less `mailto:`, is one address.
    static func isWhole(_ text: Span<UInt8>) -> Bool {
        let start = ASCIIBytes.hasPrefix(text, at: 0, "mailto:") ? 7 : 0
        guard let found = range(in: text, from: start) else { return false }
        return found == start..<text.count
    }

    /// The first address at or behind `start`: atext, dots and non-ASCII bytes left of an `@`, a domain right of it.
    ///
    /// Linear: the text left of an `@` is never read again for the next one.
    static func range(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
        var floor = start
        var index = start
        while index < text.count {
            guard let signByteCount = sign(text, at: index) else {
                index += 1
                continue
            }
            if let found = range(in: text, at: index, floor: floor) { return found }
            index += signByteCount
            floor = index
        }
        return nil
    }

    /// The address whose `@` or `%40` stands at `index`; it does not start before `floor`.
    static func range(in text: Span<UInt8>, at index: Int, floor: Int) -> Range<Int>? {
        guard let signByteCount = sign(text, at: index) else { return nil }
        let local = localStart(text, before: index, floor: floor)
        guard local < index, index - local <= 64, let end = domainEnd(text, from: index + signByteCount) else {
            return nil
        }
        return local..<end
    }

    /// The bytes of an `@` or a `%40` here.
    @inline(__always)
    private static func sign(_ text: Span<UInt8>, at index: Int) -> Int? {
        if text[index] == 0x40 { return 1 }
        guard text[index] == 0x25, index + 2 < text.count, text[index + 1] == 0x34, text[index + 2] == 0x30 else {
            return nil
        }
        return 3
    }

    /// Where the local part starts; it neither starts nor ends with a dot. `=`, `/`, `?`, `&`, `'` and `|` are atext,
    /// but in running text they stand around an address far more often than in one.
    private static func localStart(_ text: Span<UInt8>, before end: Int, floor: Int) -> Int {
        var start = end
        while start > floor, end - start <= 64 {
            let byte = text[start - 1]
            guard byte >= 0x80 || ASCIIBytes.isAtextOrDot(byte) else { break }
            if byte == 0x25, isEscapedDelimiter(text, at: start - 1, before: end) { return start + 2 }
            if byte == 0x3D || byte == 0x2F || byte == 0x3F || byte == 0x26 || byte == 0x27 || byte == 0x7C { break }
            start -= 1
        }
        if start > floor, text[start - 1] == 0x5C { start = behindEscape(text, start, end) }
        while start < end, text[start] == 0x2E { start += 1 }
        return start < end && text[end - 1] == 0x2E ? end : start
    }

    /// Whether `%XX` here stands for a byte that is no part of an address, such as `%3D` or `%22`.
    private static func isEscapedDelimiter(_ text: Span<UInt8>, at index: Int, before end: Int) -> Bool {
        guard index + 2 < end, let high = ASCIIBytes.hexDigit(text[index + 1]),
            let low = ASCIIBytes.hexDigit(text[index + 2])
        else { return false }
        let byte = high << 4 | low
        if byte == 0x3D || byte == 0x2F || byte == 0x3F || byte == 0x26 || byte == 0x27 || byte == 0x7C { return true }
        return byte < 0x80 && !ASCIIBytes.isAtextOrDot(byte)
    }

    /// Behind a JSON escape whose backslash stands before `start`: `\n`, `\u003c`.
    private static func behindEscape(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        guard start < end else { return start }
        switch text[start] {
        case 0x62, 0x66, 0x6E, 0x72, 0x74: return start + 1
        case 0x75 where start + 5 < end: return start + 5
        default: return start
        }
    }

    /// The end of a dotted domain whose last label starts with a letter and has two bytes or more. A full stop or
    /// hyphens behind it belong to the sentence.
    private static func domainEnd(_ text: Span<UInt8>, from start: Int) -> Int? {
        var end = start
        while end < text.count, end - start < 254 {
            let byte = text[end]
            guard byte >= 0x80 || ASCIIBytes.isHostByte(byte) else { break }
            end += 1
        }
        while end > start, text[end - 1] == 0x2E || text[end - 1] == 0x2D { end -= 1 }
        var lastLabel = end
        while lastLabel > start, text[lastLabel - 1] != 0x2E { lastLabel -= 1 }
        guard lastLabel > start + 1, end - lastLabel >= 2, text[start] != 0x2E, text[start] != 0x2D else { return nil }
        guard text[lastLabel] >= 0x80 || ASCIIBytes.isLetter(text[lastLabel]) else { return nil }
        for index in start..<lastLabel - 1 where text[index] == 0x2E && text[index + 1] == 0x2E { return nil }
        return end
    }
}

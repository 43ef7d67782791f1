// SPDX-License-Identifier: Apache-2.0

extension IPShape {
    /// The IPv4 address whose first dot stands at `dot`.
    static func rangeOfIPv4(in text: Span<UInt8>, at dot: Int, floor: Int) -> Range<Int>? {
        var start = dot
        while start > floor, dot - start < 4, ASCIIBytes.isDigit(text[start - 1]) { start -= 1 }
        guard (1...3).contains(dot - start) else { return nil }
        var end = dot
        for _ in 0..<3 {
            guard end < text.count, text[end] == 0x2E else { return nil }
            end += 1
            while end < text.count, ASCIIBytes.isDigit(text[end]) { end += 1 }
        }
        guard Neighbours.mayStartNumber(text, at: start, floor: floor), Neighbours.mayEndNumber(text, at: end),
            !isPrefixOrSuffix(text, at: end), !isVersion(text, before: start, floor: floor),
            let address = IPAddress(text: text.extracting(start..<end)), address.low & 0xFF_FFFF != 0,
            kind(of: text.extracting(start..<end)) == .ipv4
        else { return nil }
        return start..<end
    }

    /// A prefix length (`/24`), or what a version has behind it (`-beta`).
    private static func isPrefixOrSuffix(_ text: Span<UInt8>, at end: Int) -> Bool {
        guard end + 1 < text.count else { return false }
        if text[end] == 0x2D { return ASCIIBytes.isLetter(text[end + 1]) }
        guard text[end] == 0x2F, ASCIIBytes.isDigit(text[end + 1]) else { return false }
        let two = end + 2 < text.count && ASCIIBytes.isDigit(text[end + 2])
        return Neighbours.mayEnd(text, at: end + (two ? 3 : 2))
    }

    /// Whether `version` and one to three of `=`, `:`, `"` and blanks stand before `start`.
    private static func isVersion(_ text: Span<UInt8>, before start: Int, floor: Int) -> Bool {
        var at = start
        while at > floor, start - at < 3 {
            let byte = text[at - 1]
            guard byte == 0x20 || byte == 0x3D || byte == 0x3A || byte == 0x22 else { break }
            at -= 1
        }
        return at < start && at - 7 >= floor && ASCIIBytes.hasPrefix(text, at: at - 7, "version")
    }

    /// The IPv6 address that has a colon at `colon`.
    static func rangeOfIPv6(in text: Span<UInt8>, at colon: Int, floor: Int) -> Range<Int>? {
        var start = colon
        while start > floor, colon - start < 40, isIPv6Byte(text[start - 1]) { start -= 1 }
        var end = colon
        var colonCount = 0
        var groupCount = 0
        var longest = 0
        var hasDigit = false
        var index = start
        while index < text.count, index - start <= 46 {
            let byte = text[index]
            if byte == 0x3A {
                colonCount += 1
                groupCount = 0
            } else if byte != 0x2E {
                guard ASCIIBytes.hexDigit(byte) != nil else { break }
                groupCount += 1
                longest = max(longest, groupCount)
                hasDigit = hasDigit || ASCIIBytes.isDigit(byte)
            }
            index += 1
        }
        end = index
        // A full stop or a single colon behind it belongs to the sentence.
        while end > colon, text[end - 1] == 0x2E || isSingleColon(text, before: end, from: start) { end -= 1 }
        guard end - start >= 6, hasDigit, longest >= 3 || colonCount >= 3,
            Neighbours.mayStartNumber(text, at: start, floor: floor), Neighbours.mayEnd(text, at: end),
            kind(of: text.extracting(start..<end)) == .ipv6
        else { return nil }
        return start..<end
    }

    private static func isSingleColon(_ text: Span<UInt8>, before end: Int, from start: Int) -> Bool {
        text[end - 1] == 0x3A && (end - 2 < start || text[end - 2] != 0x3A)
    }

    @inline(__always)
    private static func isIPv6Byte(_ byte: UInt8) -> Bool { byte == 0x3A || ASCIIBytes.hexDigit(byte) != nil }
}

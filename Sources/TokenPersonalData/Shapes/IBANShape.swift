// SPDX-License-Identifier: Apache-2.0

/// International bank account numbers (ISO 13616-1): country, length, and the mod 97 check of ISO/IEC 7064.
enum IBANShape {
    /// Whether all of `text` is an IBAN, in one piece or with single blanks; letters of any case.
    static func isWhole(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 15, text.count <= 45 else { return false }
        guard let length = byteCount(of: text[0], text[1]), ASCIIBytes.isDigit(text[2]), ASCIIBytes.isDigit(text[3])
        else { return false }
        var count = 0
        var remainder = 0
        // The four leading characters count last.
        for index in 4..<text.count {
            let byte = text[index]
            if byte == 0x20 {
                guard text[index - 1] != 0x20, index + 1 < text.count else { return false }
                continue
            }
            guard let next = appended(byte, to: remainder) else { return false }
            remainder = next
            count += 1
        }
        for index in 0..<4 {
            guard let next = appended(text[index], to: remainder) else { return false }
            remainder = next
        }
        return count + 4 == length && remainder == 1
    }

    /// The remainder with one more character; letters stand for 10 to 35.
    private static func appended(_ byte: UInt8, to remainder: Int) -> Int? {
        if ASCIIBytes.isDigit(byte) { return (remainder * 10 + Int(byte &- 0x30)) % 97 }
        guard ASCIIBytes.isLetter(byte) else { return nil }
        return (remainder * 100 + Int((byte | 0x20) &- 0x61) + 10) % 97
    }

    /// The length of the country's numbers; nil for letters that are no country.
    static func byteCount(of first: UInt8, _ second: UInt8) -> Int? {
        let key = Int(ASCIIBytes.lowered(first)) << 8 | Int(ASCIIBytes.lowered(second))
        for row in lengths where row.country == key { return row.byteCount }
        return nil
    }

    private struct Row: Sendable {
        let country: Int
        let byteCount: Int
    }

    /// Country codes by length, from the IBAN registry.
    private static let lengths: [Row] = [
        (15, "no"), (16, "be"), (18, "dk fk fo fi gl nl sd"), (19, "mk si"),
        (20, "at ba ee kz lt lu mn xk"), (21, "ch hr li lv"), (22, "bg bh cr de gb ge ie me rs va"),
        (23, "ae gi il iq om so tl"), (24, "ad cz es md pk ro sa se sk tn vg"), (25, "ly pt st"), (26, "is tr"),
        (27, "bi dj fr gr it mc mr sm"), (28, "al az by cy do gt hn hu lb ni pl sv"),
        (29, "br eg ps qa ua"), (30, "jo kw mu ye"), (31, "mt sc"), (32, "lc"), (33, "ru"),
    ].flatMap { byteCount, countries in
        countries.split(separator: " ").map { country in
            Row(country: country.utf8.reduce(0) { $0 << 8 | Int($1) }, byteCount: byteCount)
        }
    }
}

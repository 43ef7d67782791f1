// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension PersonalDataMatch {
    /// Appends the bytes that a fingerprint of the match is made of: its canonical form, so that two spellings of one
    /// value join; where a value has none, its letters and digits in lower case.
    package func appendCanonical(_ text: Span<UInt8>, to output: inout ByteScratch) {
        let value = text.extracting(range)
        let start = output.count
        do {
            switch kind {
            case .email: try appendEmail(value, to: &output)
            case .phone: try appendPhone(value, to: &output)
            case .ipv4, .ipv6: try CanonicalProfile.ip(cut: nil).canonicalize(value, into: &output)
            case .card, .iban, .ssn: Self.appendWords(value, to: &output)
            }
        } catch {
            output.truncate(to: start)
            Self.appendWords(value, to: &output)
        }
    }

    private func appendEmail(_ value: Span<UInt8>, to output: inout ByteScratch) throws(CanonicalizationError) {
        var hasPercent = false
        for index in value.indices where value[index] == 0x25 { hasPercent = true }
        guard hasPercent else { return try CanonicalProfile.email.canonicalize(value, into: &output) }
        var plain = ByteScratch(capacity: value.count, isSecret: true)
        var index = 0
        while index < value.count {
            if value[index] == 0x25, index + 2 < value.count, let high = ASCIIBytes.hexDigit(value[index + 1]),
                let low = ASCIIBytes.hexDigit(value[index + 2])
            {
                plain.append(high << 4 | low)
                index += 3
            } else {
                plain.append(value[index])
                index += 1
            }
        }
        try CanonicalProfile.email.canonicalize(plain.span, into: &output)
    }

    private func appendPhone(_ value: Span<UInt8>, to output: inout ByteScratch) throws(CanonicalizationError) {
        var end = value.count
        while end > 0, ASCIIBytes.isDigit(value[end - 1]) { end -= 1 }
        // An extension is no part of the number.
        let number = end > 0 && ASCIIBytes.lowered(value[end - 1]) == 0x78 ? value.extracting(0..<end - 1) : value
        if number[0] == 0x25 {
            var plain = ByteScratch(capacity: number.count, isSecret: true)
            plain.append(0x2B)
            plain.append(number.extracting(3..<number.count))
            return try CanonicalProfile.phone(region: nil).canonicalize(plain.span, into: &output)
        }
        guard number[0] != 0x2B else {
            return try CanonicalProfile.phone(region: nil).canonicalize(number, into: &output)
        }
        let skip = ASCIIBytes.hasPrefix(number, at: 0, "001") ? 2 : 0
        try CanonicalProfile.phone(region: Self.northAmerica).canonicalize(
            number.extracting(skip..<number.count), into: &output)
    }

    private static let northAmerica = PhoneRegion(code: "US")

    private static func appendWords(_ value: Span<UInt8>, to output: inout ByteScratch) {
        for index in value.indices where Neighbours.isWord(value[index]) {
            output.append(ASCIIBytes.lowered(value[index]))
        }
    }
}

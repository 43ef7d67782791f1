// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

extension ClaimRule.GeneralizeRule {
    /// Appends the generalized value as JSON and returns true, or appends nothing when the value cannot be generalized.
    ///
    /// `value` is the unescaped string or the number's text. `shiftDays` is the person's own offset for `shift`,
    /// already reduced to the range of this rule.
    func append(_ kind: JSONKind, _ value: Span<UInt8>, shiftDays: Int64, to out: inout ByteScratch) -> Bool {
        switch method {
        case .date(let part): return Self.appendDate(kind, value, at: part.precision, to: &out)
        case .shift: return Self.appendShifted(kind, value, days: shiftDays, to: &out)
        case .ip(let cut): return kind == .string && Self.appendNetwork(value, cut, to: &out)
        case .width(let width):
            guard let number = Self.number(kind, value) else { return false }
            let quotient = number / width
            let low = (number % width < 0 ? quotient - 1 : quotient) * width
            return appendRange(low: low, high: low + width - 1, to: &out)
        case .bounds(let bounds):
            guard let number = Self.number(kind, value) else { return false }
            let above = bounds.firstIndex { $0 > number } ?? bounds.count
            return appendRange(
                low: above > 0 ? bounds[above - 1] : nil, high: above < bounds.count ? bounds[above] - 1 : nil, to: &out
            )
        }
    }

    private static func appendDate(
        _ kind: JSONKind, _ value: Span<UInt8>, at precision: CivilDate.Precision, to out: inout ByteScratch
    ) -> Bool {
        switch kind {
        case .string:
            guard let date = CivilDate(value) else { return false }
            out.append(UInt8(ascii: "\""))
            date.append(at: precision, to: &out)
            out.append(UInt8(ascii: "\""))
        case .integer:
            guard let seconds = numericDate(value) else { return false }
            let date = CivilDate(daysSince1970: seconds / 86_400)
            out.appendDecimal(date.daysSince1970(at: precision) * 86_400)
        default: return false
        }
        return true
    }

    private static func appendShifted(
        _ kind: JSONKind, _ value: Span<UInt8>, days: Int64, to out: inout ByteScratch
    ) -> Bool {
        switch kind {
        case .string:
            guard let date = CivilDate(value), date.precision == .day, date.year >= 1 else { return false }
            let shifted = CivilDate(daysSince1970: date.daysSince1970() + days)
            guard (1...9999).contains(shifted.year) else { return false }
            out.append(UInt8(ascii: "\""))
            shifted.append(at: .day, to: &out)
            out.append(UInt8(ascii: "\""))
        case .integer:
            guard let seconds = numericDate(value) else { return false }
            let shifted = seconds / 86_400 + days
            guard shifted >= 0 else { return false }
            out.appendDecimal(shifted * 86_400)
        default: return false
        }
        return true
    }

    private static func numericDate(_ value: Span<UInt8>) -> Int64? {
        guard let seconds = integer(value), (0...CivilDate.secondsMax).contains(seconds) else { return nil }
        return seconds
    }

    private static func appendNetwork(_ value: Span<UInt8>, _ cut: IPCut, to out: inout ByteScratch) -> Bool {
        guard let address = IPAddress(text: value)?.folded else { return false }
        out.append(UInt8(ascii: "\""))
        NetworkText.append(address.cut(to: cut), to: &out)
        out.append(UInt8(ascii: "/"))
        out.appendDecimal(Int64(address.isIPv4 ? cut.v4BitCount : cut.v6BitCount))
        out.append(UInt8(ascii: "\""))
        return true
    }

    // MARK: Buckets

    private func appendRange(low: Int64?, high: Int64?, to out: inout ByteScratch) -> Bool {
        if isLowerBound {
            guard let low else { return false }
            out.appendDecimal(low)
            return true
        }
        out.append(UInt8(ascii: "\""))
        switch (low, high) {
        case (nil, let high?):
            out.append(UInt8(ascii: "<"))
            out.appendDecimal(high + 1)
        case (let low?, nil):
            out.appendDecimal(low)
            out.append(UInt8(ascii: "+"))
        case (let low?, let high?):
            out.appendDecimal(low)
            if low < 0 { out.append("..") } else { out.append(UInt8(ascii: "-")) }
            out.appendDecimal(high)
        case (nil, nil): break
        }
        out.append(UInt8(ascii: "\""))
        return true
    }

    /// A whole number of at most 10^12 in size: an integer, the floor of another number, or a string of an integer.
    private static func number(_ kind: JSONKind, _ value: Span<UInt8>) -> Int64? {
        let limit: Int64 = 1_000_000_000_000
        switch kind {
        case .integer, .string:
            guard let number = integer(value), (-limit...limit).contains(number) else { return nil }
            return number
        case .number:
            var text = String()
            for i in 0..<min(value.count, 400) { text.unicodeScalars.append(Unicode.Scalar(value[i])) }
            guard value.count <= 400, let number = Double(text), abs(number) <= Double(limit) else { return nil }
            return Int64(exactly: number.rounded(.down))
        default: return nil
        }
    }

    /// `-?(0|[1-9][0-9]*)` of at most 15 digits; `-0` counts as 0.
    private static func integer(_ text: Span<UInt8>) -> Int64? {
        let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
        let first = isNegative ? 1 : 0
        guard text.count > first, text.count - first <= 15 else { return nil }
        guard text[first] != UInt8(ascii: "0") || text.count == first + 1 else { return nil }
        var value: Int64 = 0
        for i in first..<text.count {
            let digit = text[i] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return isNegative ? -value : value
    }
}

extension ClaimRule.GeneralizeRule.DatePart {
    var precision: CivilDate.Precision {
        switch self {
        case .year: .year
        case .month: .month
        case .day: .day
        }
    }
}

/// Canonical text of addresses: dotted decimal, and RFC 5952 for IPv6.
enum NetworkText {
    static func append(_ address: IPAddress, to out: inout ByteScratch) {
        guard address.isIPv4 else { return appendIPv6(address, to: &out) }
        for i in 0..<4 {
            let shift = UInt64(24 - 8 * i)
            if shift < 24 { out.append(UInt8(ascii: ".")) }
            out.appendDecimal(Int64(address.low >> shift & 0xFF))
        }
    }

    private static func group(_ address: IPAddress, _ i: Int) -> UInt64 {
        (i < 4 ? address.high >> UInt64(48 - 16 * i) : address.low >> UInt64(48 - 16 * (i - 4))) & 0xFFFF
    }

    private static func appendIPv6(_ address: IPAddress, to out: inout ByteScratch) {
        // The first of the longest runs of two and more zero groups becomes "::" (RFC 5952 section 4.2).
        var best = 0..<0
        var start = 0
        for i in 0...8 where i == 8 || group(address, i) != 0 {
            if i - start >= 2, i - start > best.count { best = start..<i }
            start = i + 1
        }
        var i = 0
        while i < 8 {
            if !best.isEmpty, i == best.lowerBound {
                out.append("::")
                i = best.upperBound
                continue
            }
            if i > 0, i != best.upperBound || best.isEmpty { out.append(UInt8(ascii: ":")) }
            appendHex(group(address, i), to: &out)
            i += 1
        }
    }

    private static func appendHex(_ group: UInt64, to out: inout ByteScratch) {
        var isLeading = true
        for i in 0..<4 {
            let shift = UInt64(12 - 4 * i)
            let digit = UInt8(truncatingIfNeeded: group >> shift & 0xF)
            if digit == 0, isLeading, shift > 0 { continue }
            isLeading = false
            out.append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ (digit &- 10))
        }
    }
}

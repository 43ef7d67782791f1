// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// A date as claims write it: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or an RFC 3339 date-time whose time is checked and
/// left out.
struct CivilDate: Equatable {
    enum Precision: Int, Comparable {
        case year, month, day
        static func < (a: Precision, b: Precision) -> Bool { a.rawValue < b.rawValue }
    }

    /// 0 to 9999; `0000` is how OpenID Connect writes a birthdate without its year.
    let year: Int64
    /// 1 to 12.
    let month: Int64
    /// 1 to the month's last day.
    let day: Int64
    let precision: Precision

    /// The last NumericDate of the year 9999.
    static let secondsMax: Int64 = 253_402_300_799

    /// Parses all of `text`; nil when it is none of the forms.
    init?(_ text: Span<UInt8>) {
        guard text.count >= 4, text.count <= 64, let year = Self.digits(text, 0..<4) else { return nil }
        var month: Int64 = 1
        var day: Int64 = 1
        var precision = Precision.year
        if text.count > 4 {
            guard text.count >= 7, text[4] == UInt8(ascii: "-"), let value = Self.digits(text, 5..<7),
                (1...12).contains(value)
            else { return nil }
            month = value
            precision = .month
        }
        if text.count > 7 {
            guard text.count >= 10, text[7] == UInt8(ascii: "-"), let value = Self.digits(text, 8..<10),
                value >= 1, value <= Self.dayCount(year, month)
            else { return nil }
            day = value
            precision = .day
        }
        if text.count > 10, !Self.isTime(text, from: 10) { return nil }
        (self.year, self.month, self.day, self.precision) = (year, month, day, precision)
    }

    /// The date of a day count from 1970-01-01, proleptic Gregorian, in UTC.
    init(daysSince1970 days: Int64) {
        // Shifted to eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        precision = .day
    }

    /// Days from 1970-01-01 to the first day of the date at a precision.
    func daysSince1970(at precision: Precision = .day) -> Int64 {
        let month = precision >= .month ? self.month : 1
        let day = precision >= .day ? self.day : 1
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Appends the date at a precision; not finer than it was given.
    func append(at wanted: Precision, to out: inout ByteScratch) {
        Self.append(year, width: 4, to: &out)
        if min(wanted, precision) >= .month {
            out.append(UInt8(ascii: "-"))
            Self.append(month, width: 2, to: &out)
        }
        if min(wanted, precision) >= .day {
            out.append(UInt8(ascii: "-"))
            Self.append(day, width: 2, to: &out)
        }
    }

    private static func append(_ value: Int64, width: Int, to out: inout ByteScratch) {
        var divisor: Int64 = width == 4 ? 1000 : 10
        while divisor > 0 {
            out.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    private static func digits(_ text: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        var value: Int64 = 0
        for i in range {
            let digit = text[i] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    private static func dayCount(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `THH:MM:SS`, a fraction, and `Z` or `+HH:MM` (RFC 3339 section 5.6).
    private static func isTime(_ text: Span<UInt8>, from start: Int) -> Bool {
        guard text.count >= start + 10, text[start] | 0x20 == UInt8(ascii: "t"), isClock(text, at: start + 1),
            text[start + 6] == UInt8(ascii: ":"), let second = digits(text, start + 7..<start + 9), second <= 60
        else { return false }
        var i = start + 9
        if text[i] == UInt8(ascii: ".") {
            let first = i + 1
            i = first
            while i < text.count, text[i] &- UInt8(ascii: "0") <= 9 { i += 1 }
            guard i > first, i < text.count else { return false }
        }
        if text[i] | 0x20 == UInt8(ascii: "z") { return i + 1 == text.count }
        guard text[i] == UInt8(ascii: "+") || text[i] == UInt8(ascii: "-") else { return false }
        return i + 6 == text.count && isClock(text, at: i + 1)
    }

    private static func isClock(_ text: Span<UInt8>, at start: Int) -> Bool {
        guard text.count >= start + 5, let hour = digits(text, start..<start + 2), hour <= 23,
            text[start + 2] == UInt8(ascii: ":"), let minute = digits(text, start + 3..<start + 5)
        else { return false }
        return minute <= 59
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One synthetic person. Every text value holds a marker of its own; mailboxes lie in example domains, phone
/// numbers in the ranges set aside for fiction, addresses of hosts in the documentation ranges.
package struct Person: Sendable {
    /// A value and the marker inside it.
    package struct Marked: Sendable {
        /// The whole text.
        package let value: String
        /// The part of it that no other value holds.
        package let marker: String
    }

    /// Given name, as its bearer writes it.
    package let given: Marked
    /// Family name.
    package let family: Marked
    /// Mailbox in an example domain, ASCII.
    package let email: Marked
    /// Login name.
    package let userName: Marked
    /// Nickname.
    package let nickname: Marked
    /// Address of a portrait.
    package let pictureURL: Marked
    /// Street and house number.
    package let street: Marked
    /// Given and family name in the order of the culture; holds both of their markers.
    package let fullName: String
    /// BCP 47 tag of the name's language.
    package let locale: String
    /// E.164 number from a range for fiction.
    package let phoneNumber: String
    /// `YYYY-MM-DD`.
    package let birthDate: String
    /// IP address from a documentation range.
    package let address: String

    /// Draws a person from `random`.
    package init(random: inout RandomStream, markers: inout MarkerSource) {
        let culture = random.pick(NameTable.cultures)
        let given = random.pick(culture.given)
        let family = random.pick(culture.family)
        func marked(_ markers: inout MarkerSource, _ wrap: (String) -> String) -> Marked {
            let marker = markers.next()
            return Marked(value: wrap(marker), marker: marker)
        }
        self.given = marked(&markers) { "\(given.written)-\($0)" }
        self.family = marked(&markers) { "\(family.written) \($0)" }
        let domain = random.pick(["example.com", "example.org", "example.net", "mail.example.com"])
        let isShouting = random.isOne(in: 12)
        email = marked(&markers) { marker in
            // Mixed case in the parts around the marker, as people type it.
            let local = isShouting ? given.ascii.uppercased() : given.ascii
            return "\(local).\(marker)@\(isShouting ? domain.uppercased() : domain)"
        }
        userName = marked(&markers) { "\(given.ascii.prefix(1))\(family.ascii).\($0)" }
        nickname = marked(&markers) { "\(given.ascii)_\($0)" }
        pictureURL = marked(&markers) { "https://photos.example.com/a/\($0)=s96-c" }
        street = marked(&markers) { "12 \($0) Street" }
        fullName =
            culture.isFamilyFirst
            ? "\(self.family.value) \(self.given.value)" : "\(self.given.value) \(self.family.value)"
        locale = culture.locale
        phoneNumber = Self.phoneNumber(&random)
        let year = random.within(1938...2008)
        birthDate = "\(year)-\(twoDigits(random.within(1...12)))-\(twoDigits(random.within(1...28)))"
        address = random.documentationAddress()
    }

    /// E.164 form of a number that belongs to nobody: 555-0100 to 555-0199 in North America, and the London
    /// and mobile ranges that Ofcom keeps free for drama.
    private static func phoneNumber(_ random: inout RandomStream) -> String {
        switch random.below(4) {
        case 0: return "+4420794600" + twoDigits(random.below(100))
        case 1: return "+447700900" + random.digits(3)
        default:
            let area = random.pick(["202", "212", "303", "312", "404", "415", "504", "602", "702", "808", "907"])
            return "+1\(area)55501" + twoDigits(random.below(100))
        }
    }
}

/// Two decimal digits.
func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

/// A UTC instant as ISO 8601 with milliseconds (days-to-civil conversion after Hinnant).
func isoTimestamp(_ unixSeconds: Int, milliseconds: Int) -> String {
    let shifted = unixSeconds / 86_400 + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let second = unixSeconds % 86_400
    let fraction = String(1_000 + milliseconds).dropFirst()
    return "\(year)-\(twoDigits(month))-\(twoDigits(day))"
        + "T\(twoDigits(second / 3_600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60)).\(fraction)Z"
}

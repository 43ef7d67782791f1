// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// What a claim's name says of its value, whatever the value.
package enum NameCategory: String, CaseIterable, Sendable {
    case email, phone, name, address, birth, image, network, document, identifier, gender

    /// The category of a member name, in snake, kebab or camel case; nil for a name that says nothing of a person.
    init?(_ name: String) {
        let folded = String(name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
        guard let found = Self.table[folded] else { return nil }
        self = found
    }

    private static let table: [String: NameCategory] = {
        let lists: [(NameCategory, String)] = [
            (.email, "email mail emailaddress emails upn useremail contactemail"),
            (.phone, "phone phonenumber mobile mobilephone telephone tel phones cell"),
            (
                .name,
                "name fullname displayname givenname firstname familyname lastname surname middlename nickname "
                    + "preferredusername username uniquename login"
            ),
            (.address, "address streetaddress street postalcode zip zipcode locality city region"),
            (.birth, "birthdate birthday dob dateofbirth birthyear yearofbirth age"),
            (.image, "picture photo avatar profile website"),
            (.network, "ip ipaddr ipaddress clientip remoteaddr remoteip useragent deviceid"),
            (.document, "ssn nationalid passport passportnumber taxid iban creditcard cardnumber driverlicense"),
            (
                .identifier,
                "sub oid sid uid userid customerid employeeid memberid accountid patientid personid actor externalid"
            ),
            (.gender, "gender sex nationality nationalities maritalstatus religion"),
        ]
        var table: [String: NameCategory] = [:]
        for (category, words) in lists { for word in words.split(separator: " ") { table[String(word)] = category } }
        return table
    }()
}

/// Member names as a report may show them. Names are text of tokens: what could be a value in the place of a name (an
/// address as the key of a map, a user's number) is shown as `*`.
enum ShownName {
    static let byteCountMax = 64

    /// The name, or nil where it stands for any.
    static func shown(_ name: Span<UInt8>) -> String? {
        guard (1...byteCountMax).contains(name.count), PersonalDataShape.kind(in: name) == nil else { return nil }
        var digitCount = 0
        for i in name.indices {
            switch name[i] {
            case 0x30...0x39:
                digitCount += 1
            case 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x3A, 0x5F, 0x23, 0x24: continue
            default: return nil
            }
        }
        // Long numbers and hexadecimal identifiers are values.
        guard digitCount < 5 else { return nil }
        return String(decoding: [UInt8](name), as: UTF8.self)
    }
}

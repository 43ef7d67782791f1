// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData

@Suite struct PhoneNumberTests {
    @Test(
        "phone/1 accepts E.164",
        arguments: [
            ("+12025550123", "+12025550123"), (" +1 (202) 555-0123\n", "+12025550123"),
            ("+1.202.555.0123", "+12025550123"), ("+49 30/123 456", "+4930123456"),
            ("tel:+1-202-555-0123", "+12025550123"),
            ("TEL:+442079460958", "+442079460958"), ("+44 20 - 7946 0958", "+442079460958"),
            ("+1234567", "+1234567"), ("+123456789012345", "+123456789012345"), ("+56 (2) 687 2400", "+5626872400"),
        ])
    func accepts(_ value: String, _ expected: String) {
        #expect(canonicalText(.phone(region: nil), value) == expected)
        #expect(canonicalText(.phone(region: nil), expected) == expected)
    }

    @Test(
        "phone/1 refuses",
        arguments: [
            ("", CanonicalizationError.phone(offset: 0)), ("+", .phone(offset: 1)),
            ("+1 202 555 0123 x4", .phone(offset: 16)),
            ("2025550123", .phoneNationalForm), ("(202) 555-0123", .phoneNationalForm),
            ("0049 30 123456", .phoneNationalForm),
            ("+123456", .phoneDigitCount), ("+1234567890123456", .phoneDigitCount),
            ("+12345678901234567890", .phoneDigitCount), ("+0123456789", .phoneDigitCount),
            ("+44 (0)20 7946 0958", .phone(offset: 4)), ("+1 (202 555-0123", .phone(offset: 16)),
            ("+1 202) 555-0123", .phone(offset: 6)), ("+1 () 2025550123", .phone(offset: 4)),
            ("+12025550123-", .phone(offset: 13)), ("+ 12025550123", .phone(offset: 1)),
            ("++12025550123", .phone(offset: 1)),
            ("+1202555O123", .phone(offset: 8)), ("tel:2025550123", .phone(offset: 4)),
            ("tel:+1-202-555-0123;ext=4", .phone(offset: 19)),
            // Arabic-Indic digits and a no-break hyphen are other bytes.
            ("+\u{661}2025550123", .phone(offset: 1)), ("+1202\u{2011}5550123", .phone(offset: 5)),
        ])
    func refuses(_ value: String, _ expected: CanonicalizationError) {
        #expect(canonical(.phone(region: nil), value) == .failure(expected))
    }

    @Test(
        "phone/1 with a region",
        arguments: [
            ("US", "(202) 555-0123", "+12025550123"), ("US", "1-202-555-0123", "+12025550123"),
            ("US", "011 44 20 7946 0958", "+442079460958"), ("US", "+44 20 7946 0958", "+442079460958"),
            ("GB", "(020) 7946 0958", "+442079460958"), ("GB", "00 1 202 555 0123", "+12025550123"),
            ("DE", "030 / 123456", "+4930123456"), ("IT", "06 6982 1234", "+390669821234"),
            ("HU", "06 1 234 5678", "+3612345678"), ("RU", "8 (495) 123-45-67", "+74951234567"),
            ("RU", "8 10 1 202 555 0123", "+12025550123"), ("ES", "912 345 678", "+34912345678"),
            ("CN", "138 1234 5678", "+8613812345678"), ("CN", "010 1234 5678", "+861012345678"),
            ("BR", "(11) 91234-5678", "+5511912345678"), ("AU", "0011 1 202 555 0123", "+12025550123"),
            ("AU", "(02) 5550 1234", "+61255501234"), ("JP", "03-1234-5678", "+81312345678"),
            ("DK", "32 12 34 56", "+4532123456"), ("SG", "6123 4567", "+6561234567"),
        ])
    func region(_ code: String, _ value: String, _ expected: String) throws {
        let region = try #require(PhoneRegion(code: code))
        #expect(canonicalText(.phone(region: region), value) == expected)
        #expect(canonicalText(.phone(region: nil), expected) == expected)
    }

    @Test(
        "phone/1 with a region refuses",
        arguments: [
            ("US", "202 555 012", CanonicalizationError.phoneDigitCount), ("US", "22025550123", .phoneDigitCount),
            ("DE", "30 123456", .phoneNationalForm), ("DE", "0 123", .phoneDigitCount),
            ("FR", "01 23 45 67", .phoneDigitCount),
            ("DE", "0123456789012345", .phoneDigitCount), ("GB", "00 0 202 555 0123", .phoneDigitCount),
            ("DE", "030 123456 x", .phone(offset: 11)), ("DK", "1", .phoneDigitCount),
        ])
    func regionRefuses(_ code: String, _ value: String, _ expected: CanonicalizationError) throws {
        let region = try #require(PhoneRegion(code: code))
        #expect(canonical(.phone(region: region), value) == .failure(expected))
    }

    @Test("the region table is well formed")
    func table() throws {
        #expect(PhoneRegion.allCodes.count == 78)
        #expect(Set(PhoneRegion.allCodes).count == PhoneRegion.allCodes.count)
        for code in PhoneRegion.allCodes {
            #expect(try #require(PhoneRegion(code: code)).code == code)
            #expect(code.utf8.count == 2 && code == code.uppercased())
        }
        for code in ["", "us", "USA", "AR", "LT", "PE", "ZZ"] { #expect(PhoneRegion(code: code) == nil) }
    }
}

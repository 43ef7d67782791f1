import TestSupport
// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData

@Suite struct PersonalDataShapeTests {
    static func kind(_ value: String) -> PersonalDataKind? { PersonalDataShape.kind(of: Array(value.utf8).span) }

    static func containsEmail(_ value: String) -> Bool { containsEmail(Array(value.utf8)) }

    static func containsEmail(_ value: [UInt8]) -> Bool { PersonalDataShape.containsEmail(value.span) }

    static func kindAnywhere(_ value: [UInt8]) -> PersonalDataKind? { PersonalDataShape.kind(in: value.span) }

    static func emailRange(_ value: [UInt8]) -> Range<Int>? { PersonalDataShape.emailRange(in: value.span, from: 0) }

    @Test(
        "recognised",
        arguments: [
            ("jane@example.com", PersonalDataKind.email), (" Jane.Doe+x@Sub.Example.CO.UK\n", .email),
            ("mailto:jane@example.com", .email), ("jane@m\u{FC}nchen.example", .email),
            ("zo\u{EB}@example.com", .email),
            ("jane%40example.com", .email), ("j@xn--mnchen-3ya.example", .email),
            ("+12025550123", .phone), ("+1 (202) 555-0123", .phone), ("+44 (0)20 7946 0958", .phone),
            ("tel:+1-202-555-0123", .phone), ("tel:+12025550123;ext=42", .phone), ("+1-202-555-0123x42", .phone),
            ("+1 202 555 0123 ext. 42", .phone), ("(202) 555-0123", .phone), ("(202)555-0123", .phone),
            ("202-555-0123", .phone), ("202.555.0123", .phone), ("1-202-555-0123", .phone), ("+4930123456", .phone),
            ("4111111111111111", .card), ("4111 1111 1111 1111", .card), ("4111-1111-1111-1111", .card),
            ("5555555555554444", .card), ("2223003122003222", .card), ("378282246310005", .card),
            ("3782 822463 10005", .card), ("30569309025904", .card), ("6011111111111117", .card),
            ("3530111333300000", .card), ("4222222222222", .card), ("6200000000000005", .card),
            ("DE89370400440532013000", .iban), ("DE89 3704 0044 0532 0130 00", .iban),
            ("gb82west12345698765432", .iban),
            ("NO9386011117947", .iban), ("MT84MALT011000012345MTLCAST001S", .iban),
            ("FR1420041010050500013M02606", .iban),
            ("531-21-7351", .ssn), ("219 09 9999", .ssn),
            ("192.0.2.7", .ipv4), ("192.0.2.7:443", .ipv4), ("::ffff:192.0.2.7", .ipv4), ("2001:db8::1", .ipv6),
            ("[2001:db8::1]:443", .ipv6), ("[2001:db8::1]", .ipv6), ("fe80::1%eth0", .ipv6),
        ])
    func recognised(_ value: String, _ expected: PersonalDataKind) {
        #expect(Self.kind(value) == expected)
    }

    @Test(
        "left alone",
        arguments: [
            "", "a", "jane", "@", "a@b", "root@localhost", "jane@", "@example.com", "@scope/package",
            "actions/checkout@v4.1",
            "pkg@1.2.3", "Jane <jane@example.com>", "jane@example.com, x",
            // Bare digits: identifiers, times, a phone number without a sign.
            "1234567890", "2025550123", "12025550123", "4930123456", "1700000000", "1700000000000", "1700000000000000",
            "248289761001", "110169484474386276334", "1", "531217351", "123456789012", "9007199254740993",
            "4111111111111112", "41111111111111111", "4111 1111-1111 1111", "4111  1111 1111 1111", "4 111111111111111",
            "1234567812345670", "0000000000000000", "411111111111111 ",
            "+", "+0123456789", "+1234567", "+1234567890123456", "+0100", "+28123456789", "tel:", "tel:x", "1-2-3",
            "102-555-0123", "202-155-0123", "202-555-012", "202-555.0123", "(202) 555-01234", "202 555 0123",
            "2026-11-24", "2026-11-24T10:00:00+01:00", "12:34:56", "10:00", "2026-11-24 10:00:00",
            "DE89370400440532013001", "DE8937040044053201300", "XX89370400440532013000", "DE89  3704 0044 0532 0130 00",
            "000-12-3456", "666-12-3456", "900-12-3456", "531-00-7351", "531-21-0000", "531-21 7351", "531-2-17351",
            "127.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "192.0.2.0/24", "2001:db8::/48", "10.0.19041.1",
            "1.2.3", "1.2.3.4.5", "192.0.2.7:", "192.0.2.7:123456", "[2001:db8::1", "fe80::1%", "aa:bb:cc:dd:ee:ff",
            "550e8400-e29b-41d4-a716-446655440000", "9b74c9897bac770ffc029102a200c5de", "Foo::Bar", "urn:example:a:b",
            "https://orders.internal.example:8443/x", "openid profile email", "p1_k001_RjBGEeHvT0_3W8BuWa4mdw",
            "r1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "admin", "urn:mace:incommon:iap:silver",
        ])
    func leftAlone(_ value: String) {
        #expect(Self.kind(value) == nil)
    }

    @Test(
        "an address anywhere in a text",
        arguments: [
            ("Jane <jane@example.com>", "jane@example.com"), ("mail jane@example.com.", "jane@example.com"),
            ("a@b then jane@example.com", "jane@example.com"), ("x=jane%40example.com&y", "jane%40example.com"),
            ("(jane@example.com)", "jane@example.com"), ("\"jane@example.com\"", "jane@example.com"),
            ("jane@example.com", "jane@example.com"), ("https://h/?e=jane@example.com", "jane@example.com"),
            ("@@jane@example.com", "jane@example.com"), ("auth0|jane@example.com", "jane@example.com"),
            ("..jane@example.com", "jane@example.com"),
        ])
    func anywhere(_ text: String, _ address: String) throws {
        let bytes = Array(text.utf8)
        let range = try #require(Self.emailRange(bytes))
        #expect(String(decoding: bytes[range], as: UTF8.self) == address)
        #expect(Self.kindAnywhere(bytes) == .email)
    }

    @Test(
        "no address anywhere",
        arguments: [
            "", "@", "@@@@", "a@b", "pkg@1.2.3", "a.@example.com", "jane@-example.com", "jane@example..com",
            "jane @example.com",
            "jane@ example.com", "%40", "%4", "a%40", "jane@.com", "jane@a.b", "actions/checkout@v4.1.2",
        ])
    func nowhere(_ text: String) {
        #expect(!Self.containsEmail(text))
        #expect(Self.kindAnywhere(Array(text.utf8)) == nil)
    }

    @Test("T93: every @ and every length is linear and safe")
    func hostile() {
        let signs = [UInt8](repeating: 0x40, count: 200_000)
        #expect(!Self.containsEmail(signs))
        let letters = [UInt8](repeating: 0x61, count: 200_000) + Array("@".utf8)
        #expect(!Self.containsEmail(letters))
        let pairs = [UInt8](repeating: 0x61, count: 100_000).flatMap { byte -> [UInt8] in [byte, 0x40] }
        #expect(!Self.containsEmail(pairs))
        // Every prefix of every recognised value, and every byte at every place of one: no trap.
        for value in ["+1 (202) 555-0123 ext. 42", "[2001:db8::1%e]:443", "DE89 3704 0044 0532 0130 00", "a%40b.cd"] {
            let bytes = Array(value.utf8)
            for end in 0...bytes.count { _ = PersonalDataShape.kind(of: bytes.span.extracting(0..<end)) }
            for place in bytes.indices {
                for byte in UInt8.min...UInt8.max {
                    var changed = bytes
                    changed[place] = byte
                    _ = PersonalDataShape.kind(of: changed.span)
                    _ = PersonalDataShape.containsEmail(changed.span)
                    for profile in [
                        CanonicalProfile.email, .phone(region: PhoneRegion(code: "US")), .ip(cut: nil), .text,
                    ] {
                        _ = canonical(profile, changed)
                    }
                }
            }
        }
    }
}

@Suite(.enabled(if: VectorFiles.isPresent, "the vectors folder is absent"))
struct PersonalDataVectorTests {
    @Test("labelled spans of personal data: how many are recognised, exactly")
    func presidio() throws {
        var found: [String: Int] = [:]
        var total: [String: Int] = [:]
        var falseAlarms: [String] = []
        let kinds: [String: Set<PersonalDataKind>] = [
            "EMAIL_ADDRESS": [.email], "CREDIT_CARD": [.card], "US_SSN": [.ssn], "IP_ADDRESS": [.ipv4, .ipv6],
            "IBAN_CODE": [.iban], "PHONE_NUMBER": [.phone],
        ]
        for sentence in try VectorFiles.json("presidio-research/generated_small.json").array {
            for span in sentence["spans"].array {
                let type = span["entity_type"].string
                let kind = PersonalDataShapeTests.kind(span["entity_value"].string)
                total[type, default: 0] += 1
                if let expected = kinds[type] {
                    if let kind, expected.contains(kind) { found[type, default: 0] += 1 }
                } else if kind != nil {
                    falseAlarms.append(type)
                }
            }
            let hasEmail = sentence["spans"].array.contains { $0["entity_type"].string == "EMAIL_ADDRESS" }
            #expect(PersonalDataShapeTests.containsEmail(sentence["full_text"].string) == hasEmail)
        }
        // The phone numbers are national forms of many countries without a sign, which are digits to this lint.
        #expect(total["PHONE_NUMBER"] == 10 && found["PHONE_NUMBER"] == 2)
        #expect(total["EMAIL_ADDRESS"] == 2 && found["EMAIL_ADDRESS"] == 2)
        #expect(total["CREDIT_CARD"] == 10 && found["CREDIT_CARD"] == 10)
        #expect(total["US_SSN"] == 3 && found["US_SSN"] == 3)
        #expect(total["IP_ADDRESS"] == 2 && found["IP_ADDRESS"] == 2)
        #expect(total["IBAN_CODE"] == nil)
        #expect(falseAlarms == [])
    }

    @Test("T78: naughty strings: no trap, the same answer twice, NFC and NFD alike")
    func naughtyStrings() throws {
        let strings = try VectorFiles.json("blns/blns.json").strings
        #expect(strings.count > 500)
        let ring = try ring()
        let domain = ring.activeDomain(try PseudonymDomainName(type: "text", scope: .global))
        for text in strings {
            let bytes = Array(text.utf8)
            let first = try pseudonym(domain, .string, bytes)
            #expect(try pseudonym(domain, .string, bytes) == first)
            let composed = Array(text.precomposed.utf8)
            let decomposed = Array(text.decomposed.utf8)
            #expect(try pseudonym(domain, .string, composed) == first)
            #expect(try pseudonym(domain, .string, decomposed) == first)
            _ = PersonalDataShapeTests.kind(text)
            _ = PersonalDataShapeTests.containsEmail(text)
            for profile in [CanonicalProfile.email, .phone(region: PhoneRegion(code: "DE")), .ip(cut: nil)] {
                #expect(canonical(profile, bytes) == canonical(profile, bytes))
            }
        }
    }
}

import TestSupport
// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData
import TokenScan

@Suite struct CanonicalProfileTests {
    @Test(
        "email/1 accepts",
        arguments: [
            ("jane.doe@example.com", "jane.doe@example.com"),
            (" \t\r\nJane.Doe@EXAMPLE.Com\n ", "jane.doe@example.com"),
            ("JANE+news@example.com", "jane+news@example.com"),
            ("a@b", "a@b"),
            ("o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-@example.com"),
            ("x..y.@docomo.example", "x..y.@docomo.example"),
            ("u@XN--MNCHEN-3YA.example", "u@xn--mnchen-3ya.example"),
            ("u@3com.example", "u@3com.example"),
            // Only ASCII letters are lower-cased: the Turkish capital dotted I stays, as does a full-width A.
            ("\u{130}I@example.com", "\u{130}i@example.com"),
            ("\u{FF21}@example.com", "\u{FF21}@example.com"),
            // NFD becomes NFC, and the Kelvin sign the letter K.
            ("zoe\u{308}@example.com", "zo\u{EB}@example.com"),
            ("\u{212A}@example.com", "k@example.com"),
        ])
    func emailAccepts(_ value: String, _ expected: String) {
        #expect(canonicalText(.email, value).map { Array($0.utf8) } == Array(expected.utf8))
        #expect(canonicalText(.email, expected).map { Array($0.utf8) } == Array(expected.utf8), "idempotent")
    }

    @Test(
        "email/1 refuses",
        arguments: [
            ("", CanonicalizationError.email(offset: 0)), ("   ", .email(offset: 3)), ("jane", .email(offset: 4)),
            ("@example.com", .email(offset: 0)), ("jane@", .email(offset: 5)), ("a@b@c", .email(offset: 1)),
            ("jane doe@example.com", .email(offset: 4)), ("\"jane\"@example.com", .email(offset: 0)),
            ("Jane <jane@example.com>", .email(offset: 22)), ("jane@example.com.", .email(offset: 17)),
            ("jane@.example.com", .email(offset: 5)), ("jane@example..com", .email(offset: 13)),
            ("jane@-example.com", .email(offset: 5)), ("jane@example-.com", .email(offset: 12)),
            ("jane@exa_mple.com", .email(offset: 8)), ("jane@[192.0.2.1]", .email(offset: 5)),
            ("jane@exam ple.com", .email(offset: 9)), ("ja\u{0}ne@example.com", .email(offset: 2)),
            ("jane@m\u{FC}nchen.example", .emailDomainNotASCII(offset: 6)),
            ("jane@\u{FF45}xample.com", .emailDomainNotASCII(offset: 5)),
            // U+037E is the semicolon in NFC.
            ("a\u{37E}@example.com", .email(offset: 0)),
        ])
    func emailRefuses(_ value: String, _ expected: CanonicalizationError) {
        #expect(canonical(.email, value) == .failure(expected))
    }

    @Test(
        "T85: email/1 composes after lower-casing too, so that each spelling of an address has one canonical form",
        arguments: ["T\u{308}x@example.com", "t\u{308}x@example.com", "\u{1E97}x@EXAMPLE.com"])
    func emailComposesLowered(_ value: String) {
        #expect(canonicalText(.email, value).map { Array($0.utf8) } == Array("\u{1E97}x@example.com".utf8))
    }

    @Test("email/1: a local part that composition lengthens over 64 bytes is refused")
    func emailGrows() {
        let grows = String(repeating: "\u{958}", count: 11)  // 33 bytes, 66 in NFC
        #expect(canonical(.email, grows + "@example.com") == .failure(.emailTooLong))
    }

    @Test("email/1: every byte in the local part and in the domain")
    func emailBytes() {
        let atext = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.".utf8)
        let host = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.".utf8)
        for byte in UInt8.min...0x7F where byte != 0x40 {
            let local = canonical(.email, [0x61, byte, 0x61, 0x40, 0x62])
            #expect((local == .failure(.email(offset: 1))) != atext.contains(byte), "\(byte)")
            let domain = canonical(.email, [0x61, 0x40, 0x62, byte, 0x62])
            #expect((domain == .failure(.email(offset: 3))) != host.contains(byte), "\(byte)")
        }
    }

    @Test("email/1 limits, each at the limit and one over")
    func emailLimits() {
        let local = String(repeating: "a", count: 64)
        #expect(canonicalText(.email, local + "@b.example") == local + "@b.example")
        #expect(canonical(.email, "a" + local + "@b.example") == .failure(.emailTooLong))
        let label = String(repeating: "b", count: 63)
        #expect(canonicalText(.email, "a@" + label) == "a@" + label)
        #expect(canonical(.email, "a@b" + label) == .failure(.emailTooLong))
        let domain = [label, label, label].joined(separator: ".")
        let whole = local.dropLast(2) + "@" + domain
        #expect(whole.utf8.count == 254)
        #expect(canonicalText(.email, whole + " ") != nil)
        #expect(canonical(.email, "a" + whole) == .failure(.emailTooLong))
        #expect(canonical(.email, [0x61, 0xFF, 0x40, 0x62]) == .failure(.invalidUTF8(offset: 1)))
        #expect(canonical(.email, [0x20, 0x61, 0xC3, 0x40, 0x62]) == .failure(.invalidUTF8(offset: 2)))
    }

    @Test("T85: text/1 joins NFC with NFD, and nothing else")
    func textNormalization() {
        let composed = Array("\u{E9}\u{1E9B}\u{323}".utf8)
        #expect(canonical(.text, "e\u{301}\u{17F}\u{323}\u{307}") == canonical(.text, composed))
        #expect(canonicalText(.text, " \t\r\n Zo\u{EB} \r\n") == "Zo\u{EB}")
        // Hangul, a singleton, a composition exclusion, marks out of order.
        #expect(canonical(.text, "\u{1112}\u{1161}\u{11AB}") == .success(Array("\u{D55C}".utf8)))
        #expect(canonical(.text, "\u{212B}") == .success(Array("\u{C5}".utf8)))
        #expect(canonical(.text, "\u{958}") == .success(Array("\u{915}\u{93C}".utf8)))
        #expect(canonical(.text, "q\u{307}\u{323}") == .success(Array("q\u{323}\u{307}".utf8)))
        // Not folded: case, Turkish I, full width, ligatures, no-break space, look-alikes, zero width.
        for (one, other) in [
            ("A", "a"), ("\u{130}", "i"), ("\u{131}", "i"), ("\u{FF21}", "A"), ("\u{FB01}", "fi"),
            ("a\u{A0}", "a"), ("\u{430}", "a"), ("a\u{200B}", "a"), ("a\u{0B}", "a"), ("a\u{0C}", "a"),
        ] {
            #expect(canonical(.text, one) != canonical(.text, other))
        }
        #expect(canonical(.text, "") == .success([]))
        #expect(canonical(.text, " \n") == .success([]))
        #expect(canonical(.text, "a\u{0}b c") == .success([0x61, 0, 0x62, 0x20, 0x63]))
    }

    @Test(
        "T32: text/1 refuses bytes that are not UTF-8",
        arguments: [
            ([0xFF], 0), ([0x61, 0xC3], 1), ([0x61, 0xC0, 0x80], 1), ([0xED, 0xA0, 0x80], 0),
            ([0xF4, 0x90, 0x80, 0x80], 0), ([0xC3, 0xA9, 0x80], 2),
        ] as [([UInt8], Int)])
    func textRefuses(_ value: [UInt8], _ offset: Int) {
        #expect(canonical(.text, value) == .failure(.invalidUTF8(offset: offset)))
    }

    @Test("T86: subject/1 cannot be read two ways")
    func subject() {
        #expect(
            canonical(.subject, "ab", issuer: "c")
                == .success([0, 0, 0, 1, 0x63, 0, 0, 0, 2, 0x61, 0x62]))
        #expect(canonical(.subject, "c", issuer: "ab") != canonical(.subject, "bc", issuer: "a"))
        #expect(canonical(.subject, " a", issuer: "i") != canonical(.subject, "a", issuer: "i"))
        #expect(canonical(.subject, [0xFF, 0], issuer: [0x69]) == .success([0, 0, 0, 1, 0x69, 0, 0, 0, 2, 0xFF, 0]))
        #expect(canonical(.subject, "a") == .failure(.missingIssuer))
    }

    @Test("profile names")
    func names() throws {
        for name in ["email/1", "phone/1", "ip/1", "text/1", "subject/1"] {
            #expect(CanonicalProfile(name: name)?.name == name)
        }
        #expect(CanonicalProfile(name: "phone/1:DE") == .phone(region: PhoneRegion(code: "DE")))
        #expect(CanonicalProfile(name: "phone/1:DE")?.name == "phone/1")
        #expect(CanonicalProfile(name: "ip/1:24,48") == .ip(cut: IPCut(v4BitCount: 24, v6BitCount: 48)))
        #expect(CanonicalProfile(name: "ip/1:24,48")?.name == "ip/1")
        for name in [
            "", "email", "email/2", "Email/1", "email/1:x", "phone/1:de", "phone/1:", "phone/1:XX", "ip/1:24",
            "ip/1:33,48",
            "ip/1:24,129", "ip/1:-1,48", "ip/1:24,48,1", "text/1 ", "phone/1:DE:AT",
        ] {
            #expect(CanonicalProfile(name: name) == nil, "\(name)")
        }
    }

    @Test("JSON types: tags, integers and booleans")
    func kinds() {
        func message(_ kind: PseudonymValueKind, _ value: String, _ profile: CanonicalProfile = .text) -> [UInt8]? {
            var output = ByteScratch()
            output.append(0x77)
            let none: [UInt8] = []
            do {
                try profile.appendMessage(
                    kind, Array(value.utf8).span, issuer: [0x69].span, personKey: none.span, to: &output)
                return Array(output.array.dropFirst())
            } catch {
                #expect(output.array == [0x77])
                return nil
            }
        }
        #expect(message(.string, "1") == [1, 0x31])
        #expect(message(.integer, "1") == [2, 0x31])
        #expect(message(.bool, "true") == [3, 1])
        #expect(message(.bool, "false") == [3, 0])
        #expect(message(.integer, "7", .subject) == [2, 0, 0, 0, 1, 0x69, 0, 0, 0, 1, 0x37])
        for good in ["0", "10", "-1", "-90", "123456789012345678901234567890"] {
            #expect(message(.integer, good) == [2] + Array(good.utf8))
        }
        for bad in ["", "-", "-0", "00", "01", "-01", "+1", "1.0", "1e3", " 1", "1 ", "0x1", "1a", "\u{661}"] {
            #expect(message(.integer, bad) == nil, "\(bad)")
        }
        for bad in ["", "True", "TRUE", "null", "false ", "1", "truth"] { #expect(message(.bool, bad) == nil) }
        for profile in [CanonicalProfile.email, .phone(region: nil), .ip(cut: nil)] {
            #expect(message(.integer, "1", profile) == nil)
            #expect(message(.bool, "true", profile) == nil)
        }
    }
}

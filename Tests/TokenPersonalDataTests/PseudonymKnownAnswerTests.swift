import TestSupport
// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenCrypto
import TokenPersonalData
import TokenScan

/// Values computed apart from this package with Python's `hmac` and `hashlib`, key bytes 00 to 1F, kid `k001`, tenant
/// `acme` unless the row says otherwise.
@Suite struct PseudonymKnownAnswerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let type: String
        let profile: CanonicalProfile
        let scope: PseudonymScope
        let kind: PseudonymValueKind
        let value: String
        let text: String
        var testDescription: String { "\(type) \(profile.name) \(kind)" }
    }

    static func rows() throws -> [Row] {
        let orders = PseudonymScope.audience(try PseudonymSector(audience: "https://orders.internal.example"))
        let textual = PseudonymScope.audience(try PseudonymSector(audience: "api://Orders"))
        let jti = PseudonymScope.token(jti: Array("7f3c".utf8))
        func row(
            _ type: String, _ profile: CanonicalProfile, _ scope: PseudonymScope, _ kind: PseudonymValueKind,
            _ value: String, _ text: String
        ) -> Row { Row(type: type, profile: profile, scope: scope, kind: kind, value: value, text: text) }
        return [
            row("email", .email, orders, .string, " Jane.Doe@Example.COM ", "p1_k001_RjBGEeHvT0_3W8BuWa4mdw"),
            row("email", .email, textual, .string, "jane.doe@example.com", "p1_k001_sj0nTQ0IQq1Lo1Q6ZqlPkQ"),
            row("email", .email, .global, .string, "jane.doe@example.com", "p1_k001_yA6BEA5Yq7XakjSQ_Mi_XA"),
            row("email", .email, jti, .string, "jane.doe@example.com", "p1_k001_82WESUo8rsjQFoBmtm7QFg"),
            row("phone", .phone(region: nil), .global, .string, "+1 202-555-0123", "p1_k001_UtwMBAzzSIMNPaYy0w1_fg"),
            row("ip", .ip(cut: nil), .global, .string, "::ffff:192.0.2.7", "p1_k001_hIkg4ZX12z4I4d0QbvUkPA"),
            row("ip", .ip(cut: nil), .global, .string, "2001:DB8::1", "p1_k001_Nf_jccwzJo23L9qIfnVWIA"),
            row("name", .text, .global, .string, "\tZoe\u{308} Mu\u{308}ller\r\n", "p1_k001_l-MIJ-J8irDv5BAnCsF-OQ"),
            row("name", .text, .global, .string, "", "p1_k001_oZ32Pfmj1Yv6S-ZLPTxUBQ"),
            row("employee", .text, .global, .integer, "-1048576", "p1_k001_r4Fur2X1mU4WI3GbQpYHZA"),
            row("flag", .text, .global, .bool, "true", "p1_k001_V0yx0lW44M8qKh2bJ838rg"),
        ]
    }

    @Test("T85: known answers", arguments: try rows())
    func knownAnswer(_ row: Row) throws {
        let name = try PseudonymDomainName(type: row.type, profile: row.profile, scope: row.scope)
        let domain = try ring().activeDomain(name)
        #expect(try pseudonym(domain, row.kind, Array(row.value.utf8)) == row.text)
        if row.kind == .string {
            #expect(try Pseudonymizer(ring: try ring(), domain: name).pseudonym(of: row.value) == row.text)
        }
    }

    @Test("T85: one megabyte and a NUL inside")
    func longAndNUL() throws {
        let domain = try ring().activeDomain(PseudonymDomainName(type: "blob", scope: .global))
        let long = [UInt8](repeating: 0x61, count: 1_048_576)
        #expect(try pseudonym(domain, .string, long) == "p1_k001_yAu5m9lRyZzJq2IglgeKkA")
        #expect(try pseudonym(domain, .string, [0x61, 0, 0x62]) == "p1_k001_Si1JqlGtZMf95Yd3J818mg")
    }

    @Test("subject/1 holds the issuer")
    func subject() throws {
        let orders = PseudonymScope.audience(try PseudonymSector(audience: "https://orders.internal.example"))
        let name = try PseudonymDomainName(type: "user-id", profile: .subject, scope: orders)
        let maker = Pseudonymizer(ring: try ring(), domain: name)
        let text = try maker.pseudonym(of: "248289761001", issuer: "https://idp.example")
        #expect(text == "p1_k001_CYzTW241XXJANwyz_K8HJw")
        #expect(throws: CanonicalizationError.missingIssuer) { try maker.pseudonym(of: "248289761001") }
        #expect(try maker.pseudonym(of: "248289761001", issuer: "https://idp.example/") != text)
    }

    @Test("the erasable variant has a label and a person key of its own")
    func erasable() throws {
        let name = try PseudonymDomainName(type: "email", profile: .email, scope: .global, isErasable: true)
        let domain = try ring().activeDomain(name)
        let value = Array("jane.doe@example.com".utf8)
        let personKey = [UInt8](0xF0...0xFF)
        let text = try pseudonym(domain, .string, value, personKey: personKey)
        #expect(text == "p1_k001_-86FKVIThnLjXp0gJKADtQ")
        #expect(try pseudonym(domain, .string, value, personKey: Array(personKey.reversed())) != text)
        for wrong in [[], [UInt8](repeating: 1, count: 15), [UInt8](repeating: 1, count: 17)] {
            #expect(throws: CanonicalizationError.personKey) {
                try pseudonym(domain, .string, value, personKey: wrong)
            }
        }
        let plain = try ring().activeDomain(PseudonymDomainName(type: "email", profile: .email, scope: .global))
        #expect(throws: CanonicalizationError.personKey) {
            try pseudonym(plain, .string, value, personKey: personKey)
        }
        #expect(throws: CanonicalizationError.personKey) {
            try Pseudonymizer(ring: try ring(), domain: name).pseudonym(of: "jane.doe@example.com")
        }
    }

    @Test("every form")
    func forms() throws {
        let orders = PseudonymScope.audience(try PseudonymSector(audience: "https://orders.internal.example"))
        let domain = try ring().activeDomain(PseudonymDomainName(type: "email", profile: .email, scope: orders))
        let value = Array("jane.doe@example.com".utf8)
        let expected: [(PseudonymForm, String)] = [
            (try PseudonymForm(byteCount: 16), "p1_k001_RjBGEeHvT0_3W8BuWa4mdw"),
            (try PseudonymForm(byteCount: 20), "p1_k001_RjBGEeHvT0_3W8BuWa4md8_CETs"),
            (try PseudonymForm(byteCount: 32), "p1_k001_RjBGEeHvT0_3W8BuWa4md8_CETt8szZmE84kBdHrUlc"),
            (try PseudonymForm(byteCount: 16, alphabet: .base32), "p1_k001_iyyemepb55hu7523ybxftlrgo4"),
        ]
        for (form, text) in expected {
            #expect(try pseudonym(domain, .string, value, form: form) == text)
            #expect(form.textByteCount == text.utf8.count)
        }
        for count in [0, 8, 15, 17, 24, 31, 33] {
            #expect(throws: PseudonymKeyError.form) { try PseudonymForm(byteCount: count) }
        }
        #expect(throws: PseudonymKeyError.form) { try PseudonymForm(byteCount: 20, alphabet: .base32) }
    }

    @Test("the oracle itself: FIPS 180-4, RFC 4231 case 2, RFC 5869 case 1 key and engine HKDF")
    func oracle() throws {
        #expect(
            Oracle.sha256(Array("abc".utf8)).hexText
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Oracle.hmac(Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)).hexText
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let salt = hex("000102030405060708090a0b0c")
        let info = hex("f0f1f2f3f4f5f6f7f8f9")
        let key = [UInt8](repeating: 0x0B, count: 22)
        #expect(
            Oracle.hkdf(salt: salt, key: key, info: info).hexText
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")
    }

    @Test("random domains and values agree with the oracle in every form")
    func againstOracle() throws {
        var generator = SeededGenerator(seed: 7)
        for round in 0..<60 {
            let type = "type-\(generator.next() % 9)"
            let key = (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let root = try makeRoot("z9\(10 + round % 80)", key)
            let ring = try PseudonymKeyRing(tenant: "tenant \(round)", keys: [root])
            let sector = try PseudonymSector(named: "s\(round)")
            let name = try PseudonymDomainName(type: type, scope: .audience(sector))
            let value = (0..<Int(generator.next() % 130)).map { _ in UInt8(0x21 + generator.next() % 90) }
            let bytes = Oracle.pseudonym(
                key: key, tenant: "tenant \(round)", type: type, profile: "text/1", scope: "aud:s\(round)",
                message: [1] + value)
            let domain = ring.activeDomain(name)
            let prefix = "p1_\(root.keyID)_"
            for count in [16, 20, 32] {
                #expect(
                    try pseudonym(domain, .string, value, form: PseudonymForm(byteCount: count))
                        == prefix + Oracle.base64URL(Array(bytes[..<count])))
            }
            #expect(
                try pseudonym(domain, .string, value, form: PseudonymForm(byteCount: 16, alphabet: .base32))
                    == prefix + Oracle.base32(Array(bytes[..<16])))
        }
    }
}

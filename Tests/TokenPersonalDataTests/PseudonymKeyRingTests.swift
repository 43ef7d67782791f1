import TestSupport
// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenCrypto
import TokenPersonalData
import TokenScan

@Suite struct PseudonymKeyRingTests {
    static let email = "jane.doe@example.com"

    static func name() throws -> PseudonymDomainName {
        try PseudonymDomainName(type: "email", profile: .email, scope: .global)
    }

    @Test("T86: rotation: the active key makes, all accepted keys find, and the kid says which")
    func rotation() throws {
        let before = Pseudonymizer(ring: try ring(), domain: try Self.name())
        let after = Pseudonymizer(ring: try ring(isRotated: true), domain: try Self.name())
        let old = "p1_k001_yA6BEA5Yq7XakjSQ_Mi_XA"
        let new = "p1_k002_FRhgpnXxAqu5aiWXWUQYQQ"
        #expect(try before.pseudonym(of: Self.email) == old)
        #expect(try before.candidates(of: Self.email) == [old])
        #expect(try after.pseudonym(of: Self.email) == new)
        #expect(try after.candidates(of: Self.email) == [new, old])
        var output = ByteScratch()
        let none: [UInt8] = []
        try after.appendCandidates(of: .string, Array(Self.email.utf8).span, issuer: none.span, to: &output)
        #expect(output.text == "\(new)\n\(old)\n")
        #expect(throws: CanonicalizationError.email(offset: 1)) { try after.candidates(of: "a") }
    }

    @Test("T85: another key, tenant, type, profile, scope or JSON type gives an unrelated value")
    func separation() throws {
        let value = Array("1".utf8)
        var seen: Set<String> = []
        var count = 0
        func add(_ text: String) {
            seen.insert(String(text.dropFirst(8)))
            count += 1
        }
        let sector = try PseudonymSector(named: "global")
        let scopes: [PseudonymScope] = [.global, .audience(sector), .token(jti: Array("global".utf8))]
        for tenant in ["acme", "acme2"] {
            for key in [firstKey, secondKey] {
                let root = try makeRoot("k001", key)
                let ring = try PseudonymKeyRing(tenant: tenant, keys: [root])
                for type in ["email", "phone"] {
                    for scope in scopes {
                        for isErasable in [false, true] {
                            let name = try PseudonymDomainName(type: type, scope: scope, isErasable: isErasable)
                            let domain = ring.activeDomain(name)
                            let personKey = isErasable ? [UInt8](repeating: 9, count: 16) : []
                            add(try pseudonym(domain, .string, value, personKey: personKey))
                            add(try pseudonym(domain, .integer, value, personKey: personKey))
                            add(try pseudonym(domain, .bool, Array("true".utf8), personKey: personKey))
                        }
                    }
                    let subject = try PseudonymDomainName(type: type, profile: .subject, scope: .global)
                    add(try pseudonym(ring.activeDomain(subject), .string, value, issuer: "i"))
                }
            }
        }
        #expect(seen.count == count)
        #expect(count == 152)
    }

    @Test("T86: parts of a domain cannot slide into each other")
    func lengthPrefixes() throws {
        func text(_ tenant: String, _ type: String, _ sector: String) throws -> String {
            let scope = PseudonymScope.audience(try PseudonymSector(named: sector))
            return try Pseudonymizer(
                ring: try ring(tenant: tenant), domain: try PseudonymDomainName(type: type, scope: scope)
            ).pseudonym(of: "x")
        }
        #expect(try text("ab", "c", "d") != text("a", "bc", "d"))
        #expect(try text("a", "bc", "d") != text("a", "b", "cd"))
        #expect(try text("a", "b", "c") == text("a", "b", "c"))
    }

    @Test("keys, kids and rings that are refused")
    func refused() throws {
        for count in [0, 16, 31, 33, 64] {
            let key = [UInt8](repeating: 1, count: count)
            #expect(throws: PseudonymKeyError.keyByteCount) { try makeRoot("k001", key) }
        }
        for kid in ["", "k01", "k0001", "K001", "k_01", "k-01", "k00\u{E9}", "k0\u{E9}", "k00 ", "k00."] {
            #expect(throws: PseudonymKeyError.keyID) { try makeRoot(kid, firstKey) }
        }
        let first = try makeRoot("k001", firstKey, isActive: true)
        let second = try makeRoot("k002", secondKey, isActive: true)
        let twin = try makeRoot("k001", secondKey)
        #expect(throws: PseudonymKeyError.noKey) { try PseudonymKeyRing(tenant: "acme", keys: []) }
        #expect(throws: PseudonymKeyError.severalActive) {
            try PseudonymKeyRing(tenant: "acme", keys: [first, second])
        }
        #expect(throws: PseudonymKeyError.duplicateKeyID) { try PseudonymKeyRing(tenant: "acme", keys: [first, twin]) }
        #expect(throws: PseudonymKeyError.emptyName) { try PseudonymKeyRing(tenant: "", keys: [first]) }
        #expect(throws: PseudonymKeyError.emptyName) { try PseudonymDomainName(type: "", scope: .global) }
        #expect(throws: PseudonymKeyError.emptyName) { try PseudonymDomainName(type: "a", scope: .token(jti: [])) }
    }

    @Test("a key file gives the ring; the first key is active where none is marked")
    func keyFile() throws {
        let k1 = Oracle.base64URL(firstKey)
        let k2 = Oracle.base64URL(secondKey)
        let one = "{\"kty\":\"oct\",\"alg\":\"cloakroom-p1\",\"kid\":\"k001\",\"k\":\"\(k1)\"}"
        let two = "{\"kty\":\"oct\",\"alg\":\"cloakroom-p1\",\"kid\":\"k002\",\"k\":\"\(k2)\"MARK}"
        for (mark, active) in [("", "k001"), (",\"active\":true", "k002"), (",\"active\":false", "k001")] {
            let text = "{\"keys\":[\(one),\(two.replacing("MARK", with: mark))]}"
            let keys = try SecretKeySet.parse(Array(text.utf8).span, algorithm: .pseudonym)
            let ring = try PseudonymKeyRing(tenant: "acme", keys: keys)
            #expect(ring.activeKeyID == active)
            let texts = try Pseudonymizer(ring: ring, domain: try Self.name()).candidates(of: Self.email)
            #expect(Set(texts) == ["p1_k001_yA6BEA5Yq7XakjSQ_Mi_XA", "p1_k002_FRhgpnXxAqu5aiWXWUQYQQ"])
            #expect(texts.first?.hasPrefix("p1_\(active)_") == true)
        }
    }

    @Test("T83: nothing of a key or value is in a description")
    func descriptions() throws {
        let ring = try ring()
        var dumped = ""
        dump(ring, to: &dumped)
        let domain = ring.activeDomain(try Self.name())
        dump(domain, to: &dumped)
        dumped += "\(ring) \(ring.keys[0]) \(domain)"
        // Bytes 00 01 02 03 of the key as numbers, and any 32-bit word of a midstate, would show as a list.
        #expect(!dumped.contains("inner") && !dumped.contains("outer"))
        #expect(dumped.contains("redacted"))
        let error = CanonicalizationError.email(offset: 3)
        #expect("\(error)" == "email(offset: 3)")
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenScan

@testable import TokenPersonalData

@Suite("Reversible values, s1_")
struct ReversibleTests {
    let first: SecretKey
    let second: SecretKey

    init() throws {
        let bytes = [UInt8](0..<64)
        first = try SecretKey(algorithm: .siv, keyID: Array("k001".utf8).span, bytes: bytes.span)
        let other = [UInt8](bytes.reversed())
        second = try SecretKey(algorithm: .siv, keyID: Array("k002".utf8).span, bytes: other.span)
    }

    private func ring(_ keys: [SecretKey], tenant: String = "acme", active: Int = 0) throws -> ReversibleKeyRing {
        ReversibleKeyRing(tenant: tenant, keys: try SecretKeySet(keys: keys, activeIndex: active))
    }

    private func name(
        _ type: String = "email", _ profile: CanonicalProfile = .text, _ scope: PseudonymScope = .global
    ) throws -> PseudonymDomainName {
        try PseudonymDomainName(type: type, profile: profile, scope: scope)
    }

    private func seal(
        _ value: String, _ ring: ReversibleKeyRing, _ name: PseudonymDomainName, _ kind: PseudonymValueKind = .string
    ) throws -> String? {
        var issuer = ByteScratch()
        issuer.append("https://i.example")
        var output = ByteScratch()
        let bytes = Array(value.utf8)
        let isMade = try ReversibleSealer().append(
            kind, bytes.span, domain: ring.activeDomain(name), issuer: issuer, to: &output)
        return isMade ? output.text : nil
    }

    private func reveal(
        _ text: String, _ ring: ReversibleKeyRing, _ name: PseudonymDomainName
    ) throws -> (PseudonymValueKind, [UInt8])? {
        var opener = try ReversibleOpener(ring: ring, domain: name)
        var value = ByteScratch()
        let bytes = Array(text.utf8)
        guard let kind = try? opener.reveal(bytes.span, into: &value) else {
            let isEmpty = value.isEmpty
            #expect(isEmpty)
            return nil
        }
        return (kind, value.array)
    }

    @Test("values come back, with their type", arguments: [0, 1, 29, 30, 31, 32, 33, 200])
    func roundTrip(_ count: Int) throws {
        let (ring, name) = (try ring([first]), try name())
        let value = String(repeating: "x", count: count)
        let text = try #require(try seal(value, ring, name))
        #expect(text.hasPrefix("s1_k001_"))
        // Tag, value and 80 fill whole steps of 32 bytes, behind 16 of the synthetic IV.
        let padded = (count + 2 + 31) / 32 * 32 + 16
        #expect(text.utf8.count == 8 + (padded * 4 + 2) / 3)
        let found = try #require(try reveal(text, ring, name))
        #expect(found.0 == .string && found.1 == Array(value.utf8))
        #expect(try seal(value, ring, name) == text)
        for (kind, value) in [(PseudonymValueKind.integer, "-12"), (.bool, "true")] {
            let sealed = try #require(try seal(value, ring, name, kind))
            #expect(try reveal(sealed, ring, name)?.0 == kind)
        }
        #expect(try seal("1.5", ring, name, .integer) == nil)
    }

    @Test("rotation: new values under the active key, old ones reversed as long as their key is accepted")
    func rotation() throws {
        let name = try name()
        let old = try #require(try seal("a", try ring([first]), name))
        let both = try ring([first, second], active: 1)
        let new = try #require(try seal("a", both, name))
        #expect(new.hasPrefix("s1_k002_") && both.activeKeyID == "k002")
        #expect(try reveal(old, both, name)?.1 == Array("a".utf8))
        #expect(try reveal(new, both, name)?.1 == Array("a".utf8))
        #expect(try reveal(old, try ring([second]), name) == nil)
    }

    @Test("T54: a value of another tenant, type, profile, scope or kid is not reversed, nor a changed one")
    func bound() throws {
        let (ring, name) = (try ring([first]), try name())
        let text = try #require(try seal("ana@example.com", ring, name))
        #expect(try reveal(text, try self.ring([first], tenant: "acne"), name) == nil)
        #expect(try reveal(text, ring, try self.name("phone")) == nil)
        #expect(try reveal(text, ring, try self.name("email", .email)) == nil)
        let scope = PseudonymScope.audience(try PseudonymSector(named: "x"))
        #expect(try reveal(text, ring, try self.name("email", .text, scope)) == nil)
        let swapped = try SecretKey(algorithm: .siv, keyID: Array("k009".utf8).span, bytes: [UInt8](0..<64).span)
        let renamed = text.replacing("k001", with: "k009")
        #expect(try reveal(renamed, try self.ring([swapped]), name) == nil)
        let bytes = Array(text.utf8)
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(try reveal(String(decoding: changed, as: UTF8.self), ring, name) == nil)
        }
        for text in ["", "s1_", "s1_k001_", "s1_k001_AAAA", "p1_k001_AAAA"] {
            #expect(try reveal(text, ring, name) == nil)
        }
    }

    @Test("subject/1 holds the issuer")
    func subjects() throws {
        let (ring, name) = (try ring([first]), try name("user-id", .subject))
        let text = try #require(try seal("u1", ring, name))
        let value = try #require(try reveal(text, ring, name)).1
        #expect(value == [0, 0, 0, 17] + Array("https://i.example".utf8) + [0, 0, 0, 2] + Array("u1".utf8))
    }

    @Test("T57: keys have 64 bytes and their own alg")
    func keys() throws {
        for count in [32, 63, 65] {
            let bytes = [UInt8](repeating: 1, count: count)
            #expect(throws: KeyError.self) {
                _ = try SecretKey(algorithm: .siv, keyID: Array("k001".utf8).span, bytes: bytes.span)
            }
        }
        var written = ByteScratch()
        try SecretKeySet(keys: [first, second]).writeJWKSet(into: &written)
        let text = written.text
        #expect(text.contains(#""alg":"cloakroom-siv1""#))
        #expect(try ReversibleKeyRing(tenant: "acme", jwks: Array(text.utf8).span).activeKeyID == "k001")
        #expect(throws: (any Error).self) {
            let pseudonym = text.replacing("siv1", with: "p1")
            _ = try ReversibleKeyRing(tenant: "acme", jwks: Array(pseudonym.utf8).span)
        }
    }
}

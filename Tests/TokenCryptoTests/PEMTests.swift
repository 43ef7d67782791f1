// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

@Suite("Keys from PEM")
struct PEMTests {
    typealias Examples = PEMExamples

    @Test("one key in its forms has one thumbprint")
    func forms() throws {
        let rsa = try [Examples.rsaPKCS1, Examples.rsaPKCS8, Examples.rsaSPKI, Examples.rsaPublicPKCS1].map {
            try parsePEM($0, .rs256)
        }
        let p256 = try [Examples.p256SEC1, Examples.p256PKCS8, Examples.p256SPKI].map { try parsePEM($0) }
        let p384 = try [Examples.p384PKCS8, Examples.p384SPKI].map { try parsePEM($0) }
        let p521 = try [Examples.p521SEC1, Examples.p521SPKI].map { try parsePEM($0) }
        let ed = try [Examples.ed25519PKCS8, Examples.ed25519SPKI].map { try parsePEM($0, .edDSA) }
        #expect(rsa.map(\.isPrivate) == [true, true, false, false])
        let message = Array("message".utf8)
        let all: [([SignatureKey], SignatureAlgorithm)] = [
            (rsa, .rs256), (p256, .es256), (p384, .es384), (p521, .es512), (ed, .edDSA),
        ]
        for (keys, algorithm) in all {
            #expect(Set(keys.map { $0.thumbprint() }).count == 1)
            let (first, last) = (keys[0], keys[keys.count - 1])
            #expect(first.isPrivate && !last.isPrivate && first.algorithm == algorithm)
            #expect(try verify(last, try sign(first, message), message))
            // The JWK that is written gives the same key.
            #expect(try parseJWK(try privateJWK(first)).thumbprint() == last.thumbprint())
        }
    }

    @Test("a signature of the openssl command verifies")
    func opensslSignature() throws {
        let signature = try #require(base64URL(Examples.rsaSignature))
        #expect(try verify(try parsePEM(Examples.rsaSPKI, .rs256), signature, Array("message".utf8)))
        #expect(try sign(try parsePEM(Examples.rsaPKCS8, .rs256), Array("message".utf8)) == signature)
    }

    @Test(
        "refusals",
        arguments: [
            (Examples.certificate, KeyError.certificate), (Examples.encryptedPKCS8, .encrypted),
            (Examples.encryptedSEC1, .encrypted), (Examples.compressedSPKI, .coordinateLength),
            (Examples.explicitSPKI, .unsupportedCurve), (Examples.secp256k1SEC1, .unsupportedCurve),
            (Examples.x25519PKCS8, .unsupportedKeyType), (Examples.rsaSPKI, .missingAlgorithm), ("", .noKey),
            ("nothing here", .noKey), (Examples.p256SEC1 + "\n" + Examples.p256SPKI, .malformed),
            (Examples.p256SPKI.replacing("PUBLIC KEY", with: "DSA PRIVATE KEY"), .unsupportedKeyType),
            (Examples.p256SPKI.replacing("END PUBLIC KEY", with: "END PRIVATE KEY"), .malformed),
            (Examples.p256SPKI.replacing("-----END PUBLIC KEY-----", with: ""), .malformed),
            (Examples.p256SPKI.replacing("BEGIN PUBLIC KEY-----", with: "BEGIN PUBLIC KEY"), .malformed),
            (Examples.p256SPKI.replacing("MFkw", with: "M-kw"), .malformed),
            (Examples.p256SPKI.replacing("MFkw", with: "MFk"), .malformed),
            (Examples.p256SPKI.replacing("==", with: "="), .malformed),
            (Examples.p256SPKI.replacing("PUBLIC", with: "PRIVATE"), .malformed),
            ("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----", .malformed),
        ])
    func refuses(_ text: String, _ error: KeyError) {
        #expect(refusal { () throws(KeyError) in try parsePEM(text) } == error)
    }

    @Test("T2: a PEM is never an HMAC secret", arguments: SignatureAlgorithm.allCases.prefix(3))
    func neverSecret(_ algorithm: SignatureAlgorithm) {
        for text in [Examples.rsaSPKI, "\n \t" + Examples.rsaSPKI, "x" + Examples.p256SPKI, Examples.ed25519PKCS8] {
            #expect(refusal { () throws(KeyError) in try parsePEM(text, algorithm) } == .algorithmKeyMismatch)
            #expect(refusal { () throws(KeyError) in try parseFile(text, algorithm) } == .algorithmKeyMismatch)
        }
    }

    @Test("T22: many boundaries without an end are refused at once")
    func boundaries() {
        for text in ["-----BEGIN ", "-----BEGIN A-----", "-----BEGIN A-----\n-----END B-----\n"] {
            let whole = String(repeating: text, count: (1 << 20) / text.utf8.count)
            #expect(refusal { () throws(KeyError) in try parsePEM(whole) } == .malformed)
            #expect(refusal { () throws(KeyError) in try parseFile(whole) } != nil)
        }
    }

    @Test(
        "T78: every prefix and every flipped character of a key is refused or read, without a trap",
        arguments: [Examples.p256SPKI, Examples.p256PKCS8, Examples.p521SEC1, Examples.ed25519PKCS8])
    func mutations(_ text: String) throws {
        // Without the parameters block, whose contents do not count.
        let start = text.firstRange(of: "-----BEGIN EC PRIVATE")?.lowerBound ?? text.startIndex
        let bytes = Array(text[start...].utf8)
        let original = try parsePEM(text).thumbprint()
        for count in 0..<bytes.count {
            let prefix = Array(bytes.prefix(count))
            #expect(refusal { () throws(KeyError) in try SignatureKey.parse(pem: prefix.span) } != nil)
        }
        var same = 0
        for i in bytes.indices {
            var changed = bytes
            changed[i] ^= 1
            guard let key = try? SignatureKey.parse(pem: changed.span) else { continue }
            if key.thumbprint() == original { same += 1 }
        }
        // A changed private part never keeps the public one: what stays readable with the same key changed nothing
        // but text outside the DER, or an attribute that does not count.
        #expect(same <= 2, "\(same) of \(bytes.count)")
    }
}

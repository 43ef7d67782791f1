// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

@Suite("KeySet")
struct KeySetTests {
    static func named(_ jwk: String, _ keyID: String) -> String { "{\"kid\":\"\(keyID)\"," + jwk.dropFirst() }
    static let ed = SignatureKeyJWKTests.edPublic

    @Test("T63: one bad key of a set is skipped with its reason, the others work")
    func skips() throws {
        var entries = (0..<20).map { Self.named(Self.ed, "k\($0)") }
        entries[7] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}"
        entries[9] = "17"
        entries[11] = "{\"kty\":\"new\",\"v\":[{\"deep\":[1,2,3]}]}"
        entries[13] = "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"alg\":\"RS256\"}"
        let set = try parseSet("{\"keys\":[\(entries.joined(separator: ","))],\"other\":{}}")
        #expect(set.keys.count == 16)
        #expect(set.skipped.map(\.index) == [7, 9, 11, 13])
        #expect(set.skipped.map(\.error) == [.coordinateLength, .malformed, .unsupportedKeyType, .modulusSize])
    }

    @Test("T60: same kid and algorithm: the first counts; same kid, other algorithm: both, looked up by both")
    func duplicates() throws {
        let set = try parseSet(
            "{\"keys\":[\(Self.named(Self.ed, "a")),\(Self.named(rfc8037A1Key, "a")),\(Self.named(rfc7515A3Key, "a")),"
                + "\(Self.ed),\(rfc8037A1Key)]}")
        #expect(set.keys.count == 4 && set.skipped.map(\.index) == [1] && set.skipped[0].error == .duplicateKeyID)
        #expect(algorithm("a", .edDSA, set) == .edDSA && algorithm("a", .es256, set) == .es256)
        #expect(algorithm("a", .hs256, set) == nil && algorithm("", .edDSA, set) == nil)
        #expect(!set.mixesSecretAndPublicKeys)
    }

    func algorithm(_ keyID: String, _ algorithm: SignatureAlgorithm, _ set: KeySet) -> SignatureAlgorithm? {
        set.key(id: Array(keyID.utf8).span, algorithm: algorithm)?.algorithm
    }

    @Test("T60: a mixed set is told")
    func mixed() throws {
        let set = try parseSet("{\"keys\":[\(SignatureKeyJWKTests.octHS256),\(Self.ed)]}")
        #expect(set.keys.count == 2 && set.mixesSecretAndPublicKeys)
    }

    @Test("the caller's algorithm supplies a missing one and restricts the rest")
    func callersAlgorithm() throws {
        let rsa512 = "{\"alg\":\"RS512\"," + rfc7638Key.replacing("\"alg\":\"RS256\",", with: "").dropFirst()
        let set = try parseSet("{\"keys\":[\(rfc7515A2Key),\(rsa512),\(Self.ed)]}", .rs256)
        #expect(set.keys.count == 1)
        #expect(set.skipped.map(\.error) == [.algorithmMismatch, .algorithmKeyMismatch])
    }

    @Test(
        "sets that are none",
        arguments: ["", "[]", "{}", "{\"keys\":1}", "{\"keys\":[]", "{\"keys\":[],\"keys\":[]}"])
    func malformed(_ text: String) {
        #expect(refusal { () throws(KeyError) in try parseSet(text) } == .malformed)
    }

    @Test("an empty set is empty, as JWKS; as a file it holds no key")
    func empty() throws {
        #expect(try parseSet("{\"keys\":[]}").keys.isEmpty)
        #expect(refusal { () throws(KeyError) in try parseFile("{\"keys\":[]}") } == .noKey)
    }

    @Test("limits: 1024 keys, 1 MiB")
    func limits() throws {
        let entries = [String](repeating: "{}", count: 1024).joined(separator: ",")
        #expect(try parseSet("{\"keys\":[\(entries)]}").skipped.count == 1024)
        #expect(refusal { () throws(KeyError) in try parseSet("{\"keys\":[{},\(entries)]}") } == .tooLarge)
        let blanks = String(repeating: " ", count: (1 << 20) - Self.ed.utf8.count)
        #expect(try parseFile(blanks + Self.ed).keys.count == 1)
        #expect(refusal { () throws(KeyError) in try parseFile(blanks + Self.ed + " ") } == .tooLarge)
        #expect(refusal { () throws(KeyError) in try parseJWK(blanks + Self.ed + " ") } == .tooLarge)
        #expect(refusal { () throws(KeyError) in try parseSet(blanks + "{\"keys\":[]}" + blanks) } == .tooLarge)
    }

    @Test("a file is told by its first byte or its PEM boundary")
    func files() throws {
        #expect(try parseFile("\n\t " + Self.ed).keys.count == 1)
        #expect(try parseFile("{\"keys\":[\(Self.ed)]}").keys.count == 1)
        #expect(try parseFile("some text\n" + PEMExamples.ed25519SPKI).keys.count == 1)
        for text in ["", "secret", "\u{FEFF}" + Self.ed, "[\(Self.ed)]"] {
            #expect(refusal { () throws(KeyError) in try parseFile(text, .hs256) } == .malformed)
        }
        #expect(refusal { () throws(KeyError) in try parseFile("{\"kty\":\"oct\"}", .hs256) } == .missingMember)
    }

    @Test("PEM files with several blocks: usable ones are taken, others skipped")
    func pemFiles() throws {
        let text = [
            PEMExamples.certificate, PEMExamples.p256SEC1, PEMExamples.encryptedPKCS8, PEMExamples.ed25519SPKI,
            PEMExamples.rsaSPKI,
        ].joined(separator: "\n")
        let set = try KeySet.parse(file: Array(text.utf8).span, keyID: Array("k".utf8))
        #expect(set.keys.map(\.algorithm) == [.es256, .edDSA] && set.keys.allSatisfy { $0.keyID == [0x6B] })
        #expect(set.skipped.map(\.error) == [.certificate, .encrypted, .missingAlgorithm])
        #expect(refusal { () throws(KeyError) in try parseFile(PEMExamples.certificate) } == .certificate)
    }

    @Test("every prefix of a set is refused or read, without a trap")
    func prefixes() {
        let text = Array("{\"keys\":[\(Self.named(Self.ed, "a")),\(rfc7515A3Key)]}".utf8)
        for count in 0..<text.count {
            let prefix = Array(text.prefix(count))
            #expect(refusal { () throws(KeyError) in try KeySet.parse(jwks: prefix.span) } == .malformed)
        }
    }
}

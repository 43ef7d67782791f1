// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenScan

@Suite("SecretKeySet")
struct SecretKeySetTests {
    static let k1 = "{\"kty\":\"oct\",\"alg\":\"cloakroom-p1\",\"kid\":\"k001\",\"k\":\"" + k + "\"}"
    static let k2 = "{\"kty\":\"oct\",\"alg\":\"cloakroom-p1\",\"kid\":\"k002\",\"active\":true,\"k\":\"" + k + "\"}"
    static let k = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    func parse(_ text: String) -> Result<SecretKeySet, KeyError> {
        Result { () throws(KeyError) in try SecretKeySet.parse(Array(text.utf8).span, algorithm: .pseudonym) }
    }

    func find(_ keyID: String, _ set: SecretKeySet) -> String? {
        set.key(id: Array(keyID.utf8).span)?.keyIDText
    }

    @Test("one JWK, or a set with the active key marked")
    func parses() throws {
        let single = try parse(Self.k1).get()
        #expect(single.keys.count == 1 && single.active.keyIDText == "k001")
        #expect(copy(single.active.bytes) == (0..<32).map { UInt8($0) })
        let set = try parse("{\"keys\":[\(Self.k1),\(Self.k2)]}").get()
        #expect(set.active.keyIDText == "k002" && set.activeIndex == 1)
        #expect(find("k001", set) == "k001")
        #expect(find("k003", set) == nil)
    }

    @Test(
        "T57, T59, T61: a bad key spoils the set with its reason",
        arguments: [
            ("[]", KeyError.malformed), ("{\"keys\":[]}", .noKey), ("{\"keys\":{}}", .malformed),
            ("{\"keys\":[1]}", .malformed), ("{}", .missingMember),
            ("{\"keys\":[\(k1),\(k1)]}", .duplicateKeyID),
            ("{\"keys\":[\(k2),\(k2)]}", .severalActive),
            (k1.replacing("oct", with: "RSA"), .unsupportedKeyType),
            (k1.replacing("cloakroom-p1", with: "cloakroom-log1"), .algorithmMismatch),
            (k1.replacing("cloakroom-p1", with: "HS256"), .algorithmMismatch),
            (k1.replacing("\"alg\":\"cloakroom-p1\",", with: ""), .missingAlgorithm),
            (k1.replacing("k001", with: "K001"), .keyID), (k1.replacing("k001", with: "k01"), .keyID),
            (k1.replacing("\"k001\"", with: "7"), .keyID),
            (k1.replacing("\"kid\":\"k001\",", with: ""), .missingMember),
            (k1.replacing(k, with: "AAAA"), .secretTooShort), (k1.replacing(k, with: k + "AAAA"), .secretTooLong),
            (k1.replacing(k, with: k + "="), .malformedMember), (k1.replacing("\"k\"", with: "\"kk\""), .missingMember),
            (k1.replacing("\"kty\"", with: "\"key_ops\":[],\"kty\""), .operationNotPermitted),
            (k2.replacing("true", with: "1"), .malformedMember), ("{\"k\":1,\"k\":2}", .malformed),
        ])
    func refuses(_ text: String, _ error: KeyError) {
        let wrapped = text == Self.k2.replacing("true", with: "1") ? "{\"keys\":[\(text)]}" : text
        guard case .failure(let seen) = parse(wrapped) else {
            Issue.record("accepted")
            return
        }
        #expect(seen == error)
    }

    @Test("a generated set is written and read back")
    func roundTrip() throws {
        let a = try SecretKey.generate(algorithm: .log, keyID: Array("a000".utf8).span)
        let b = try SecretKey.generate(algorithm: .log, keyID: Array("b000".utf8).span)
        let set = try SecretKeySet(keys: [a, b], activeIndex: 1)
        var out = ByteScratch(isSecret: true)
        set.writeJWKSet(into: &out)
        let again = try SecretKeySet.parse(out.span, algorithm: .log)
        #expect(again.activeIndex == 1)
        #expect(copy(a.bytes) == copy(again.keys[0].bytes) && copy(a.bytes) != copy(b.bytes))
    }

    @Test("a failing random source is an error")
    func randomness() {
        #expect(throws: KeyError.randomness) {
            _ = try SecretKey.generate(algorithm: .log, keyID: Array("a000".utf8).span, random: { _ in false })
        }
    }

    @Test("T81, T83: descriptions, dumps and mirrors show nothing")
    func redacted() throws {
        let set = try parse(Self.k1).get()
        var text = ""
        dump(set.active, to: &text)
        dump(set.active.bytes, to: &text)
        dump(HMACSHA256Key([UInt8](repeating: 1, count: 32).span), to: &text)
        text += "\(set.active) \(set.active.bytes) \(String(reflecting: set))"
        #expect(text.contains("redacted") && !text.contains("0x") && !text.contains("k001"))
    }
}

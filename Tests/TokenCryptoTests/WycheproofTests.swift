// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

/// A vector file, and the tests of it whose label we do not follow, each with the reason.
struct WycheproofFile: Sendable, CustomTestStringConvertible {
    let name: String
    let algorithm: SignatureAlgorithm
    /// tcId to reason: every test where our verdict is not `result == "valid"`, and no other.
    var deviations: [Int: String] = [:]
    var testDescription: String { name }
}

@Suite("Wycheproof signatures and MACs", .enabled(if: VectorFiles.isPresent))
struct WycheproofTests {
    static let files: [WycheproofFile] = [
        WycheproofFile(name: "rsa_signature_2048_sha256_test.json", algorithm: .rs256),
        WycheproofFile(name: "rsa_signature_3072_sha512_test.json", algorithm: .rs512),
        WycheproofFile(name: "rsa_signature_4096_sha384_test.json", algorithm: .rs384),
        WycheproofFile(name: "rsa_pss_2048_sha256_mgf1_32_test.json", algorithm: .ps256),
        WycheproofFile(name: "rsa_pss_4096_sha512_mgf1_64_test.json", algorithm: .ps512),
        WycheproofFile(name: "ecdsa_secp256r1_sha256_p1363_test.json", algorithm: .es256),
        WycheproofFile(name: "ecdsa_secp384r1_sha384_p1363_test.json", algorithm: .es384),
        WycheproofFile(name: "ed25519_test.json", algorithm: .edDSA),
    ]

    /// The group's key from every form that the file gives: PEM always, JWK where there is one.
    func keys(_ group: VectorValue, _ algorithm: SignatureAlgorithm) throws -> [SignatureKey] {
        var keys = [try parsePEM(group["publicKeyPem"].string, algorithm)]
        for name in ["publicKeyJwk", "keyJwk"] where !group[name].isNull {
            let jwk = try group[name].jsonBytes()
            keys.append(try parseJWK(String(decoding: jwk, as: UTF8.self), algorithm))
        }
        return keys
    }

    @Test("T13 to T18: verdicts", arguments: files)
    func signatures(_ file: WycheproofFile) throws {
        var differing: [Int] = []
        var count = 0
        for group in try VectorFiles.json("wycheproof/" + file.name)["testGroups"].array {
            let verifiers = try keys(group, file.algorithm).map { try SignatureVerifier($0) }
            for test in group["tests"].array {
                let (message, signature) = (test["msg"].hexBytes, test["sig"].hexBytes)
                let verdicts = Set(verifiers.map { isValid($0, signature, message) })
                #expect(verdicts.count == 1, "PEM and JWK disagree on \(test["tcId"].int)")
                if verdicts.contains(true) != (test["result"].string == "valid") { differing.append(test["tcId"].int) }
                count += 1
            }
        }
        #expect(differing == file.deviations.keys.sorted())
        #expect(count > 100)
    }

    @Test("T14: the DER files through the raw signature layer, and none of their signatures through the JWS form")
    func ecdsaDER() throws {
        var differing: [Int] = []
        for group in try VectorFiles.json("wycheproof/ecdsa_secp256r1_sha256_test.json")["testGroups"].array {
            let verifier = try SignatureVerifier(try parsePEM(group["publicKeyPem"].string))
            for test in group["tests"].array {
                let (message, signature) = (test["msg"].hexBytes, test["sig"].hexBytes)
                let verdict = verifier.isValidDER(signature.span, over: message.span)
                if verdict != (test["result"].string == "valid") { differing.append(test["tcId"].int) }
                #expect(!isValid(verifier, signature, message))
            }
        }
        #expect(differing == [])
    }

    @Test("T4, T18, T57: HMAC-SHA256, full tags; truncated tags and short keys are refused")
    func hmac() throws {
        var wrong: [Int] = []
        for entry in try WycheproofCase.load("hmac_sha256_test.json") {
            let (key, message) = (entry.test["key"].hexBytes, entry.test["msg"].hexBytes)
            let tag = entry.test["tag"].hexBytes
            let tagByteCount = entry.group["tagSize"].int / 8
            // The primitive, with the group's own tag length.
            let truncated = Array(hmacSHA256(key, message).prefix(tagByteCount))
            if (truncated == tag) != (entry.result == "valid") { wrong.append(entry.id) }
            // The JWS algorithm: 256-bit tags and keys only.
            let jwk = "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"\(base64URL(key))\"}"
            let load = refusal { () throws(KeyError) in try parseJWK(jwk) }
            guard key.count >= 32 else {
                #expect(load == .secretTooShort)
                continue
            }
            let isExpected = entry.result == "valid" && tagByteCount == 32
            if try verify(try parseJWK(jwk), tag, message) != isExpected { wrong.append(entry.id) }
        }
        #expect(wrong == [])
    }

    @Test("HKDF-SHA256")
    func hkdfSHA256() throws {
        var wrong: [Int] = []
        for entry in try WycheproofCase.load("hkdf_sha256_test.json") {
            let size = entry.test["size"].int
            // The invalid ones ask for more than 255 blocks, which is a precondition here.
            guard size <= HKDFSHA256.byteCountMax else {
                if entry.result != "invalid" { wrong.append(entry.id) }
                continue
            }
            let output = hkdf(
                salt: entry.test["salt"].hexBytes, ikm: entry.test["ikm"].hexBytes,
                info: entry.test["info"].hexBytes, byteCount: size)
            if (output == entry.test["okm"].hexBytes) != (entry.result == "valid") { wrong.append(entry.id) }
        }
        #expect(wrong == [])
    }
}

@Suite("Wycheproof JOSE keys", .enabled(if: VectorFiles.isPresent))
struct WycheproofJOSEKeyTests {
    @Test("T56, T59, T60: keys of json_web_crypto; the valid signatures verify")
    func keys() throws {
        var verified: [Int] = []
        var refusedGroups: [String: KeyError] = [:]
        for group in try VectorFiles.json("wycheproof/json_web_crypto_test.json")["testGroups"].array {
            let name = group["comment"].string
            let json = try (group["public"].isNull ? group["private"] : group["public"]).jsonBytes()
            let set: KeySet
            do throws(KeyError) {
                set = try KeySet.parse(file: json.span)
            } catch {
                refusedGroups[name] = error
                continue
            }
            #expect(set.mixesSecretAndPublicKeys == (name == "jws_mixedSymmetryKeyset"))
            for test in group["tests"].array where test["result"].string == "valid" {
                let (message, signature) = split(test["jws"].string)
                for key in set.keys where try verify(key, signature, message) { verified.append(test["tcId"].int) }
            }
        }
        #expect(verified == [1, 18, 33, 48])
        #expect(
            refusedGroups == [
                "jws_rsa_roca_key": .modulusWeak, "jwe_aes": .unsupportedAlgorithm, "jwe_ec": .unsupportedAlgorithm,
            ])
    }
}

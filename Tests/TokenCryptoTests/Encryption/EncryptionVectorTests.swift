// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScan

@testable import TokenCrypto

/// Vectors of other projects, through the primitives and through whole tokens.
@Suite("Encryption vectors", .enabled(if: VectorFiles.isPresent))
struct EncryptionVectorTests {
    @Test("T46: AES-GCM: with IVs of 12 and tags of 16 bytes as labelled, all others refused")
    func gcm() throws {
        var taken = 0
        for test in try WycheproofCase.load("aes_gcm_test.json") {
            let content: ContentEncryption? = [128: .a128GCM, 192: .a192GCM, 256: .a256GCM][test.group["keySize"].int]
            let cipher = try ContentCipher(try #require(content), encrypts: false)
            let isOurs = test.group["ivSize"].int == 96 && test.group["tagSize"].int == 128
            #expect(open(cipher, test.test) == (isOurs && test.result == "valid"), "\(test.id)")
            if isOurs, test.result == "valid" {
                taken += 1
                let sealer = try ContentCipher(try #require(content), encrypts: true)
                #expect(seal(sealer, test.test), "\(test.id)")
            }
        }
        #expect(taken > 100)
    }

    @Test("T47: A128CBC-HS256")
    func cbc() throws {
        var count = 0
        for test in try WycheproofCase.load("a128cbc_hs256_test.json") {
            #expect(
                open(try ContentCipher(.a128CBCHS256, encrypts: false), test.test) == (test.result == "valid"),
                "\(test.id)")
            if test.result == "valid" {
                #expect(seal(try ContentCipher(.a128CBCHS256, encrypts: true), test.test), "\(test.id)")
            }
            count += 1
        }
        #expect(count > 80)
    }

    private func open(_ cipher: ContentCipher, _ test: VectorValue) -> Bool {
        let (key, iv, header) = (test["key"].hexBytes, test["iv"].hexBytes, test["aad"].hexBytes)
        let (ciphertext, tag) = (test["ct"].hexBytes, test["tag"].hexBytes)
        var plaintext = ByteScratch()
        let isOpen = cipher.open(
            ciphertext.span, key: key.span, iv: iv.span, header: header.span, tag: tag.span, into: &plaintext)
        return isOpen && plaintext.array == test["msg"].hexBytes
    }

    private func seal(_ cipher: ContentCipher, _ test: VectorValue) -> Bool {
        let (key, iv, header) = (test["key"].hexBytes, test["iv"].hexBytes, test["aad"].hexBytes)
        let message = test["msg"].hexBytes
        var ciphertext = ByteScratch()
        var tag = [UInt8](repeating: 0, count: 16)
        var span = tag.mutableSpan
        let isSealed = cipher.seal(
            message.span, key: key.span, iv: iv.span, header: header.span, into: &ciphertext, tag: &span)
        return isSealed && ciphertext.array == test["ct"].hexBytes && tag == test["tag"].hexBytes
    }

    @Test("AES Key Wrap")
    func keyWrap() throws {
        for test in try WycheproofCase.load("aes_wrap_test.json") {
            let (key, message, wrapped) = (
                test.test["key"].hexBytes, test.test["msg"].hexBytes, test.test["ct"].hexBytes
            )
            let unwrap = try AESKeyWrap(keyByteCount: key.count, wraps: false)
            var found = ByteScratch()
            let isOpen = unwrap.setKey(key.span) && unwrap.unwrap(wrapped.span, into: &found)
            // Keys under 128 bits are no AES keys, and not unwrapped: labelled acceptable or valid, refused here.
            let isExpected = test.result != "invalid" && message.count >= 16
            #expect(isOpen == isExpected, "\(test.id)")
            guard isOpen else { continue }
            #expect(found.array == message, "\(test.id)")
            let wrap = try AESKeyWrap(keyByteCount: key.count, wraps: true)
            var made = ByteScratch()
            let isMade = wrap.setKey(key.span) && wrap.wrap(message.span, into: &made)
            #expect(isMade && made.array == wrapped, "\(test.id)")
        }
    }

    @Test("AES-256-SIV: with associated data and plaintext as labelled, without either refused")
    func siv() throws {
        var taken = 0
        for test in try WycheproofCase.load("aes_siv_cmac_test.json") where test.group["keySize"].int == 512 {
            let (key, associated, sealed) = (
                test.test["key"].hexBytes, test.test["aad"].hexBytes, test.test["ct"].hexBytes
            )
            let message = test.test["msg"].hexBytes
            var found = ByteScratch()
            let isOpen = try SyntheticIVCipher(encrypts: false).open(
                sealed.span, associated: associated.span, key: key.span, into: &found)
            let isOurs = !associated.isEmpty && sealed.count > 16
            #expect(isOpen == (isOurs && test.result == "valid"), "\(test.id)")
            guard isOpen else { continue }
            taken += 1
            #expect(found.array == message)
            var made = ByteScratch()
            let isMade = try SyntheticIVCipher(encrypts: true).seal(
                message.span, associated: associated.span, key: key.span, into: &made)
            #expect(isMade && made.array == sealed, "\(test.id)")
        }
        #expect(taken > 20)
    }

    @Test("T48: RSA-OAEP with SHA-256")
    func rsaOAEP() throws {
        for group in try VectorFiles.json("wycheproof/rsa_oaep_2048_sha256_mgf1sha256_test.json")["testGroups"].array {
            let key = try EncryptionKey.parse(
                pem: Array(group["privateKeyPem"].string.utf8).span, algorithm: .rsaOAEP256)
            let handle = try #require(key.handle)
            for test in group["tests"].array {
                // Labels are not of JWE and not offered.
                let hasLabel = !test["label"].string.isEmpty
                let context = try RSAEncryptionContext(key: handle, usesSHA1: false, encrypts: false)
                var found = ByteScratch()
                let isOpen = context.process(test["ct"].hexBytes.span, into: &found)
                #expect(isOpen == (test["result"].string == "valid" && !hasLabel), "\(test["tcId"].int)")
                if isOpen { #expect(found.array == test["msg"].hexBytes) }
            }
        }
    }

    @Test("T49: ECDH on P-256 with keys as JWK")
    func ecdh() throws {
        var differing: [Int] = []
        let context = try CurveContext(.p256)
        for test in try WycheproofCase.load("ecdh_secp256r1_webcrypto_test.json") {
            var agreed = ByteScratch()
            var isAgreed = false
            if let key = try? JWE.key(
                String(decoding: test.test["private"].jsonBytes(), as: UTF8.self), .ecdhES),
                let secret = key.secret, key.kind == .elliptic(.p256),
                let x = NaiveBase64URL.decode(Array(test.test["public"]["x"].string.utf8)),
                let y = NaiveBase64URL.decode(Array(test.test["public"]["y"].string.utf8)),
                test.test["public"]["crv"].string == "P-256"
            {
                isAgreed = secret.withSpan { context.agree($0, x: x.span, y: y.span, into: &agreed) }
            }
            if isAgreed { #expect(agreed.array == test.test["shared"].hexBytes, "\(test.id)") }
            if isAgreed != (test.result == "valid"), test.result != "acceptable" { differing.append(test.id) }
        }
        #expect(differing == [])
    }

    @Test("Wycheproof json_web_crypto: JWE")
    func joseTokens() throws {
        var differing: [Int] = []
        var count = 0
        for test in try WycheproofCase.load("json_web_crypto_test.json") where !test.test["jwe"].isNull {
            let key = try JWE.key(String(decoding: test.group["private"].jsonBytes(), as: UTF8.self))
            let refusal = try JWE.refusal(test.test["jwe"].string, [key])
            if (refusal == nil) != (test.result == "valid") { differing.append(test.id) }
            if refusal == nil, !test.test["pt"].isNull {
                #expect(Array(try JWE.decrypt(test.test["jwe"].string, [key]).utf8) == test.test["pt"].hexBytes)
            }
            count += 1
        }
        #expect(differing == [])
        #expect(count == 34)
    }

    @Test("RFC 7516 appendix A and the curve25519 cookbook")
    func documents() throws {
        for example in try VectorFiles.json("rfc-appendix/rfc7516_A.json").array
        where example["serialization"].string == "compact" {
            let token = example["token"].string
            let name = try JWE.header(token)["alg"] as? String ?? ""
            let jwk = String(decoding: try example["key"].jsonBytes(), as: UTF8.self)
            guard let algorithm = KeyManagement(rawValue: name) else {
                #expect(name == "RSA1_5")
                continue
            }
            let key = try JWE.key(jwk, algorithm)
            #expect(try JWE.decrypt(token, [key], allowing: [.rsaOAEP]) == example["plaintext_utf8"].string)
        }
        let example = try VectorFiles.json("rfc7520-cookbook/curve25519/ecdh-es.json")
        let jwk = String(decoding: try example["input"]["key"].jsonBytes(), as: UTF8.self)
        let key = try JWE.key(jwk, .ecdhES)
        #expect(
            try JWE.decrypt(example["output"]["compact"].string, [key]) == example["input"]["plaintext"].string)
    }
}

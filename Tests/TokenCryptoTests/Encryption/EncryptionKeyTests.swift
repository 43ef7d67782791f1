// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScan

@testable import TokenCrypto

@Suite("JWE keys")
struct EncryptionKeyTests {
    static let secret16 = "AAECAwQFBgcICQoLDA0ODw"
    static let secret32 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    static func secret(_ more: String, _ k: String = secret32) -> String { #"{"kty":"oct","k":"\#(k)"\#(more)}"# }

    @Test("T59: use, key_ops and alg are honoured")
    func operations() throws {
        let cases: [(String, KeyError?)] = [
            (#","alg":"A256KW""#, nil), (#","alg":"A256KW","use":"enc""#, nil),
            (#","alg":"A256KW","use":"sig""#, .operationNotPermitted),
            (#","alg":"A256KW","key_ops":["wrapKey"]"#, nil),
            (#","alg":"A256KW","key_ops":["sign"]"#, .operationNotPermitted),
            (#","alg":"A256KW","key_ops":[]"#, .operationNotPermitted),
            (#","alg":"A256KW","key_ops":["wrapKey","wrapKey"]"#, .duplicateKeyOperation),
            (#","alg":"A256KW","key_ops":"wrapKey""#, .malformedMember),
            (#","alg":"HS256""#, .unsupportedAlgorithm), ("", .missingAlgorithm),
            (#","alg":"A128KW""#, .secretTooLong), (#","alg":"ECDH-ES""#, .algorithmKeyMismatch),
            (#","alg":"RSA-OAEP-256""#, .algorithmKeyMismatch),
        ]
        for (more, error) in cases {
            #expect(refusal { () throws(KeyError) in try JWE.key(Self.secret(more)) } == error, "\(more)")
        }
        let one = try JWE.key(Self.secret(#","alg":"A256KW","key_ops":["unwrapKey"]"#))
        #expect(!one.canEncrypt && one.canDecrypt)
        #expect(throws: KeyError.operationNotPermitted) { _ = try Encryptor(key: one) }
        let other = try JWE.key(Self.secret(#","alg":"A256KW","key_ops":["wrapKey"]"#))
        #expect(other.canEncrypt && !other.canDecrypt)
        #expect(throws: KeyError.operationNotPermitted) { _ = try Decryptor(keys: [other]) }
    }

    @Test("T5: a key has one algorithm, and a caller's must be the same")
    func oneAlgorithm() throws {
        #expect(try JWE.key(Self.secret(""), .a256KW).algorithm == .a256KW)
        #expect(
            refusal { () throws(KeyError) in try JWE.key(Self.secret(#","alg":"A256KW""#), .a256GCMKW) }
                == .algorithmMismatch)
        let wrap = try JWE.key(Self.secret(#","alg":"A256KW""#))
        let gcm = try JWE.key(Self.secret(#","alg":"A256GCMKW""#))
        #expect(try JWE.refusal(JWE.encrypt("text", gcm), [wrap]) == .decryptionFailed)
    }

    @Test("dir keys are of one content algorithm: alg may name it, the member enc may, else the length does")
    func directKeys() throws {
        let cases: [(String, String, ContentEncryption)] = [
            (#","alg":"dir""#, Self.secret16, .a128GCM), (#","alg":"dir""#, Self.secret32, .a256GCM),
            (#","alg":"A256GCM""#, Self.secret32, .a256GCM),
            (#","alg":"A128CBC-HS256""#, Self.secret32, .a128CBCHS256),
            (#","alg":"dir","enc":"A128CBC-HS256""#, Self.secret32, .a128CBCHS256),
        ]
        for (more, k, content) in cases {
            let key = try JWE.key(Self.secret(more, k))
            #expect(key.algorithm == .direct && key.contentEncryption == content)
        }
        let refused: [(String, String)] = [
            (#","alg":"dir""#, "AAEC"), (#","alg":"A256GCM""#, Self.secret16),
            (#","alg":"dir","enc":"A128GCM""#, Self.secret32),
        ]
        for (more, k) in refused {
            #expect(refusal { () throws(KeyError) in try JWE.key(Self.secret(more, k)) } != nil)
        }
        let key = try JWE.key(Self.secret(#","alg":"A256GCM""#))
        #expect(throws: KeyError.operationNotPermitted) { _ = try Encryptor(key: key) }
    }

    @Test("T56, T58: RSA and EC keys pass the checks that signature keys pass")
    func numbers() throws {
        let x = #""x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ""#
        let y = #""y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck""#
        let cases: [(String, KeyError)] = [
            (#"{"kty":"EC","crv":"P-256",\#(x),"y":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ"}"#, .pointNotOnCurve),
            (#"{"kty":"EC","crv":"P-256",\#(x)}"#, .missingMember),
            (#"{"kty":"EC","crv":"secp256k1",\#(x),\#(y)}"#, .unsupportedCurve),
            (#"{"kty":"EC","crv":"P-384",\#(x),\#(y)}"#, .coordinateLength),
            (#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#, .unsupportedCurve),
            (#"{"kty":"OKP","crv":"X25519","x":"AAAA"}"#, .coordinateLength),
            (#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, .algorithmKeyMismatch),
        ]
        for (jwk, error) in cases { #expect(refusal { () throws(KeyError) in try JWE.key(jwk, .ecdhES) } == error) }
        #expect(
            refusal { () throws(KeyError) in try JWE.key(#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, .rsaOAEP256) }
                == .modulusSize)
        let pair = #"{"kty":"EC","crv":"P-256",\#(x),\#(y),"d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdz"}"#
        #expect(refusal { () throws(KeyError) in try JWE.key(pair, .ecdhES) } != nil)
    }

    @Test("T60, T63: a set skips what it cannot use, and looks up by kid and algorithm")
    func sets() throws {
        let text = """
            {"keys":[{"kty":"oct","k":"AA","alg":"A256KW"},\(Self.secret(#","alg":"A256KW","kid":"a""#)),
            \(Self.secret(#","alg":"A256KW","kid":"a""#)),\(Self.secret(#","alg":"A256GCMKW","kid":"a""#)),
            {"kty":"EC","crv":"P-256","use":"sig"}]}
            """
        let set = try EncryptionKeySet.parse(file: Array(text.utf8).span)
        #expect(set.keys.map(\.algorithm) == [.a256KW, .a256GCMKW])
        #expect(set.skipped.map(\.error) == [.secretTooShort, .duplicateKeyID, .missingAlgorithm])
        #expect(throws: KeyError.malformed) { _ = try EncryptionKeySet.parse(file: Array("hello".utf8).span) }
    }

    @Test("generation refuses what does not fit")
    func generation() throws {
        #expect(throws: KeyError.algorithmKeyMismatch) { _ = try EncryptionKey.generate(algorithm: .a256KW, bits: 256) }
        #expect(throws: KeyError.algorithmKeyMismatch) {
            _ = try EncryptionKey.generate(algorithm: .rsaOAEP256, curve: .p256)
        }
        #expect(throws: KeyError.modulusSize) { _ = try EncryptionKey.generate(algorithm: .rsaOAEP256, bits: 1024) }
    }
}

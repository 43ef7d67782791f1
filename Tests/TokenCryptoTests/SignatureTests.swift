// SPDX-License-Identifier: Apache-2.0
import CTokenOpenSSL
import TestSupport
import Testing
import TokenCrypto

@Suite("Signatures")
struct SignatureTests {
    @Test(
        "RFC 7515 A.1 to A.4 and RFC 8037 A.4 verify",
        arguments: [
            (rfc7515A1Key, rfc7515A1Token, SignatureAlgorithm.hs256), (rfc7515A2Key, rfc7515A2Token, .rs256),
            (rfc7515A3Key, rfc7515A3Token, .es256), (rfc7515A4Key, rfc7515A4Token, .es512),
            (rfc8037A1Key, rfc8037A4Token, .edDSA),
        ])
    func rfcExamples(_ jwk: String, _ token: String, _ algorithm: SignatureAlgorithm) throws {
        let key = try parseJWK(jwk, algorithm)
        #expect(key.algorithm == algorithm && key.isPrivate && key.canSign)
        let (message, signature) = split(token)
        #expect(try verify(key, signature, message))
        // Deterministic algorithms give the same bytes.
        if ![.es256, .es512].contains(algorithm) { #expect(try sign(key, message) == signature) }
        #expect(try verify(key, try sign(key, message), message))
    }

    @Test("RFC 4231 values through HS256, HS384 and HS512", arguments: rfc4231.filter { $0.key.count >= 128 })
    func rfc4231Values(_ vector: HMACVector) throws {
        let values: [(SignatureAlgorithm, String)] = [
            (.hs256, vector.tag256), (.hs384, vector.tag384), (.hs512, vector.tag512),
        ]
        for (algorithm, tag) in values {
            let jwk = "{\"kty\":\"oct\",\"k\":\"\(base64URL(hex(vector.key)))\"}"
            let verifier = try SignatureVerifier(try parseJWK(jwk, algorithm))
            // Twice: the context is kept between messages.
            #expect(isValid(verifier, hex(tag), hex(vector.message)))
            #expect(!isValid(verifier, hex(tag), hex(vector.message) + [0]))
            #expect(isValid(verifier, hex(tag), hex(vector.message)))
        }
    }

    @Test("every algorithm signs and verifies, also empty and long messages", arguments: SignatureAlgorithm.allCases)
    func roundTrip(_ algorithm: SignatureAlgorithm) throws {
        let key = GeneratedKeys.key(algorithm)
        let signer = try SignatureSigner(key)
        let verifier = try SignatureVerifier(key)
        for count in [0, 1, 55, 56, 64, 500, 5000] {
            let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let signature = try sign(signer, message)
            #expect(signature.count == signer.signatureByteCountMax)
            #expect(isValid(verifier, signature, message))
            #expect(!isValid(verifier, signature, message + [0]))
        }
    }

    @Test("T19: no single bit flip of a signature or message verifies", arguments: SignatureAlgorithm.allCases)
    func bitFlips(_ algorithm: SignatureAlgorithm) throws {
        let key = GeneratedKeys.key(algorithm)
        let message = Array("eyJhbGciOiJ4In0.eyJzdWIiOiJ4In0".utf8)
        let signature = try sign(key, message)
        let verifier = try SignatureVerifier(key)
        var accepted = 0
        for bit in 0..<(signature.count * 8) {
            var flipped = signature
            flipped[bit / 8] ^= 1 << (bit % 8)
            if isValid(verifier, flipped, message) { accepted += 1 }
        }
        for bit in 0..<(message.count * 8) {
            var flipped = message
            flipped[bit / 8] ^= 1 << (bit % 8)
            if isValid(verifier, signature, flipped) { accepted += 1 }
        }
        #expect(accepted == 0)
    }

    @Test(
        "T20: what failed before colours no later verdict, and nothing is left in the error queue",
        arguments: SignatureAlgorithm.allCases)
    func staleErrors(_ algorithm: SignatureAlgorithm) throws {
        let key = GeneratedKeys.key(algorithm)
        let message = Array("message".utf8)
        let signature = try sign(key, message)
        let verifier = try SignatureVerifier(key)
        var wrong = signature
        wrong[0] ^= 1
        for _ in 0..<3 {
            // An error of somebody else's on this thread: a raw key of no length.
            // SAFETY: nothing is read of a key of 0 bytes; the answer is NULL.
            #expect(unsafe EVP_PKEY_new_raw_public_key(NID_ED25519, nil, [0], 0) == nil)
            #expect(ERR_peek_error() != 0)
            #expect(isValid(verifier, signature, message))
            ERR_clear_error()
            #expect(!isValid(verifier, wrong, message))
            #expect(ERR_peek_error() == 0)
            #expect(!isValid(verifier, Array(signature.dropLast()), message))
            #expect(ERR_peek_error() == 0)
            #expect(isValid(verifier, signature, message))
            #expect(ERR_peek_error() == 0)
        }
    }

    @Test("T14, T15, T18: every other signature length is refused", arguments: SignatureAlgorithm.allCases)
    func lengths(_ algorithm: SignatureAlgorithm) throws {
        let key = GeneratedKeys.key(algorithm)
        let message = Array("message".utf8)
        let signature = try sign(key, message)
        let verifier = try SignatureVerifier(key)
        for count in 0..<signature.count {
            #expect(!isValid(verifier, Array(signature.prefix(count)), message))
        }
        let zeros = [UInt8](repeating: 0, count: signature.count)
        for other in [signature + [0], [0] + signature, signature + signature, zeros] {
            #expect(!isValid(verifier, other, message))
        }
    }

    @Test("T16: PSS with another salt length or mask hash is refused")
    func pss() throws {
        let key = try parsePEM(PEMExamples.rsaSPKI, .ps256)
        let message = Array("message".utf8)
        #expect(try verify(key, try #require(base64URL(PEMExamples.pssSignature)), message))
        let others = [
            PEMExamples.pssSalt0, PEMExamples.pssSalt20, PEMExamples.pssSaltMax, PEMExamples.pssMGF1SHA1,
            PEMExamples.rsaSignature,
        ]
        for text in others {
            let signature = try #require(base64URL(text))
            #expect(signature.count == 256)
            #expect(!(try verify(key, signature, message)))
        }
    }

    @Test("T13: r or s of 0, n, n + 1 and 2^k - 1 are refused", arguments: [SignatureAlgorithm.es256, .es384, .es512])
    func ecdsaRange(_ algorithm: SignatureAlgorithm) throws {
        let orders: [SignatureAlgorithm: [UInt8]] = [
            .es256: hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
            .es384: hex(
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
            .es512: hex(
                """
                01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709
                a5d03bb5c9b8899c47aebb6fb71e91386409
                """),
        ]
        let key = GeneratedKeys.key(algorithm)
        let message = Array("message".utf8)
        let signature = try sign(key, message)
        let order = try #require(orders[algorithm])
        let half = order.count
        #expect(signature.count == 2 * half)
        var next = order
        next[half - 1] += 1
        var last = order
        last[half - 1] -= 1
        let zero = [UInt8](repeating: 0, count: half)
        let all = [UInt8](repeating: 0xFF, count: half)
        let verifier = try SignatureVerifier(key)
        let (r, s) = (Array(signature.prefix(half)), Array(signature.suffix(half)))
        for bad in [zero, order, next, last, all] {
            #expect(!isValid(verifier, bad + s, message))
            #expect(!isValid(verifier, r + bad, message))
            #expect(!isValid(verifier, bad + bad, message))
        }
        // T14: a DER signature is no JWS signature.
        #expect(isValid(verifier, signature, message))
    }

    @Test("T5, T7: a signature made with one algorithm is not accepted under another of the same key")
    func algorithmBound() throws {
        let rsa = try privateJWK(GeneratedKeys.key(.rs256)).replacing(",\"alg\":\"RS256\"", with: "")
        let message = Array("message".utf8)
        let algorithms: [SignatureAlgorithm] = [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        for signing in algorithms {
            let signature = try sign(try parseJWK(rsa, signing), message)
            for verifying in algorithms {
                #expect(try verify(try parseJWK(rsa, verifying), signature, message) == (signing == verifying))
            }
        }
    }

    @Test("T75: one key serves several threads, each with a verifier and signer of its own")
    func threads() async throws {
        let results = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
            for algorithm in SignatureAlgorithm.allCases {
                let key = GeneratedKeys.key(algorithm)
                for worker in 0..<3 {
                    group.addTask {
                        guard let verifier = try? SignatureVerifier(key), let signer = try? SignatureSigner(key) else {
                            return false
                        }
                        for round in 0..<8 {
                            let message = Array("worker \(worker) round \(round)".utf8)
                            guard var signature = try? sign(signer, message) else { return false }
                            guard isValid(verifier, signature, message) else { return false }
                            signature[0] ^= 1
                            if isValid(verifier, signature, message) { return false }
                        }
                        return true
                    }
                }
            }
            var results: [Bool] = []
            for await result in group { results.append(result) }
            return results
        }
        #expect(results.count == 39 && results.allSatisfy { $0 })
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

@Suite("SignatureKey from JWK")
struct SignatureKeyJWKTests {
    static let ed = rfc8037A1Key
    static let ec = rfc7515A3Key
    static let rsa = rfc7515A2Key
    static let oct = rfc7515A1Key
    static let octHS256 = oct.replacing("}", with: ",\"alg\":\"HS256\"}")
    static let edPublic = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

    static func with(_ jwk: String, _ member: String) -> String { "{" + member + "," + jwk.dropFirst() }
    static func secret(_ bytes: [UInt8]) -> String { "{\"kty\":\"oct\",\"k\":\"\(base64URL(bytes))\"}" }
    static func rsaPublic(n: [UInt8], e: [UInt8]) -> String {
        "{\"kty\":\"RSA\",\"n\":\"\(base64URL(n))\",\"e\":\"\(base64URL(e))\"}"
    }
    /// An odd number of `bitCount` bits without small factors that matter here.
    static func modulus(_ bitCount: Int) -> [UInt8] {
        var n = [UInt8](repeating: 0xA5, count: (bitCount + 7) / 8)
        n[0] = bitCount % 8 == 0 ? 0x80 : 1 << ((bitCount - 1) % 8)
        // Ends such that no prime below 168 divides: found by trial in the test that needs it.
        n[n.count - 1] = 0x01
        return n
    }
    static func embed(_ jwk: String) -> String { secret(Array(jwk.utf8)) }

    @Test("refusals", arguments: refusals)
    func refuses(_ refused: JWKRefusal) {
        #expect(refusal { () throws(KeyError) in try parseJWK(refused.jwk, refused.algorithm) } == refused.error)
    }

    @Test(
        "T56: exponents that are even, below 3, or 2^33 and more",
        arguments: [
            [1], [2], [0], [4], [1, 0, 0], [2, 0, 0, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [UInt8](repeating: 0xFF, count: 200), [],
        ] as [[UInt8]])
    func exponents(_ e: [UInt8]) throws {
        let n = try #require(base64URL(memberText("n", of: rfc7515A2Key)))
        let error = refusal { () throws(KeyError) in try parseJWK(Self.rsaPublic(n: n, e: e), .rs256) }
        #expect(error == (e.first == nil || e.first == 0 ? .malformedMember : .exponent))
        for e: [UInt8] in [[3], [17], [1, 0, 1], [1, 0xFF, 0xFF, 0xFF, 0xFF]] {
            #expect(refusal { () throws(KeyError) in try parseJWK(Self.rsaPublic(n: n, e: e), .rs256) } == nil)
        }
    }

    @Test("T56: a modulus with a small factor is refused; hostile sizes cost no time that grows")
    func weakModulus() throws {
        var n = try #require(base64URL(memberText("n", of: rfc7515A2Key)))
        // Of three odd numbers in a row one is a multiple of 3.
        var refused = 0
        for step: UInt8 in [0, 2, 4] {
            n[n.count - 1] = 0x81 + step
            if refusal({ () throws(KeyError) in try parseJWK(Self.rsaPublic(n: n, e: [3]), .rs256) }) == .modulusWeak {
                refused += 1
            }
        }
        #expect(refused >= 1)
    }

    @Test("T62: embedded and remote certificates and keys are ignored")
    func embedded() throws {
        let jwk = Self.with(
            Self.ed, "\"x5c\":[\"AAAA\"],\"x5u\":\"https://attacker.example/\",\"jku\":1,\"x5t\":{},\"jwk\":{}")
        #expect(try parseJWK(jwk).thumbprint() == (try parseJWK(Self.ed)).thumbprint())
    }

    @Test("T59: key_ops decide what a key may do")
    func operations() throws {
        let signOnly = try parseJWK(Self.with(Self.ed, "\"key_ops\":[\"sign\"]"))
        #expect(signOnly.canSign && !signOnly.canVerify)
        #expect(refusal { () throws(KeyError) in try SignatureVerifier(signOnly) } == .operationNotPermitted)
        let verifyOnly = try parseJWK(Self.with(Self.ed, "\"use\":\"sig\",\"key_ops\":[\"verify\",\"x\"]"))
        #expect(verifyOnly.canVerify && !verifyOnly.canSign)
        #expect(refusal { () throws(KeyError) in try SignatureSigner(verifyOnly) } == .operationNotPermitted)
        let signOnlySecret = try parseJWK(Self.with(Self.octHS256, "\"key_ops\":[\"sign\"]"))
        #expect(signOnlySecret.hmacSHA256Key === nil)
        #expect(try parseJWK(Self.octHS256).hmacSHA256Key !== nil)
        let publicKey = try parseJWK(Self.edPublic)
        #expect(refusal { () throws(KeyError) in try SignatureSigner(publicKey) } == .notPrivate)
        #expect(refusal { () throws(KeyError) in try privateJWK(publicKey) } == .notPrivate)
    }

    @Test("T61: a kid is opaque bytes", arguments: ["../../dev/null", "' OR 1=1--", "\u{0}", "é", "", "\"\\"])
    func keyIDs(_ keyID: String) throws {
        let key = try SignatureKey.generate(algorithm: .edDSA, keyID: Array(keyID.utf8))
        let again = try parseJWK(try publicJWK(key))
        #expect(again.keyID == Array(keyID.utf8) && again.thumbprint() == key.thumbprint())
    }

    @Test("RFC 7638 3.1 and RFC 8037 A.3 thumbprints; alg and kid do not count")
    func thumbprints() throws {
        #expect(base64URL(try parseJWK(rfc7638Key, .rs256).thumbprint()) == rfc7638Thumbprint)
        #expect(base64URL(try parseJWK(Self.ed).thumbprint()) == rfc8037Thumbprint)
        #expect(base64URL(try parseJWK(Self.edPublic).thumbprint()) == rfc8037Thumbprint)
        let oct = "{\"k\":\"\(memberText("k", of: Self.oct))\",\"kty\":\"oct\"}"
        #expect(try parseJWK(Self.octHS256).thumbprint() == sha256(Array(oct.utf8)))
    }

    @Test("generated keys are written and read back", arguments: SignatureAlgorithm.allCases)
    func roundTrip(_ algorithm: SignatureAlgorithm) throws {
        let key = GeneratedKeys.key(algorithm)
        let again = try parseJWK(try privateJWK(key))
        #expect(again.algorithm == algorithm && again.keyID == key.keyID && again.bitCount == key.bitCount)
        #expect(again.thumbprint() == key.thumbprint() && again.canSign)
        #expect(try privateJWK(again) == (try privateJWK(key)))
        let message = Array("message".utf8)
        #expect(try verify(key, try sign(again, message), message))
        if algorithm.jwaName.hasPrefix("HS") {
            #expect(refusal { () throws(KeyError) in try publicJWK(key) } == .operationNotPermitted)
        } else {
            let publicKey = try parseJWK(try publicJWK(key))
            #expect(!publicKey.isPrivate && !publicKey.canSign && publicKey.thumbprint() == key.thumbprint())
            #expect(try verify(publicKey, try sign(key, message), message))
        }
    }

    @Test("RSA with d alone is checked and used")
    func rsaWithoutPrimes() throws {
        let whole = try parseJWK(rfc7515A2Key, .rs256)
        let members = ["n", "e", "d"].map { "\"\($0)\":\"\(memberText($0, of: rfc7515A2Key))\"" }
        let jwk = "{\"kty\":\"RSA\"," + members.joined(separator: ",") + "}"
        let key = try parseJWK(jwk, .rs256)
        let message = Array("message".utf8)
        #expect(try sign(key, message) == (try sign(whole, message)))
        #expect(try privateJWK(key).contains("\"qi\"") == false)
        let other = jwk.replacing("\"d\":\"E", with: "\"d\":\"F")
        #expect(refusal { () throws(KeyError) in try parseJWK(other, .rs256) } == .privateKeyMismatch)
    }

    @Test("generation refuses sizes that do not fit")
    func generation() {
        func refuses(_ algorithm: SignatureAlgorithm, _ bits: Int) -> KeyError? {
            refusal { () throws(KeyError) in try SignatureKey.generate(algorithm: algorithm, bits: bits) }
        }
        #expect(refuses(.rs256, 2040) == .modulusSize && refuses(.rs256, 8200) == .modulusSize)
        #expect(refuses(.ps256, 2049) == .modulusSize && refuses(.rs256, Int.max) == .modulusSize)
        #expect(refuses(.hs256, 248) == .secretTooShort && refuses(.hs512, 256) == .secretTooShort)
        #expect(refuses(.hs256, 8200) == .secretTooLong && refuses(.hs256, 512) == nil)
        #expect(refuses(.es256, 384) == .algorithmKeyMismatch && refuses(.edDSA, 255) == .algorithmKeyMismatch)
        #expect(refuses(.edDSA, 256) == nil && refuses(.es512, 521) == nil)
        for keyID in [[UInt8](repeating: 0x61, count: 1025), [0xFF]] {
            let error = refusal { () throws(KeyError) in
                try SignatureKey.generate(algorithm: .edDSA, keyID: keyID)
            }
            #expect(error == .keyID)
        }
    }

    @Test("T81, T83: descriptions, dumps and errors show nothing of a key", arguments: SignatureAlgorithm.allCases)
    func redacted(_ algorithm: SignatureAlgorithm) throws {
        let key = GeneratedKeys.key(algorithm)
        var text = "\(key) \(String(reflecting: key)) \([key])"
        dump(key, to: &text)
        for error in KeyError.allCases { text += "\(error)" }
        for length in [16, 43] {
            #expect(!text.contains(base64URL(key.thumbprint()).prefix(length)))
        }
        #expect(!text.contains("key-") && text.contains("redacted") && !text.contains("0x"))
        #expect(Mirror(reflecting: key).children.isEmpty)
    }

    @Test("alg names, exact and case-sensitive")
    func names() {
        for algorithm in SignatureAlgorithm.allCases {
            #expect(SignatureAlgorithm(jwaName: algorithm.jwaName) == algorithm)
            #expect(SignatureAlgorithm(jwaName: algorithm.jwaName.lowercased()) == nil)
            #expect(SignatureAlgorithm(jwaName: algorithm.jwaName + " ") == nil)
        }
        #expect(SignatureAlgorithm(jwaName: "Ed25519") == .edDSA)
        let others = ["", "none", "None", "nOnE", "ES256K", "Ed448", "EdDSB", "HS257", "XS256", "Ed25518", "RS1"]
        for name in others {
            #expect(SignatureAlgorithm(jwaName: name) == nil)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScan

@testable import TokenCrypto

@Suite("JWE: hostile tokens")
struct HostileTokenTests {
    /// A token of each kind of key, CBC and GCM in turn.
    static func sample(_ keyCase: KeyCase) throws -> (key: EncryptionKey, token: String) {
        let content: ContentEncryption = keyCase.algorithm.rawValue.utf8.count % 2 == 0 ? .a256GCM : .a128CBCHS256
        let key = try keyCase.key(content)
        return (key, try JWE.encrypt("0123456789abcdef0123456789", key, content))
    }

    @Test("every single-bit flip of a token is refused with one error", arguments: KeyCase.all)
    func bitFlips(_ keyCase: KeyCase) throws {
        let (key, token) = try Self.sample(keyCase)
        var decryptor = try Decryptor(keys: [key], allowing: [.rsaOAEP])
        let bytes = Array(token.utf8)
        var others: [Int] = []
        for bit in stride(from: 0, to: bytes.count * 8, by: keyCase.flipStep) {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            if JWE.refusal(changed, &decryptor) != .decryptionFailed { others.append(bit) }
        }
        #expect(others == [])
        #expect(JWE.refusal(bytes, &decryptor) == nil)
    }

    @Test("every single-bit flip of the decoded parts is refused with one error", arguments: KeyCase.all)
    func decodedBitFlips(_ keyCase: KeyCase) throws {
        let (key, token) = try Self.sample(keyCase)
        var decryptor = try Decryptor(keys: [key], allowing: [.rsaOAEP])
        for part in 0..<5 {
            let bytes = JWE.part(part, of: token)
            for bit in stride(from: 0, to: bytes.count * 8, by: keyCase.flipStep) {
                var changed = bytes
                changed[bit / 8] ^= 1 << (bit % 8)
                let other = JWE.replacing(part, of: token, with: NaiveBase64URL.encode(changed))
                #expect(JWE.refusal(Array(other.utf8), &decryptor) == .decryptionFailed, "part \(part), bit \(bit)")
            }
        }
    }

    @Test("every prefix is refused", arguments: [KeyCase(algorithm: .a256KW, curve: nil)])
    func prefixes(_ keyCase: KeyCase) throws {
        let (key, token) = try Self.sample(keyCase)
        var decryptor = try Decryptor(keys: [key])
        let bytes = Array(token.utf8)
        for count in 0..<bytes.count {
            #expect(JWE.refusal(Array(bytes[..<count]), &decryptor) == .decryptionFailed)
        }
    }

    @Test("T46: IV and tag have one length each", arguments: ContentEncryption.allCases)
    func lengths(_ content: ContentEncryption) throws {
        let key = try EncryptionKey.generate(algorithm: .a256KW)
        let token = try JWE.encrypt("text", key, content)
        for (part, right) in [(2, content.ivByteCount), (4, content.tagByteCount)] {
            let whole = JWE.part(part, of: token)
            for count in 0...40 where count != right {
                let bytes = (whole + whole + whole).prefix(count)
                let changed = JWE.replacing(part, of: token, with: NaiveBase64URL.encode(bytes))
                #expect(try JWE.refusal(changed, [key]) == .decryptionFailed)
            }
        }
    }

    @Test("T47: bad padding under a right MAC, and a bad MAC, look the same")
    func paddingOracle() throws {
        // A message with a right tag whose plaintext ends in no padding, made with the content key known.
        let key = try EncryptionKey.generate(algorithm: .direct, contentEncryption: .a128CBCHS256)
        let secret = try #require(key.secret)
        let header = NaiveBase64URL.encode(#"{"alg":"dir","enc":"A128CBC-HS256"}"#.utf8)
        let iv = [UInt8](repeating: 7, count: 16)
        let ciphertext = [UInt8](repeating: 9, count: 32)
        var tag = [UInt8](repeating: 0, count: 16)
        let mac = try ContentMAC(keyByteCount: 16)
        let isMade = secret.withSpan { key in
            var span = tag.mutableSpan
            return mac.authenticate(Array(header.utf8).span, iv.span, ciphertext.span, key: key, into: &span)
        }
        #expect(isMade)
        let parts = [header, ""] + [iv, ciphertext, tag].map { NaiveBase64URL.encode($0) }
        #expect(try JWE.refusal(parts.joined(separator: "."), [key]) == .decryptionFailed)
        tag[0] ^= 1
        let other = parts.dropLast() + [NaiveBase64URL.encode(tag)]
        #expect(try JWE.refusal(other.joined(separator: "."), [key]) == .decryptionFailed)
    }

    @Test("T50: PBES2 is not computed, whatever its count", arguments: ["0", "1", "10000000", "1e10", "\"x\""])
    func pbes2(_ count: String) throws {
        let key = try EncryptionKey.generate(algorithm: .a128KW)
        for name in ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"] {
            let token = try token(#"{"alg":"\#(name)","enc":"A128GCM","p2s":"AAAA","p2c":\#(count)}"#)
            #expect(try JWE.refusal(token, [key]) == .unsupportedAlgorithm)
        }
    }

    @Test("T51: compression does not exist; T28: no critical extension is known")
    func headers() throws {
        let key = try EncryptionKey.generate(algorithm: .a128KW)
        let cases: [(String, DecryptionError)] = [
            (#","zip":"DEF""#, .unsupportedAlgorithm), (#","zip":"X""#, .unsupportedAlgorithm),
            (#","zip":null"#, .unsupportedAlgorithm), (#","crit":["exp"]"#, .criticalHeader),
            (#","crit":[]"#, .criticalHeader), (#","alg":"A128KW""#, .decryptionFailed),
            (#","\u0061lg":"A128KW""#, .decryptionFailed), (#","kid":1"#, .decryptionFailed),
            (#","apu":1"#, .decryptionFailed),
        ]
        for (more, error) in cases {
            #expect(try JWE.refusal(token(#"{"alg":"A128KW","enc":"A128GCM"\#(more)}"#), [key]) == error, "\(more)")
        }
        for header in [
            "", "[]", "{}", #"{"alg":"A128KW"}"#, #"{"enc":"A128GCM"}"#, #"{"alg":"a128kw","enc":"A128GCM"}"#,
            #"{"alg":"A128KW","enc":"none"}"#, #"{"alg":"none","enc":"A128GCM"}"#, #"{"alg":1,"enc":"A128GCM"}"#,
            #"{"alg":"A256KW","enc":"A128GCM"}"#,
        ] {
            #expect(try JWE.refusal(token(header), [key]) == .decryptionFailed, "\(header)")
        }
    }

    @Test("T52: an encrypted key where none belongs, and content keys of another length")
    func encryptedKeys() throws {
        for algorithm in [KeyManagement.direct, .ecdhES] {
            let key = try EncryptionKey.generate(algorithm: algorithm)
            let token = JWE.replacing(1, of: try JWE.encrypt("text", key), with: "AAAAAAAAAAAAAAAAAAAAAA")
            #expect(try JWE.refusal(token, [key]) == .decryptionFailed)
        }
        // A wrapped key of 16 bytes under a content algorithm that wants 32, and the reverse.
        let key = try EncryptionKey.generate(algorithm: .a256KW)
        let short = try JWE.encrypt("text", key, .a128GCM)
        let long = try JWE.encrypt("text", key, .a256GCM)
        #expect(try JWE.refusal(swapping(long, keyOf: short), [key]) == .decryptionFailed)
        #expect(try JWE.refusal(swapping(short, keyOf: long), [key]) == .decryptionFailed)
        let rsa = try EncryptionKey.generate(algorithm: .rsaOAEP256)
        let first = try JWE.encrypt("text", rsa, .a128GCM)
        let second = try JWE.encrypt("text", rsa, .a256GCM)
        #expect(try JWE.refusal(swapping(second, keyOf: first), [rsa]) == .decryptionFailed)
        // dir keys are of one content algorithm.
        let direct = try EncryptionKey.generate(algorithm: .direct, contentEncryption: .a128CBCHS256)
        let header = NaiveBase64URL.encode(#"{"alg":"dir","enc":"A256GCM"}"#.utf8)
        let zeros = "\(header)..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"
        #expect(try JWE.refusal(zeros, [direct]) == .decryptionFailed)
    }

    @Test("sizes are refused before anything else")
    func sizes() throws {
        let key = try EncryptionKey.generate(algorithm: .a256KW)
        let token = try JWE.encrypt(String(repeating: "x", count: 200), key)
        for (limit, expected) in [(token.utf8.count - 1, DecryptionError.tooLarge), (token.utf8.count, nil)] {
            var decryptor = try Decryptor(keys: [key], limits: ScanLimits(tokenByteCountMax: limit))
            #expect(JWE.refusal(Array(token.utf8), &decryptor) == expected)
        }
        let long = try self.token(#"{"alg":"A256KW","enc":"A256GCM","x":"\#(String(repeating: "x", count: 5000))"}"#)
        #expect(try JWE.refusal(long, [key]) == .tooLarge)
        let dots = String(repeating: ".", count: 10_000)
        #expect(try JWE.refusal(dots, [key]) == .decryptionFailed)
    }

    private func token(_ header: String) throws -> String {
        let key = try EncryptionKey.generate(algorithm: .a128KW)
        return JWE.replacing(0, of: try JWE.encrypt("text", key, .a128GCM), with: NaiveBase64URL.encode(header.utf8))
    }

    private func swapping(_ token: String, keyOf other: String) -> String {
        JWE.replacing(1, of: token, with: NaiveBase64URL.encode(JWE.part(1, of: other)))
    }
}

extension HostileTokenTests {
    @Test("T49: an ephemeral key of another kind or curve, off its curve, too long, or missing")
    func ephemeralKeys() throws {
        let key = try EncryptionKey.generate(algorithm: .ecdhES, curve: .p256)
        let good = try JWE.header(JWE.encrypt("text", key))["epk"] as? [String: String] ?? [:]
        let (x, y) = (good["x"] ?? "", good["y"] ?? "")
        let zeros = NaiveBase64URL.encode([UInt8](repeating: 0, count: 32))
        let ones = NaiveBase64URL.encode([UInt8](repeating: 0xFF, count: 32))
        let cases = [
            #"{}"#, #"{"kty":"EC"}"#, #"{"kty":"EC","crv":"P-256","x":"\#(x)"}"#,
            #"{"kty":"OKP","crv":"P-256","x":"\#(x)","y":"\#(y)"}"#,
            #"{"kty":"EC","crv":"P-384","x":"\#(x)","y":"\#(y)"}"#,
            #"{"kty":"EC","crv":"P-256","x":"\#(y)","y":"\#(x)"}"#,
            #"{"kty":"EC","crv":"P-256","x":"AA\#(x)","y":"\#(y)"}"#,
            #"{"kty":"EC","crv":"P-256","x":"\#(zeros)","y":"\#(zeros)"}"#,
            #"{"kty":"EC","crv":"P-256","x":"\#(ones)","y":"\#(ones)"}"#,
            #"{"kty":"EC","crv":"P-256","x":"","y":""}"#, #"{"kty":"EC","crv":"P-256","x":1,"y":2}"#,
        ]
        for epk in cases {
            let header = NaiveBase64URL.encode(#"{"alg":"ECDH-ES","enc":"A256GCM","kid":"x","epk":\#(epk)}"#.utf8)
            let token = header + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"
            #expect(try JWE.refusal(token, [key]) == .decryptionFailed)
            #expect(try !opens(header, key), "\(epk)")
        }
        let right = NaiveBase64URL.encode(
            #"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}}"#.utf8)
        #expect(try opens(right, key))
    }

    @Test("T49: X25519 points of small order are refused")
    func smallOrder() throws {
        let key = try EncryptionKey.generate(algorithm: .ecdhES, curve: .x25519)
        let points = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        ]
        for point in points {
            let x = NaiveBase64URL.encode(hex(point))
            let header = NaiveBase64URL.encode(
                #"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"OKP","crv":"X25519","x":"\#(x)"}}"#.utf8)
            #expect(try !opens(header, key))
        }
    }

    private func opens(_ header: String, _ key: EncryptionKey) throws -> Bool {
        var parsed = EncryptedTokenHeader()
        try parsed.read(Array(header.utf8).span, limits: ScanLimits())
        var contentKey = ByteScratch()
        return try ContentKeyOpener(key).openContentKey([UInt8]().span, .a256GCM, header: parsed, into: &contentKey)
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

@Suite("Ed25519 points")
struct Ed25519EncodingTests {
    /// The encodings that are refused, as y coordinates without the sign bit: the points of small order (0, 1, -1 and
    /// two of order 8), and values of p and more.
    static let refused: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F], [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [0xF0] + [UInt8](repeating: 0xFF, count: 30) + [0x7F], [UInt8](repeating: 0xFF, count: 31) + [0x7F],
    ]

    @Test("T17: a public key of small order or not canonical is refused, with either sign", arguments: refused)
    func publicKeys(_ y: [UInt8]) {
        for sign: UInt8 in [0, 0x80] {
            var point = y
            point[31] |= sign
            let jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(base64URL(point))\"}"
            #expect(refusal { () throws(KeyError) in try parseJWK(jwk) } == .pointNotAllowed)
        }
    }

    @Test("T17: R of small order is refused though the equation holds")
    func smallOrderR() throws {
        // R is the neutral point and S = h · a, so that S · B = R + h · A; computed outside.
        let signature = hex(
            """
            0100000000000000000000000000000000000000000000000000000000000000
            520a2e25b0f11547a9ae2ad848ed7731c77f99f1a8712d363455d344db33ac04
            """)
        #expect(!(try verify(try parseJWK(rfc8037A1Key), signature, Array("message".utf8))))
    }

    @Test("T17: R of small order or not canonical is refused", arguments: refused)
    func refusedR(_ y: [UInt8]) throws {
        let key = try parseJWK(rfc8037A1Key)
        let message = Array("message".utf8)
        let signature = try sign(key, message)
        #expect(try verify(key, signature, message))
        for sign: UInt8 in [0, 0x80] {
            var bad = y + signature.suffix(32)
            bad[31] |= sign
            #expect(!(try verify(key, bad, message)))
        }
    }

    @Test("T17: S + L is refused")
    func malleableS() throws {
        let key = try parseJWK(rfc8037A1Key)
        let message = Array("message".utf8)
        var signature = try sign(key, message)
        let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry = 0
        for i in 0..<32 {
            let sum = Int(signature[32 + i]) + Int(order[i]) + carry
            signature[32 + i] = UInt8(sum & 0xFF)
            carry = sum >> 8
        }
        #expect(carry == 0)
        #expect(!(try verify(key, signature, message)))
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

func sha256(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var span = digest.mutableSpan
    SHA256.digest(message.span, into: &span)
    return digest
}

func hmacSHA256(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var tag = [UInt8](repeating: 0, count: 32)
    var span = tag.mutableSpan
    HMACSHA256Key(key.span).authenticate(message.span, into: &span)
    return tag
}

func isValidHMAC(_ key: HMACSHA256Key, _ tag: [UInt8], _ message: [UInt8]) -> Bool {
    key.isValid(tag.span, over: message.span)
}

/// A copy of secret bytes, for comparison in tests.
func copy(_ secret: SecretBytes) -> [UInt8] {
    secret.withSpan { span in (0..<span.count).map { span[$0] } }
}

func hkdf(salt: [UInt8], ikm: [UInt8], info: [UInt8], byteCount: Int) -> [UInt8] {
    copy(HKDFSHA256.derive(salt: salt.span, ikm: ikm.span, info: info.span, byteCount: byteCount))
}

struct HMACVector: Sendable {
    let key: String
    let message: String
    let tag256: String
    let tag384: String
    let tag512: String
}

/// RFC 4231 section 4, test cases 1-4, 6 and 7 (case 5 truncates).
let rfc4231: [HMACVector] = [
    HMACVector(
        key: String(repeating: "0b", count: 20), message: "4869205468657265",
        tag256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        tag384: """
            afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6
            """,
        tag512: """
            87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4
            be9d914eeb61f1702e696c203a126854
            """),
    HMACVector(
        key: "4a656665", message: "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        tag256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        tag384: """
            af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649
            """,
        tag512: """
            164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd
            caeab1a34d4a6b4b636e070a38bce737
            """),
    HMACVector(
        key: String(repeating: "aa", count: 20), message: String(repeating: "dd", count: 50),
        tag256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        tag384: """
            88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27
            """,
        tag512: """
            fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807
            b946a337bee8942674278859e13292fb
            """),
    HMACVector(
        key: "0102030405060708090a0b0c0d0e0f10111213141516171819", message: String(repeating: "cd", count: 50),
        tag256: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        tag384: """
            3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb
            """,
        tag512: """
            b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063
            a5f19741120c4f2de2adebeb10a298dd
            """),
    HMACVector(
        key: String(repeating: "aa", count: 131),
        message: """
            54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374
            """,
        tag256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        tag384: """
            4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952
            """,
        tag512: """
            80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e52
            95e64f73f63f0aec8b915a985d786598
            """),
    HMACVector(
        key: String(repeating: "aa", count: 131),
        message: """
            5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b65
            7920616e642061206c61
            72676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f2062652068
            61736865642062656
            66f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e
            """,
        tag256: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        tag384: """
            6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e
            """,
        tag512: """
            e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15
            134676fb6de0446065c97440fa8c6a58
            """),
]

@Suite("SHA-256, HMAC-SHA256 and HKDF")
struct HashingTests {
    @Test("FIPS 180-4 examples")
    func digests() {
        #expect(sha256([]).hexText == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(sha256(Array("abc".utf8)).hexText == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("RFC 4231 values", arguments: rfc4231)
    func rfc4231Values(_ vector: HMACVector) {
        #expect(hmacSHA256(hex(vector.key), hex(vector.message)).hexText == vector.tag256)
        let key = HMACSHA256Key(hex(vector.key).span)
        #expect(isValidHMAC(key, hex(vector.tag256), hex(vector.message)))
    }

    @Test("T18: a truncated, extended or flipped tag is refused")
    func tagLengths() {
        let key = HMACSHA256Key([UInt8](repeating: 7, count: 32).span)
        let message = Array("message".utf8)
        let tag = hmacSHA256([UInt8](repeating: 7, count: 32), message)
        #expect(isValidHMAC(key, tag, message))
        for count in 0..<32 { #expect(!isValidHMAC(key, Array(tag.prefix(count)), message)) }
        #expect(!isValidHMAC(key, tag + [0], message))
        for bit in 0..<256 {
            var flipped = tag
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(!isValidHMAC(key, flipped, message))
        }
    }

    @Test("RFC 5869 test cases 1 to 3")
    func rfc5869() {
        let case1 = hkdf(
            salt: hex("000102030405060708090a0b0c"), ikm: [UInt8](repeating: 0x0B, count: 22),
            info: hex("f0f1f2f3f4f5f6f7f8f9"), byteCount: 42)
        #expect(
            case1.hexText == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        let case2 = hkdf(
            salt: (0x60...0xAF).map { UInt8($0) }, ikm: (0x00...0x4F).map { UInt8($0) },
            info: (0xB0...0xFF).map { UInt8($0) }, byteCount: 82)
        #expect(
            case2
                == hex(
                    """
                    b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09
                    da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
                    """))
        let case3 = hkdf(salt: [], ikm: [UInt8](repeating: 0x0B, count: 22), info: [], byteCount: 42)
        #expect(
            case3.hexText == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    }

    @Test("a batch and jobs give the tags of the one-by-one path", arguments: [1, 12, 16, 20, 32])
    func batches(_ tagByteCount: Int) {
        let key = HMACSHA256Key([UInt8](repeating: 1, count: 32).span)
        var base: [UInt8] = []
        var offsets: [UInt32] = [0]
        for i in 0..<37 {
            base += (0..<(i * 5 % 90)).map { UInt8(truncatingIfNeeded: $0 * i) }
            offsets.append(UInt32(base.count))
        }
        var tags = [UInt8](repeating: 0, count: 37 * tagByteCount)
        var span = tags.mutableSpan
        let count = key.authenticateBatch(base.span, offsets: offsets.span, tagByteCount: tagByteCount, into: &span)
        #expect(count == 37)
        let keys = [key, HMACSHA256Key([UInt8](repeating: 2, count: 32).span)]
        var jobs = HMACSHA256Jobs(capacity: 37)
        for i in 0..<37 { jobs.append(keyIndex: i % 2, range: Int(offsets[i])..<Int(offsets[i + 1])) }
        var jobTags = [UInt8](repeating: 0, count: 37 * 32)
        var jobSpan = jobTags.mutableSpan
        jobs.run(base.span, keys: keys, into: &jobSpan)
        for i in 0..<37 {
            let message = Array(base[Int(offsets[i])..<Int(offsets[i + 1])])
            let single = hmacSHA256([UInt8](repeating: 1, count: 32), message)
            let other = hmacSHA256([UInt8](repeating: 2, count: 32), message)
            #expect(Array(tags[(i * tagByteCount)..<((i + 1) * tagByteCount)]) == Array(single.prefix(tagByteCount)))
            #expect(Array(jobTags[(32 * i)..<(32 * i + 32)]) == (i % 2 == 0 ? single : other))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

@Suite struct KeyedHashTests {
    static let seed = KeyedHash.Seed(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)

    /// Of the bytes 0, 1, 2 …, under the key 00 … 0f, by OpenSSL's SIPHASH with c-rounds 1, d-rounds 3, size 16.
    @Test(
        "SipHash-1-3-128 as OpenSSL computes it",
        arguments: [
            (0, "E77EBCB22788A5BEFD62DB6ADD303001"), (1, "AA12FEE1D5E3DAB4724F16AB35F9C799"),
            (2, "D0A8D95715518EEBB513B0F83D9E1793"), (3, "9E4BF837BCFD92CACE09D2061A84D04A"),
            (8, "1253DEF24B4AA5364EC8A759BA6A66C2"),
        ])
    func knownAnswers(_ wordCount: Int, _ hex: String) {
        var hash = KeyedHash(Self.seed)
        for word in 0..<wordCount {
            hash.absorb(word: (0..<8).reduce(UInt64(0)) { $0 | UInt64(word * 8 + $1) << UInt64($1 * 8) })
        }
        let tag = hash.tag()
        let expected = stride(from: 0, to: 32, by: 2).map { at -> UInt64 in
            let start = hex.index(hex.startIndex, offsetBy: at)
            return UInt64(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
        #expect(tag.low == (0..<8).reduce(UInt64(0)) { $0 | expected[$1] << UInt64($1 * 8) })
        #expect(tag.high == (0..<8).reduce(UInt64(0)) { $0 | expected[8 + $1] << UInt64($1 * 8) })
    }

    @Test("a text is its words, padded, and its length; escaped or not", arguments: 0..<40)
    func texts(_ count: Int) {
        let text = (0..<count).map { UInt8(0x61 + $0 % 26) }
        var words = KeyedHash(Self.seed)
        for start in stride(from: 0, to: count, by: 8) {
            words.absorb(
                word: (start..<min(start + 8, count)).reduce(UInt64(0)) {
                    $0 | UInt64(text[$1]) << UInt64(($1 - start) * 8)
                })
        }
        words.absorb(word: UInt64(count))
        let expected = words.tag()
        var plain = KeyedHash(Self.seed)
        plain.absorb(text.span)
        #expect(plain.tag() == expected)
        let escaped = Array(text.map { #"\u00"# + String($0, radix: 16) }.joined().utf8)
        var unescaped = KeyedHash(Self.seed)
        unescaped.absorb(unescaping: escaped.span)
        #expect(unescaped.tag() == expected)
    }

    @Test("T36 two texts are not their concatenation, and another seed is another hash")
    func injective() {
        func tag(_ texts: [String], _ seed: KeyedHash.Seed = Self.seed) -> KeyedHash.Tag {
            var hash = KeyedHash(seed)
            for text in texts.map({ Array($0.utf8) }) { hash.absorb(text.span) }
            return hash.tag()
        }
        let all = [
            ["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"], ["abc"], ["ab\0", "c"], ["a\0", "bc"],
            ["abcdefgh", "i"],
            ["abcdefghi"], ["abcdefgh"], [], [""], ["", ""],
        ]
        #expect(Set(all.map { tag($0) }).count == all.count)
        #expect(tag(["a"]) != tag(["a"], KeyedHash.Seed(1, 2)))
        #expect(tag(["a"], .random()) != tag(["a"], .random()))
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import Testing

/// `ctk_claims_scan` between unreadable pages. What it finds is compared with the single steps in `KnownTokenTests`.
@Suite struct ClaimsScanTests {
    private let input = GuardedMemory(byteCountMin: 4096)
    private let output = GuardedMemory(byteCountMin: 4096)
    private static let header = Array("eyJhbGciOiJIUzI1NiJ9".utf8)

    @Test("T32: reads the token and writes the room it was given, at the end and at the start of a page")
    func pages() {
        let limits = ctk_json_limits.token
        // SAFETY: room for more nodes than any document here has.
        let nodes = UnsafeMutablePointer<ctk_json_node>.allocate(capacity: 4096)
        defer { unsafe nodes.deallocate() }
        for length in 0...1024 {
            let payload = Array(#"{"sub":"\#(String(repeating: "s", count: length))","exp":12345678901}"#.utf8)
            let signature = [UInt8](repeating: 0xA5, count: length % 70)
            let text = [payload, signature].map(NaiveBase64URL.encode).joined(separator: ".")
            let token = Self.header + [UInt8(ascii: ".")] + Array(text.utf8)
            for placement in [Placement.back(0), .front(length % 64)] {
                let place = unsafe input.put(token, placement)
                let out = unsafe output.room(token.count, placement)
                var found = ctk_claims_place()
                var claims = ctk_claims()
                // SAFETY: token and output lie in guarded memory that lives as long as the suite.
                let isKnown = unsafe ctk_claims_scan(
                    place, token.count, Self.header, Self.header.count, NaiveBase64URL.encode(signature).utf8.count,
                    limits, out, nodes, 4096, nil, &found, &claims)
                #expect(isKnown == 1)
                #expect(output.canariesLive(token.count, placement))
                let written = output.bytes(token.count, placement)
                #expect(written.starts(with: payload + signature))
                #expect(claims.date.0 == 12_345_678_901 && found.node_count == 3)
                #expect(Int(found.payload_byte_count) == payload.count)
                #expect(Int(found.signature_byte_count) == signature.count)
                // Cut anywhere, it is no such token any more.
                let cut = unsafe input.put(Array(token.dropLast(1 + length % token.count)), placement)
                let isCutKnown = unsafe ctk_claims_scan(
                    cut, token.count - 1 - length % token.count, Self.header, Self.header.count,
                    NaiveBase64URL.encode(signature).utf8.count, limits, out, nodes, 4096, nil, &found, &claims)
                #expect(isCutKnown == 0)
            }
        }
    }

    @Test("With a key: authentic when every bit of a tag of 32 bytes is right, for signing inputs of every length")
    func authentic() {
        // SAFETY: room for more nodes than any document here has.
        let nodes = UnsafeMutablePointer<ctk_json_node>.allocate(capacity: 4096)
        defer { unsafe nodes.deallocate() }
        var key = ctk_hmac_key()
        unsafe ctk_hmac_key_init(&key, Array("a key".utf8), 5)
        for length in 0...600 {
            let members = (0..<length / 60).map { #","m\#($0)":\#($0)"# }.joined()
            let payload = #"{"sub":"\#(String(repeating: "s", count: length % 60))"\#(members)}"#
            let input = Self.header + Array(".\(NaiveBase64URL.encode(payload.utf8))".utf8)
            var tag = [UInt8](repeating: 0, count: 32)
            unsafe ctk_hmac_sha256(&key, input, input.count, &tag)
            var wrong = tag
            wrong[length % 32] ^= 1 << UInt8(length % 8)
            let signatures = [(tag, true), (wrong, false), (Array(tag.dropLast()), false), (tag + [0], false)]
            for (signature, isRight) in signatures {
                let text = NaiveBase64URL.encode(signature)
                let token = input + Array(".\(text)".utf8)
                let place = unsafe self.input.put(token, .back(0))
                var out = [UInt8](repeating: 0, count: token.count)
                var found = ctk_claims_place()
                var claims = ctk_claims()
                // SAFETY: the token lies in guarded memory that lives as long as the suite; `out` holds its length.
                let isKnown = unsafe ctk_claims_scan(
                    place, token.count, Self.header, Self.header.count, text.utf8.count, .token, &out, nodes, 4096,
                    &key, &found, &claims)
                #expect(isKnown == 1 && (found.is_authentic == 1) == isRight)
            }
        }
    }

    @Test("Whole numbers of 1 to 15 digits, and every byte that is no digit") func decimals() {
        var value: UInt64 = 0
        for count in 1...15 {
            let digits = Array("987654321098765".utf8.prefix(count))
            #expect(unsafe ctk_decimal(digits, count, &value) == 1)
            #expect(String(value) == String(decoding: digits, as: UTF8.self))
            for place in digits.indices {
                for byte in UInt8.min ... .max where !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                    var wrong = digits
                    wrong[place] = byte
                    #expect(unsafe ctk_decimal(wrong, count, &value) == 0)
                }
            }
        }
        #expect(unsafe ctk_decimal(Array("1234567890123456".utf8), 16, &value) == 0)
        #expect(unsafe ctk_decimal(Array("1".utf8), 0, &value) == 0)
    }

    @Test("A tag is valid when all its bits are") func validity() {
        var key = ctk_hmac_key()
        unsafe ctk_hmac_key_init(&key, Array("a key".utf8), 5)
        for count in [0, 1, 55, 56, 63, 64, 65, 127, 500] {
            let message = [UInt8](repeating: 7, count: count)
            var tag = [UInt8](repeating: 0, count: 32)
            unsafe ctk_hmac_sha256(&key, message, count, &tag)
            #expect(unsafe ctk_hmac_sha256_is_valid(&key, message, count, tag) == 1)
            for bit in 0..<256 {
                var wrong = tag
                wrong[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(unsafe ctk_hmac_sha256_is_valid(&key, message, count, wrong) == 0)
            }
        }
    }
}

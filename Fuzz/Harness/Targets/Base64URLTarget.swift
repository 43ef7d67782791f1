// SPDX-License-Identifier: Apache-2.0
import TestSupport
import TokenScan

/// Strict decoding and encoding against the bit-by-bit oracle.
struct Base64URLTarget: FuzzTarget {
    static let name = "base64url"
    private var scratch = Buffer()

    static func seeds() throws -> [[UInt8]] {
        try Fixtures.tokens().flatMap { $0.split(separator: 0x2E).map(Array.init) }
    }

    init() {}

    mutating func run(_ input: [UInt8]) {
        let expected = NaiveBase64URL.decode(input)
        let found = scratch.decoded(input)
        require(found == expected, "decode differs from the oracle")
        let text = scratch.encoded(input)
        require(text == Array(NaiveBase64URL.encode(input).utf8), "encode differs from the oracle")
        require(scratch.decoded(text) == input, "what was encoded does not decode to itself")
        if let found { require(scratch.encoded(found) == input, "two texts have one meaning") }
    }
}

/// A scratch that is reused between inputs, as a worker's is.
final class Buffer {
    private var scratch = ByteScratch()

    func decoded(_ text: [UInt8]) -> [UInt8]? {
        scratch.removeAll()
        do { try scratch.appendBase64URLDecoded(text.span) } catch { return nil }
        return scratch.array
    }

    func encoded(_ bytes: [UInt8]) -> [UInt8] {
        scratch.removeAll()
        scratch.appendBase64URL(bytes.span)
        return scratch.array
    }
}

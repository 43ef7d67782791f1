// SPDX-License-Identifier: Apache-2.0

/// Base64url the slow, obvious way: the oracle for every fast path.
package enum NaiveBase64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The text of `bytes`, without padding.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var bits = 0
        var bitCount = 0
        var out: [UInt8] = []
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                out.append(alphabet[bits >> bitCount & 63])
            }
        }
        if bitCount > 0 { out.append(alphabet[bits << (6 - bitCount) & 63]) }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes of strict base64url `text`; nil when it is not.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        if text.count % 4 == 1 { return nil }
        var bits = 0
        var bitCount = 0
        var out: [UInt8] = []
        for character in text {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                out.append(UInt8(bits >> bitCount & 0xFF))
            }
        }
        return bits & ((1 << bitCount) - 1) == 0 ? out : nil
    }
}

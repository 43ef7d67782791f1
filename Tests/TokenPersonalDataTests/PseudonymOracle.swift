// SPDX-License-Identifier: Apache-2.0

/// SHA-256, HMAC and HKDF written down plainly from FIPS 180-4, RFC 2104 and RFC 5869, sharing nothing with the engine.
enum Oracle {
    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = primes(64).map { fraction($0, cube: true) }
    /// The same of the square roots of the first eight.
    private static let start: [UInt32] = primes(8).map { fraction($0, cube: false) }

    static func sha256(_ message: [UInt8]) -> [UInt8] {
        var state = start
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        padded += bigEndian(UInt64(message.count) * 8, 8)
        for block in stride(from: 0, to: padded.count, by: 64) {
            var w = (0..<16).map { j in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[block + 4 * j + $1]) } }
            for i in 16..<64 {
                let s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3
                let s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10
                w.append(w[i - 16] &+ s0 &+ w[i - 7] &+ s1)
            }
            var v = state
            for i in 0..<64 {
                let s1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)
                let t1 = v[7] &+ s1 &+ (v[4] & v[5] ^ ~v[4] & v[6]) &+ constants[i] &+ w[i]
                let s0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)
                let t2 = s0 &+ (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2])
                v = [t1 &+ t2, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
            }
            for i in 0..<8 { state[i] = state[i] &+ v[i] }
        }
        return state.flatMap { bigEndian(UInt64($0), 4) }
    }

    static func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? sha256(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        return sha256(block.map { $0 ^ 0x5C } + sha256(block.map { $0 ^ 0x36 } + message))
    }

    /// HKDF to 32 bytes.
    static func hkdf(salt: [UInt8], key: [UInt8], info: [UInt8]) -> [UInt8] {
        hmac(hmac(salt, key), info + [1])
    }

    /// LP(x).
    static func lp(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt64(bytes.count), 4) + bytes }

    /// A pseudonym's 32 bytes from its definition.
    static func pseudonym(
        key: [UInt8], label: String = "pseudonym/1", tenant: String, type: String, profile: String, scope: String,
        message: [UInt8]
    ) -> [UInt8] {
        let info = [label, tenant, type, profile, scope].flatMap { lp(Array($0.utf8)) }
        return hmac(hkdf(salt: Array("cloakroom/p1".utf8), key: key, info: info), message)
    }

    /// base64url without padding, a bit at a time.
    static func base64URL(_ bytes: [UInt8]) -> String {
        spelled(bytes, 6, Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
    }

    /// Lower-case base32 without padding.
    static func base32(_ bytes: [UInt8]) -> String { spelled(bytes, 5, Array("abcdefghijklmnopqrstuvwxyz234567")) }

    private static func spelled(_ bytes: [UInt8], _ width: Int, _ alphabet: [Character]) -> String {
        var bits = bytes.flatMap { byte in (0..<8).map { Int(byte >> (7 - UInt8($0)) & 1) } }
        while bits.count % width != 0 { bits.append(0) }
        return String(
            stride(from: 0, to: bits.count, by: width).map { start in
                alphabet[bits[start..<start + width].reduce(0) { $0 * 2 + $1 }]
            })
    }

    private static func bigEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private static func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

    private static func primes(_ count: Int) -> [UInt64] {
        var found: [UInt64] = []
        var candidate: UInt64 = 2
        while found.count < count {
            if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
            candidate += 1
        }
        return found
    }

    /// floor(frac(root) * 2^32) by bisection on integers: the largest r with r^2 <= p * 2^64, or r^3 <= p * 2^96.
    private static func fraction(_ prime: UInt64, cube: Bool) -> UInt32 {
        var low: UInt64 = 0
        var high: UInt64 = 1 << 37
        while high - low > 1 {
            let middle = (low + high) / 2
            if isAtMost(middle, prime, cube: cube) { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    private static func isAtMost(_ root: UInt64, _ prime: UInt64, cube: Bool) -> Bool {
        let square = limbs([root], times: root)
        let power = cube ? limbs(square, times: root) : square
        let bound = (cube ? [0, 0, 0] : [0, 0]) + [prime]
        // Limbs of 32 bits, lowest first, all of one length.
        let width = max(power.count, bound.count)
        let a = power + [UInt64](repeating: 0, count: width - power.count)
        let b = bound + [UInt64](repeating: 0, count: width - bound.count)
        for index in (0..<width).reversed() where a[index] != b[index] { return a[index] < b[index] }
        return true
    }

    private static func limbs(_ value: [UInt64], times factor: UInt64) -> [UInt64] {
        let parts = value.flatMap { value.count == 1 ? [$0 & 0xFFFF_FFFF, $0 >> 32] : [$0] }
        let factors = [factor & 0xFFFF_FFFF, factor >> 32]
        var result = [UInt64](repeating: 0, count: parts.count + 2)
        for (i, part) in parts.enumerated() {
            var carry: UInt64 = 0
            for (j, other) in factors.enumerated() {
                let sum = result[i + j] + part * other + carry
                result[i + j] = sum & 0xFFFF_FFFF
                carry = sum >> 32
            }
            result[i + 2] += carry
        }
        return result
    }
}

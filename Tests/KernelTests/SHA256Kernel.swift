// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Testing

/// One SHA-256 implementation of this processor.
struct SHA256Kernel: Sendable, CustomTestStringConvertible {
    let index: Int
    let name: String
    var testDescription: String { name }

    static let all: [SHA256Kernel] = {
        var found: [SHA256Kernel] = []
        // SAFETY: the records and their names are static.
        while let kernel = unsafe ctk_sha256_kernel_at(found.count) {
            found.append(SHA256Kernel(index: found.count, name: unsafe String(cString: kernel.pointee.info.name)))
        }
        return found
    }()

    func digest(_ message: [UInt8], _ input: GuardedMemory, at placement: Placement = .back(0)) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        // SAFETY: the message has message.count bytes while `input` lives; the digest has 32.
        let source = unsafe input.put(message, placement)
        unsafe digest.withUnsafeMutableBufferPointer {
            unsafe ctk_sha256_using(ctk_sha256_kernel_at(index), source, message.count, $0.baseAddress)
        }
        return digest
    }

    func key(_ bytes: [UInt8], _ input: GuardedMemory) -> ctk_hmac_key {
        var key = ctk_hmac_key()
        // SAFETY: as above.
        let source = unsafe input.put(bytes, .back(0))
        unsafe ctk_hmac_key_init_using(ctk_sha256_kernel_at(index), &key, source, bytes.count)
        return key
    }

    func hmac(
        _ key: ctk_hmac_key, _ message: [UInt8], _ input: GuardedMemory, at placement: Placement = .back(0)
    ) -> [UInt8] {
        var key = key
        var tag = [UInt8](repeating: 0, count: 32)
        // SAFETY: as above.
        let source = unsafe input.put(message, placement)
        unsafe tag.withUnsafeMutableBufferPointer {
            unsafe ctk_hmac_sha256_using(ctk_sha256_kernel_at(index), &key, source, message.count, $0.baseAddress)
        }
        return tag
    }

    /// The tags of a batch, side by side; nil when a canary died.
    func batch(
        _ key: ctk_hmac_key, _ messages: [[UInt8]], tagByteCount: Int, _ input: GuardedMemory, _ output: GuardedMemory
    ) -> [UInt8]? {
        var key = key
        var offsets: [UInt32] = [0]
        for message in messages { offsets.append((offsets.last ?? 0) + UInt32(message.count)) }
        let count = messages.count * tagByteCount
        // SAFETY: base holds all messages, offsets one value more than messages, and the output room all tags.
        let base = unsafe input.put(messages.flatMap { $0 }, .back(0))
        let tags = unsafe output.room(count, .back(0))
        unsafe offsets.withUnsafeBufferPointer {
            unsafe ctk_hmac_sha256_batch_using(
                ctk_sha256_kernel_at(index), &key, base, $0.baseAddress, messages.count, tags, tagByteCount)
        }
        return output.canariesLive(count, .back(0)) ? output.bytes(count, .back(0)) : nil
    }

    /// The tags of jobs, message i under key i % keys.count; nil when a canary died.
    func jobs(
        _ keys: [ctk_hmac_key], _ messages: [[UInt8]], _ input: GuardedMemory, _ output: GuardedMemory
    ) -> [UInt8]? {
        let count = messages.count * 32
        // SAFETY: base holds all messages, the keys live until the call returns, and the output room holds all tags.
        let base = unsafe input.put(messages.flatMap { $0 }, .back(0))
        let tags = unsafe output.room(count, .back(0))
        unsafe keys.withUnsafeBufferPointer { keys in
            var jobs: [ctk_hmac_job] = unsafe []
            var offset = 0
            for (number, message) in messages.enumerated() {
                let key = unsafe keys.baseAddress.map { unsafe $0 + number % keys.count }
                unsafe jobs.append(ctk_hmac_job(key: key, message: base + offset, byte_count: message.count))
                offset += message.count
            }
            unsafe jobs.withUnsafeBufferPointer {
                unsafe ctk_hmac_sha256_jobs_using(ctk_sha256_kernel_at(index), $0.baseAddress, messages.count, tags)
            }
        }
        return output.canariesLive(count, .back(0)) ? output.bytes(count, .back(0)) : nil
    }
}

/// SHA-256 as FIPS 180-4 and HMAC as RFC 2104 state them: the oracle. Constants are derived, not copied.
enum SHA256Oracle {
    private static let primes: [Int] = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }

    /// The first 32 fraction bits of the root of degree `degree` of `n`, in integers.
    private static func rootBits(_ n: Int, degree: Int) -> UInt32 {
        // x is the root times 2^32; it is below 2^37, so its powers are taken with exact wide products.
        var x: UInt64 = 0
        for bit in (0..<37).reversed() {
            let next = x | 1 << UInt64(bit)
            var power = [next]
            for _ in 1..<degree { power = multiply(power, by: next) }
            let limit: [UInt64] = [0, UInt64(n) << (degree == 3 ? 32 : 0)]
            if !isLess(limit, power) { x = next }
        }
        return UInt32(truncatingIfNeeded: x)
    }

    /// Little-endian 64-bit limbs times one limb.
    private static func multiply(_ limbs: [UInt64], by factor: UInt64) -> [UInt64] {
        var carry: UInt64 = 0
        var out: [UInt64] = []
        for limb in limbs {
            let product = limb.multipliedFullWidth(by: factor)
            let (low, overflow) = product.low.addingReportingOverflow(carry)
            out.append(low)
            carry = product.high + (overflow ? 1 : 0)
        }
        return out + [carry]
    }

    private static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
        for i in (0..<max(a.count, b.count)).reversed() {
            let x = i < a.count ? a[i] : 0, y = i < b.count ? b[i] : 0
            if x != y { return x < y }
        }
        return false
    }

    static let k: [UInt32] = primes.map { rootBits($0, degree: 3) }
    static let initial: [UInt32] = primes.prefix(8).map { rootBits($0, degree: 2) }

    static func digest(_ message: [UInt8]) -> [UInt8] {
        func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        for shift in (0..<8).reversed() { padded.append(UInt8(truncatingIfNeeded: (message.count * 8) >> (8 * shift))) }
        var state = initial
        for block in stride(from: 0, to: padded.count, by: 64) {
            var w = (0..<16).map { t in
                padded[(block + 4 * t)..<(block + 4 * t + 4)].reduce(0) { $0 << 8 | UInt32($1) }
            }
            for t in 16..<64 {
                let s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3
                let s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10
                w.append(w[t - 16] &+ s0 &+ w[t - 7] &+ s1)
            }
            var v = state
            for t in 0..<64 {
                let sum1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
                let t1 = v[7] &+ sum1 &+ ((v[4] & v[5]) ^ (~v[4] & v[6])) &+ k[t] &+ w[t]
                let sum0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
                let t2 = sum0 &+ ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))
                v = [t1 &+ t2, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
            }
            for i in 0..<8 { state[i] &+= v[i] }
        }
        return state.flatMap { word in (0..<4).reversed().map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
    }

    static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? digest(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        return digest(block.map { $0 ^ 0x5C } + digest(block.map { $0 ^ 0x36 } + message))
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import Testing

private struct HMACVector: Sendable {
    let key: [UInt8]
    let message: [UInt8]
    let tag: String
}

/// RFC 4231 section 4; case 5 is published with 128 bits.
private let rfc4231: [HMACVector] = [
    HMACVector(
        key: .init(repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
        tag: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    HMACVector(
        key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
        tag: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    HMACVector(
        key: .init(repeating: 0xAA, count: 20), message: .init(repeating: 0xDD, count: 50),
        tag: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    HMACVector(
        key: Array(1...25), message: .init(repeating: 0xCD, count: 50),
        tag: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    HMACVector(
        key: .init(repeating: 0x0C, count: 20), message: Array("Test With Truncation".utf8),
        tag: "a3b6167473100ee06e0c796c2955552b"),
    HMACVector(
        key: .init(repeating: 0xAA, count: 131),
        message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        tag: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    HMACVector(
        key: .init(repeating: 0xAA, count: 131),
        message: Array(
            """
            This is a test using a larger than block-size key and a larger than block-size data. The key needs to be \
            hashed before being used by the HMAC algorithm.
            """.utf8),
        tag: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
]

@Suite("HMAC-SHA256 kernels")
struct HMACTests {
    let input = GuardedMemory(byteCountMin: 16384)
    let output = GuardedMemory(byteCountMin: 8192)

    @Test("RFC 4231: single, batch and jobs", arguments: SHA256Kernel.all)
    func published(kernel: SHA256Kernel) {
        for vector in rfc4231 {
            let key = kernel.key(vector.key, input)
            let count = vector.tag.utf8.count / 2
            #expect(hexText(Array(kernel.hmac(key, vector.message, input).prefix(count))) == vector.tag)
            let batch = kernel.batch(key, [vector.message], tagByteCount: count, input, output)
            #expect(batch.map(hexText) == vector.tag)
            let jobs = kernel.jobs([key], [vector.message], input, output)
            #expect(jobs.map { hexText(Array($0.prefix(count))) } == vector.tag)
        }
    }

    @Test("Keys of every length 0-200 and messages of every length 0-200")
    func everyKeyLength() {
        var generator = SeededGenerator(seed: 4231)
        let source = generator.bytes(400)
        for count in 0...200 {
            let keyBytes = Array(source.prefix(count))
            let message = Array(source[count..<(2 * count)])
            let expected = SHA256Oracle.hmac(key: keyBytes, message)
            for kernel in SHA256Kernel.all {
                let key = kernel.key(keyBytes, input)
                #expect(kernel.hmac(key, message, input) == expected, "\(kernel.name) \(count)")
                #expect(kernel.hmac(key, message, input, at: .front(0)) == expected, "\(kernel.name) \(count)")
            }
        }
    }

    @Test("T71 every count 0-40 with mixed lengths: each lane gets its own tag", arguments: [0, 24, 55, 56, 300])
    func everyCount(lengthMax: Int) {
        var generator = SeededGenerator(seed: UInt64(lengthMax))
        let keyBytes = (0..<3).map { generator.bytes(20 + 30 * $0) }
        for count in 0...40 {
            let messages = (0..<count).map { _ in generator.bytes(Int(generator.next() % UInt64(lengthMax + 1))) }
            let underOne = messages.map { SHA256Oracle.hmac(key: keyBytes[0], $0) }
            let underThree = messages.indices.flatMap { number in
                number % 3 == 0 ? underOne[number] : SHA256Oracle.hmac(key: keyBytes[number % 3], messages[number])
            }
            for kernel in SHA256Kernel.all {
                let keys = keyBytes.map { kernel.key($0, input) }
                for tagByteCount in [16, 32, 1 + count % 32] {
                    let tags = kernel.batch(keys[0], messages, tagByteCount: tagByteCount, input, output)
                    #expect(tags == underOne.flatMap { $0.prefix(tagByteCount) }, "\(kernel.name) \(count)")
                }
                #expect(kernel.jobs(keys, messages, input, output) == underThree, "\(kernel.name) \(count)")
            }
        }
    }

    @Test("T71 one long message among short ones, in every lane")
    func oneLongMessage() {
        var generator = SeededGenerator(seed: 71)
        let keyBytes = generator.bytes(32)
        let short = (0..<20).map { _ in generator.bytes(24) }
        let expectedShort = short.map { SHA256Oracle.hmac(key: keyBytes, $0) }
        let long = generator.bytes(700)
        let expectedLong = SHA256Oracle.hmac(key: keyBytes, long)
        for position in short.indices {
            var messages = short
            messages[position] = long
            var expected = expectedShort
            expected[position] = expectedLong
            for kernel in SHA256Kernel.all {
                let key = kernel.key(keyBytes, input)
                let tags = kernel.batch(key, messages, tagByteCount: 32, input, output)
                #expect(tags == expected.flatMap { $0 }, "\(kernel.name) \(position)")
                #expect(kernel.jobs([key], messages, input, output) == tags, "\(kernel.name) \(position)")
            }
        }
    }

    @Test("The lengths where padding changes shape, alone and in a batch of their own", arguments: SHA256Kernel.all)
    func paddingEdges(kernel: SHA256Kernel) {
        let keyBytes = [UInt8](repeating: 7, count: 32)
        let key = kernel.key(keyBytes, input)
        for length in [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 54, 55, 56, 63, 64, 119, 120, 128] {
            let message = [UInt8](repeating: 0xC3, count: length)
            let expected = SHA256Oracle.hmac(key: keyBytes, message)
            #expect(kernel.hmac(key, message, input) == expected, "\(length)")
            let five = kernel.batch(key, .init(repeating: message, count: 5), tagByteCount: 32, input, output)
            #expect(five == [[UInt8]](repeating: expected, count: 5).flatMap { $0 }, "\(length)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import Testing

/// Lower-case hexadecimal.
func hexText(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

@Suite("SHA-256 kernels")
struct SHA256Tests {
    let input = GuardedMemory(byteCountMin: 8192)

    @Test("RFC 6234 section 8.5, and a million a", arguments: SHA256Kernel.all)
    func published(kernel: SHA256Kernel) {
        let examples: [(String, String)] = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "01234567", count: 80),
                "594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5"
            ),
        ]
        for (message, digest) in examples {
            #expect(hexText(kernel.digest(Array(message.utf8), input)) == digest)
        }
        let large = GuardedMemory(byteCountMin: 1_000_000)
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            hexText(kernel.digest(million, large))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("The oracle agrees with the published constants and digest")
    func oracle() {
        #expect(SHA256Oracle.k.first == 0x428A_2F98)
        #expect(SHA256Oracle.k.last == 0xC671_78F2)
        #expect(SHA256Oracle.initial.first == 0x6A09_E667)
        let digest = hexText(SHA256Oracle.digest(Array("abc".utf8)))
        #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("T76 every length 0-300 against both guard pages")
    func everyLength() {
        var generator = SeededGenerator(seed: 256)
        let source = generator.bytes(300)
        for count in 0...300 {
            let message = Array(source.prefix(count))
            let expected = SHA256Oracle.digest(message)
            for kernel in SHA256Kernel.all {
                #expect(kernel.digest(message, input) == expected, "\(kernel.name) \(count)")
                #expect(kernel.digest(message, input, at: .front(0)) == expected, "\(kernel.name) \(count)")
            }
        }
    }

    @Test("Every alignment of the message")
    func everyAlignment() {
        var generator = SeededGenerator(seed: 257)
        for offset in 0..<64 {
            let message = generator.bytes(130 + offset)
            let expected = SHA256Oracle.digest(message)
            for kernel in SHA256Kernel.all {
                #expect(kernel.digest(message, input, at: .front(offset)) == expected, "\(kernel.name) \(offset)")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import Testing

@Suite("base64url kernels")
struct Base64URLTests {
    let input = GuardedMemory(byteCountMin: 8192)
    let output = GuardedMemory(byteCountMin: 8192)

    @Test("T76 T77 every length against both guard pages, both ways", arguments: Base64URLKernel.all)
    func everyLength(kernel: Base64URLKernel) {
        var generator = SeededGenerator(seed: 76)
        let source = generator.bytes(1024)
        let wholeText = Base64URLOracle.encode(source)
        for count in 0...1024 {
            let bytes = Array(source.prefix(count))
            var text = Array(wholeText.prefix(ctk_base64url_encoded_count(count)))
            // The last character of a shorter prefix differs: its unused bits are zero.
            let rest = Base64URLOracle.encode(Array(bytes[(count / 3 * 3)...]))
            text.replaceSubrange(count / 3 * 4..<text.count, with: rest)
            for places in [(Placement.back(0), Placement.back(0)), (.front(0), .front(0))] {
                let encoded = kernel.encode(bytes, input, output, from: places.0, to: places.1)
                #expect(encoded == text, "encode \(count)")
                let decoded = kernel.decode(text, input, output, from: places.0, to: places.1)
                #expect(decoded == .init(refusal: -1, bytes: bytes), "decode \(count)")
            }
        }
    }

    @Test("T76 every alignment of input and output", arguments: Base64URLKernel.all)
    func everyAlignment(kernel: Base64URLKernel) {
        var generator = SeededGenerator(seed: 77)
        for offset in 0..<64 {
            for base in [0, 40, 130, 380, 790] {
                let bytes = generator.bytes(base + Int(generator.next() % 64))
                let text = Base64URLOracle.encode(bytes)
                let to = Placement.front((offset * 37 + base) % 64)
                #expect(kernel.encode(bytes, input, output, from: .front(offset), to: to) == text)
                let decoded = kernel.decode(text, input, output, from: .front(offset), to: to)
                #expect(decoded == .init(refusal: -1, bytes: bytes), "\(bytes.count) bytes at \(offset)")
            }
        }
    }

    @Test("T76 long inputs of every remainder", arguments: Base64URLKernel.all)
    func longInputs(kernel: Base64URLKernel) {
        let input = GuardedMemory(byteCountMin: 32768)
        let output = GuardedMemory(byteCountMin: 32768)
        var generator = SeededGenerator(seed: 78)
        for count in [2048, 2049, 2050, 4095, 4096, 12286, 12287, 12288] {
            let bytes = generator.bytes(count)
            let text = Base64URLOracle.encode(bytes)
            #expect(kernel.encode(bytes, input, output) == text)
            #expect(kernel.decode(text, input, output) == .init(refusal: -1, bytes: bytes))
        }
    }

    @Test("T23 every byte value at every position of a segment", arguments: Base64URLKernel.all)
    func everyByteEverywhere(kernel: Base64URLKernel) {
        var text = Base64URLOracle.encode([UInt8](repeating: 0x51, count: 97))
        #expect(text.count == 130)
        for position in text.indices {
            let before = text[position]
            let answers = kernel.decodeEveryByte(text, at: position, input, output)
            let expected = (UInt8.min...UInt8.max).map { value in
                guard Base64URLOracle.values[Int(value)] != nil else { return Int64(position) }
                // Only the last character can still be wrong: 130 % 4 == 2, so four of its bits are unused.
                guard position == text.count - 1 else { return -1 }
                text[position] = value
                return Base64URLOracle.decode(text).refusal
            }
            text[position] = before
            #expect(answers == expected, "position \(position)")
        }
    }

    @Test("T23 the first of several bad bytes is named", arguments: Base64URLKernel.all)
    func firstBadByte(kernel: Base64URLKernel) {
        var generator = SeededGenerator(seed: 23)
        let bad: [UInt8] = Array("+/=?# \t.".utf8) + [0x00, 0x0A, 0x80, 0xC1, 0xFF]
        for _ in 0..<400 {
            var text = Base64URLOracle.encode(generator.bytes(Int(generator.next() % 500) + 1))
            for _ in 0...(generator.next() % 3) {
                text[Int(generator.next() % UInt64(text.count))] = bad[Int(generator.next() % UInt64(bad.count))]
            }
            #expect(kernel.decode(text, input, output) == Base64URLOracle.decode(text))
        }
    }

    @Test("T24 padding is refused at the first =", arguments: Base64URLKernel.all)
    func padding(kernel: Base64URLKernel) {
        for count in 1...200 where count % 3 != 0 {
            let text = Base64URLOracle.encode([UInt8](repeating: 0xA7, count: count))
            let padded = text + [UInt8](repeating: UInt8(ascii: "="), count: 3 - count % 3)
            let answer = kernel.decode(padded, input, output)
            #expect(answer == .init(refusal: Int64(text.count), bytes: []), "\(count)")
        }
    }

    @Test("T25 unused trailing bits and a lone last character", arguments: Base64URLKernel.all)
    func trailingBits(kernel: Base64URLKernel) {
        for count in Array(1...12) + Array(30...34) + Array(61...67) + Array(127...131) + Array(254...259) {
            var text = [UInt8](repeating: UInt8(ascii: "A"), count: count)
            for character in Base64URLOracle.alphabet {
                text[count - 1] = character
                let answer = kernel.decode(text, input, output)
                #expect(answer == Base64URLOracle.decode(text), "\(count) characters, last \(character)")
            }
        }
    }

    @Test("RFC 4648 section 10 in the URL alphabet", arguments: Base64URLKernel.all)
    func published(kernel: Base64URLKernel) {
        let examples = [
            "": "", "f": "Zg", "fo": "Zm8", "foo": "Zm9v", "foob": "Zm9vYg", "fooba": "Zm9vYmE", "foobar": "Zm9vYmFy",
        ]
        for (plain, text) in examples {
            #expect(kernel.encode(Array(plain.utf8), input, output) == Array(text.utf8))
            #expect(kernel.decode(Array(text.utf8), input, output) == .init(refusal: -1, bytes: Array(plain.utf8)))
        }
        #expect(kernel.encode([0xFB, 0xFF, 0xBF], input, output) == Array("-_-_".utf8))
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import Testing

/// One dot splitter of this processor.
struct SplitKernel: Sendable, CustomTestStringConvertible {
    let index: Int
    let name: String
    var testDescription: String { name }

    static let all: [SplitKernel] = {
        var found: [SplitKernel] = []
        // SAFETY: the records and their names are static.
        while let kernel = unsafe ctk_split_kernel_at(found.count) {
            found.append(SplitKernel(index: found.count, name: unsafe String(cString: kernel.pointee.info.name)))
        }
        return found
    }()

    /// The count and the offsets of the first dots.
    func dots(_ text: [UInt8], _ input: GuardedMemory, at placement: Placement) -> (count: Int, offsets: [UInt32]) {
        var offsets = [UInt32](repeating: .max, count: 4)
        // SAFETY: the text has text.count bytes while `input` lives, and the result has room for four offsets.
        let source = unsafe input.put(text, placement)
        let count = unsafe offsets.withUnsafeMutableBufferPointer {
            unsafe ctk_split_kernel_at(index)?.pointee.dots(source, text.count, $0.baseAddress) ?? 99
        }
        return (Int(count), offsets)
    }
}

@Suite("Dot splitter kernels")
struct SplitTests {
    let input = GuardedMemory(byteCountMin: 8192)

    private func expect(_ kernel: SplitKernel, _ text: [UInt8], _ placement: Placement) {
        var expected: [UInt32] = []
        for (offset, byte) in text.enumerated() where byte == 0x2E { expected.append(UInt32(offset)) }
        let (count, offsets) = kernel.dots(text, input, at: placement)
        if count != min(expected.count, 5) || !offsets.starts(with: expected.prefix(4)) {
            Issue.record("\(text.count) bytes, dots at \(expected), answer \(count) \(offsets)")
        }
    }

    @Test("T76 every length with zero to seven dots", arguments: SplitKernel.all)
    func everyLength(kernel: SplitKernel) {
        var generator = SeededGenerator(seed: 5)
        for length in 0...600 {
            for dotCount in [0, 2, 4, 7] {
                // Near misses: the dot with its top bit set, and its neighbours.
                let near: [UInt8] = [0xAE, 0x2D, 0x2F, 0x41, 0x00, 0xFF]
                var text = (0..<length).map { near[($0 + dotCount) % 6] }
                for _ in 0..<dotCount where length > 0 { text[Int(generator.next() % UInt64(length))] = 0x2E }
                expect(kernel, text, length % 2 == 0 ? .back(0) : .front(length % 64))
            }
        }
    }

    @Test("A dot at every position", arguments: SplitKernel.all)
    func everyPosition(kernel: SplitKernel) {
        var text = [UInt8](repeating: UInt8(ascii: "a"), count: 401)
        for position in text.indices {
            text[position] = UInt8(ascii: ".")
            expect(kernel, text, .back(0))
            text[position] = UInt8(ascii: "a")
        }
    }

    @Test("Only dots: stops at the fifth", arguments: SplitKernel.all)
    func onlyDots(kernel: SplitKernel) {
        for count in 0...130 { expect(kernel, [UInt8](repeating: UInt8(ascii: "."), count: count), .front(0)) }
    }
}

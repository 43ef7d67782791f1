// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Testing

/// One base64url implementation of this processor.
struct Base64URLKernel: Sendable, CustomTestStringConvertible {
    let index: Int
    let name: String
    var testDescription: String { name }

    static let all: [Base64URLKernel] = {
        var found: [Base64URLKernel] = []
        // SAFETY: the records and their names are static.
        while let kernel = unsafe ctk_base64url_kernel_at(found.count) {
            found.append(Base64URLKernel(index: found.count, name: unsafe String(cString: kernel.pointee.info.name)))
        }
        return found
    }()

    /// What a decode answered and wrote.
    struct Decoded: Equatable {
        var refusal: Int64
        var bytes: [UInt8]
        var canariesLive = true
    }

    /// Decodes `text` from one guarded place to another. `bytes` stays empty after a refusal.
    func decode(
        _ text: [UInt8], _ input: GuardedMemory, _ output: GuardedMemory, from: Placement = .back(0),
        to: Placement = .back(0)
    ) -> Decoded {
        let count = ctk_base64url_decoded_count(text.count)
        // SAFETY: src and dst have exactly the counts of the kernel's contract and live as long as the two objects.
        let source = unsafe input.put(text, from)
        let target = unsafe output.room(count, to)
        let refusal = unsafe ctk_base64url_kernel_at(index)?.pointee.decode(source, text.count, target) ?? -2
        return Decoded(
            refusal: refusal, bytes: refusal == -1 ? output.bytes(count, to) : [],
            canariesLive: output.canariesLive(count, to))
    }

    /// Decodes `text` with each of the 256 values in turn at `position` and returns the answers.
    func decodeEveryByte(
        _ text: [UInt8], at position: Int, _ input: GuardedMemory, _ output: GuardedMemory
    ) -> [Int64] {
        // SAFETY: as above; position is an index of the text.
        let source = unsafe input.put(text, .back(0))
        let target = unsafe output.room(ctk_base64url_decoded_count(text.count), .back(0))
        return (UInt8.min...UInt8.max).map { value in
            unsafe source[position] = value
            return unsafe ctk_base64url_kernel_at(index)?.pointee.decode(source, text.count, target) ?? -2
        }
    }

    /// Encodes `bytes` from one guarded place to another; nil when a canary died.
    func encode(
        _ bytes: [UInt8], _ input: GuardedMemory, _ output: GuardedMemory, from: Placement = .back(0),
        to: Placement = .back(0)
    ) -> [UInt8]? {
        let count = ctk_base64url_encoded_count(bytes.count)
        // SAFETY: as above.
        let source = unsafe input.put(bytes, from)
        let target = unsafe output.room(count, to)
        unsafe ctk_base64url_kernel_at(index)?.pointee.encode(source, bytes.count, target)
        return output.canariesLive(count, to) ? output.bytes(count, to) : nil
    }
}

/// Base64url as RFC 4648 states it, bit by bit: the oracle.
enum Base64URLOracle {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The 6-bit value of each character; nil outside the alphabet.
    static let values: [UInt32?] = (0...255).map { character in
        alphabet.firstIndex(of: UInt8(character)).map { UInt32($0) }
    }

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        var out: [UInt8] = []
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                out.append(alphabet[Int(bits >> bitCount & 63)])
            }
        }
        if bitCount > 0 { out.append(alphabet[Int(bits << (6 - bitCount) & 63)]) }
        return out
    }

    static func decode(_ text: [UInt8]) -> Base64URLKernel.Decoded {
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        var out: [UInt8] = []
        for (offset, character) in text.enumerated() {
            guard let value = values[Int(character)] else { return .init(refusal: Int64(offset), bytes: []) }
            bits = (bits << 6 | value) & 0xFFFF
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                out.append(UInt8(bits >> bitCount & 0xFF))
            }
        }
        if text.count % 4 == 1 || bits & ((1 << bitCount) - 1) != 0 {
            return .init(refusal: Int64(text.count - 1), bytes: [])
        }
        return .init(refusal: -1, bytes: out)
    }
}

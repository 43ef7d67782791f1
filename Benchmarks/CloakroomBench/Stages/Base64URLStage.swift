// SPDX-License-Identifier: Apache-2.0
import COpenSSLPeer
import Foundation
import TokenScan

/// The same segment at 16 places of one buffer, none of them aligned alike, since a token's segments begin anywhere.
/// One place alone would measure how that place lies beside the output.
struct ScatteredCopies {
    static let count = 16
    private(set) var bytes: [UInt8] = []
    private(set) var places: [Range<Int>] = []

    init(_ item: [UInt8]) {
        for index in 0..<Self.count {
            places.append(bytes.count..<(bytes.count + item.count))
            bytes += item + [UInt8](repeating: 0, count: 67 + index)
        }
    }
}

/// `base64url.decode`: one segment, strictly, into reused memory.
struct DecodeSegment: Workload, ~Copyable {
    private let text: [UInt8]
    private let copies: ScatteredCopies
    private let expected: [UInt8]
    private var output = ByteScratch(capacity: 1 << 15)
    private var cycle = Cycle(ScatteredCopies.count)

    init(_ bytes: [UInt8]) {
        expected = bytes
        text = Array(Base64URLText.encode(bytes).utf8)
        copies = ScatteredCopies(text)
    }

    mutating func run(_ iterations: Int) {
        let copies = copies
        for _ in 0..<iterations {
            output.removeAll()
            try? output.appendBase64URLDecoded(copies.bytes.span.extracting(copies.places[cycle.next()]))
        }
        blackHole(output.count)
    }

    mutating func isRight() -> Bool {
        run(1)
        var padded = ByteScratch()
        let isPaddingRefused = (try? padded.appendBase64URLDecoded((text + [UInt8(ascii: "=")]).span)) == nil
        return output.span.equals(expected.span) && isPaddingRefused
    }
}

/// `base64url.encode`: the way back.
struct EncodeSegment: Workload, ~Copyable {
    private let bytes: [UInt8]
    private let copies: ScatteredCopies
    private var output = ByteScratch(capacity: 1 << 15)
    private var cycle = Cycle(ScatteredCopies.count)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        copies = ScatteredCopies(bytes)
    }

    mutating func run(_ iterations: Int) {
        let copies = copies
        for _ in 0..<iterations {
            output.removeAll()
            output.appendBase64URL(copies.bytes.span.extracting(copies.places[cycle.next()]))
        }
        blackHole(output.count)
    }

    mutating func isRight() -> Bool {
        run(1)
        return output.span.equals(Array(Base64URLText.encode(bytes).utf8).span)
    }
}

/// OpenSSL's EVP_DecodeBlock and EVP_EncodeBlock, with the standard alphabet, padded, as they are.
struct OpenSSLBase64: Workload, ~Copyable {
    private let copies: ScatteredCopies
    private let byteCount: Int
    private let expected: [UInt8]
    private let isDecoding: Bool
    private var output: [UInt8]

    init(_ bytes: [UInt8], isDecoding: Bool) {
        let text = Array(Data(bytes).base64EncodedString().utf8)
        self.isDecoding = isDecoding
        let input = isDecoding ? text : bytes
        copies = ScatteredCopies(input)
        byteCount = input.count
        expected = isDecoding ? bytes : text
        output = [UInt8](repeating: 0, count: max(text.count, bytes.count) + 4)
    }

    mutating func run(_ iterations: Int) {
        let (copies, byteCount, isDecoding) = (copies, byteCount, isDecoding)
        var cycle = Cycle(ScatteredCopies.count)
        // SAFETY: the output has room for the longer of text and bytes; the places lie inside the copies, and both
        // arrays live as long as the loop.
        unsafe copies.bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe output.withUnsafeMutableBufferPointer { target in
                for _ in 0..<iterations {
                    let start = unsafe base + copies.places[cycle.next()].lowerBound
                    if isDecoding {
                        unsafe blackHole(cop_base64_decode(start, byteCount, target.baseAddress))
                    } else {
                        unsafe blackHole(cop_base64_encode(start, byteCount, target.baseAddress))
                    }
                }
            }
        }
    }

    mutating func isRight() -> Bool {
        run(1)
        return output.span.extracting(first: expected.count).equals(expected.span)
    }
}

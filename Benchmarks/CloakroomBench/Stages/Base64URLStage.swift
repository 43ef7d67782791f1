// SPDX-License-Identifier: Apache-2.0
import COpenSSLPeer
import Foundation
import TokenScan

/// `base64url.decode`: one segment, strictly, into reused memory.
struct DecodeSegment: Workload, ~Copyable {
    private let text: [UInt8]
    private let expected: [UInt8]
    private var output = ByteScratch(capacity: 1 << 15)

    init(_ bytes: [UInt8]) {
        expected = bytes
        text = Array(Base64URLText.encode(bytes).utf8)
    }

    mutating func run(_ iterations: Int) {
        let text = text
        for _ in 0..<iterations {
            output.removeAll()
            try? output.appendBase64URLDecoded(text.span)
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
    private var output = ByteScratch(capacity: 1 << 15)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func run(_ iterations: Int) {
        let bytes = bytes
        for _ in 0..<iterations {
            output.removeAll()
            output.appendBase64URL(bytes.span)
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
    private let input: [UInt8]
    private let expected: [UInt8]
    private let isDecoding: Bool
    private var output: [UInt8]

    init(_ bytes: [UInt8], isDecoding: Bool) {
        let text = Array(Data(bytes).base64EncodedString().utf8)
        self.isDecoding = isDecoding
        input = isDecoding ? text : bytes
        expected = isDecoding ? bytes : text
        output = [UInt8](repeating: 0, count: max(text.count, bytes.count) + 4)
    }

    mutating func run(_ iterations: Int) {
        let input = input
        let isDecoding = isDecoding
        // SAFETY: the output has room for the longer of text and bytes; both arrays live as long as the loop.
        unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                for _ in 0..<iterations {
                    if isDecoding {
                        unsafe blackHole(cop_base64_decode(source.baseAddress, source.count, target.baseAddress))
                    } else {
                        unsafe blackHole(cop_base64_encode(source.baseAddress, source.count, target.baseAddress))
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

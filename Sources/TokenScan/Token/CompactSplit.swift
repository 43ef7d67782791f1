// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// Where the parts of a compact token stand. Two dots make a JWS (RFC 7515 section 7.1), four a JWE (RFC 7516
/// section 7.1). Offsets only; nothing is decoded or trusted.
package struct CompactSplit: Sendable {
    /// The dots seen, 0 to 5; counting stops at the fifth.
    package let dotCount: Int
    /// Offsets of the first four dots; those not seen are 0.
    package let dotOffsets: (UInt32, UInt32, UInt32, UInt32)

    /// Finds the dots of `token` in one pass. O(bytes), at most the limit that the caller checked before.
    package init(_ token: Span<UInt8>) {
        // SAFETY: the kernel reads the span's bytes and writes four words to a local array.
        var dots: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        let n = token.count
        dotCount = unsafe token.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return 0 }
            return unsafe withUnsafeMutableBytes(of: &dots) { words in
                guard let out = unsafe words.baseAddress?.assumingMemoryBound(to: UInt32.self) else { return 0 }
                return Int(unsafe ctk_split_dots(start, n, out))
            }
        }
        dotOffsets = dots
    }
}

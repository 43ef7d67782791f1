// SPDX-License-Identifier: Apache-2.0
internal import CTokenKernels

/// SHA-256 (FIPS 180-4) by the engine's kernels.
package enum SHA256 {
    /// The digest's length in bytes.
    package static let byteCount = 32

    /// Writes the digest of `message` to the first 32 bytes of `digest`, which must hold at least 32.
    /// - Complexity: O(`message.count`), no allocation. Any thread.
    @inline(__always)
    package static func digest(_ message: Span<UInt8>, into digest: inout MutableSpan<UInt8>) {
        precondition(digest.count >= byteCount, "SHA-256 digest buffer too small")
        // SAFETY: the kernel reads exactly `message` and writes 32 bytes, which the precondition allows.
        unsafe message.withUnsafeBufferPointer { input in
            unsafe digest.withUnsafeMutableBufferPointer { output in
                unsafe ctk_sha256(input.baseAddress, input.count, output.baseAddress)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The Castagnoli checksum (RFC 3720 appendix B.4) that references end with and stored records carry.
///
/// It finds typing errors and damaged bytes; it proves nothing, since anybody can compute it.
package enum CRC32C {
    /// The checksum of `bytes`. One pass, no allocation; any thread.
    package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        // SAFETY: the kernel reads exactly the span's bytes, which live through the call.
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return 0 }
            return unsafe ctk_crc32c(start, source.count)
        }
    }
}

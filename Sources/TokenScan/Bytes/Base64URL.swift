// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// Strict base64url without padding (RFC 7515 section 2, RFC 4648 section 5).
///
/// One text has one spelling: no `=`, no blanks, no `+` or `/`, unused trailing bits zero.
package enum Base64URL {
    /// The bytes that `characterCount` characters decode to.
    package static func decodedByteCount(_ characterCount: Int) -> Int {
        ctk_base64url_decoded_count(max(characterCount, 0))
    }

    /// The characters that `byteCount` bytes encode to.
    package static func encodedByteCount(_ byteCount: Int) -> Int {
        ctk_base64url_encoded_count(max(byteCount, 0))
    }
}

extension ByteScratch {
    /// Appends the base64url text of `bytes`. Cost: one pass of the kernel in use.
    package mutating func appendBase64URL(_ bytes: Span<UInt8>) {
        let n = bytes.count
        // SAFETY: exactly encodedByteCount(n) bytes are written, and the source is a live span of n bytes that
        // cannot overlap memory which this buffer owns exclusively.
        unsafe appendUninitialized(Base64URL.encodedByteCount(n)) { out in
            unsafe bytes.withUnsafeBufferPointer { source in
                guard let start = source.baseAddress else { return }
                unsafe ctk_base64url_encode(start, n, out)
            }
        }
    }

    /// Appends the bytes that base64url `text` stands for. On a refusal the buffer is as it was.
    ///
    /// - Throws: ``ScanError/base64url(offset:)`` with the offset in `text` of the first offending character.
    package mutating func appendBase64URLDecoded(_ text: Span<UInt8>) throws(ScanError) {
        let n = text.count
        let before = count
        var refusedAt: Int64 = -1
        // SAFETY: exactly decodedByteCount(n) bytes are written on success; on a refusal some may not be, and they
        // are truncated at once below. The source is a live span of n bytes and cannot overlap our memory.
        unsafe appendUninitialized(Base64URL.decodedByteCount(n)) { out in
            unsafe text.withUnsafeBufferPointer { source in
                guard let start = source.baseAddress else { return }
                refusedAt = unsafe ctk_base64url_decode(start, n, out)
            }
        }
        if refusedAt >= 0 {
            truncate(to: before)
            throw .base64url(offset: Int(refusedAt))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import CTokenKernels
internal import CTokenOpenSSL
internal import TokenScan

/// The HMAC of `A128CBC-HS256` and its siblings (RFC 7518 section 5.2.2.1), of one worker, under a new key a message.
///
/// SHA-256 runs on the engine's kernels, SHA-384 and SHA-512 in a kept OpenSSL context.
// `@safe`: the pointer never leaves the object. Not Sendable: one worker's.
@safe final class ContentMAC {
    private let context: OpaquePointer?  // EVP_MAC_CTX *, owned; nil for SHA-256
    private let keyByteCount: Int
    /// Header | IV | ciphertext | the header's length in bits.
    private var input = ByteScratch(capacity: 1024)

    /// For content keys whose halves have `keyByteCount` bytes: 16, 24 or 32, with SHA-256, SHA-384 or SHA-512.
    init(keyByteCount: Int) throws(KeyError) {
        self.keyByteCount = keyByteCount
        guard keyByteCount > 16 else {
            unsafe context = nil
            return
        }
        unsafe context = try MACContext.makeContext(hashByteCount: keyByteCount * 2)
    }

    // SAFETY: owned by this object; freeing null does nothing.
    deinit { unsafe EVP_MAC_CTX_free(context) }

    /// Writes the tag: the first half of the HMAC. `key` is the whole content key.
    func authenticate(
        _ header: Span<UInt8>, _ iv: Span<UInt8>, _ ciphertext: Span<UInt8>, key: Span<UInt8>,
        into tag: inout MutableSpan<UInt8>
    ) -> Bool {
        guard key.count == keyByteCount * 2, tag.count == keyByteCount else { return false }
        input.removeAll()
        input.append(header)
        input.append(iv)
        input.append(ciphertext)
        let bits = UInt64(header.count) &* 8
        for i in 0..<8 { input.append(UInt8(truncatingIfNeeded: bits >> UInt64(56 &- 8 &* i))) }
        var full = InlineArray<64, UInt8>(repeating: 0)
        var fullSpan = full.mutableSpan
        let half = key.extracting(first: keyByteCount)
        let isDone =
            unsafe context == nil
            ? Self.sha256(half, input, into: &fullSpan) : Self.openSSL(context, half, input, into: &fullSpan)
        for i in 0..<tag.count { tag[i] = full[i] }
        return isDone
    }

    /// Whether the tag is the message's. The comparison is constant-time.
    func isValid(
        _ tag: Span<UInt8>, _ header: Span<UInt8>, _ iv: Span<UInt8>, _ ciphertext: Span<UInt8>, key: Span<UInt8>
    ) -> Bool {
        guard tag.count == keyByteCount else { return false }
        var expected = InlineArray<32, UInt8>(repeating: 0)
        var span = expected.mutableSpan
        var cut = span._mutatingExtracting(first: keyByteCount)
        guard authenticate(header, iv, ciphertext, key: key, into: &cut) else { return false }
        return ConstantTime.areEqual(expected.span.extracting(first: keyByteCount), tag)
    }

    private static func sha256(
        _ key: Span<UInt8>, _ input: borrowing ByteScratch, into tag: inout MutableSpan<UInt8>
    ) -> Bool {
        let message = input.span
        var state = ctk_hmac_key()
        // SAFETY: the kernel reads the key and exactly the input, and writes 32 bytes of a buffer of 64; the prepared
        // key is this call's own and wiped before it ends.
        unsafe withUnsafeMutablePointer(to: &state) { state in
            unsafe key.withUnsafeBufferPointer { unsafe ctk_hmac_key_init(state, $0.baseAddress, $0.count) }
            unsafe message.withUnsafeBufferPointer { message in
                unsafe tag.withUnsafeMutableBufferPointer { target in
                    unsafe ctk_hmac_sha256(state, message.baseAddress, message.count, target.baseAddress)
                }
            }
            unsafe OPENSSL_cleanse(state, MemoryLayout<ctk_hmac_key>.size)
        }
        return true
    }

    private static func openSSL(
        _ context: OpaquePointer?, _ key: Span<UInt8>, _ input: borrowing ByteScratch,
        into tag: inout MutableSpan<UInt8>
    ) -> Bool {
        let message = input.span
        // SAFETY: OpenSSL reads exactly the key and the input, and writes at most the 64 bytes of the buffer.
        let isDone = unsafe key.withUnsafeBufferPointer { key in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe tag.withUnsafeMutableBufferPointer { target in
                    var written = 0
                    return unsafe EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
                        && EVP_MAC_update(context, message.baseAddress, message.count) == 1
                        && EVP_MAC_final(context, target.baseAddress, &written, target.count) == 1
                }
            }
        }
        if !isDone { ERR_clear_error() }
        return isDone
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL

/// A digest algorithm of OpenSSL, fetched once per process: a fetch takes locks and a search.
// `@safe`: the pointer is only handed to OpenSSL calls of this module, and the object is never released.
@safe final class DigestAlgorithm: @unchecked Sendable {
    // Sendable by hand: a fetched EVP_MD is immutable.
    let pointer: OpaquePointer  // EVP_MD *, owned

    private init?(_ name: String) {
        // SAFETY: the name is a C string for the duration of the call; a null result is turned away.
        guard let md = unsafe EVP_MD_fetch(nil, name, nil) else {
            ERR_clear_error()
            return nil
        }
        unsafe pointer = md
    }

    // SAFETY: our own reference, given back once.
    deinit { unsafe EVP_MD_free(pointer) }

    private static let sha256 = DigestAlgorithm("SHA256")
    private static let sha384 = DigestAlgorithm("SHA384")
    private static let sha512 = DigestAlgorithm("SHA512")

    /// The digest with this output length: 32, 48 or 64 bytes.
    static func withByteCount(_ byteCount: Int) throws(KeyError) -> DigestAlgorithm {
        let found =
            switch byteCount {
            case 32: sha256
            case 48: sha384
            default: sha512
            }
        guard let found else { throw .backend }
        return found
    }
}

/// HMAC of OpenSSL, fetched once per process.
// `@safe`: as for `DigestAlgorithm`.
@safe final class MACAlgorithm: @unchecked Sendable {
    // Sendable by hand: a fetched EVP_MAC is immutable.
    let pointer: OpaquePointer  // EVP_MAC *, owned

    private init?(_ name: String) {
        // SAFETY: the name is a C string for the duration of the call; a null result is turned away.
        guard let mac = unsafe EVP_MAC_fetch(nil, name, nil) else {
            ERR_clear_error()
            return nil
        }
        unsafe pointer = mac
    }

    // SAFETY: our own reference, given back once.
    deinit { unsafe EVP_MAC_free(pointer) }

    static let hmac = MACAlgorithm("HMAC")
}

/// The digest of one worker: SHA-256 by our kernels, SHA-384 and SHA-512 by a kept OpenSSL context.
// `@safe`: the pointer never leaves the object. Not Sendable: one worker's.
@safe final class MessageDigest {
    private let context: OpaquePointer?  // EVP_MD_CTX *, owned; nil for SHA-256

    /// The digest's length in bytes: 32, 48 or 64.
    let byteCount: Int

    init(byteCount: Int) throws(KeyError) {
        self.byteCount = byteCount
        // SAFETY: null or a new context that this object owns until deinit.
        if byteCount == 32 {
            unsafe context = nil
            return
        }
        let algorithm = try DigestAlgorithm.withByteCount(byteCount)
        guard let made = unsafe EVP_MD_CTX_new() else { throw .backend }
        unsafe context = made
        // SAFETY: both pointers are live; the context takes its own reference to the algorithm.
        guard unsafe EVP_DigestInit_ex2(made, algorithm.pointer, nil) == 1 else { throw .backend }
    }

    deinit {
        // SAFETY: owned by this object; freeing null does nothing.
        unsafe EVP_MD_CTX_free(context)
    }

    /// Writes the digest to the first `byteCount` bytes of `output`. False when OpenSSL failed.
    func digest(_ message: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Bool {
        guard let context = unsafe context else {
            SHA256.digest(message, into: &output)
            return true
        }
        precondition(output.count >= byteCount, "digest buffer too small")
        // SAFETY: OpenSSL reads exactly `message` and writes `byteCount` bytes, which the precondition allows.
        return unsafe message.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe EVP_DigestInit_ex2(context, nil, nil) == 1
                    && EVP_DigestUpdate(context, input.baseAddress, input.count) == 1
                    && EVP_DigestFinal_ex(context, target.baseAddress, nil) == 1
            }
        }
    }
}

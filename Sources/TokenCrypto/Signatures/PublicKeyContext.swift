// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL

/// A kept OpenSSL context that checks or makes RSA or ECDSA signatures over digests, of one worker and key.
///
/// Keeping it, and giving it a digest instead of a message, saves the set-up that `EVP_DigestVerifyInit` repeats.
// `@safe`: the pointer never leaves the object. Not Sendable: one worker's.
@safe final class PublicKeyContext {
    private let context: OpaquePointer  // EVP_PKEY_CTX *, owned

    /// What the context is for.
    enum Operation { case verify, sign }

    init(key: KeyHandle, algorithm: SignatureAlgorithm, operation: Operation) throws(KeyError) {
        // SAFETY: the key is alive during the call, and the context holds its own reference afterwards.
        guard let made = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            ERR_clear_error()
            throw .backend
        }
        unsafe context = made
        let digest = try DigestAlgorithm.withByteCount(algorithm.hashByteCount)
        var isReady = unsafe (operation == .verify ? EVP_PKEY_verify_init(made) : EVP_PKEY_sign_init(made)) == 1
        // SAFETY: context and digest are alive; the settings are copied or reference-counted by the context.
        switch algorithm.family {
        case .rsaPKCS1:
            isReady = unsafe isReady && EVP_PKEY_CTX_set_rsa_padding(made, RSA_PKCS1_PADDING) == 1
        case .rsaPSS:
            // Salt length -1: exactly the hash's length, when signing and when verifying (RFC 7518 section 3.5).
            isReady =
                unsafe isReady && EVP_PKEY_CTX_set_rsa_padding(made, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(made, -1) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(made, digest.pointer) == 1
        case .ecdsa, .hmac, .edDSA:
            break
        }
        // SAFETY: as above.
        isReady = unsafe isReady && EVP_PKEY_CTX_set_signature_md(made, digest.pointer) == 1
        guard isReady else {
            ERR_clear_error()
            throw .backend
        }
    }

    // SAFETY: owned by this object, freed once.
    deinit { unsafe EVP_PKEY_CTX_free(context) }

    /// Whether OpenSSL says 1. Its other answers, 0 and negative ones, are all refusals (CVE-2008-5077); they may leave
    /// entries in the thread's error queue, which are cleared.
    func isValid(_ signature: Span<UInt8>, over digest: Span<UInt8>) -> Bool {
        // SAFETY: OpenSSL reads exactly the two spans' bytes.
        let verdict = unsafe signature.withUnsafeBufferPointer { signatureBytes in
            unsafe digest.withUnsafeBufferPointer { digestBytes in
                unsafe EVP_PKEY_verify(
                    context, signatureBytes.baseAddress, signatureBytes.count, digestBytes.baseAddress,
                    digestBytes.count)
            }
        }
        if verdict == 1 { return true }
        ERR_clear_error()
        return false
    }

    /// Signs a digest into `signature`. Returns the signature's length; nil when OpenSSL failed.
    func sign(_ digest: Span<UInt8>, into signature: inout MutableSpan<UInt8>) -> Int? {
        var count = signature.count
        // SAFETY: OpenSSL reads exactly the digest, and writes at most `count` bytes, the room that it is told.
        let result = unsafe signature.withUnsafeMutableBufferPointer { target in
            unsafe digest.withUnsafeBufferPointer { digestBytes in
                unsafe EVP_PKEY_sign(context, target.baseAddress, &count, digestBytes.baseAddress, digestBytes.count)
            }
        }
        if result == 1 { return count }
        ERR_clear_error()
        return nil
    }
}

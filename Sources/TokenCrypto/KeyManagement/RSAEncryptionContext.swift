// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// RSAES-OAEP (RFC 8017 section 7.1) with one hash for label and mask, of one worker, key and direction.
// `@safe`: the pointer never leaves the object. Not Sendable: one worker's.
@safe final class RSAEncryptionContext {
    private let context: OpaquePointer  // EVP_PKEY_CTX *, owned
    private let encrypts: Bool
    /// The modulus's length, which is the ciphertext's, in bytes.
    let byteCount: Int

    /// `usesSHA1` is RSA-OAEP as of RFC 7518's first parameter set; else SHA-256.
    init(key: KeyHandle, usesSHA1: Bool, encrypts: Bool) throws(KeyError) {
        // SAFETY: the key is alive during the call, and the context holds its own reference afterwards.
        guard let made = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            ERR_clear_error()
            throw .backend
        }
        unsafe context = made
        self.encrypts = encrypts
        byteCount = key.signatureByteCountMax
        let digest: StaticString = usesSHA1 ? "SHA1" : "SHA256"
        // SAFETY: the context is alive; names are literals, which live for ever.
        let isReady =
            unsafe (encrypts ? EVP_PKEY_encrypt_init(made) : EVP_PKEY_decrypt_init(made)) == 1
            && EVP_PKEY_CTX_set_rsa_padding(made, RSA_PKCS1_OAEP_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_oaep_md_name(made, ParameterList.name(digest), nil) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md_name(made, ParameterList.name(digest), nil) == 1
        guard isReady else {
            ERR_clear_error()
            throw .backend
        }
    }

    // SAFETY: owned by this object, freed once.
    deinit { unsafe EVP_PKEY_CTX_free(context) }

    /// Appends the ciphertext or the message of `input`. False, with nothing appended, when OpenSSL refuses.
    func process(_ input: Span<UInt8>, into output: inout ByteScratch) -> Bool {
        guard encrypts || input.count == byteCount else { return false }
        let start = output.count
        var count = byteCount
        var result: Int32 = 0
        // SAFETY: OpenSSL reads exactly the input and writes at most `count` bytes, the room that is made; what it does
        // not write is cut off below.
        unsafe output.appendUninitialized(byteCount) { target in
            unsafe input.withUnsafeBufferPointer { bytes in
                result =
                    encrypts
                    ? unsafe EVP_PKEY_encrypt(context, target, &count, bytes.baseAddress, bytes.count)
                    : unsafe EVP_PKEY_decrypt(context, target, &count, bytes.baseAddress, bytes.count)
            }
        }
        let isDone = result == 1 && count <= byteCount
        output.truncate(to: isDone ? start + count : start)
        if !isDone { ERR_clear_error() }
        return isDone
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// A kept OpenSSL context for Ed25519 (RFC 8032), which signs whole messages, of one worker and key.
///
/// It is initialised again for each message, about 1 % of a check: OpenSSL 3.0 would let a finished one-shot context
/// run on, but later versions refuse that.
// `@safe`: the pointer never leaves the object. Not Sendable: one worker's.
@safe final class Ed25519Context {
    private let context: OpaquePointer  // EVP_MD_CTX *, owned
    private let key: KeyHandle
    /// R | A | message of the check under way, for tables.
    private var hashed = ByteScratch()
    private let sha512: MessageDigest

    init(key: KeyHandle) throws(KeyError) {
        sha512 = try MessageDigest(byteCount: 64)
        // SAFETY: a null result is turned away; the context is owned until deinit.
        guard let made = unsafe EVP_MD_CTX_new() else { throw .backend }
        unsafe context = made
        self.key = key
    }

    // SAFETY: owned by this object, freed once.
    deinit { unsafe EVP_MD_CTX_free(context) }

    /// The verdict: 64 bytes, canonical R of no small order, S < L, cofactorless equation. The key's point
    /// was checked when it was loaded; S and the equation, with R compared in its canonical encoding, are OpenSSL's.
    func isValid(_ signature: Span<UInt8>, over message: Span<UInt8>) -> Bool {
        guard signature.count == 64, Ed25519Encoding.isAcceptable(signature.extracting(0..<32)) else { return false }
        // SAFETY: OpenSSL reads exactly the two spans' bytes; key and context are alive.
        let verdict = unsafe signature.withUnsafeBufferPointer { signatureBytes in
            unsafe message.withUnsafeBufferPointer { messageBytes in
                guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1 else { return Int32(-1) }
                return unsafe EVP_DigestVerify(
                    context, signatureBytes.baseAddress, signatureBytes.count, messageBytes.baseAddress,
                    messageBytes.count)
            }
        }
        if verdict == 1 { return true }
        ERR_clear_error()
        return false
    }

    /// The same verdict by the key's table; nil when the hash could not be made.
    func verdict(_ signature: Span<UInt8>, over message: Span<UInt8>, _ table: Ed25519KeyTable) -> Bool? {
        guard signature.count == 64, Ed25519Encoding.isAcceptable(signature.extracting(0..<32)) else { return false }
        let encoded = table.encodedKey
        hashed.removeAll()
        hashed.append(signature.extracting(0..<32))
        hashed.append(encoded.span)
        hashed.append(message)
        var hash = InlineArray<64, UInt8>(repeating: 0)
        var span = hash.mutableSpan
        guard Self.digest(hashed, sha512, into: &span) else { return nil }
        return table.isValid(signature, hash: hash.span)
    }

    private static func digest(
        _ bytes: borrowing ByteScratch, _ digest: MessageDigest, into output: inout MutableSpan<UInt8>
    ) -> Bool {
        digest.digest(bytes.span, into: &output)
    }

    /// Signs a message into the first 64 bytes of `signature`. False when OpenSSL failed.
    func sign(_ message: Span<UInt8>, into signature: inout MutableSpan<UInt8>) -> Bool {
        var count = signature.count
        // SAFETY: OpenSSL reads exactly the message, and writes at most `count` bytes, the room that it is told.
        let result = unsafe signature.withUnsafeMutableBufferPointer { target in
            unsafe message.withUnsafeBufferPointer { messageBytes in
                guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key.pointer) == 1 else { return Int32(-1) }
                return unsafe EVP_DigestSign(
                    context, target.baseAddress, &count, messageBytes.baseAddress, messageBytes.count)
            }
        }
        if result == 1 && count == 64 { return true }
        ERR_clear_error()
        return false
    }
}

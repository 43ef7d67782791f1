// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// A cipher of OpenSSL, fetched once per process: a fetch takes locks and a search.
// `@safe`: the pointer is only handed to OpenSSL calls of this module, and the object is never released.
@safe final class CipherAlgorithm: @unchecked Sendable {
    // Sendable by hand: a fetched EVP_CIPHER is immutable.
    let pointer: OpaquePointer  // EVP_CIPHER *, owned
    /// The key's length in bytes.
    let keyByteCount: Int

    private init?(_ name: String) {
        // SAFETY: the name is a C string for the duration of the call; a null result is turned away.
        guard let cipher = unsafe EVP_CIPHER_fetch(nil, name, nil) else {
            ERR_clear_error()
            return nil
        }
        unsafe pointer = cipher
        keyByteCount = Int(unsafe EVP_CIPHER_get_key_length(cipher))
    }

    // SAFETY: our own reference, given back once.
    deinit { unsafe EVP_CIPHER_free(pointer) }

    private static let gcm = ["AES-128-GCM", "AES-192-GCM", "AES-256-GCM"].map { CipherAlgorithm($0) }
    private static let cbc = ["AES-128-CBC", "AES-192-CBC", "AES-256-CBC"].map { CipherAlgorithm($0) }
    private static let wrap = ["AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"].map { CipherAlgorithm($0) }
    private static let siv = [CipherAlgorithm("AES-256-SIV")]

    /// The modes in use.
    enum Mode { case gcm, cbc, wrap, siv }

    /// The cipher with a key of 16, 24 or 32 bytes; SIV takes 64 (RFC 5297 section 2.2).
    static func with(_ mode: Mode, keyByteCount: Int) throws(KeyError) -> CipherAlgorithm {
        let list =
            switch mode {
            case .gcm: gcm
            case .cbc: cbc
            case .wrap: wrap
            case .siv: siv
            }
        for case let cipher? in list where cipher.keyByteCount == keyByteCount { return cipher }
        throw .backend
    }
}

/// One cipher context of one worker, for one cipher and one direction, restarted for each message.
///
/// The cipher is set once: OpenSSL would free and make its inner context again each time one is named.
// `@safe`: the pointer never leaves the object. Not Sendable: one worker's.
@safe final class CipherContext {
    private let context: OpaquePointer  // EVP_CIPHER_CTX *, owned; OpenSSL wipes the key in it when freed
    private let encrypts: Bool
    let algorithm: CipherAlgorithm

    init(_ mode: CipherAlgorithm.Mode, keyByteCount: Int, encrypts: Bool) throws(KeyError) {
        algorithm = try CipherAlgorithm.with(mode, keyByteCount: keyByteCount)
        self.encrypts = encrypts
        // SAFETY: a null result is turned away; the context is owned until deinit.
        guard let made = unsafe EVP_CIPHER_CTX_new() else { throw .backend }
        unsafe context = made
        // Without the flag the context refuses wrap modes.
        if mode == .wrap { unsafe EVP_CIPHER_CTX_set_flags(made, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW) }
        // SAFETY: both pointers are live; the context takes its own reference to the cipher.
        guard unsafe EVP_CipherInit_ex2(made, algorithm.pointer, nil, nil, encrypts ? 1 : 0, nil) == 1 else {
            ERR_clear_error()
            throw .backend
        }
    }

    // SAFETY: owned by this object, freed once.
    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// Sets the key, of the cipher's own length.
    func setKey(_ key: Span<UInt8>) -> Bool {
        guard key.count == algorithm.keyByteCount else { return false }
        // SAFETY: OpenSSL reads the key's bytes, as many as the cipher takes, during the call.
        return check(
            unsafe key.withUnsafeBufferPointer {
                unsafe EVP_CipherInit_ex2(context, nil, $0.baseAddress, nil, encrypts ? 1 : 0, nil)
            })
    }

    /// Starts a message with the key set before. `iv` has the cipher's length (12 for GCM, 16 for CBC, 8 for wrap).
    func start(iv: Span<UInt8>) -> Bool {
        guard iv.count == Int(unsafe EVP_CIPHER_CTX_get_iv_length(context)) else { return false }
        // SAFETY: OpenSSL reads the vector's bytes, as many as the guard says, during the call.
        return check(
            unsafe iv.withUnsafeBufferPointer {
                unsafe EVP_CipherInit_ex2(context, nil, nil, $0.baseAddress, encrypts ? 1 : 0, nil)
            })
    }

    /// Feeds data that is authenticated only.
    func authenticate(_ data: Span<UInt8>) -> Bool {
        guard let count = Int32(exactly: data.count) else { return false }
        var written: Int32 = 0
        // SAFETY: OpenSSL reads exactly the data and writes nothing but the count.
        return check(
            unsafe data.withUnsafeBufferPointer {
                unsafe EVP_CipherUpdate(context, nil, &written, $0.baseAddress, count)
            })
    }

    /// Turns a whole message and appends the result, at most `margin` bytes longer than the input. On a failure nothing
    /// is appended.
    func process(_ input: Span<UInt8>, margin: Int, into output: inout ByteScratch) -> Bool {
        let start = output.count
        let room = input.count + margin
        guard room < Int(Int32.max) else { return false }
        var result: Int32 = 0
        var updated: Int32 = 0
        var finished: Int32 = 0
        // SAFETY: OpenSSL reads exactly the input and writes at most `room` bytes: GCM, wrap and SIV as many as
        // `margin` allows by their definition, CBC less than one block more, for which `margin` is 16. Bytes that are
        // not written are cut off below.
        unsafe output.appendUninitialized(room) { target in
            result = unsafe input.withUnsafeBufferPointer {
                unsafe EVP_CipherUpdate(context, target, &updated, $0.baseAddress, Int32($0.count))
            }
            guard result == 1, updated >= 0, Int(updated) <= room else { return }
            result = unsafe EVP_CipherFinal_ex(context, target + Int(updated), &finished)
        }
        let isDone = check(result) && finished >= 0 && Int(updated) + Int(finished) <= room
        output.truncate(to: isDone ? start + Int(updated) + Int(finished) : start)
        return isDone
    }

    /// Reads the tag of a message just encrypted.
    func readTag(into tag: inout MutableSpan<UInt8>) -> Bool {
        guard let count = Int32(exactly: tag.count) else { return false }
        // SAFETY: OpenSSL writes `count` bytes, the span's length.
        return check(
            unsafe tag.withUnsafeMutableBufferPointer {
                unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, count, $0.baseAddress)
            })
    }

    /// Sets the tag that a message to be decrypted must have; callers check its length, since OpenSSL takes short ones
    /// (CVE-2026-65625).
    func expectTag(_ tag: Span<UInt8>) -> Bool {
        guard let count = Int32(exactly: tag.count) else { return false }
        // SAFETY: OpenSSL only reads the tag's bytes; its signature lacks the const.
        return check(
            unsafe tag.withUnsafeBufferPointer {
                unsafe EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_SET_TAG, count, UnsafeMutableRawPointer(mutating: $0.baseAddress))
            })
    }

    private func check(_ result: Int32) -> Bool {
        if result == 1 { return true }
        ERR_clear_error()
        return false
    }
}

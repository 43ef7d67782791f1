// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// Diffie-Hellman on Curve25519 (RFC 7748 section 6.1) over OpenSSL. No state: OpenSSL has no call that keeps any.
enum X25519Context {
    /// The length of private values, public values and agreed secrets, in bytes.
    static let byteCount = 32

    /// Draws a private value from `random` and appends it and its public value.
    static func makeEphemeral(
        _ random: inout RandomBytes, scalar d: inout ByteScratch, point: inout ByteScratch
    ) throws(EncryptionError) {
        d.removeAll()
        d.resize(to: byteCount)
        do { try draw(&random, into: &d) } catch { throw .randomness }
        guard appendPublic(d, to: &point) else { throw .backend }
    }

    private static func draw(_ random: inout RandomBytes, into d: inout ByteScratch) throws(RandomnessError) {
        var span = d.mutableSpan
        try random.fill(&span)
    }

    private static func appendPublic(_ d: borrowing ByteScratch, to output: inout ByteScratch) -> Bool {
        // SAFETY: OpenSSL copies the 32 bytes; the key is freed before this returns, null included.
        let key = unsafe d.span.withUnsafeBufferPointer {
            unsafe EVP_PKEY_new_raw_private_key_ex(
                nil, ParameterList.name("X25519"), nil, $0.baseAddress, $0.count)
        }
        defer { unsafe EVP_PKEY_free(key) }
        guard unsafe key != nil else { return failed() }
        var count = byteCount
        var result: Int32 = 0
        let before = output.count
        // SAFETY: at most `count` (32) bytes are written, the room that is made; the length is checked after.
        unsafe output.appendUninitialized(byteCount) { unsafe result = EVP_PKEY_get_raw_public_key(key, $0, &count) }
        guard result == 1, count == byteCount else {
            output.truncate(to: before)
            return failed()
        }
        return true
    }

    /// Appends the secret of a private and a public value. False, with nothing appended, for other lengths and for a
    /// result of zeros alone, which points of small order give (RFC 7748 section 6.1, RFC 8037 section 3.2.1, T49).
    static func agree(_ d: Span<UInt8>, x: Span<UInt8>, into secret: inout ByteScratch) -> Bool {
        guard d.count == byteCount, x.count == byteCount else { return false }
        // SAFETY: OpenSSL copies the 32 bytes of each; all is freed before this returns, null included.
        let own = unsafe d.withUnsafeBufferPointer {
            unsafe EVP_PKEY_new_raw_private_key_ex(nil, ParameterList.name("X25519"), nil, $0.baseAddress, $0.count)
        }
        defer { unsafe EVP_PKEY_free(own) }
        let peer = unsafe x.withUnsafeBufferPointer {
            unsafe EVP_PKEY_new_raw_public_key_ex(nil, ParameterList.name("X25519"), nil, $0.baseAddress, $0.count)
        }
        defer { unsafe EVP_PKEY_free(peer) }
        guard unsafe own != nil, unsafe peer != nil else { return failed() }
        let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, own, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe context != nil, unsafe EVP_PKEY_derive_init(context) == 1,
            unsafe EVP_PKEY_derive_set_peer(context, peer) == 1
        else { return failed() }
        let before = secret.count
        var count = byteCount
        var result: Int32 = 0
        // SAFETY: at most `count` (32) bytes are written, the room that is made; the length is checked after.
        unsafe secret.appendUninitialized(byteCount) { unsafe result = EVP_PKEY_derive(context, $0, &count) }
        guard result == 1, count == byteCount, !isZero(secret, from: before) else {
            secret.truncate(to: before)
            return failed()
        }
        return true
    }

    private static func isZero(_ secret: borrowing ByteScratch, from start: Int) -> Bool {
        BigEndian.isZero(secret.span.extracting(start..<secret.count))
    }

    private static func failed() -> Bool {
        ERR_clear_error()
        return false
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// One asymmetric key of OpenSSL. Immutable once made, so threads may share it; each makes contexts of its own.
// `@safe`: the pointer is handed only to OpenSSL calls of this module while the object is alive.
@safe final class KeyHandle: @unchecked Sendable {
    // Sendable by hand: OpenSSL locks what it caches inside an EVP_PKEY, and nothing here changes the key.
    let pointer: OpaquePointer  // EVP_PKEY *, owned

    /// Takes over the reference.
    // SAFETY: the caller hands over a reference that it owns, and does not free it.
    @unsafe init(takingOwnership pointer: OpaquePointer) { unsafe self.pointer = pointer }

    // SAFETY: our own reference, given back once.
    deinit { unsafe EVP_PKEY_free(pointer) }

    /// The length of an RSA signature, or the most that an ECDSA signature takes in DER, in bytes.
    // SAFETY: the key is alive and only read.
    var signatureByteCountMax: Int { Int(unsafe EVP_PKEY_get_size(pointer)) }

    /// Reads a number of the key, big-endian, padded to `byteCount` or (nil) without leading zeros, behind `output`.
    func appendNumber(_ name: StaticString, byteCount: Int? = nil, to output: inout ByteScratch) throws(KeyError) {
        var number: OpaquePointer?
        // SAFETY: the name is a literal; on success we own the number, which may be secret, and clear it.
        guard unsafe EVP_PKEY_get_bn_param(pointer, ParameterList.name(name), &number) == 1 else {
            ERR_clear_error()
            throw .backend
        }
        defer { unsafe BN_clear_free(number) }
        let minimum = (Int(unsafe BN_num_bits(number)) + 7) / 8
        let count = byteCount ?? max(minimum, 1)
        guard minimum <= count, count <= 2048 else { throw .backend }
        // SAFETY: BN_bn2binpad writes exactly `count` bytes, for which the buffer makes room.
        unsafe output.appendUninitialized(count) { unsafe _ = BN_bn2binpad(number, $0, Int32(count)) }
    }

    /// Reads the raw 32 bytes of an Ed25519 or X25519 key behind `output`.
    func appendRaw32(isPrivate: Bool, to output: inout ByteScratch) throws(KeyError) {
        var count = 32
        var result: Int32 = 0
        // SAFETY: at most `count` (32) bytes are written; room for 32 is made and the length is checked after.
        unsafe output.appendUninitialized(32) { target in
            result =
                isPrivate
                ? unsafe EVP_PKEY_get_raw_private_key(pointer, target, &count)
                : unsafe EVP_PKEY_get_raw_public_key(pointer, target, &count)
        }
        guard result == 1, count == 32 else {
            ERR_clear_error()
            throw .backend
        }
    }

    /// An Ed25519 or X25519 key (`type` as OpenSSL spells it) from its 32 raw bytes; nil when OpenSSL refuses them.
    static func octetKey(_ type: StaticString, _ raw: Span<UInt8>, isPrivate: Bool) -> KeyHandle? {
        guard raw.count == 32 else { return nil }
        // SAFETY: OpenSSL copies the 32 bytes during the call.
        let made = unsafe raw.withUnsafeBufferPointer { bytes in
            isPrivate
                ? unsafe EVP_PKEY_new_raw_private_key_ex(
                    nil, ParameterList.name(type), nil, bytes.baseAddress, bytes.count)
                : unsafe EVP_PKEY_new_raw_public_key_ex(
                    nil, ParameterList.name(type), nil, bytes.baseAddress, bytes.count)
        }
        guard let made = unsafe made else {
            ERR_clear_error()
            return nil
        }
        // SAFETY: the new key is ours and is handed over once.
        return unsafe KeyHandle(takingOwnership: made)
    }

    /// Generates a key: `bits` for RSA, `group` for EC, neither for Ed25519 and X25519. Nil when OpenSSL failed.
    static func generate(type: StaticString, bits: Int32? = nil, group: StaticString? = nil) -> KeyHandle? {
        // SAFETY: literals live for ever; the context is ours until the end of this function.
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, ParameterList.name(type), nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        var isReady = unsafe EVP_PKEY_keygen_init(context) == 1
        if let bits { isReady = unsafe isReady && EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1 }
        if let group {
            isReady = unsafe isReady && EVP_PKEY_CTX_set_group_name(context, ParameterList.name(group)) == 1
        }
        guard isReady, unsafe EVP_PKEY_generate(context, &key) == 1, let made = unsafe key else {
            unsafe EVP_PKEY_free(key)
            ERR_clear_error()
            return nil
        }
        // SAFETY: the new key is ours and is handed over once.
        return unsafe KeyHandle(takingOwnership: made)
    }
}

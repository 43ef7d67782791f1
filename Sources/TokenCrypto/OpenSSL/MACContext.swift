// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL

/// HMAC-SHA384 or HMAC-SHA512 of one worker and key: the keyed context is kept and restarted for each message.
// `@safe`: the pointer never leaves the object. Not Sendable: one worker's.
@safe final class MACContext {
    private let context: OpaquePointer  // EVP_MAC_CTX *, owned; OpenSSL wipes the key in it when freed

    /// The tag's length in bytes.
    let byteCount: Int

    init(key: SecretBytes, hashByteCount: Int) throws(KeyError) {
        // SAFETY: the new context is owned until deinit; OpenSSL copies the key before it returns.
        unsafe context = try Self.makeContext(hashByteCount: hashByteCount)
        byteCount = hashByteCount
        let isKeyed = key.withSpan { span in
            unsafe span.withUnsafeBufferPointer { unsafe EVP_MAC_init(context, $0.baseAddress, $0.count, nil) == 1 }
        }
        guard isKeyed else {
            ERR_clear_error()
            throw .backend
        }
    }

    /// A new context of HMAC-SHA384 or HMAC-SHA512 without a key, which the caller owns.
    static func makeContext(hashByteCount: Int) throws(KeyError) -> OpaquePointer {
        // SAFETY: a null result is turned away.
        guard let algorithm = MACAlgorithm.hmac, let made = unsafe EVP_MAC_CTX_new(algorithm.pointer) else {
            throw .backend
        }
        let name: StaticString = hashByteCount == 48 ? "SHA384" : "SHA512"
        // SAFETY: literals live for ever; OpenSSL copies the parameters before it returns.
        var parameters = unsafe (
            OSSL_PARAM_construct_utf8_string(
                ParameterList.name("digest"), ParameterList.mutableName(name), name.utf8CodeUnitCount),
            OSSL_PARAM_construct_end()
        )
        let isSet = unsafe withUnsafePointer(to: &parameters) { list in
            unsafe list.withMemoryRebound(to: OSSL_PARAM.self, capacity: 2) {
                unsafe EVP_MAC_CTX_set_params(made, $0) == 1
            }
        }
        guard isSet else {
            unsafe EVP_MAC_CTX_free(made)
            ERR_clear_error()
            throw .backend
        }
        return unsafe made
    }

    // SAFETY: owned by this object, freed once.
    deinit { unsafe EVP_MAC_CTX_free(context) }

    /// Writes the tag of `message` to the first `byteCount` bytes of `tag`. False when OpenSSL failed.
    func authenticate(_ message: Span<UInt8>, into tag: inout MutableSpan<UInt8>) -> Bool {
        precondition(tag.count >= byteCount, "HMAC tag buffer too small")
        // SAFETY: OpenSSL reads exactly `message` and writes at most `tag.count` bytes.
        return unsafe message.withUnsafeBufferPointer { input in
            unsafe tag.withUnsafeMutableBufferPointer { target in
                var written = 0
                return unsafe EVP_MAC_init(context, nil, 0, nil) == 1
                    && EVP_MAC_update(context, input.baseAddress, input.count) == 1
                    && EVP_MAC_final(context, target.baseAddress, &written, target.count) == 1
                    && written == byteCount
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// AES Key Wrap with the initial value of RFC 3394 section 2.2.3.1, of one worker and direction. Not Sendable.
final class AESKeyWrap {
    private let cipher: CipherContext
    private static let initialValue = [UInt8](repeating: 0xA6, count: 8)

    /// For wrapping keys of 16, 24 or 32 bytes; `setKey` follows.
    init(keyByteCount: Int, wraps: Bool) throws(KeyError) {
        cipher = try CipherContext(.wrap, keyByteCount: keyByteCount, encrypts: wraps)
    }

    /// Sets the key that wraps; it stays until the next call.
    func setKey(_ key: Span<UInt8>) -> Bool { cipher.setKey(key) }

    /// Wraps a key of at least two 64-bit blocks; appends eight bytes more than it has.
    func wrap(_ key: Span<UInt8>, into wrapped: inout ByteScratch) -> Bool {
        guard key.count >= 16, key.count % 8 == 0 else { return false }
        let initialValue = Self.initialValue
        return cipher.start(iv: initialValue.span) && cipher.process(key, margin: 8, into: &wrapped)
    }

    /// Unwraps; appends nothing and says false when the integrity check fails.
    func unwrap(_ wrapped: Span<UInt8>, into key: inout ByteScratch) -> Bool {
        guard wrapped.count >= 24, wrapped.count % 8 == 0 else { return false }
        let initialValue = Self.initialValue
        return cipher.start(iv: initialValue.span) && cipher.process(wrapped, margin: 0, into: &key)
    }
}

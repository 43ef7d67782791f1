// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// AES-256-GCM (NIST SP 800-38D) with kept OpenSSL contexts: 12-byte nonces, 16-byte tags, nothing else.
///
/// A key is set once and serves until the next; a nonce must never be used twice under one key. One worker's: not
/// Sendable. The key is wiped with the object.
package final class AES256GCM {
    private let sealing: CipherContext
    private let opening: CipherContext
    private var key = ByteScratch(capacity: keyByteCount, isSecret: true)
    /// Which context has the key by now.
    private var isSealingReady = false
    private var isOpeningReady = false

    /// Bytes of a key.
    package static let keyByteCount = 32
    /// Bytes of a nonce.
    package static let nonceByteCount = 12
    /// Bytes of a tag.
    package static let tagByteCount = 16

    /// Contexts without a key: nothing opens, nothing is sealed.
    /// - Throws: ``KeyError/backend`` when OpenSSL has no memory or no AES.
    package init() throws(KeyError) {
        sealing = try CipherContext(.gcm, keyByteCount: Self.keyByteCount, encrypts: true)
        opening = try CipherContext(.gcm, keyByteCount: Self.keyByteCount, encrypts: false)
    }

    /// Sets the key for the calls that follow. Traps for another length than 32 bytes.
    package func setKey(_ bytes: Span<UInt8>) {
        precondition(bytes.count == Self.keyByteCount, "AES-256 key length")
        key.removeAll()
        key.append(bytes)
        isSealingReady = false
        isOpeningReady = false
    }

    /// Appends ciphertext and tag of `plaintext`. False, with nothing appended, without a key or when OpenSSL failed.
    /// - Complexity: O(bytes), no allocation of ours in steady state.
    package func seal(
        _ plaintext: Span<UInt8>, nonce: Span<UInt8>, associatedData: Span<UInt8>, into output: inout ByteScratch
    ) -> Bool {
        if !isSealingReady { isSealingReady = Self.set(key, sealing) }
        let start = output.count
        var tag = InlineArray<16, UInt8>(repeating: 0)
        var tagSpan = tag.mutableSpan
        guard isSealingReady, sealing.start(iv: nonce), sealing.authenticate(associatedData),
            sealing.process(plaintext, margin: 0, into: &output), sealing.readTag(into: &tagSpan)
        else {
            output.truncate(to: start)
            return false
        }
        output.append(tag.span)
        return true
    }

    /// Appends the plaintext of `sealed`, which is ciphertext and tag. False, with nothing appended, when the tag does
    /// not belong to these bytes, this nonce and this key: nothing of the plaintext is to be had then.
    package func open(
        _ sealed: Span<UInt8>, nonce: Span<UInt8>, associatedData: Span<UInt8>, into output: inout ByteScratch
    ) -> Bool {
        if !isOpeningReady { isOpeningReady = Self.set(key, opening) }
        let end = sealed.count - Self.tagByteCount
        guard isOpeningReady, end >= 0 else { return false }
        return opening.start(iv: nonce) && opening.expectTag(sealed.extracting(end..<sealed.count))
            && opening.authenticate(associatedData)
            && opening.process(sealed.extracting(0..<end), margin: 0, into: &output)
    }

    private static func set(_ key: borrowing ByteScratch, _ context: CipherContext) -> Bool {
        context.setKey(key.span)
    }
}

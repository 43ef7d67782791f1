// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// Deterministic authenticated encryption by AES-256-SIV (RFC 5297) with one component of associated data, of one
/// worker and direction: equal inputs give equal outputs, which is the point and the leak of it. Not Sendable.
package final class SyntheticIVCipher {
    /// The key's length in bytes: one half for S2V, one for CTR.
    package static let keyByteCount = 64
    /// The synthetic IV's length in bytes, which stands before the ciphertext.
    package static let ivByteCount = 16

    private let cipher: CipherContext
    private let encrypts: Bool
    private var buffer = ByteScratch(capacity: 256, isSecret: true)

    /// - Throws: `KeyError.backend`.
    package init(encrypts: Bool) throws(KeyError) {
        cipher = try CipherContext(.siv, keyByteCount: Self.keyByteCount, encrypts: encrypts)
        self.encrypts = encrypts
    }

    /// Appends synthetic IV and ciphertext. Key 64 bytes; plaintext and associated data not empty. False, with nothing
    /// appended, when a length is wrong or OpenSSL failed. Each operation starts the context afresh.
    package func seal(
        _ plaintext: Span<UInt8>, associated: Span<UInt8>, key: Span<UInt8>, into output: inout ByteScratch
    ) -> Bool {
        guard encrypts, plaintext.count > 0, associated.count > 0, cipher.setKey(key) else { return false }
        buffer.removeAll()
        var tag = InlineArray<16, UInt8>(repeating: 0)
        var tagSpan = tag.mutableSpan
        guard cipher.authenticate(associated), cipher.process(plaintext, margin: 0, into: &buffer),
            cipher.readTag(into: &tagSpan)
        else { return false }
        output.append(tagSpan.span)
        Self.append(buffer, to: &output)
        return true
    }

    private static func append(_ bytes: borrowing ByteScratch, to output: inout ByteScratch) {
        output.append(bytes.span)
    }

    /// Appends the plaintext of `sealed`, the synthetic IV and the ciphertext behind it. False, with nothing appended,
    /// when anything at all is wrong.
    package func open(
        _ sealed: Span<UInt8>, associated: Span<UInt8>, key: Span<UInt8>, into plaintext: inout ByteScratch
    ) -> Bool {
        guard !encrypts, sealed.count > Self.ivByteCount, associated.count > 0, cipher.setKey(key) else { return false }
        return cipher.expectTag(sealed.extracting(first: Self.ivByteCount)) && cipher.authenticate(associated)
            && cipher.process(sealed.extracting(Self.ivByteCount..<sealed.count), margin: 0, into: &plaintext)
    }
}

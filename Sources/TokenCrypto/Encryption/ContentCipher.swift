// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Encrypts or decrypts content under content keys: AES-GCM, or AES-CBC with HMAC, of one worker and direction.
///
/// Lengths of key, IV and tag are exact. For CBC the MAC is checked before a byte is decrypted, so that nothing about
/// the padding of a forged message can be seen (RFC 7518 section 5.2.2.2). Not Sendable: one worker's.
final class ContentCipher {
    let algorithm: ContentEncryption
    private let cipher: CipherContext
    private let mac: ContentMAC?
    /// GCM: whether the context holds the key that `keep` has set.
    private var keepsKey = false

    init(_ algorithm: ContentEncryption, encrypts: Bool) throws(KeyError) {
        self.algorithm = algorithm
        if algorithm.isGCM {
            cipher = try CipherContext(.gcm, keyByteCount: algorithm.keyByteCount, encrypts: encrypts)
            mac = nil
        } else {
            let half = algorithm.keyByteCount / 2
            cipher = try CipherContext(.cbc, keyByteCount: half, encrypts: encrypts)
            mac = try ContentMAC(keyByteCount: half)
        }
    }

    /// Sets a key that stays for all messages to come; they are then given an empty key. For `dir` with GCM.
    func keep(_ key: Span<UInt8>) -> Bool {
        keepsKey = algorithm.isGCM && key.count == algorithm.keyByteCount && cipher.setKey(key)
        return keepsKey
    }

    /// Encrypts `plaintext`, appends the ciphertext and writes the tag.
    ///
    /// `key` is the content key, empty when one is kept. False when a length is wrong or OpenSSL failed; the output is
    /// then as it was.
    func seal(
        _ plaintext: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>, header: Span<UInt8>,
        into ciphertext: inout ByteScratch, tag: inout MutableSpan<UInt8>
    ) -> Bool {
        guard tag.count == algorithm.tagByteCount, start(key, iv) else { return false }
        guard let mac else {
            return cipher.authenticate(header) && cipher.process(plaintext, margin: 0, into: &ciphertext)
                && cipher.readTag(into: &tag)
        }
        let before = ciphertext.count
        guard cipher.process(plaintext, margin: 16, into: &ciphertext) else { return false }
        let written = ciphertext.span.extracting(before..<ciphertext.count)
        return mac.authenticate(header, iv, written, key: key, into: &tag)
    }

    /// Decrypts `ciphertext` and appends the plaintext.
    ///
    /// False, with the output as it was, when anything at all is wrong.
    func open(
        _ ciphertext: Span<UInt8>, key: Span<UInt8>, iv: Span<UInt8>, header: Span<UInt8>, tag: Span<UInt8>,
        into plaintext: inout ByteScratch
    ) -> Bool {
        guard tag.count == algorithm.tagByteCount, iv.count == algorithm.ivByteCount else { return false }
        guard let mac else {
            return start(key, iv) && cipher.expectTag(tag) && cipher.authenticate(header)
                && cipher.process(ciphertext, margin: 0, into: &plaintext)
        }
        guard key.count == algorithm.keyByteCount else { return false }
        guard mac.isValid(tag, header, iv, ciphertext, key: key) else { return false }
        return start(key, iv) && cipher.process(ciphertext, margin: 16, into: &plaintext)
    }

    /// Sets key and IV.
    private func start(_ key: Span<UInt8>, _ iv: Span<UInt8>) -> Bool {
        guard iv.count == algorithm.ivByteCount else { return false }
        if keepsKey { return key.count == 0 && cipher.start(iv: iv) }
        guard key.count == algorithm.keyByteCount else { return false }
        // RFC 7518 section 5.2.2.1: the first half is the MAC's key, the second the cipher's.
        let isKeyed = algorithm.isGCM ? cipher.setKey(key) : cipher.setKey(key.extracting(last: key.count / 2))
        return isKeyed && cipher.start(iv: iv)
    }
}

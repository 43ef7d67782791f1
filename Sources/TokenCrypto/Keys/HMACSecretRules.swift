// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// What bytes may serve as an HMAC secret.
enum HMACSecretRules {
    /// Refuses secrets shorter than the hash (RFC 7518 section 3.2), secrets over 1024 bytes, and secrets that are in
    /// truth a public or private key: whoever configures one has confused the keys, and the public one is known to all.
    static func check(_ secret: Span<UInt8>, algorithm: SignatureAlgorithm) throws(KeyError) {
        guard secret.count >= algorithm.hashByteCount else { throw .secretTooShort }
        guard secret.count <= KeyLimits.secretByteCountMax else { throw .secretTooLong }
        guard !isKeyText(secret) else { throw .secretIsKeyText }
    }

    /// PEM anywhere, a JWK, or the DER of an RSA, EC or Ed25519 key.
    static func isKeyText(_ secret: Span<UInt8>) -> Bool {
        if contains(secret, "-----BEGIN") || contains(secret, "\"kty\"") { return true }
        guard secret.count > 4, secret[0] == 0x30 else { return false }
        // The object identifiers of RSA, EC and Ed25519 keys, and the two INTEGERs at the start of PKCS#1.
        return contains(secret, [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01])
            || contains(secret, [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01])
            || contains(secret, [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07])
            || contains(secret, [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00])
            || contains(secret, [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70])
            || (secret[1] == 0x82 && secret[4] == 0x02)
    }

    private static func contains(_ haystack: Span<UInt8>, _ needle: StaticString) -> Bool {
        let count = needle.utf8CodeUnitCount
        var i = 0
        while haystack.count - i >= count {
            if haystack.extracting(i..<(i + count)).equals(needle) { return true }
            i += 1
        }
        return false
    }

    private static func contains(_ haystack: Span<UInt8>, _ needle: [UInt8]) -> Bool {
        var i = 0
        while haystack.count - i >= needle.count {
            if haystack.extracting(i..<(i + needle.count)).equals(needle.span) { return true }
            i += 1
        }
        return false
    }
}

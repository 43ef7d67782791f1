// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenScan

/// The key of fingerprints in logs: one value gives one text within a key's life, so that lines stay joinable, and
/// nobody without the key can test a guess.
///
/// A fingerprint is `l1_`, the four characters of the kid, `_`, and the first 12 bytes of HMAC-SHA256 in base64url: 24
/// bytes. Each kind of value has a key of its own, HKDF-SHA256 (RFC 5869) with salt `cloakroom/log1`, the log key and
/// info `LP("log/1") | LP(kind)`. Immutable; any thread.
package struct LogKeys: Sendable {
    /// Bytes of a fingerprint's text.
    package static let textByteCount = 24
    /// The kid of a random key that lives as long as the process.
    package static let temporaryKeyID = "tmp0"

    private let key: SecretKey

    /// Takes the active key of a `cloakroom-log1` set.
    package init(_ keys: SecretKeySet) { key = keys.active }

    private init(_ key: SecretKey) { self.key = key }

    /// A random key with kid `tmp0`: fingerprints of one process join with each other and with nothing else.
    ///
    /// - Throws: `KeyError.randomness`.
    package static func temporary() throws(KeyError) -> LogKeys {
        let keyID = Array(temporaryKeyID.utf8)
        return LogKeys(try SecretKey.generate(algorithm: .log, keyID: keyID.span))
    }

    /// The four characters of the kid.
    package var keyID: InlineArray<4, UInt8> { key.keyID }

    /// The key of one kind of value. About six SHA-256 blocks and a few allocations: keep it.
    package func domainKey(_ kind: String) -> HMACSHA256Key {
        let salt = Array("cloakroom/log1".utf8)
        let name = Array(kind.utf8)
        var info = ByteScratch(capacity: 64)
        info.appendLengthPrefixed("log/1")
        info.appendLengthPrefixed(name.span)
        let derived = key.bytes.withSpan { HKDFSHA256.derive(salt: salt.span, ikm: $0, info: info.span, byteCount: 32) }
        return derived.withSpan { HMACSHA256Key($0) }
    }
}

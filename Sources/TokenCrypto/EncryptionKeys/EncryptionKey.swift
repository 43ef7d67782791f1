// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// A key for JWE, bound to exactly one key management algorithm when it is loaded (RFC 8725 section 3.1).
///
/// Immutable, so any thread may share one; each thread encrypts and decrypts through an ``Encryptor`` or ``Decryptor``
/// of its own. Secret parts are wiped with the last reference and never show in `description`, `debugDescription` or a
/// mirror.
public final class EncryptionKey: Sendable {
    /// The one key management algorithm that this key is used with.
    public let algorithm: KeyManagement
    /// For `dir`: the one content algorithm whose key this is. Nil for all others, whose content keys are made.
    public let contentEncryption: ContentEncryption?
    /// The `kid`: opaque UTF-8, at most 1024 bytes; nil when the key has none (RFC 7517 section 4.5).
    public let keyID: [UInt8]?
    /// Whether the key holds its private or secret part.
    public let isPrivate: Bool
    /// Whether the key may encrypt: `key_ops`, if given, permits it.
    public let canEncrypt: Bool
    /// Whether the key may decrypt: it is private, and `key_ops`, if given, permits it.
    public let canDecrypt: Bool
    /// The size: bits of an RSA modulus, of a curve (X25519: 256), or of a secret.
    public let bitCount: Int

    let kind: KeyKind
    let publicNumbers: PublicNumbers
    /// Of an RSA, EC or X25519 key.
    let handle: KeyHandle?
    /// The shared secret; for EC and X25519 the private value, of the curve's exact length.
    let secret: SecretBytes?

    /// The `kty` of its JWK.
    package var typeName: String {
        switch kind {
        case .secret: "oct"
        case .rsa: "RSA"
        case .elliptic: "EC"
        case .ed25519, .x25519: "OKP"
        }
    }

    /// Whether the key is a shared secret.
    public var isSymmetric: Bool { kind == .secret }

    /// Checks the numbers and makes the key.
    ///
    /// `contentEncryption` is for `dir` alone; nil takes the AES-GCM, else the CBC algorithm, of the secret's length.
    init(
        _ material: borrowing KeyMaterial, algorithm: KeyManagement, contentEncryption: ContentEncryption?,
        keyID: [UInt8]?, operations: EncryptionOperations = .all
    ) throws(KeyError) {
        try SignatureKey.check(keyID)
        try Self.check(algorithm, fits: material.kind)
        self.algorithm = algorithm
        self.keyID = keyID
        kind = material.kind
        isPrivate = material.isPrivate
        canEncrypt = operations.canEncrypt
        canDecrypt = material.isPrivate && operations.canDecrypt
        if material.kind == .secret {
            let secret = material.bytes.span.extracting(try material.required(.k))
            guard !HMACSecretRules.isKeyText(secret) else { throw .secretIsKeyText }
            self.contentEncryption = try Self.contentEncryption(
                algorithm, secretByteCount: secret.count, wanted: contentEncryption)
            self.secret = SecretBytes(secret)
            handle = nil
            publicNumbers = PublicNumbers()
            bitCount = secret.count * 8
        } else {
            let handle = try material.makeHandle()
            self.contentEncryption = nil
            self.handle = handle
            secret = try Self.privateValue(material)
            publicNumbers = try PublicNumbers(handle, kind: material.kind)
            bitCount = publicNumbers.bitCount(material.kind)
        }
    }

    private static func privateValue(_ material: borrowing KeyMaterial) throws(KeyError) -> SecretBytes? {
        guard material.kind != .rsa, let d = material[.d] else { return nil }
        return SecretBytes(material.bytes.span.extracting(d))
    }

    /// Which kind of key an algorithm needs (RFC 7518 sections 4 and 6.1).
    private static func check(_ algorithm: KeyManagement, fits kind: KeyKind) throws(KeyError) {
        let isFitting =
            switch algorithm.family {
            case .direct, .wrap, .gcmWrap: kind == .secret
            case .rsa: kind == .rsa
            case .agreement:
                switch kind {
                case .elliptic, .x25519: true
                case .secret, .rsa, .ed25519: false
                }
            }
        guard isFitting else { throw .algorithmKeyMismatch }
    }

    /// Checks the secret's exact length (RFC 7518 sections 4.4, 4.5, 4.7), and says for `dir` whose key it is.
    private static func contentEncryption(
        _ algorithm: KeyManagement, secretByteCount: Int, wanted: ContentEncryption?
    ) throws(KeyError) -> ContentEncryption? {
        guard algorithm == .direct else {
            guard secretByteCount >= algorithm.wrappingKeyByteCount else { throw .secretTooShort }
            guard secretByteCount <= algorithm.wrappingKeyByteCount else { throw .secretTooLong }
            return nil
        }
        let fitting = wanted ?? ContentEncryption.allCases.first { $0.keyByteCount == secretByteCount }
        guard let fitting, fitting.keyByteCount == secretByteCount else {
            throw secretByteCount < (wanted?.keyByteCount ?? 16) ? .secretTooShort : .algorithmKeyMismatch
        }
        return fitting
    }
}

/// What a JWK's `use` and `key_ops` permit (RFC 7517 sections 4.2 and 4.3).
struct EncryptionOperations: Sendable {
    let canEncrypt: Bool
    let canDecrypt: Bool
    static let all = EncryptionOperations(canEncrypt: true, canDecrypt: true)
}

extension EncryptionKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "EncryptionKey(\(algorithm.jwaName), redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// A key for JWS signatures or MACs, bound to exactly one algorithm when it is loaded (RFC 8725 section 3.1).
///
/// Immutable, so any thread may share one; each thread verifies and signs through contexts of its own. Secret parts
/// are wiped with the last reference and never show in `description`, `debugDescription` or a mirror.
public final class SignatureKey: Sendable {
    enum Contents: Sendable {
        /// An HMAC secret, and for HS256 its prepared form.
        case secret(SecretBytes, HMACSHA256Key?)
        case asymmetric(KeyHandle)
    }

    /// The one algorithm that this key is used with.
    public let algorithm: SignatureAlgorithm
    /// The `kid`: opaque UTF-8, at most 1024 bytes; nil when the key has none (RFC 7517 section 4.5).
    public let keyID: [UInt8]?
    /// Whether the key holds its private or secret part.
    public let isPrivate: Bool
    /// Whether the key may make signatures: it is private, and `key_ops`, if given, lists `sign`.
    public let canSign: Bool
    /// Whether the key may check signatures: `key_ops`, if given, lists `verify`.
    public let canVerify: Bool
    /// The size: bits of an RSA modulus, of a curve (Ed25519: 256), or of an HMAC secret.
    public let bitCount: Int

    // Plain references instead of the enum below, whose tag bits would hide them from leak checkers.
    private let secret: SecretBytes?
    private let prepared: HMACSHA256Key?
    private let handle: KeyHandle?

    var contents: Contents {
        if let handle { return .asymmetric(handle) }
        guard let secret else { preconditionFailure("a key has either a secret or a handle") }
        return .secret(secret, prepared)
    }

    /// The public numbers: n and e for RSA, x and y for EC, x for Ed25519; none for secrets.
    let publicNumbers: PublicNumbers

    /// Whether the key is an HMAC secret.
    public var isSymmetric: Bool { algorithm.family == .hmac }

    /// Checks the numbers and makes the key. `algorithm` fits the kind of key already.
    init(
        _ material: borrowing KeyMaterial, algorithm: SignatureAlgorithm, keyID: [UInt8]?,
        operations: KeyOperations = .all
    ) throws(KeyError) {
        try Self.check(keyID)
        self.algorithm = algorithm
        self.keyID = keyID
        isPrivate = material.isPrivate
        canSign = material.isPrivate && operations.canSign
        canVerify = operations.canVerify
        if material.kind == .secret {
            let secret = material.bytes.span.extracting(try material.required(.k))
            try HMACSecretRules.check(secret, algorithm: algorithm)
            bitCount = secret.count * 8
            publicNumbers = PublicNumbers()
            self.secret = SecretBytes(secret)
            prepared = algorithm == .hs256 ? HMACSHA256Key(secret) : nil
            handle = nil
        } else {
            let handle = try material.makeHandle()
            secret = nil
            prepared = nil
            self.handle = handle
            publicNumbers = try PublicNumbers(handle, kind: material.kind)
            bitCount = publicNumbers.bitCount(material.kind)
        }
    }

    /// Wraps a key that OpenSSL has generated.
    init(generated handle: KeyHandle, kind: KeyKind, algorithm: SignatureAlgorithm, keyID: [UInt8]?) throws(KeyError) {
        try Self.check(keyID)
        self.algorithm = algorithm
        self.keyID = keyID
        isPrivate = true
        canSign = true
        canVerify = true
        secret = nil
        prepared = nil
        self.handle = handle
        publicNumbers = try PublicNumbers(handle, kind: kind)
        bitCount = publicNumbers.bitCount(kind)
    }

    static func check(_ keyID: [UInt8]?) throws(KeyError) {
        guard let keyID else { return }
        // UTF-8, since it has to stand in JSON again.
        guard keyID.count <= KeyLimits.keyIDByteCountMax, String(validating: keyID, as: UTF8.self) != nil else {
            throw .keyID
        }
    }

    /// What the key is, apart from its numbers.
    var kind: KeyKind {
        switch algorithm.family {
        case .hmac: .secret
        case .rsaPKCS1, .rsaPSS: .rsa
        case .edDSA: .ed25519
        case .ecdsa: EllipticCurve(algorithm).map { .elliptic($0) } ?? .rsa
        }
    }
}

extension SignatureKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SignatureKey(\(algorithm.jwaName), redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

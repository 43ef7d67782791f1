// SPDX-License-Identifier: Apache-2.0

/// Why a key was refused or could not be used. A closed list; no case carries anything of the key.
public enum KeyError: Error, Equatable, Sendable, CaseIterable {
    /// Not JSON, not a JWK, JWK Set or PEM, or broken DER; also duplicate JSON members (RFC 7517 section 4).
    case malformed
    /// Larger than the limits for a key file: bytes, keys, nesting or members.
    case tooLarge
    /// A member that the key type requires is absent (RFC 7518 section 6).
    case missingMember
    /// A member has the wrong JSON type, or is not strict base64url (RFC 7518 sections 2 and 6).
    case malformedMember
    /// `kty`, or the PEM's key algorithm, is not oct, RSA, EC or OKP (RFC 7518 section 6.1).
    case unsupportedKeyType
    /// The curve is not P-256, P-384, P-521 or Ed25519 (RFC 7518 section 6.2.1.1, RFC 8037 section 2).
    case unsupportedCurve
    /// `alg` names no supported signature algorithm (RFC 7518 section 3.1).
    case unsupportedAlgorithm
    /// RSA and oct keys need an algorithm, from `alg` or from the caller: one key has one algorithm (RFC 8725 3.1).
    case missingAlgorithm
    /// The key's own `alg` and the caller's algorithm differ (RFC 8725 section 3.1).
    case algorithmMismatch
    /// The algorithm does not belong to this kind of key or curve (RFC 7518 section 3.1).
    case algorithmKeyMismatch
    /// `use` or `key_ops` does not permit signatures, or they contradict each other (RFC 7517 sections 4.2, 4.3).
    case operationNotPermitted
    /// `key_ops` lists an operation twice (RFC 7517 section 4.3).
    case duplicateKeyOperation
    /// `kid` is not a string, or is longer than 1024 bytes.
    case keyID
    /// A second key of a set has the same `kid` and the same algorithm (RFC 7517 section 4.5).
    case duplicateKeyID
    /// An HMAC key shorter than its hash (RFC 7518 section 3.2), or a secret key of another length than 32 bytes.
    case secretTooShort
    /// An HMAC key longer than 1024 bytes, or a secret key of another length than 32 bytes.
    case secretTooLong
    /// An HMAC secret that is the text or DER of an asymmetric key (CVE-2015-9235).
    case secretIsKeyText
    /// An RSA modulus outside 2048...8192 bits (RFC 7518 section 3.3).
    case modulusSize
    /// An RSA modulus that is even, hence no product of two odd primes (RFC 8017 section 3.1).
    case modulusEven
    /// An RSA modulus with a factor below 168, or with the fingerprint of the ROCA flaw (CVE-2017-15361).
    case modulusWeak
    /// An RSA public exponent that is even, below 3, or 2^33 and more (RFC 8017 section 3.1).
    case exponent
    /// A coordinate or private value of another length than the curve's (RFC 7518 section 6.2.1.2).
    case coordinateLength
    /// A point that is not on its curve, or is the point at infinity (RFC 8725 section 3.4).
    case pointNotOnCurve
    /// An Ed25519 public key that is not canonical or has small order (RFC 8032 section 5.1.3).
    case pointNotAllowed
    /// The private part does not belong to the public part, or is out of range.
    case privateKeyMismatch
    /// The PEM block is a certificate; extract its public key first.
    case certificate
    /// The PEM block is encrypted; decrypt it first.
    case encrypted
    /// The file holds no usable key.
    case noKey
    /// The operation needs a private or secret key, and this one is public.
    case notPrivate
    /// A set of secret keys marks more than one key as active.
    case severalActive
    /// The random generator did not deliver.
    case randomness
    /// OpenSSL reported a failure that no input explains, such as no memory.
    case backend
}

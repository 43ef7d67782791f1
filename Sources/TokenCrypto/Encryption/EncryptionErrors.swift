// SPDX-License-Identifier: Apache-2.0

/// Why a plaintext was not encrypted. A closed list; no case carries anything of it.
public enum EncryptionError: Error, Equatable, Sendable, CaseIterable {
    /// The plaintext is over ``Encryptor/plaintextByteCountMax``.
    case tooLarge
    /// The random generator did not deliver.
    case randomness
    /// The key has been used for as many messages as its nonces allow: rotate it (NIST SP 800-38D section 8.3).
    case nonceBudget
    /// The nonce state file cannot be read, written or synchronized, or belongs to another key.
    case nonceState
    /// OpenSSL reported a failure that no input explains, such as no memory.
    case backend
}

/// Why a JWE was not decrypted. A closed list; no case carries anything of it.
///
/// What is wrong with a token that this engine could have read has one name: `decryptionFailed`, whether the form, the
/// key, the wrapped key, the tag or the padding is at fault (RFC 7516 section 11.5, RFC 7518 section 5.2.2.2). The
/// other cases are decided by what anyone can read and before any key is touched.
public enum DecryptionError: Error, Equatable, Sendable, CaseIterable {
    /// The token, or its header, is over the limits.
    case tooLarge
    /// A registered algorithm that this engine does not have or the caller has not allowed (RSA1_5, PBES2, RSA-OAEP
    /// with SHA-1), or compression (`zip`).
    case unsupportedAlgorithm
    /// The header has `crit`; no extension is understood here (RFC 7516 section 4.1.13).
    case criticalHeader
    /// Everything else.
    case decryptionFailed
}

// SPDX-License-Identifier: Apache-2.0

/// Why keys, a domain or a form cannot be used. Nothing of a key is inside.
public enum PseudonymKeyError: Error, Equatable, Sendable {
    /// A root key that is not exactly 32 bytes.
    case keyByteCount
    /// A kid that is not four characters of `[a-z0-9]`.
    case keyID
    /// Two keys with one kid.
    case duplicateKeyID
    /// More than one key marked active.
    case severalActive
    /// No key at all: there is no default key.
    case noKey
    /// A domain part that must not be empty: tenant, type, sector or jti.
    case emptyName
    /// A byte count other than 16, 20 and 32, or base32 with another than 16.
    case form
    /// An audience scope over several sectors, or over no audience.
    case sector
}

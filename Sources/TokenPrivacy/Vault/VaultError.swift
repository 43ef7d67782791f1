// SPDX-License-Identifier: Apache-2.0

/// Why a vault did not do what it was asked: a closed list, stable across versions.
///
/// Never about one reference: one that gives nothing is a result, not an error. Holds nothing of a record, a key or a
/// path.
public enum VaultError: String, Error, Equatable, Sendable, CaseIterable {
    /// The store cannot be opened or reached.
    case unreachable
    /// There is no such store, or it was never initialised.
    case absent
    /// A store stands there already, and initialising would overwrite it.
    case exists
    /// This process may not read or write the store.
    case permission
    /// The file or database is something else than a vault.
    case notVault = "not-a-vault"
    /// A newer version of the engine wrote the store.
    case newerVersion = "newer-version"
    /// The keys are not those that the store was made with.
    case wrongKeys = "wrong-keys"
    /// The store belongs to another tenant.
    case tenant
    /// The store is damaged: truncated, or bytes were changed outside the engine.
    case damaged
    /// No space is left for the store.
    case full
    /// The store may be read but not written.
    case readOnly = "read-only"
    /// Others held the store for longer than the engine waits, or too many callers waited.
    case busy
    /// The system could not make a write durable. The store takes no more writes until it is opened again, since what
    /// the system kept in memory may be lost.
    case notDurable = "not-durable"
    /// A value, type or purpose over the limits, or a time that no record can have.
    case tooLarge = "too-large"
    /// The audit log could not be written, so nothing was given out.
    case audit
    /// Random bytes could not be had.
    case randomness
    /// OpenSSL or the driver reported a failure that no input explains, such as no memory.
    case backend
}

// SPDX-License-Identifier: Apache-2.0
public import TokenPrivacy

/// The door to vaults in SQLite files.
public enum SQLiteVault {
    /// Makes a new vault file for a tenant and its keys, mode 0600. Nothing is overwritten.
    ///
    /// - Throws: ``VaultError``: `.exists`, `.permission`, `.unreachable`, `.full`.
    public static func create(path: String, keys: VaultKeys) throws(VaultError) {
        try SQLiteStore.create(path: path)
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        try SealedVault.initialise(store, keys: keys)
    }

    /// Opens a vault file.
    ///
    /// - Throws: ``VaultError``: `.absent`, `.notVault`, `.newerVersion`, `.damaged`, `.wrongKeys`, `.tenant`,
    ///   `.permission`, `.unreachable`.
    public static func open(
        path: String, keys: VaultKeys, options: VaultOptions = VaultOptions()
    ) throws(VaultError) -> SealedVault {
        try SealedVault(store: SQLiteStore(path: path), keys: keys, options: options)
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenPrivacy
import TokenScan
import VaultSQLite

/// The vault that a command works with.
struct VaultArguments: ParsableArguments {
    @Option(help: ArgumentHelp("sqlite:FILE, or memory: for a trial.", valueName: "url"))
    var vault: String?

    @Option(help: ArgumentHelp("JWK Set of the vault's keys.", valueName: "file"))
    var vaultKeys: String?

    @Option(help: ArgumentHelp("Whether reads wait for their audit entry: strict or relaxed.", valueName: "mode"))
    var audit: AuditArgument = .strict

    /// Where the URL leads.
    func location() throws(CommandFailure) -> VaultLocation {
        guard let vault else { throw .usage("--vault is missing") }
        return try VaultLocation(vault)
    }

    /// The store behind the URL.
    func openStore() throws(CommandFailure) -> any VaultStore { try location().openStore() }

    /// The keys of a tenant.
    func readKeys(tenant: String) throws(CommandFailure) -> VaultKeys {
        guard let vaultKeys else { throw .usage("--vault-keys is missing") }
        var bytes = ByteScratch(isSecret: true)
        let mode = try KeyFiles.read(vaultKeys, into: &bytes)
        KeyFiles.warnIfReadable(vaultKeys, mode)
        do { return try VaultKeys(tenant: tenant, jwks: bytes.span) } catch { throw KeyFiles.failure(error, vaultKeys) }
    }

    /// Opens the vault for the tenant that it was made for.
    func open(resolvesPerMinute: Int? = nil) throws(CommandFailure) -> SealedVault {
        let store = try openStore()
        do {
            let tenant = try SealedVault.tenant(of: store)
            return try open(store, tenant: tenant, resolvesPerMinute: resolvesPerMinute)
        } catch let error as VaultError {
            throw error.commandFailure
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.unavailable, "the vault cannot be used", code: "storage")
        }
    }

    /// Opens the vault for a policy's tenant; nil when no vault is named. A vault in memory is made on the spot.
    func openIfNamed(tenant: String) throws(CommandFailure) -> SealedVault? {
        guard vault != nil else {
            guard vaultKeys == nil else { throw .usage("--vault-keys is for --vault") }
            return nil
        }
        let store = try openStore()
        if store is MemoryVaultStore {
            let keys = try readKeys(tenant: tenant)
            do { try SealedVault.initialise(store, keys: keys) } catch { throw error.commandFailure }
        }
        return try open(store, tenant: tenant, resolvesPerMinute: nil)
    }

    private func open(
        _ store: any VaultStore, tenant: String, resolvesPerMinute: Int?
    ) throws(CommandFailure) -> SealedVault {
        let keys = try readKeys(tenant: tenant)
        do {
            return try SealedVault(
                store: store, keys: keys,
                options: VaultOptions(audit: audit.mode, resolvesPerMinute: resolvesPerMinute))
        } catch {
            throw error.commandFailure
        }
    }
}

/// Where a vault URL leads.
enum VaultLocation {
    case memory
    case sqlite(path: String)

    /// - Throws: exit status 64 for a URL of a kind that is not known.
    init(_ url: String) throws(CommandFailure) {
        if url == "memory:" {
            self = .memory
        } else if url.hasPrefix("sqlite:"), url.utf8.count > 7 {
            self = .sqlite(path: String(url.dropFirst(7)))
        } else {
            throw .usage("--vault takes sqlite:FILE or memory:")
        }
    }

    /// Opens what is there.
    func openStore() throws(CommandFailure) -> any VaultStore {
        switch self {
        case .memory: return MemoryVaultStore()
        case .sqlite(let path):
            do { return try SQLiteStore(path: path) } catch { throw error.commandFailure }
        }
    }
}

/// `strict` or `relaxed`.
enum AuditArgument: String, ExpressibleByArgument, CaseIterable {
    case strict, relaxed

    var mode: VaultOptions.Audit { self == .strict ? .strict : .relaxed }
}

/// A whole number, or `none` for no bound.
enum LimitArgument: ExpressibleByArgument {
    case none
    case count(Int)

    init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if let count = Int(argument), (1...1_000_000).contains(count) {
            self = .count(count)
        } else {
            return nil
        }
    }

    var value: Int? { if case .count(let count) = self { count } else { nil } }
    var defaultValueDescription: String { value.map { "\($0)" } ?? "none" }
}

extension VaultError {
    /// What the operator reads, and the exit status.
    var commandFailure: CommandFailure {
        switch self {
        case .unreachable: CommandFailure(.unavailable, "the vault cannot be reached", code: rawValue)
        case .absent: CommandFailure(.noInput, "there is no vault; see vault init", code: rawValue)
        case .exists: CommandFailure(.inputOutput, "the vault exists and is not overwritten", code: rawValue)
        case .permission: CommandFailure(.noInput, "not allowed to use the vault", code: rawValue)
        case .notVault: CommandFailure(.data, "this is no vault", code: rawValue)
        case .newerVersion: CommandFailure(.data, "a newer version made this vault", code: rawValue)
        case .wrongKeys: CommandFailure(.data, "these are not the vault's keys", code: rawValue)
        case .tenant: CommandFailure(.data, "the vault belongs to another tenant", code: rawValue)
        case .damaged: CommandFailure(.data, "the vault is damaged", code: rawValue)
        case .full: CommandFailure(.inputOutput, "no space left for the vault", code: rawValue)
        case .readOnly: CommandFailure(.inputOutput, "the vault can only be read", code: rawValue)
        case .busy: CommandFailure(.unavailable, "the vault is in use by others for too long", code: rawValue)
        case .notDurable: CommandFailure(.inputOutput, "the system could not store the vault", code: rawValue)
        case .tooLarge: CommandFailure(.data, "a value or name is over the vault's limits", code: rawValue)
        case .audit: CommandFailure(.unavailable, "the audit log could not be written", code: rawValue)
        case .randomness: CommandFailure(.unavailable, "the random generator failed", code: rawValue)
        case .backend: CommandFailure(.unavailable, "the vault failed", code: rawValue)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TokenPrivacy
import VaultSQLite
import VaultTestSupport

/// The storage engines that the same tests run over.
enum Engine: String, CaseIterable, Sendable {
    case memory, sqlite
}

/// Threads of their own, as many as asked for on any machine.
enum Threads {
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for i in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(i)
                group.leave()
            }
        }
        group.wait()
    }
}

/// A folder of its own and stores in it, removed when the tests end: a vault may open further files until then.
final class VaultFolder {
    let folder: URL
    let engine: Engine
    private let memory = MemoryVaultStore()

    init(_ engine: Engine = .sqlite) throws {
        self.engine = engine
        folder = FileManager.default.temporaryDirectory.appending(path: "cloakroom-vault-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if Self.removesAtExit { Self.folders.withLock { $0.append(folder) } }
    }

    private static let folders = Mutex<[URL]>([])
    private static let removesAtExit: Bool = {
        atexit { VaultFolder.removeAll() } == 0
    }()

    private static func removeAll() {
        for folder in folders.withLock({ $0 }) { try? FileManager.default.removeItem(at: folder) }
    }

    var path: String { folder.appending(path: "vault.db").path }

    /// Makes a store that has no facts yet.
    func makeStore() throws -> any VaultStore {
        switch engine {
        case .memory: return memory
        case .sqlite:
            try SQLiteStore.create(path: path)
            return try SQLiteStore(path: path)
        }
    }

    /// Makes and opens a vault.
    func make(_ keys: VaultKeys, _ options: VaultOptions = VaultOptions(resolvesPerMinute: nil)) throws -> SealedVault {
        let store = try makeStore()
        try SealedVault.initialise(store, keys: keys)
        return try SealedVault(store: store, keys: keys, options: options)
    }

    /// Opens the vault again, as another process would; the memory store is the same object.
    func reopen(
        _ keys: VaultKeys, _ options: VaultOptions = VaultOptions(resolvesPerMinute: nil)
    ) throws -> SealedVault {
        switch engine {
        case .memory: try SealedVault(store: memory, keys: keys, options: options)
        case .sqlite: try SQLiteVault.open(path: path, keys: keys, options: options)
        }
    }

    /// All bytes of all files in the folder.
    func allBytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(into: Data()) { all, name in
            all.append(try Data(contentsOf: folder.appending(path: name)))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenPrivacy
import TokenScan
import VaultSQLite
import VaultTestSupport

/// T99: what can be wrong with a file is told when it is opened or touched, and nothing is overwritten.
@Suite struct SQLiteFileTests {
    private func filled(_ count: Int = 400) throws -> (folder: VaultFolder, keys: VaultKeys, references: [String]) {
        let folder = try VaultFolder()
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys)
        let references = try (0..<count).map { try vault.store(VaultSamples.marker($0), person: "p\($0 % 50)") }
        // The last connection to close moves the log into the file.
        vault.close()
        return (folder, keys, references)
    }

    @Test("the files are readable by their owner alone")
    func mode() throws {
        let (folder, keys, _) = try filled(1)
        let vault = try folder.reopen(keys)
        _ = try vault.store("x")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.folder.path) {
            let file = folder.folder.appending(path: name).path
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test("T99 absent, existing, foreign and newer files")
    func kinds() throws {
        let (folder, keys, _) = try filled(1)
        #expect(throws: VaultError.exists) { try SQLiteVault.create(path: folder.path, keys: keys) }
        let other = folder.folder.appending(path: "other").path
        #expect(throws: VaultError.absent) { _ = try SQLiteVault.open(path: other, keys: keys) }
        try Data("not a database, but some text that is longer than a header of SQLite is, so that it is read in full"
            .utf8).write(to: URL(filePath: other))
        #expect(throws: VaultError.notVault) { _ = try SQLiteVault.open(path: other, keys: keys) }
        #expect(throws: VaultError.unreachable) { _ = try SQLiteVault.open(path: folder.folder.path, keys: keys) }
        // Bytes 60 to 63 hold the version, 68 to 71 the program.
        var bytes = try Data(contentsOf: URL(filePath: folder.path))
        bytes[63] = 99
        try bytes.write(to: URL(filePath: other))
        #expect(throws: VaultError.newerVersion) { _ = try SQLiteVault.open(path: other, keys: keys) }
        #expect(try Data(contentsOf: URL(filePath: other)) == bytes)
        bytes[68] = 0
        try bytes.write(to: URL(filePath: other))
        #expect(throws: VaultError.notVault) { _ = try SQLiteVault.open(path: other, keys: keys) }
    }

    @Test("T99 a file of an older version is brought up to date")
    func migration() throws {
        let folder = try VaultFolder()
        let keys = try VaultSamples.keys()
        try SQLiteStore.create(path: folder.path)
        // Version 0 is a file without tables.
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys
            d = sqlite3.connect(sys.argv[1])
            for (t,) in d.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%'").fetchall(): d.execute("DROP TABLE " + t)
            d.execute("PRAGMA user_version=0"); d.commit()
            """,
            folder.path,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let store = try SQLiteStore(path: folder.path)
        try SealedVault.initialise(store, keys: keys)
        let vault = try SealedVault(store: store, keys: keys)
        #expect(try vault.read(vault.store("x")) == .value("x"))
    }

    @Test("T99 a truncated file is damaged, at every page", arguments: [0, 100, 1000, 4095, 4096, 8192, 20_000])
    func truncated(_ byteCount: Int) throws {
        let (folder, keys, _) = try filled()
        let whole = try Data(contentsOf: URL(filePath: folder.path))
        try #require(whole.count > 40_000)
        try whole.prefix(byteCount).write(to: URL(filePath: folder.path))
        let expected: Set<VaultError> = byteCount == 0 ? [.absent] : [.damaged]
        do throws(VaultError) {
            _ = try SQLiteVault.open(path: folder.path, keys: keys)
            Issue.record("a truncated file was opened")
        } catch {
            #expect(expected.contains(error))
        }
        #expect(try Data(contentsOf: URL(filePath: folder.path)).count == byteCount)
    }

    @Test("T99 a changed byte gives an error or nothing, never another value")
    func flipped() throws {
        let (folder, keys, references) = try filled(60)
        let whole = try Data(contentsOf: URL(filePath: folder.path))
        var random = SeededGenerator(seed: 7)
        var told = 0
        for _ in 0..<150 {
            var bytes = whole
            let offset = Int.random(in: 0..<bytes.count, using: &random)
            bytes[offset] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            try bytes.write(to: URL(filePath: folder.path))
            do {
                let vault = try folder.reopen(keys)
                for (i, reference) in references.enumerated() {
                    let reading = try vault.read(reference)
                    #expect(reading == .value(VaultSamples.marker(i)) || reading == .unavailable)
                }
            } catch is VaultError {
                told += 1
            }
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.path + suffix) }
        }
        #expect(told > 10)
    }

    @Test("T99 a changed byte in a record is told as damage")
    func flippedRecord() throws {
        let (folder, keys, references) = try filled(1)
        var bytes = try Data(contentsOf: URL(filePath: folder.path))
        let store = try SQLiteStore(path: folder.path)
        var rows = StoredRows()
        let handles = try folder.reopen(keys).handles("p0")
        var stored = ByteScratch()
        handles[0].append(to: &stored)
        try store.findPersons(stored.span, into: &rows)
        let slot = try #require(rows.rows[0]?.number)
        rows.removeAll()
        try store.records(ofSlots: [slot], from: 1, countMax: 1, into: &rows)
        let data = try #require(rows.rows[0]).data
        let record = Data([UInt8](rows.part(data)))
        store.close()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.path + suffix) }
        let place = try #require(bytes.firstRange(of: record))
        for offset in [0, 5, 20, record.count - 5, record.count - 1] {
            bytes[place.lowerBound + offset] ^= 1
            try bytes.write(to: URL(filePath: folder.path))
            #expect(throws: VaultError.damaged) { try folder.reopen(keys).read(references[0]) }
            bytes[place.lowerBound + offset] ^= 1
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.path + suffix) }
        }
    }

    @Test("T99 a store that may only be read gives values and takes none")
    func readOnly() throws {
        let (folder, keys, references) = try filled(1)
        let store = try SQLiteStore(path: folder.path, readsOnly: true)
        let vault = try SealedVault(store: store, keys: keys, options: VaultOptions(audit: .off))
        #expect(try vault.read(references[0]) == .value(VaultSamples.marker(0)))
        #expect(throws: VaultError.readOnly) { try vault.store("x") }
        // With an audit log that cannot be written nothing is given out.
        let audited = try SealedVault(store: store, keys: keys)
        #expect(throws: VaultError.audit) { try audited.read(references[0]) }
    }

    @Test("after an erasure that is complete no file holds the plaintext, the sealed keys or Kp")
    func rawBytes() throws {
        let folder = try VaultFolder()
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys, VaultOptions(audit: .relaxed, resolvesPerMinute: nil))
        var random = SeededGenerator(seed: 3)
        var secrets: [String: Data] = [:]
        for round in 0..<4 {
            for i in 0..<300 {
                _ = try vault.store(VaultSamples.marker(i), person: "p\(round)-\(Int.random(in: 0..<90, using: &random))")
            }
            for i in 0..<90 { secrets["p\(round)-\(i)"] = try Self.secret(of: "p\(round)-\(i)", vault, folder) }
            for i in 0..<30 {
                let person = "p\(round)-\(Int.random(in: 0..<90, using: &random))"
                let report = try vault.erase(person)
                #expect(report.state == .complete)
                guard let secret = secrets.removeValue(forKey: person), !secret.isEmpty else { continue }
                let bytes = try folder.allBytes()
                #expect(bytes.firstRange(of: secret.suffix(64)) == nil, "round \(round) erasure \(i)")
                // Neither does any part of the sealed keys that is long enough to be no chance.
                #expect(bytes.firstRange(of: secret.prefix(16)) == nil)
                #expect(bytes.firstRange(of: secret.suffix(16)) == nil)
            }
        }
        #expect(try folder.allBytes().firstRange(of: Data("-marker".utf8)) == nil)
        let kept = try #require(secrets.first { !$0.value.isEmpty })
        #expect(try folder.allBytes().firstRange(of: kept.value) != nil)
    }

    private static func secret(of person: String, _ vault: SealedVault, _ folder: VaultFolder) throws -> Data {
        let store = try SQLiteStore(path: folder.path)
        defer { store.close() }
        var stored = ByteScratch()
        try vault.handles(person)[0].append(to: &stored)
        var rows = StoredRows()
        try store.findPersons(stored.span, into: &rows)
        guard let row = rows.rows[0] else { return Data() }
        return Data([UInt8](rows.part(row.secret)))
    }

    @Test("an erasure beside an open reader is pending, and complete after the next opening")
    func pendingErasure() throws {
        let folder = try VaultFolder()
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys)
        let reference = try vault.store("x")
        let reader = Process()
        reader.executableURL = URL(filePath: "/usr/bin/env")
        let ready = Pipe()
        let stop = Pipe()
        reader.standardOutput = ready
        reader.standardInput = stop
        reader.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys
            d = sqlite3.connect(sys.argv[1], isolation_level=None)
            d.execute("BEGIN"); d.execute("SELECT count(*) FROM secrets").fetchall()
            print("ready", flush=True); sys.stdin.read()
            """, folder.path,
        ]
        try reader.run()
        _ = ready.fileHandleForReading.readData(ofLength: 6)
        let report = try vault.erase("ana")
        #expect(report.state == .pending && report.personCount == 1)
        #expect(try vault.read(reference) == .unavailable)
        try stop.fileHandleForWriting.close()
        reader.waitUntilExit()
        vault.close()
        _ = try folder.reopen(keys)
        let log = try? FileManager.default.attributesOfItem(atPath: folder.path + "-wal")[.size] as? Int
        #expect((log ?? 0) < 20_000)
    }
}

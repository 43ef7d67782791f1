// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing
import VaultTestSupport

@testable import TokenPrivacy

@Suite struct AuditChainTests {
    private func audited(_ store: MemoryVaultStore = MemoryVaultStore()) throws -> (SealedVault, VaultKeys) {
        let keys = try VaultSamples.keys()
        try SealedVault.initialise(store, keys: keys)
        return (try SealedVault(store: store, keys: keys), keys)
    }

    private func text(_ store: any VaultStore) throws -> [String] {
        try store.audit(from: 1, countMax: 1000).map { String(decoding: $0.entry.dropFirst(32), as: UTF8.self) }
    }

    @Test("entries say who, what for, which types and what came of it, and nothing else")
    func content() throws {
        let store = MemoryVaultStore()
        let (vault, _) = try audited(store)
        let reference = try vault.store("secret-value-1", person: "ana-marker")
        _ = try vault.read(reference)
        _ = try vault.read(reference, purpose: "evil\"\n")
        _ = try vault.read(reference, now: VaultSamples.now + 1000)
        _ = try vault.read("r1_junk")
        _ = try vault.erase("ana-marker")
        let lines = try text(store)
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix(#"{"seq":1,"key":"v001","time":1800000000,"action":"resolve","actor":"test""#))
        #expect(lines[0].contains(#""purpose":"support""#))
        #expect(lines[0].hasSuffix(#""results":[{"type":"phone","outcome":"given"}]}"#))
        #expect(lines[1].contains(#"evil\"\n"#) && lines[1].contains(#""outcome":"purpose""#))
        #expect(lines[2].contains(#""outcome":"expired""#))
        #expect(lines[3].contains(#""outcome":"unknown""#))
        #expect(lines[4].contains(#""action":"erase""#) && lines[4].contains(#""person":"h1_v001_"#))
        for line in lines {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
            for secret in ["secret-value", "ana-marker", reference, "jti-1", "p1_sub"] {
                #expect(!line.contains(secret))
            }
        }
        let report = try vault.verifyAudit()
        #expect(report.entryCount == 5 && report.firstBadEntry == nil)
        #expect(report.head?.hasPrefix("5:") == true)
    }

    @Test("a changed, removed, moved or added entry shows")
    func tampering() throws {
        let store = MemoryVaultStore()
        let (vault, keys) = try audited(store)
        for i in 0..<10 { _ = try vault.read("r1_\(i)") }
        let entries = try store.audit(from: 1, countMax: 100).map(\.entry)
        let head = try #require(try store.fact(AuditChain.headFact))
        func verify(_ entries: [[UInt8]], head: [UInt8]?) throws -> AuditChainReport {
            let copy = MemoryVaultStore()
            try SealedVault.initialise(copy, keys: keys)
            _ = try copy.appendAudit(
                entries, first: 1, head: StoredFact(AuditChain.headFact, head),
                expected: StoredFact(AuditChain.headFact, nil))
            guard head == nil || AuditChain.head(head ?? [], keys: keys) != nil else {
                return AuditChainReport(entryCount: 0, firstBadEntry: 0, head: nil)
            }
            return try SealedVault(store: copy, keys: keys).verifyAudit()
        }
        #expect(try verify(entries, head: head).firstBadEntry == nil)
        for i in entries.indices {
            var changed = entries
            changed[i][40] ^= 1
            #expect(try verify(changed, head: head).firstBadEntry == Int64(i) + 1)
            var removed = entries
            removed.remove(at: i)
            #expect(try verify(removed, head: head).firstBadEntry == Int64(i) + 1)
        }
        var moved = entries
        moved.swapAt(3, 4)
        #expect(try verify(moved, head: head).firstBadEntry == 4)
        #expect(try verify(Array(entries.prefix(9)), head: head).firstBadEntry == 10)
        var signature = head
        signature[3] ^= 1
        #expect(try verify(entries, head: signature).firstBadEntry == 0)
        #expect(try verify(entries, head: nil).firstBadEntry == 1)
    }

    @Test("threads share commits, and the chain holds")
    func groups() throws {
        let store = SlowAuditStore()
        let keys = try VaultSamples.keys()
        try SealedVault.initialise(store, keys: keys)
        let vault = try SealedVault(store: store, keys: keys, options: VaultOptions(resolvesPerMinute: nil))
        Threads.run(8) { _ in
            for _ in 0..<10 { _ = try? vault.read("r1_x") }
        }
        let report = try vault.verifyAudit()
        #expect(report.entryCount == 80 && report.firstBadEntry == nil)
        #expect(store.commitCount.load(ordering: .relaxed) < 80)
    }

    @Test("T99 an audit log that cannot be written gives nothing out", arguments: VaultOptions.Audit.allCases)
    func failsClosed(_ mode: VaultOptions.Audit) throws {
        let store = SlowAuditStore()
        let keys = try VaultSamples.keys()
        try SealedVault.initialise(store, keys: keys)
        let vault = try SealedVault(
            store: store, keys: keys, options: VaultOptions(audit: mode, resolvesPerMinute: nil))
        let reference = try vault.store("v")
        #expect(try vault.read(reference) == .value("v"))
        store.isBroken.store(true, ordering: .relaxed)
        switch mode {
        case .off: #expect(try vault.read(reference) == .value("v"))
        case .strict: #expect(throws: VaultError.audit) { try vault.read(reference) }
        case .relaxed:
            // The first read after the break may leave; once its commit has failed, none does.
            _ = try? vault.read(reference)
            Thread.sleep(forTimeInterval: 0.2)
            #expect(throws: VaultError.audit) { try vault.read(reference) }
        }
        store.isBroken.store(false, ordering: .relaxed)
        #expect(try vault.read(reference) == .value("v"))
        #expect(try vault.verifyAudit().firstBadEntry == nil)
    }

    @Test("relaxed entries are there after closing, and soon without it")
    func relaxed() throws {
        let store = SlowAuditStore()
        let keys = try VaultSamples.keys()
        try SealedVault.initialise(store, keys: keys)
        let vault = try SealedVault(
            store: store, keys: keys, options: VaultOptions(audit: .relaxed, resolvesPerMinute: nil))
        for _ in 0..<2500 { _ = try vault.read("r1_x") }
        var waited = 0
        while try store.audit(from: 2500, countMax: 1).isEmpty, waited < 500 {
            Thread.sleep(forTimeInterval: 0.01)
            waited += 1
        }
        #expect(try store.audit(from: 2500, countMax: 1).count == 1)
        _ = try vault.read("r1_x")
        #expect(try vault.verifyAudit().entryCount == 2501)
    }
}

/// A store whose audit commits take a while, or fail.
private final class SlowAuditStore: VaultStore {
    private let inner = MemoryVaultStore()
    let isBroken = Atomic(false)
    let commitCount = Atomic(0)

    func appendAudit(
        _ entries: [[UInt8]], first: Int64, head: StoredFact, expected: StoredFact
    ) throws(VaultError) -> Bool {
        Thread.sleep(forTimeInterval: 0.002)
        if isBroken.load(ordering: .relaxed) { throw .full }
        commitCount.add(1, ordering: .relaxed)
        return try inner.appendAudit(entries, first: first, head: head, expected: expected)
    }

    func fact(_ name: String) throws(VaultError) -> [UInt8]? { try inner.fact(name) }
    func writeFacts(_ facts: [StoredFact], expected: StoredFact?) throws(VaultError) -> Bool {
        try inner.writeFacts(facts, expected: expected)
    }
    func findPersons(_ handles: Span<UInt8>, into rows: inout StoredRows) throws(VaultError) {
        try inner.findPersons(handles, into: &rows)
    }
    func put(_ batch: borrowing SealedBatch) throws(VaultError) -> Bool { try inner.put(batch) }
    func read(_ places: [Int64], into rows: inout StoredRows) throws(VaultError) {
        try inner.read(places, into: &rows)
    }
    func expire(below place: Int64, countMax: Int) throws(VaultError) -> Int {
        try inner.expire(below: place, countMax: countMax)
    }
    func erase(_ handles: Span<UInt8>, now: Int64) throws(VaultError) -> Int { try inner.erase(handles, now: now) }
    func scour() throws(VaultError) -> Bool? { try inner.scour() }
    func tombstones(_ handles: Span<UInt8>) throws(VaultError) -> [Int64?] { try inner.tombstones(handles) }
    func records(
        ofSlots slots: [Int64], from place: Int64, countMax: Int, into rows: inout StoredRows
    ) throws(VaultError) { try inner.records(ofSlots: slots, from: place, countMax: countMax, into: &rows) }
    func persons(from slot: Int64, countMax: Int, into rows: inout StoredRows) throws(VaultError) {
        try inner.persons(from: slot, countMax: countMax, into: &rows)
    }
    func replaceSecrets(_ slots: [Int64], _ secrets: Span<UInt8>) throws(VaultError) -> Int {
        try inner.replaceSecrets(slots, secrets)
    }
    func audit(from number: Int64, countMax: Int) throws(VaultError) -> [(number: Int64, entry: [UInt8])] {
        try inner.audit(from: number, countMax: countMax)
    }
    func addRevocation(_ entry: [UInt8], untilSeconds: Int64) throws(VaultError) {
        try inner.addRevocation(entry, untilSeconds: untilSeconds)
    }
    func revocations(
        after number: Int64, now: Int64, countMax: Int
    ) throws(VaultError) -> [(number: Int64, entry: [UInt8])] {
        try inner.revocations(after: number, now: now, countMax: countMax)
    }
    func claim(_ id: [UInt8], untilSeconds: Int64, now: Int64) throws(VaultError) -> Bool {
        try inner.claim(id, untilSeconds: untilSeconds, now: now)
    }
    func forget(now: Int64) throws(VaultError) { try inner.forget(now: now) }
    func close() { inner.close() }
}

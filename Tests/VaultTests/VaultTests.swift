// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenScan
import VaultTestSupport

@testable import TokenPrivacy

@Suite struct VaultTests {
    private static let now = VaultSamples.now

    @Test("a value comes back with its token, and stays after reopening", arguments: Engine.allCases)
    func roundTrip(_ engine: Engine) throws {
        let folder = try VaultFolder(engine)
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys)
        let reference = try vault.store("+49 30 1234567")
        #expect(try vault.read(reference) == .value("+49 30 1234567"))
        #expect(try vault.read(reference) == .value("+49 30 1234567"))
        #expect(try folder.reopen(keys).read(reference) == .value("+49 30 1234567"))
    }

    @Test("T104 values of any bytes come back exactly", arguments: Engine.allCases)
    func anyBytes(_ engine: Engine) throws {
        let vault = try VaultFolder(engine).make(VaultSamples.keys())
        let values: [[UInt8]] = [
            [], [0], [0x80], [0x80, 0, 0], Array("'; DROP TABLE records; --".utf8), [0xFF, 0xFE, 0xC0, 0],
            [UInt8](repeating: 0, count: 31), [UInt8](repeating: 0x80, count: 32), [UInt8](repeating: 7, count: 33),
            [UInt8](repeating: 1, count: VaultDeposits.valueByteCountMax),
        ]
        var deposits = VaultDeposits()
        let issuer = Array("https://login.example\"'\\".utf8)
        let subject = Array("o'brien\0;".utf8)
        let person = try deposits.addPerson(issuer: issuer.span, subject: subject.span)
        for value in values {
            try deposits.add(
                value.span, person: person, label: VaultSamples.label("a'b\"", ["x;y"]), expiresSeconds: Self.now + 9,
                binding: VaultSamples.binding())
        }
        try vault.put(&deposits, now: Self.now)
        var queries = VaultQueries()
        let token = queries.addToken(VaultSamples.binding())
        for i in values.indices { deposits.withReference(i) { _ = queries.add($0, token: token) } }
        try vault.resolve(&queries, purpose: "x;y", actor: "t", now: Self.now)
        for i in values.indices {
            #expect(queries.outcome(i) == .value)
            let value = queries.withValue(i) { [UInt8]($0) }
            #expect(value == values[i])
        }
    }

    @Test("limits hold at limit - 1, limit and limit + 1")
    func limits() throws {
        var deposits = VaultDeposits()
        let name = Array("a".utf8)
        let person = try deposits.addPerson(issuer: name.span, subject: name.span)
        for (count, isAccepted) in [(65_535, true), (65_536, true), (65_537, false)] {
            let value = [UInt8](repeating: 65, count: count)
            let outcome = Result { [label = try VaultSamples.label()] in
                try deposits.add(
                    value.span, person: person, label: label, expiresSeconds: 5, binding: VaultSamples.binding())
            }
            #expect(((try? outcome.get()) != nil) == isAccepted)
        }
        let last = VaultLayout.expirySecondsMax
        for (expires, isAccepted) in [(0, false), (1, true), (last, true), (last + 1, false)] {
            let label = try VaultSamples.label()
            let outcome = Result {
                try deposits.add(
                    name.span, person: person, label: label, expiresSeconds: expires, binding: VaultSamples.binding())
            }
            #expect(((try? outcome.get()) != nil) == isAccepted)
        }
        let long = String(repeating: "x", count: 64)
        #expect(throws: Never.self) { try VaultLabel(type: long, purposes: [long]) }
        #expect(throws: VaultError.tooLarge) { try VaultLabel(type: long + "x", purposes: ["a"]) }
        #expect(throws: VaultError.tooLarge) { try VaultLabel(type: "a", purposes: [long + "x"]) }
        #expect(throws: VaultError.tooLarge) { try VaultLabel(type: "", purposes: ["a"]) }
        #expect(throws: VaultError.tooLarge) { try VaultLabel(type: "a", purposes: []) }
        #expect(throws: Never.self) { try VaultLabel(type: "a", purposes: (0..<16).map { "p\($0)" }) }
        #expect(throws: VaultError.tooLarge) { try VaultLabel(type: "a", purposes: (0..<17).map { "p\($0)" }) }
    }

    @Test("T84 T103 every reference that gives nothing looks the same", arguments: Engine.allCases)
    func unavailable(_ engine: Engine) throws {
        let folder = try VaultFolder(engine)
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys)
        let good = try vault.store("v-good")
        #expect(try vault.read(good) == .value("v-good"))
        // Another token, subject, purpose; expired; junk; one character changed; never given out.
        #expect(try vault.read(good, binding: VaultSamples.binding(jwtID: "jti-2")) == .unavailable)
        #expect(try vault.read(good, binding: VaultSamples.binding("p1_other")) == .unavailable)
        #expect(try vault.read(good, purpose: "marketing") == .unavailable)
        #expect(try vault.read(good, purpose: "") == .unavailable)
        #expect(try vault.read(good, now: Self.now + 299) == .value("v-good"))
        #expect(try vault.read(good, now: Self.now + 300) == .unavailable)
        #expect(try vault.read("r1_x") == .unavailable)
        for i in [3, 20, 45, 46, 51] {
            var text = Array(good.utf8)
            text[i] = text[i] == 0x41 ? 0x42 : 0x41
            #expect(try vault.read(String(decoding: text, as: UTF8.self)) == .unavailable)
        }
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var text = ByteScratch()
            VaultReference.appendText(random.bytes(32).span, to: &text)
            #expect(try vault.read(String(decoding: [UInt8](text.span), as: UTF8.self)) == .unavailable)
        }
        #expect(try vault.erase("ana").personCount == 1)
        #expect(try vault.read(good) == .unavailable)
    }

    @Test("T103 another tenant's reference is not found, though the file of keys is the same")
    func tenants() throws {
        let store = MemoryVaultStore()
        let sets = try VaultSamples.sets()
        let acme = try VaultKeys(tenant: "acme", sets: sets)
        try SealedVault.initialise(store, keys: acme)
        let vault = try SealedVault(store: store, keys: acme)
        let reference = try vault.store("v")
        #expect(throws: VaultError.tenant) {
            _ = try SealedVault(store: store, keys: VaultKeys(tenant: "other", sets: sets))
        }
        // Even past that check nothing is found: index, places and keys are bound to the tenant.
        let other = try VaultKeys(tenant: "other", sets: sets)
        #expect(other.index[0].keyID == acme.index[0].keyID)
        let empty = MemoryVaultStore()
        try SealedVault.initialise(empty, keys: other)
        let foreign = try SealedVault(store: empty, keys: other)
        #expect(try foreign.read(reference) == .unavailable)
        #expect(try vault.handles("ana") != foreign.handles("ana"))
    }

    @Test("T102 erased twice, written again, read from an open worker", arguments: Engine.allCases)
    func erasure(_ engine: Engine) throws {
        let folder = try VaultFolder(engine)
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys)
        let ana = try vault.store("ana-1")
        let ben = try vault.store("ben-1", person: "ben")
        var queries = VaultQueries()
        let token = queries.addToken(VaultSamples.binding())
        let text = Array(ana.utf8)
        queries.add(text.span, token: token)
        try vault.resolve(&queries, purpose: "support", actor: "t", now: Self.now)
        #expect(queries.outcome(0) == .value)
        let report = try vault.erase("ana", now: Self.now + 1)
        #expect(report == ErasureReport(state: .complete, personCount: 1))
        try vault.resolve(&queries, purpose: "support", actor: "t", now: Self.now)
        #expect(queries.outcome(0) == .unavailable)
        #expect(try vault.erase("ana").personCount == 0)
        #expect(try vault.read(ben) == .value("ben-1"))
        let held = try vault.report(vault.handles("ana"), actor: "t", now: Self.now)
        #expect(held == PersonReport(isKnown: false, erasedSeconds: Self.now + 1, items: []))
        let again = try vault.store("ana-2")
        #expect(try vault.read(again) == .value("ana-2"))
        #expect(try vault.read(ana) == .unavailable)
        #expect(try folder.reopen(keys).read(ana) == .unavailable)
    }

    @Test("a report tells types, purposes and times, and no value", arguments: Engine.allCases)
    func report(_ engine: Engine) throws {
        let vault = try VaultFolder(engine).make(VaultSamples.keys())
        _ = try vault.store("a", type: "phone", expires: Self.now + 20)
        _ = try vault.store("b", type: "name", purposes: ["b", "a"], expires: Self.now + 10, now: Self.now - 5)
        _ = try vault.store("c", type: "old", expires: Self.now, now: Self.now - 50)
        _ = try vault.store("d", person: "ben")
        let report = try vault.report(vault.handles("ana"), actor: "t", now: Self.now)
        #expect(report.isKnown && report.erasedSeconds == nil)
        #expect(
            report.items == [
                PersonReport.Item(
                    type: "name", purposes: ["a", "b"], createdSeconds: Self.now - 5, expiresSeconds: Self.now + 10),
                PersonReport.Item(
                    type: "phone", purposes: ["support"], createdSeconds: Self.now, expiresSeconds: Self.now + 20),
            ])
    }

    @Test("T105 expired records go, others stay, in steps", arguments: Engine.allCases)
    func expiry(_ engine: Engine) throws {
        let vault = try VaultFolder(engine).make(VaultSamples.keys())
        var deposits = VaultDeposits()
        let name = Array("x".utf8)
        let person = try deposits.addPerson(issuer: name.span, subject: name.span)
        let label = try VaultSamples.label()
        for i in 0..<2500 {
            try deposits.add(
                name.span, person: person, label: label, expiresSeconds: Self.now + Int64(i),
                binding: VaultSamples.binding())
        }
        try vault.put(&deposits, now: Self.now)
        #expect(try vault.expire(now: Self.now - 1) == 0)
        #expect(try vault.expire(now: Self.now + 2100) == 2101)
        #expect(try vault.read(deposits.reference(2100), now: Self.now) == .unavailable)
        #expect(try vault.read(deposits.reference(2101), now: Self.now) == .value("x"))
    }

    @Test("keys rotate: records stay readable, handles and references too", arguments: Engine.allCases)
    func rotation(_ engine: Engine) throws {
        let folder = try VaultFolder(engine)
        let old = try VaultSamples.sets("v001")
        let new = try VaultSamples.sets("v002")
        let oldKeys = try VaultKeys(tenant: "acme", sets: old)
        let first = try folder.make(oldKeys)
        let before = try first.store("before")
        let anaBefore = try first.handles("ana")
        let bothKeys = try VaultKeys(tenant: "acme", sets: VaultSamples.join([old, new], active: 1))
        let both = try folder.reopen(bothKeys)
        #expect(try both.read(before) == .value("before"))
        let after = try both.store("after")
        #expect(try both.read(after) == .value("after"))
        // One person, not two: the handle under the old key is found.
        #expect(try both.handles("ana").count == 2)
        #expect(try both.report(both.handles("ana"), actor: "t", now: Self.now).items.count == 2)
        #expect(try both.handles("ana").contains(anaBefore[0]))
        #expect(try both.rotate(actor: "t", now: Self.now) == 1)
        #expect(try both.rotate(actor: "t", now: Self.now) == 0)
        #expect(try both.read(before) == .value("before"))
        // The old wrapping key is not needed any more; the old index key is, until its records have expired.
        let newWrapping = try VaultKeys(
            tenant: "acme", sets: [new[0], VaultSamples.join([old, new], active: 1)[1], new[2]])
        let last = try folder.reopen(newWrapping)
        #expect(try last.read(before) == .value("before"))
        #expect(try last.read(after) == .value("after"))
        #expect(try last.erase("ana").personCount == 1)
        #expect(try last.read(before) == .unavailable)
    }

    @Test("T99 wrong keys are told at once, and nothing is changed", arguments: Engine.allCases)
    func wrongKeys(_ engine: Engine) throws {
        let folder = try VaultFolder(engine)
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys)
        let reference = try vault.store("v")
        #expect(throws: VaultError.wrongKeys) { _ = try folder.reopen(VaultSamples.keys()) }
        #expect(throws: VaultError.wrongKeys) { _ = try folder.reopen(VaultSamples.keys("v009")) }
        #expect(try folder.reopen(keys).read(reference) == .value("v"))
    }

    @Test("a subject that asks too often is told so, and others are not")
    func rateLimit() throws {
        let vault = try VaultFolder(.memory).make(VaultSamples.keys(), VaultOptions(resolvesPerMinute: 3))
        let reference = try vault.store("v")
        let other = try vault.store("w", binding: VaultSamples.binding("p1_ben"))
        for _ in 0..<3 { #expect(try vault.read(reference) == .value("v")) }
        #expect(try vault.read(reference) == .limited)
        #expect(try vault.read(other, binding: VaultSamples.binding("p1_ben")) == .value("w"))
        #expect(try vault.read(reference, now: Self.now + 60) == .value("v"))
    }

    @Test("Kp is the same for a person until the person is erased", arguments: Engine.allCases)
    func personKeys(_ engine: Engine) throws {
        let vault = try VaultFolder(engine).make(VaultSamples.keys())
        let names = ["ana", "ben", "ana"].map { Array($0.utf8) }
        func keys() throws -> [[UInt8]] {
            var deposits = VaultDeposits()
            for name in names { _ = try deposits.addPerson(issuer: name.span, subject: name.span) }
            try vault.enroll(&deposits, now: Self.now)
            return (0..<3).map { [UInt8](deposits.personKey($0)) }
        }
        let first = try keys()
        #expect(first[0] == first[2] && first[0] != first[1] && first[0].count == 16)
        #expect(try keys() == first)
        #expect(try vault.erase(vault.handles(issuer: "ana", subject: "ana"), actor: "t", now: 1).personCount == 1)
        let later = try keys()
        #expect(later[0] != first[0] && later[1] == first[1])
    }
}

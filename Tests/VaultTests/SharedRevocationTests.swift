// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing
import TokenPrivacy
import TokenVerify
import VaultTestSupport

@Suite struct SharedRevocationTests {
    private static let now = VaultSamples.now

    @Test("entries reach every mirror, in order, once they are new", arguments: Engine.allCases)
    func mirrors(_ engine: Engine) throws {
        let store = try VaultFolder(engine).makeStore()
        let shared = SharedRevocations(store)
        let entries: [RevocationEntry] = [
            .token(issuer: "https://i.example", jwtID: "a\"\\", untilSeconds: Self.now + 10),
            .subject(issuer: "https://i.example", subject: "ü", beforeSeconds: Self.now),
            .key(issuer: "https://i.example", keyID: "k1", beforeSeconds: 5, untilSeconds: Self.now + 5),
        ]
        for entry in entries { try shared.add(entry) }
        let first = try shared.changes(after: nil, now: Self.now)
        #expect(first.entries == entries && !first.hasMore && !first.isWholeList)
        let added = RevocationEntry.key(issuer: "x", keyID: "y")
        try shared.add(added)
        #expect(try shared.changes(after: first.cursor, now: Self.now).entries.last == added)
        #expect(try shared.changes(after: nil, now: Self.now + 5).entries == [entries[0], entries[1], added])
        #expect(throws: RevocationError.malformed) {
            try shared.changes(after: RevocationCursor(bytes: [1]), now: Self.now)
        }
        for i in 0..<1200 {
            try shared.add(.token(issuer: "i", jwtID: "\(i)", untilSeconds: Self.now + 100))
        }
        let mirror = RevocationMirror(shared)
        try mirror.refresh(now: Self.now)
        #expect(mirror.isFresh)
    }

    @Test("T45 a one-time id has one winner among threads, until it may be forgotten", arguments: Engine.allCases)
    func oneTime(_ engine: Engine) throws {
        let shared = SharedRevocations(try VaultFolder(engine).makeStore())
        let wins = Atomic(0)
        Threads.run(6) { _ in
            for i in 0..<10 {
                let id = [UInt8](repeating: UInt8(i), count: 32)
                if (try? shared.claim(id: id.span, untilSeconds: Self.now + 60, now: Self.now)) == true {
                    wins.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(wins.load(ordering: .relaxed) == 10)
        let id = [UInt8](repeating: 0, count: 32)
        let early = try shared.claim(id: id.span, untilSeconds: Self.now + 90, now: Self.now + 59)
        let late = try shared.claim(id: id.span, untilSeconds: Self.now + 90, now: Self.now + 60)
        #expect(!early && late)
    }
}

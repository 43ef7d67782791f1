// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestSupport
import Testing
import TokenCrypto

@testable import TokenVerify

/// A node's copy of a shared store: what it knows, how old that may be, and what happens when it is too old.
@Suite struct RevocationMirrorTests {
    static let now: Int64 = 1_800_000_000

    /// A log in memory that gives two entries at a time, and fails when told to.
    private final class Log: RevocationStore {
        let entries = Mutex<[RevocationEntry]>([])
        let isDown = Atomic<Bool>(false)
        let questions = Mutex<[RevocationCursor?]>([])
        let time = Atomic<Int64>(0)
        /// Nanoseconds that an answer takes.
        let delay = Atomic<Int64>(0)

        func changes(after cursor: RevocationCursor?, now: Int64) throws(RevocationError) -> RevocationChanges {
            questions.withLock { $0.append(cursor) }
            time.wrappingAdd(delay.load(ordering: .relaxed), ordering: .relaxed)
            if isDown.load(ordering: .relaxed) { throw .unavailable }
            let start = cursor.map { Int($0.bytes.first ?? 0) } ?? 0
            return entries.withLock { all in
                let end = min(start + 2, all.count)
                return RevocationChanges(
                    entries: Array(all[start..<end]), cursor: RevocationCursor(bytes: [UInt8(end)]),
                    hasMore: end < all.count)
            }
        }

        func add(_ jwtID: String) {
            entries.withLock {
                $0.append(.token(issuer: "i", jwtID: jwtID, untilSeconds: RevocationMirrorTests.now + 600))
            }
        }

        func mirror(whenStale policy: RevocationMirror.StalePolicy = .refuse) -> RevocationMirror {
            RevocationMirror(self, whenStale: policy, clock: { self.time.load(ordering: .relaxed) })
        }
    }

    private func codes(_ mirror: RevocationMirror, _ jwtIDs: [String]) throws -> [RefusalCode?] {
        let maker = try TokenMaker(.hs256)
        let entry = AcceptEntry(issuers: ["i"], audiences: ["a"], keys: try KeyRing([maker.key]))
        let verifier = try Verifier(accept: [entry], revocation: RevocationCheck(mirror: mirror))
        var worker = verifier.makeWorker()
        return try jwtIDs.map { jwtID in
            let token = Array(
                try maker.token(#"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000,"jti":"\#(jwtID)"}"#).utf8)
            guard case .refused(let refusal) = verifier.verify(token.span, now: Self.now, using: &worker) else {
                return nil
            }
            return refusal.code
        }
    }

    @Test("a mirror reads on where it was, and refuses everything before its first answer")
    func catchesUp() throws {
        let log = Log()
        for i in 0..<5 { log.add("\(i)") }
        let mirror = log.mirror()
        #expect(try codes(mirror, ["0", "x"]) == [.storage, .storage])
        try mirror.refresh(now: Self.now)
        #expect(try codes(mirror, ["0", "4", "x"]) == [.revoked, .revoked, nil])
        log.add("x")
        try mirror.refresh(now: Self.now)
        #expect(try codes(mirror, ["x", "y"]) == [.revoked, nil])
        #expect(log.questions.withLock { $0.map { $0?.bytes.first } } == [nil, 2, 4, 5])
    }

    @Test("a stale mirror fails closed by default: at the lag it counts, after it not; open only when told so")
    func staleness() throws {
        let log = Log()
        log.add("gone")
        let closed = log.mirror()
        let open = log.mirror(whenStale: .accept)
        for mirror in [closed, open] { try mirror.refresh(now: Self.now) }
        log.isDown.store(true, ordering: .relaxed)
        for (nanoseconds, fresh) in [(1_000_000_000, true), (1_000_000_001, false)] as [(Int64, Bool)] {
            log.time.store(nanoseconds, ordering: .relaxed)
            #expect(closed.isFresh == fresh)
            #expect(try codes(closed, ["ok", "gone"]) == (fresh ? [nil, .revoked] : [.storage, .storage]))
            #expect(try codes(open, ["ok", "gone"]) == [nil, .revoked])
            #expect(throws: RevocationError.unavailable) { try closed.refresh(now: Self.now) }
        }
        log.isDown.store(false, ordering: .relaxed)
        try closed.refresh(now: Self.now)
        #expect(try codes(closed, ["ok"]) == [nil])
    }

    @Test("an answer is as old as its question")
    func slowAnswers() throws {
        let log = Log()
        let mirror = log.mirror()
        log.delay.store(1_500_000_000, ordering: .relaxed)
        try mirror.refresh(now: Self.now)
        #expect(!mirror.isFresh)
    }

    @Test("a store that gives whole lists drops what it no longer gives")
    func wholeLists() throws {
        final class Whole: RevocationStore {
            let entries = Mutex<[RevocationEntry]>([])
            func changes(after cursor: RevocationCursor?, now: Int64) throws(RevocationError) -> RevocationChanges {
                RevocationChanges(
                    entries: entries.withLock { $0 }, cursor: RevocationCursor(bytes: []), isWholeList: true)
            }
        }
        let store = Whole()
        store.entries.withLock { $0 = [.token(issuer: "i", jwtID: "a", untilSeconds: Self.now + 60)] }
        let mirror = RevocationMirror(store)
        try mirror.refresh(now: Self.now)
        #expect(try codes(mirror, ["a", "b"]) == [.revoked, nil])
        store.entries.withLock { $0 = [.key(issuer: "j", keyID: "k1")] }
        try mirror.refresh(now: Self.now)
        #expect(try codes(mirror, ["a", "b"]) == [nil, nil])
    }

    @Test("T69 a mirror that has no room turns stale instead of forgetting")
    func full() throws {
        let log = Log()
        for i in 0..<3 { log.add("\(i)") }
        let mirror = RevocationMirror(
            log, into: RevocationList(entryCountMax: 2), clock: { log.time.load(ordering: .relaxed) })
        #expect(throws: RevocationError.full) { try mirror.refresh(now: Self.now) }
        #expect(try codes(mirror, ["0", "x"]) == [.storage, .storage])
    }

    @Test("T83 entries print nothing of what they hold")
    func redaction() {
        let entries: [RevocationEntry] = [
            .token(issuer: "secret", jwtID: "secret", untilSeconds: 1),
            .subject(issuer: "secret", subject: "secret", beforeSeconds: 1), .key(issuer: "secret", keyID: "secret"),
        ]
        for entry in entries {
            var dumped = ""
            dump(entry, to: &dumped)
            #expect(!"\(entry) \(String(reflecting: entry)) \(dumped)".contains("secret"))
        }
    }
}

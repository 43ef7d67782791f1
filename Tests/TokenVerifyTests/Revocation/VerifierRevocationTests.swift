// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestSupport
import Testing
import TokenCrypto

@testable import TokenVerify

/// What a verifier refuses as revoked or replayed, alone and in batches.
@Suite struct VerifierRevocationTests {
    static let now: Int64 = 1_800_000_000

    static func claims(
        iss: String = #""i""#, sub: String = #""s""#, jti: String? = #""j""#, iat: String? = "1800000000"
    ) -> String {
        let jti = jti.map { #","jti":\#($0)"# } ?? ""
        let iat = iat.map { #","iat":\#($0)"# } ?? ""
        return #"{"iss":\#(iss),"aud":"a","sub":\#(sub),"exp":1800000300\#(iat)\#(jti)}"#
    }

    private func verifier(_ key: SignatureKey, _ check: RevocationCheck?) throws -> Verifier {
        let entry = AcceptEntry(
            issuers: ["i", "é"], audiences: ["a"], keys: try KeyRing([key]), required: [.expires, .issuer, .audience])
        return try Verifier(accept: [entry], revocation: check)
    }

    /// The same code from a call and from a batch of two; one-time tokens alone.
    private func code(_ verifier: Verifier, _ token: String, batched: Bool = true) -> RefusalCode? {
        let bytes = Array(token.utf8)
        var worker = verifier.makeWorker()
        var code: RefusalCode?
        if case .refused(let refusal) = verifier.verify(bytes.span, now: Self.now, using: &worker) {
            code = refusal.code
        }
        guard batched else { return code }
        var batch = TokenBatch()
        batch.append(token)
        batch.append(token)
        var verdicts: [Verdict] = []
        verifier.verify(batch, now: Self.now, using: &worker, into: &verdicts)
        for verdict in verdicts {
            switch verdict {
            case .accepted: #expect(code == nil)
            case .refused(let refusal): #expect(code == refusal.code)
            }
        }
        return code
    }

    @Test(
        "T66 a revoked (iss, jti) is refused from the moment it is added",
        arguments: [SignatureAlgorithm.hs256, .es256])
    func token(_ algorithm: SignatureAlgorithm) throws {
        let maker = try TokenMaker(algorithm)
        let list = RevocationList()
        let verifier = try verifier(maker.key, RevocationCheck(list: list))
        let token = try maker.token(Self.claims())
        #expect(code(verifier, token) == nil)
        try list.add(.token(issuer: "i", jwtID: "x", untilSeconds: Self.now + 330), now: Self.now)
        try list.add(.token(issuer: "other", jwtID: "j", untilSeconds: Self.now + 330), now: Self.now)
        try list.add(.subject(issuer: "i", subject: "j", beforeSeconds: Self.now + 1), now: Self.now)
        #expect(code(verifier, token) == nil)
        try list.add(.token(issuer: "i", jwtID: "j", untilSeconds: Self.now + 330), now: Self.now)
        #expect(code(verifier, token) == .revoked)
        // Signature and claim errors are told first.
        #expect(code(verifier, token + "A") != .revoked)
        #expect(code(verifier, try maker.token(Self.claims(sub: "1"))) == .claimType)
        #expect(code(verifier, try maker.token(Self.claims(jti: nil))) == nil)
        try list.replace(with: [], now: Self.now)
        #expect(code(verifier, token) == nil)
    }

    @Test(
        "T37 escapes name the same token",
        arguments: [
            (#""i""#, #""\u006a""#), (#""\u0069""#, #""j""#), (#""\u00e9""#, #""j""#), (#""é""#, #""\u006A""#),
        ])
    func escapes(_ iss: String, _ jti: String) throws {
        let maker = try TokenMaker(.hs256)
        let list = RevocationList()
        for issuer in ["i", "é"] {
            try list.add(.token(issuer: issuer, jwtID: "j", untilSeconds: Self.now + 330), now: Self.now)
        }
        let verifier = try verifier(maker.key, RevocationCheck(list: list))
        #expect(code(verifier, try maker.token(Self.claims(iss: iss, jti: jti))) == .revoked)
    }

    @Test("cuts: issued before is revoked, issued at the time or after is not, without iat is")
    func subjectCut() throws {
        let maker = try TokenMaker(.hs256)
        let list = RevocationList()
        let verifier = try verifier(maker.key, RevocationCheck(list: list))
        let epoch = list.cutEpoch
        try list.add(.subject(issuer: "i", subject: "s", beforeSeconds: Self.now), now: Self.now)
        #expect(list.cutEpoch > epoch)
        for (iat, revoked) in [
            ("1799999999", true), ("1799999999.5", true), ("1800000000", false), ("1800000001", false), (nil, true),
        ] {
            let token = try maker.token(Self.claims(iat: iat))
            #expect(code(verifier, token) == (revoked ? .revoked : nil), "iat \(iat ?? "absent")")
        }
        #expect(code(verifier, try maker.token(Self.claims(sub: #""t""#, iat: nil))) == nil)
        // A later cut wins over an earlier one, whichever comes last.
        try list.add(.subject(issuer: "i", subject: "s", beforeSeconds: Self.now + 2), now: Self.now)
        try list.add(.subject(issuer: "i", subject: "s", beforeSeconds: 5), now: Self.now)
        #expect(code(verifier, try maker.token(Self.claims(iat: "1800000001"))) == .revoked)
    }

    @Test("cuts by key", arguments: [SignatureAlgorithm.hs256, .edDSA])
    func keyCut(_ algorithm: SignatureAlgorithm) throws {
        let maker = try TokenMaker(algorithm, keyID: "leaked")
        let list = RevocationList()
        let verifier = try verifier(maker.key, RevocationCheck(list: list))
        let (early, late) = (try maker.token(Self.claims(iat: "1799999999")), try maker.token(Self.claims()))
        try list.add(.key(issuer: "i", keyID: "other"), now: Self.now)
        try list.add(.key(issuer: "j", keyID: "leaked"), now: Self.now)
        #expect(code(verifier, early) == nil)
        try list.add(.key(issuer: "i", keyID: "leaked", beforeSeconds: Self.now), now: Self.now)
        #expect(code(verifier, early) == .revoked)
        #expect(code(verifier, late) == nil)
        try list.add(.key(issuer: "i", keyID: "leaked"), now: Self.now)
        #expect(code(verifier, late) == .revoked)
        // A key without kid cannot be named.
        let bare = try TokenMaker(algorithm, keyID: nil)
        let other = try self.verifier(bare.key, RevocationCheck(list: list))
        #expect(code(other, try bare.token(Self.claims())) == nil)
    }

    @Test(
        "T45 a one-time token counts once, and only when everything else holds",
        arguments: [SignatureAlgorithm.hs256, .es256])
    func oneTime(_ algorithm: SignatureAlgorithm) throws {
        let maker = try TokenMaker(algorithm)
        let used = OneTimeTokens()
        let list = RevocationList()
        let verifier = try verifier(maker.key, RevocationCheck(list: list, oneTime: used))
        let token = try maker.token(Self.claims())
        // Refused for another reason: not used up.
        #expect(code(verifier, String(token.dropLast()) + (token.hasSuffix("A") ? "Q" : "A"), batched: false) != nil)
        try list.add(.token(issuer: "i", jwtID: "j", untilSeconds: Self.now + 330), now: Self.now)
        #expect(code(verifier, token, batched: false) == .revoked)
        try list.replace(with: [], now: Self.now)
        #expect(used.tokenCount == 0)
        #expect(code(verifier, token, batched: false) == nil)
        #expect(code(verifier, token) == .replayed)
        #expect(code(verifier, try maker.token(Self.claims(jti: #""\u006a""#)), batched: false) == .replayed)
        #expect(code(verifier, try maker.token(Self.claims(iss: #""é""#)), batched: false) == nil)
        #expect(code(verifier, try maker.token(Self.claims(jti: nil)), batched: false) == .missingClaim)
    }

    @Test("T66 T68 a remembered token is refused from the moment an entry names it; a one-time token is not remembered")
    func cached() throws {
        let maker = try TokenMaker(.hs256, keyID: "k")
        let entry = AcceptEntry(issuers: ["i"], audiences: ["a"], keys: try KeyRing([maker.key]))
        let token = Array(try maker.token(Self.claims()).utf8)
        for revoke: RevocationEntry in [
            .token(issuer: "i", jwtID: "j", untilSeconds: Self.now + 600),
            .subject(issuer: "i", subject: "s", beforeSeconds: Self.now + 1), .key(issuer: "i", keyID: "k"),
        ] {
            let cache = VerifiedTokenCache(byteCount: 1 << 20)
            let list = RevocationList()
            let verifier = try Verifier(accept: [entry], cache: cache, revocation: RevocationCheck(list: list))
            var worker = verifier.makeWorker()
            for hits in 0..<3 {
                guard case .accepted = verifier.verify(token.span, now: Self.now, using: &worker) else {
                    Issue.record("not accepted")
                    return
                }
                #expect(cache.statistics.hitCount == hits)
            }
            try list.add(revoke, now: Self.now)
            for _ in 0..<2 {
                guard case .refused(let refusal) = verifier.verify(token.span, now: Self.now, using: &worker) else {
                    Issue.record("\(revoke) does not count for a remembered token")
                    return
                }
                #expect(refusal.code == .revoked)
            }
            try list.replace(with: [], now: Self.now)
            guard case .accepted = verifier.verify(token.span, now: Self.now, using: &worker) else {
                Issue.record("not accepted again")
                return
            }
            #expect(cache.statistics.staleCount == 2 || cache.statistics.staleCount == 3)
        }
        let cache = VerifiedTokenCache(byteCount: 1 << 20)
        let oneTime = try Verifier(accept: [entry], cache: cache, revocation: RevocationCheck(oneTime: OneTimeTokens()))
        var worker = oneTime.makeWorker()
        for _ in 0..<2 { _ = oneTime.verify(token.span, now: Self.now, using: &worker) }
        #expect(cache.entryCount == 0)
    }

    @Test("T45 one winner of many threads, in calls and batches")
    func oneWinner() async throws {
        let maker = try TokenMaker(.hs256)
        let verifier = try verifier(maker.key, RevocationCheck(oneTime: OneTimeTokens()))
        let tokens = try (0..<64).map { Array(try maker.token(Self.claims(jti: "\"\($0)\"")).utf8) }
        let wins = await withTaskGroup(of: [Int].self) { group in
            for thread in 0..<6 {
                group.addTask {
                    var worker = verifier.makeWorker()
                    var wins = [Int](repeating: 0, count: tokens.count)
                    var batch = TokenBatch()
                    for token in tokens { batch.append(token.span) }
                    if thread % 2 == 0 {
                        var verdicts: [Verdict] = []
                        verifier.verify(batch, now: Self.now, using: &worker, into: &verdicts)
                        for (i, verdict) in verdicts.enumerated() { if case .accepted = verdict { wins[i] += 1 } }
                    } else {
                        for (i, token) in tokens.enumerated() {
                            if case .accepted = verifier.verify(token.span, now: Self.now, using: &worker) {
                                wins[i] += 1
                            }
                            if i % 8 == 0 { await Task.yield() }
                        }
                    }
                    return wins
                }
            }
            return await group.reduce(into: [Int](repeating: 0, count: tokens.count)) { sum, wins in
                for i in wins.indices { sum[i] += wins[i] }
            }
        }
        #expect(wins == [Int](repeating: 1, count: tokens.count))
    }

    @Test("a store that cannot answer refuses as storage, full tables too")
    func storage() throws {
        struct Failing: OneTimeStore {
            func claim(id: Span<UInt8>, untilSeconds: Int64, now: Int64) throws(RevocationError) -> Bool {
                throw .unavailable
            }
        }
        let maker = try TokenMaker(.hs256)
        let token = try maker.token(Self.claims())
        #expect(code(try verifier(maker.key, RevocationCheck(oneTime: Failing())), token) == .storage)
        #expect(
            code(try verifier(maker.key, RevocationCheck(oneTime: OneTimeTokens(tokenCountMax: 0))), token) == .storage)
    }

    @Test("T45 a shared one-time store gets one id a token, the same on every node, and no identity")
    func sharedOneTime() throws {
        final class Shared: OneTimeStore {
            let seen = Mutex<Set<[UInt8]>>([])
            func claim(id: Span<UInt8>, untilSeconds: Int64, now: Int64) throws(RevocationError) -> Bool {
                #expect(untilSeconds == 1_800_000_330)
                let id = id.indices.map { id[$0] }
                return seen.withLock { $0.insert(id).inserted }
            }
        }
        let maker = try TokenMaker(.hs256)
        let store = Shared()
        let nodes = try (0..<2).map { _ in try verifier(maker.key, RevocationCheck(oneTime: store)) }
        #expect(code(nodes[0], try maker.token(Self.claims()), batched: false) == nil)
        #expect(code(nodes[1], try maker.token(Self.claims(jti: #""\u006A""#)), batched: false) == .replayed)
        #expect(code(nodes[1], try maker.token(Self.claims(jti: #""k""#)), batched: false) == nil)
        // SHA-256 of 00000001 "i" 00000001 "j", by Python's hashlib.
        let known = hex("680fd248f938a1323f0e02f516cee4032b497dd75c59fbf920a2421402efcbdf")
        #expect(store.seen.withLock { $0.contains(known) })
        #expect(store.seen.withLock { $0.count } == 2)
    }

    @Test("revocations come and go under load: a token is refused from the moment its entry is there")
    func underLoad() async throws {
        let maker = try TokenMaker(.hs256)
        let list = RevocationList()
        let verifier = try verifier(maker.key, RevocationCheck(list: list))
        let tokens = try (0..<32).map { Array(try maker.token(Self.claims(jti: "\"\($0)\"")).utf8) }
        let revoked = Revoked()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var worker = verifier.makeWorker()
                    while revoked.count.load(ordering: .acquiring) < tokens.count {
                        let floor = revoked.count.load(ordering: .acquiring)
                        for (i, token) in tokens.enumerated() {
                            if case .accepted = verifier.verify(token.span, now: Self.now, using: &worker), i < floor {
                                revoked.wrong.wrappingAdd(1, ordering: .relaxed)
                            }
                        }
                        await Task.yield()
                    }
                }
            }
            group.addTask {
                var entries: [RevocationEntry] = []
                for i in 0..<tokens.count {
                    entries.append(.token(issuer: "i", jwtID: "\(i)", untilSeconds: Self.now + 330))
                    if i % 2 == 0 {
                        try? list.replace(with: entries, now: Self.now)
                    } else {
                        try? list.add(entries[i], now: Self.now)
                    }
                    revoked.count.store(i + 1, ordering: .releasing)
                    await Task.yield()
                }
            }
        }
        #expect(revoked.wrong.load(ordering: .relaxed) == 0)
        #expect(list.entryCount == tokens.count)
    }
}

private final class Revoked: Sendable {
    let count = Atomic<Int>(0)
    let wrong = Atomic<Int>(0)
}

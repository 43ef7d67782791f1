// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

/// A hit gives what verifying would give at that moment, and nothing else is ever a hit.
@Suite struct VerifiedTokenCacheTests {
    static let now = CacheHarness.now

    @Test(
        "a hit reads like a verified token", arguments: [SignatureAlgorithm.hs256, .es256, .edDSA, .rs256],
        [true, false])
    func hit(_ algorithm: SignatureAlgorithm, _ storesTokenBytes: Bool) throws {
        var harness = try CacheHarness(
            VerifiedTokenCache(byteCount: 1 << 20, storesTokenBytes: storesTokenBytes), algorithm: algorithm)
        for length in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30, 300, 3_000] {
            let token = try harness.token(
                String(repeating: "x", count: length), more: #","roles":["a",{"b":null}],"n":1.5"#)
            let expected = harness.askPlain(token)
            let before = harness.hitCount
            for _ in 0..<3 {
                let answer = harness.ask(token)
                #expect(answer == expected)
            }
            let hits = harness.hitCount - before
            #expect(hits == 2)
            #expect(expected.code == nil)
        }
    }

    @Test("T65 an entry ends with its token, at that second")
    func expiry() throws {
        var harness = try CacheHarness()
        let token = try harness.token("s", exp: "1800000200")
        // Leeway is 30 s.
        for (time, isHit) in [(0, false), (0, true), (229, true), (230, false), (231, false), (229, true)] {
            let before = harness.hitCount
            let answer = harness.ask(token, now: Self.now + Int64(time))
            let expected = harness.askPlain(token, now: Self.now + Int64(time))
            #expect(answer == expected)
            #expect(answer.code == (time < 230 ? nil : .expired))
            let hits = harness.hitCount - before
            #expect(hits == (isHit ? 1 : 0), "at \(time)")
        }
    }

    @Test("T65 an entry ends with the cache's own time")
    func timeToLive() throws {
        var harness = try CacheHarness(VerifiedTokenCache(byteCount: 1 << 20, ttlSeconds: 10))
        let token = try harness.token("s")
        for (time, isHit) in [(0, false), (9, true), (10, false), (19, true), (20, false), (31, false)] {
            let before = harness.hitCount
            let answer = harness.ask(token, now: Self.now + Int64(time))
            #expect(answer.code == nil)
            let hits = harness.hitCount - before
            #expect(hits == (isHit ? 1 : 0), "at \(time)")
        }
    }

    @Test("T40 a clock that steps back is judged anew: nbf, iat and lifetime hold as without a cache")
    func clockStepsBack() throws {
        var harness = try CacheHarness { $0.required = [.issuer, .audience] }
        let tokens = [
            try harness.token("nbf", more: #","nbf":1800000000"#), try harness.token("iat"),
            Array(try harness.maker.token(#"{"iss":"i","aud":"a","exp":1800003600}"#).utf8),
            Array(try harness.maker.token(#"{"iss":"i","aud":"a"}"#).utf8),
        ]
        for time in [0, -29, -30, -31, -100, 5, 0, -31, 0] {
            for token in tokens {
                let answer = harness.ask(token, now: Self.now + Int64(time))
                let expected = harness.askPlain(token, now: Self.now + Int64(time))
                #expect(answer == expected, "at \(time)")
            }
        }
    }

    @Test("T67 every byte of the token counts, though the place is picked by its end", arguments: [true, false])
    func everyByteCounts(_ storesTokenBytes: Bool) throws {
        var harness = try CacheHarness(VerifiedTokenCache(byteCount: 1 << 20, storesTokenBytes: storesTokenBytes))
        let token = try harness.token("some-subject", more: #","email":"ada@example.com""#)
        #expect(harness.ask(token).code == nil)
        let before = harness.hitCount
        for place in token.indices {
            var changed = token
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let answer = harness.ask(changed)
            let expected = harness.askPlain(changed)
            #expect(answer == expected)
            #expect(answer.code != nil)
        }
        for length in token.indices.dropFirst() {
            let cut = Array(token[length...])
            let answer = harness.ask(cut)
            #expect(answer.code != nil)
        }
        #expect(harness.hitCount == before)
        #expect(harness.ask(token).code == nil)
        #expect(harness.hitCount == before + 1)
    }

    @Test("T66 a removed or replaced key ends its entries at once, in every worker")
    func keySwap() throws {
        let cache = VerifiedTokenCache(byteCount: 1 << 20)
        let old = try TokenMaker(.es256, keyID: "old")
        let new = try TokenMaker(.es256, keyID: "new")
        let impostor = try TokenMaker(.es256, keyID: "old")
        let ring = try KeyRing([old.key])
        let verifier = try Verifier(
            accept: [AcceptEntry(issuers: ["i"], audiences: ["a"], keys: ring)], cache: cache)
        var first = verifier.makeWorker()
        var second = verifier.makeWorker()
        let claims = #"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000,"sub":"s"}"#
        let token = Array(try old.token(claims).utf8)
        for (keys, code) in [
            ([old.key], nil), ([old.key, new.key], nil), ([new.key], RefusalCode.unknownKey), ([old.key], nil),
            ([impostor.key], .signatureInvalid), ([old.key], nil),
        ] {
            try ring.replace(with: keys)
            for _ in 0..<3 {
                let one = CacheHarness.ask(token, now: Self.now, verifier, &first)
                let other = CacheHarness.ask(token, now: Self.now, verifier, &second)
                #expect(one.code == code)
                #expect(other == one)
            }
        }
        #expect(cache.statistics.staleCount > 0)
        ring.removeAll()
        let last = CacheHarness.ask(token, now: Self.now, verifier, &first)
        #expect(last.code == .unknownKey)
    }

    @Test("T68 what one verifier accepted means nothing to another one with the same cache")
    func otherPolicy() throws {
        let cache = VerifiedTokenCache(byteCount: 1 << 20)
        let maker = try TokenMaker(.hs256)
        let ring = try KeyRing([maker.key])
        func verifier(_ audience: String, _ change: (inout AcceptEntry) -> Void = { _ in }) throws -> Verifier {
            var entry = AcceptEntry(issuers: ["i"], audiences: [audience], keys: ring)
            change(&entry)
            return try Verifier(accept: [entry], cache: cache)
        }
        let token = Array(
            try maker.token(#"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000,"sub":"s"}"#).utf8)
        let verifiers: [(Verifier, RefusalCode?)] = [
            (try verifier("a"), nil), (try verifier("b"), .audience),
            (try verifier("a") { $0.types = ["x"] }, .tokenType),
            (try verifier("a") { $0.algorithms = [.es256] }, .unsupportedAlgorithm),
            (try verifier("a") { $0.lifetimeSecondsMax = 299 }, .lifetimeTooLong),
            (try verifier("a") { $0.required.insert(.jwtID) }, .missingClaim),
        ]
        // One worker for all, and one for each: neither carries anything over.
        var shared = verifiers[0].0.makeWorker()
        for _ in 0..<3 {
            for (verifier, code) in verifiers {
                var own = verifier.makeWorker()
                let one = CacheHarness.ask(token, now: Self.now, verifier, &shared)
                let other = CacheHarness.ask(token, now: Self.now, verifier, &own)
                #expect(one.code == code)
                #expect(other == one)
            }
        }
        #expect(cache.statistics.hitCount == 5)
    }

    @Test("T69 refused tokens leave nothing behind")
    func refusedTokensAreNotKept() throws {
        var harness = try CacheHarness()
        let other = try TokenMaker(.hs256)
        for number in 0..<500 {
            var token = try harness.token("s\(number)")
            token[token.count - 5] ^= 1
            _ = harness.ask(token)
            _ = harness.ask(Array("no.token.\(number)".utf8))
            _ = harness.ask(Array(try other.token(#"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000}"#).utf8))
            _ = harness.ask(try harness.token("s\(number)", exp: "1"))
        }
        #expect(harness.cache.statistics.insertionCount == 0)
        #expect(harness.cache.entryCount == 0)
    }

    @Test("T69 a flood of tokens that come once evicts nothing that is wanted, in bounded memory")
    func flood() throws {
        var harness = try CacheHarness(VerifiedTokenCache(byteCount: 256 * 1024))
        let wanted = try (0..<16).map { try harness.token("wanted\($0)") }
        for _ in 0..<3 { for token in wanted { #expect(harness.ask(token).code == nil) } }
        var count = 0
        var kept = 0
        for number in 0..<2_000 {
            _ = harness.ask(try harness.token("once\(number)"))
            guard number % 10 == 0 else { continue }
            let before = harness.hitCount
            _ = harness.ask(wanted[number / 10 % 16])
            kept += harness.hitCount - before
            count += 1
        }
        #expect(kept == count)
        #expect(harness.cache.entryCount * 500 < 256 * 1024)
        #expect(harness.cache.statistics.evictionCount > 1_500)
    }

    @Test("tokens that come back are kept though more pass than fit")
    func returningTokensStay() throws {
        var harness = try CacheHarness(VerifiedTokenCache(byteCount: 256 * 1024))
        // About 350 entries fit. A working set of 200 is asked for in rounds, among tokens that come once.
        let set = try (0..<200).map { try harness.token("set\($0)") }
        for round in 0..<6 {
            for (i, token) in set.enumerated() {
                _ = harness.ask(token)
                if i % 4 == 0 { _ = harness.ask(try harness.token("once\(round)-\(i)")) }
            }
        }
        let before = harness.hitCount
        for token in set { _ = harness.ask(token) }
        #expect(harness.hitCount - before > 150)
    }

    @Test("T70 what a hit gave stays readable when the input changes and the entry is gone")
    func nothingDangles() throws {
        let harness = try CacheHarness(VerifiedTokenCache(byteCount: 64 * 1024))
        var worker = harness.cached.makeWorker()
        var other = harness.cached.makeWorker()
        var token = try harness.token("first")
        let expected = CacheHarness.ask(token, now: Self.now, harness.cached, &worker)
        guard case .accepted(let accepted) = harness.cached.verify(token.span, now: Self.now, using: &worker) else {
            Issue.record("not accepted")
            return
        }
        for i in token.indices { token[i] = 0 }
        for number in 0..<500 {
            _ = CacheHarness.ask(try harness.token("n\(number)"), now: Self.now, harness.cached, &other)
        }
        harness.cache.removeAll()
        let answer = CacheHarness.answer(accepted, worker)
        #expect(answer == expected)
    }

    @Test func aBatchUsesTheCache() throws {
        let harness = try CacheHarness()
        var worker = harness.cached.makeWorker()
        var plain = harness.plain.makeWorker()
        var batch = TokenBatch()
        for number in 0..<70 {
            var token = try harness.token("s\(number % 50)")
            if number % 7 == 3 { token[token.count - 6] ^= 1 }
            batch.append(token.span)
        }
        var verdicts: [Verdict] = []
        var expected: [Verdict] = []
        harness.plain.verify(batch, now: Self.now, using: &plain, into: &expected)
        for round in 0..<3 {
            harness.cached.verify(batch, now: Self.now, using: &worker, into: &verdicts)
            #expect(verdicts.count == expected.count)
            for i in verdicts.indices {
                switch (verdicts[i], expected[i]) {
                case (.refused(let one), .refused(let other)): #expect(one == other)
                case (.accepted(let one), .accepted(let other)):
                    let answer = CacheHarness.answer(one, worker)
                    let wanted = CacheHarness.answer(other, plain)
                    #expect(answer == wanted)
                default: Issue.record("verdict \(i) differs in round \(round)")
                }
            }
        }
        #expect(harness.hitCount == 2 * 60)
    }

    @Test func removeAllForgets() throws {
        var harness = try CacheHarness()
        let tokens = try (0..<50).map { try harness.token("s\($0)") }
        for _ in 0..<2 { for token in tokens { _ = harness.ask(token) } }
        #expect(harness.hitCount == 50)
        harness.cache.removeAll()
        #expect(harness.cache.entryCount == 0)
        for token in tokens { _ = harness.ask(token) }
        #expect(harness.hitCount == 50)
        for token in tokens { _ = harness.ask(token) }
        #expect(harness.hitCount == 100)
    }

    @Test("T83 a cache prints nothing of what it holds")
    func description() throws {
        var harness = try CacheHarness(VerifiedTokenCache(byteCount: 1))
        _ = harness.ask(try harness.token("secret-subject"))
        #expect("\(harness.cache)" == "VerifiedTokenCache(65536 bytes)")
        var dumped = ""
        dump(harness.cache, to: &dumped)
        #expect(!dumped.contains("secret"))
        #expect(!dumped.contains("eyJ"))
    }

    @Test("counters of workers that are gone are not lost")
    func counters() throws {
        let harness = try CacheHarness()
        let token = try harness.token("s")
        for _ in 0..<20 {
            var worker = harness.cached.makeWorker()
            _ = CacheHarness.ask(token, now: Self.now, harness.cached, &worker)
        }
        let statistics = harness.cache.statistics
        #expect(statistics.hitCount == 19)
        #expect(statistics.missCount == 1)
        #expect(statistics.insertionCount == 1)
        #expect(statistics.hitRatio == 0.95)
    }
}

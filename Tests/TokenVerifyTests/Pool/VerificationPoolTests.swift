// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import Testing
import TokenCrypto

@testable import TokenVerify

/// Every caller of a pool gets exactly one answer, and it is that of its own tokens.
@Suite struct VerificationPoolTests {
    static let now = PoolHarness.now

    @Test("T71 a pool's verdicts are those of single calls", arguments: [1, 2, 5])
    func verdicts(_ workerCount: Int) async throws {
        let makers = try [SignatureAlgorithm.hs256, .es256, .hs512, .edDSA].map { try TokenMaker($0) }
        let verifier = try Verifier(
            accept: makers.enumerated().map { i, maker in
                AcceptEntry(issuers: ["i\(i)"], audiences: ["a"], keys: try KeyRing([maker.key]))
            })
        let pool = try VerificationPool(verifier, workerCount: workerCount)
        var tokens = ["", ".", "a.b.c", String(repeating: "A", count: 20_000)]
        for number in 0..<220 {
            let issuer = number % makers.count
            let exp = number % 11 == 7 ? 1 : 1_800_000_300
            let pad = String(repeating: "p", count: number * 97 % 3_000)
            var token = try makers[issuer].token(
                #"{"iss":"i\#(issuer)","aud":"a","exp":\#(exp),"iat":1800000000,"sub":"\#(number)","p":"\#(pad)"}"#)
            if number % 13 == 5 { token.removeLast(4) }
            tokens.append(token)
        }
        let batch = PoolHarness.batch(tokens)
        let answer = try await pool.verify(batch, now: Self.now)
        let blocking = try pool.verifyBlocking(batch, now: Self.now)
        #expect(answer.count == tokens.count)
        var worker = verifier.makeWorker()
        for (i, token) in tokens.enumerated() {
            let bytes = Array(token.utf8)
            let element = answer[i]
            #expect(blocking[i] == element)
            switch verifier.verify(bytes.span, now: Self.now, using: &worker) {
            case .refused(let refusal):
                #expect(element == .refused(refusal))
                let claims = answer.withClaims(of: i) { $0.array }
                #expect(claims.isEmpty)
                #expect(answer.claimsSet(of: i) == nil)
            case .accepted(let accepted):
                #expect(element == .accepted(acceptEntryIndex: accepted.acceptEntryIndex))
                let claims = answer.withClaims(of: i) { $0.array }
                let expected = worker.withClaims(of: accepted) { $0.array }
                #expect(claims == expected)
                let header = answer.withHeader(of: i) { $0.array }
                let expectedHeader = worker.withHeader(of: accepted) { $0.array }
                #expect(header == expectedHeader)
                #expect(answer.claimsSet(of: i)?.json == expected)
            }
        }
        #expect(pool.pendingTokenCount == 0)
    }

    @Test("a pool's start builds the tables of its keys", arguments: [SignatureAlgorithm.es256, .edDSA])
    func preparation(_ algorithm: SignatureAlgorithm) async throws {
        let harness = try PoolHarness(algorithm)
        let pool = try VerificationPool(harness.verifier, workerCount: 1)
        _ = try await pool.verify(PoolHarness.batch(try harness.tokens(0..<1)), now: Self.now)
        #expect(
            algorithm == .es256
                ? FastPaths.es256.hasTable(for: harness.key) : FastPaths.ed25519.hasTable(for: harness.key))
    }

    @Test func emptyAndSmallBatches() async throws {
        let harness = try PoolHarness()
        let pool = try VerificationPool(harness.verifier, workerCount: 2)
        let empty = try await pool.verify(TokenBatch(), now: Self.now)
        #expect(empty.count == 0)
        #expect(try pool.verifyBlocking(TokenBatch(), now: Self.now).count == 0)
        for count in 1...6 {
            let answer = try await pool.verify(PoolHarness.batch(try harness.tokens(0..<count)), now: Self.now)
            #expect(PoolHarness.isRight(answer, 0..<count))
        }
    }

    @Test("T72 T73 ten thousand concurrent calls, many cancelled midway: each gets its own answer, once")
    func concurrentCalls() async throws {
        let harness = try PoolHarness()
        let pool = try VerificationPool(harness.verifier, workerCount: 3)
        let texts = try harness.tokens(0..<500)
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for call in 0..<10_000 {
                let first = call * 7 % 490
                let count = 1 + call % 9
                let task = Task {
                    try await pool.verify(
                        PoolHarness.batch(Array(texts[first..<(first + count)])), now: Self.now)
                }
                if call % 3 == 1 { task.cancel() }
                group.addTask {
                    if call % 3 == 2, call % 2 == 0 { task.cancel() }
                    do {
                        let answer = try await task.value
                        if !PoolHarness.isRight(answer, first..<(first + count)) {
                            Issue.record("call \(call) got an answer that is not its own")
                        }
                        tally.add("answered")
                    } catch {
                        #expect(error as? PoolError == .cancelled)
                        tally.add("cancelled")
                    }
                }
            }
        }
        #expect(tally["answered"] + tally["cancelled"] == 10_000)
        #expect(tally["answered"] >= 3_300)
        pool.shutDown()
        #expect(pool.pendingTokenCount == 0)
    }

    @Test("T72 keys are swapped under load: each verdict is by the old keys or by the new ones")
    func keySwap() async throws {
        let cache = VerifiedTokenCache(byteCount: 1 << 20)
        let old = try PoolHarness(cache: cache)
        let new = try SignatureKey.generate(algorithm: .hs256, keyID: Array("k1".utf8))
        let pool = try VerificationPool(old.verifier, workerCount: 2)
        let batch = PoolHarness.batch(try old.tokens(0..<60, spoiledEvery: 1_000))
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<60 {
                    try old.ring.replace(with: round % 2 == 0 ? [new] : [old.key])
                    await Task.yield()
                }
                try old.ring.replace(with: [new])
                tally.add("done")
            }
            for _ in 0..<4 {
                group.addTask {
                    var isLast = false
                    while !isLast {
                        isLast = tally["done"] == 1
                        let answer = try await pool.verify(batch, now: Self.now)
                        for i in answer.indices {
                            switch answer[i] {
                            case .accepted: #expect(!isLast, "accepted by a key that is gone")
                            case .refused(let refusal): #expect(refusal.code == .signatureInvalid)
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("T72 the verifier is swapped under load: a batch is judged by one of them as a whole")
    func verifierSwap() async throws {
        let harness = try PoolHarness()
        let strict = try Verifier(
            accept: [AcceptEntry(issuers: ["i"], audiences: ["b"], keys: harness.ring)])
        let pool = try VerificationPool(harness.verifier, workerCount: 2)
        let batch = PoolHarness.batch(try harness.tokens(0..<150, spoiledEvery: 1_000))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<200 {
                    pool.verifier = round % 2 == 0 ? strict : harness.verifier
                    await Task.yield()
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<30 {
                        let answer = try await pool.verify(batch, now: Self.now)
                        let accepted = answer.acceptedCount
                        #expect(accepted == 0 || accepted == 150)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(
        "T72 shut down under load: every call gets its verdicts or shut-down",
        arguments: [
            VerificationPool.Ending.drain, .abandon,
        ])
    func shutDown(_ ending: VerificationPool.Ending) async throws {
        let harness = try PoolHarness(.es256)
        let pool = try VerificationPool(harness.verifier, workerCount: 2)
        let texts = try harness.tokens(0..<100)
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for call in 0..<200 {
                group.addTask {
                    let names = (call % 90)..<(call % 90 + 10)
                    do {
                        let answer = try await pool.verify(PoolHarness.batch(Array(texts[names])), now: Self.now)
                        #expect(PoolHarness.isRight(answer, names))
                        tally.add("right")
                    } catch {
                        #expect(error as? PoolError == .shutDown)
                        tally.add("ended")
                    }
                }
            }
            group.addTask {
                while tally["right"] == 0 { await Task.yield() }
                pool.shutDown(ending)
            }
        }
        #expect(tally["right"] + tally["ended"] == 200)
        #expect(pool.pendingTokenCount == 0)
        await #expect(throws: PoolError.shutDown) { try await pool.verify(TokenBatch(), now: Self.now) }
        #expect(throws: PoolError.shutDown) { try pool.verifyBlocking(PoolHarness.batch(texts), now: Self.now) }
        pool.shutDown()
    }

    @Test("T72 a call that is cancelled, or left at the shutdown, does not wait for the work before it")
    func endingEarly() async throws {
        let slow = try PoolHarness(.es384)
        let quick = try PoolHarness()
        let pool = try VerificationPool(slow.verifier, workerCount: 1)
        let texts = try slow.tokens(0..<20, spoiledEvery: 1_000)
        let long = PoolHarness.batch((0..<1_000).flatMap { _ in texts })
        let first = Task { try await pool.verify(long, now: Self.now) }
        while pool.pendingTokenCount == 0 { await Task.yield() }
        pool.verifier = quick.verifier
        let batch = PoolHarness.batch(try quick.tokens(0..<3))
        let cancelled = Task { try await pool.verify(batch, now: Self.now) }
        for _ in 0..<100 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: PoolError.cancelled) { try await cancelled.value }
        #expect(pool.pendingTokenCount > 3)
        let left = Task { try await pool.verify(batch, now: Self.now) }
        for _ in 0..<100 { await Task.yield() }
        pool.shutDown(.abandon)
        await #expect(throws: PoolError.shutDown) { try await left.value }
        await #expect(throws: PoolError.shutDown) { try await first.value }
        #expect(pool.pendingTokenCount == 0)
    }

    @Test("T74 a full queue refuses with overloaded, and takes tokens again when it is empty")
    func overloaded() async throws {
        let harness = try PoolHarness(.es384)
        var configuration = VerificationPool.Configuration(workerCount: 1)
        configuration.tokenCountMax = 20
        let pool = try VerificationPool(harness.verifier, configuration)
        let texts = try harness.tokens(0..<20)
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    do {
                        let answer = try await pool.verify(PoolHarness.batch(texts), now: Self.now, whenFull: .refuse)
                        #expect(PoolHarness.isRight(answer, 0..<20))
                        tally.add("right")
                    } catch {
                        #expect(error as? PoolError == .overloaded)
                        tally.add("overloaded")
                    }
                    #expect(pool.pendingTokenCount <= 20)
                }
            }
        }
        #expect(tally["right"] + tally["overloaded"] == 60)
        #expect(tally["right"] >= 1)
        #expect(tally["overloaded"] >= 1)
        let again = try await pool.verify(PoolHarness.batch(texts + texts), now: Self.now, whenFull: .refuse)
        #expect(again.count == 40)
    }

    @Test("T74 calls that wait are bounded too")
    func waitingCalls() async throws {
        let harness = try PoolHarness(.es384)
        var configuration = VerificationPool.Configuration(workerCount: 1)
        configuration.callCountMax = 3
        let pool = try VerificationPool(harness.verifier, configuration)
        let texts = try harness.tokens(0..<10)
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do {
                        _ = try await pool.verify(PoolHarness.batch(texts), now: Self.now)
                    } catch {
                        #expect(error as? PoolError == .overloaded)
                        tally.add("refused")
                    }
                }
            }
        }
        #expect(tally["refused"] >= 1)
    }

    @Test func threadsMayWaitToo() throws {
        let harness = try PoolHarness()
        let pool = try VerificationPool(harness.verifier, workerCount: 2)
        let texts = try harness.tokens(0..<300)
        let tally = Tally()
        let threads = (0..<8).map { thread in
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                for round in 0..<40 {
                    let names = (thread * 13 + round)..<(thread * 13 + round + 100)
                    if let answer = try? pool.verifyBlocking(
                        PoolHarness.batch(Array(texts[names])), now: Self.now), PoolHarness.isRight(answer, names)
                    {
                        tally.add("right")
                    }
                }
                done.signal()
            }
            return done
        }
        for done in threads { done.wait() }
        #expect(tally["right"] == 320)
    }

    @Test("T73 an answer that comes after a cancellation is dropped, and a job has one answer")
    func oneAnswer() async throws {
        let harness = try PoolHarness()
        let batch = PoolHarness.batch(try harness.tokens(0..<3))
        let job = PoolJob(batch, harness.verifier, now: Self.now, workerCount: 1, isBlocking: true)
        #expect(job.deliver(.failure(.cancelled)))
        #expect(!job.deliver(.success(BatchVerdicts(job.results))))
        #expect(!job.deliver(.failure(.shutDown)))
        #expect(throws: PoolError.cancelled) { try job.wait().get() }
        let other = PoolJob(batch, harness.verifier, now: Self.now, workerCount: 1, isBlocking: false)
        let answer = await withCheckedContinuation { continuation in
            other.attach(continuation)
            #expect(other.deliver(.failure(.shutDown)))
            #expect(!other.deliver(.failure(.cancelled)))
        }
        #expect(throws: PoolError.shutDown) { try answer.get() }
    }

    @Test("every token of a batch is in one run, and slow ones do not stand behind each other")
    func plan() throws {
        let harness = try PoolHarness()
        let quick = try harness.tokens(0..<1_000)
        let long = String(repeating: "x", count: 16_000)
        let rsa = String(repeating: "y", count: 200) + "." + String(repeating: "s", count: 342)
        for tokens in [[], [long], quick, [rsa, long] + quick + [rsa], [String](repeating: rsa, count: 64), [""]] {
            let batch = PoolHarness.batch(tokens)
            for workers in [1, 2, 64] {
                let plan = BatchPlan(batch, workerCount: workers)
                var covered: [Int] = []
                for run in 0..<plan.runCount {
                    let range = plan.run(run)
                    #expect(!range.isEmpty)
                    let bytes = batch.bytes
                    let cost = range.reduce(0) { sum, i in
                        sum + BatchPlan.cost(bytes.span.extracting(batch.places[i]))
                    }
                    #expect(range.count == 1 || cost <= BatchPlan.runCostMax)
                    covered += range
                }
                #expect(covered == Array(0..<tokens.count))
            }
        }
    }

    @Test("T83 verdicts and errors print nothing of a token")
    func description() async throws {
        let harness = try PoolHarness()
        let pool = try VerificationPool(harness.verifier, workerCount: 1)
        let answer = try await pool.verify(PoolHarness.batch(try harness.tokens(0..<2)), now: Self.now)
        var dumped = ""
        dump(answer, to: &dumped)
        #expect("\(answer)" == "BatchVerdicts(2 tokens)")
        #expect(!dumped.contains("sub"))
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenVerify

/// `pool.<alg>.<workers>`: batches through a pool, the caller's thread waiting. One operation is one token.
struct PoolBatches: Workload, ~Copyable {
    private let pool: VerificationPool
    private let batch: TokenBatch
    private let spoiled: TokenBatch
    private let now: Int64

    init(_ tokens: TokenTable, _ verifier: Verifier, now: Int64, batchCount: Int, workerCount: Int)
        throws(BenchFailure)
    {
        do {
            pool = try VerificationPool(verifier, workerCount: workerCount)
        } catch {
            throw .input("cannot start \(workerCount) threads")
        }
        self.now = now
        var batch = TokenBatch()
        var spoiled = TokenBatch()
        for index in 0..<batchCount {
            let token = tokens[index % tokens.count]
            batch.append(token.span)
            spoiled.append((index % 3 == 1 ? Spoil.signature(of: token) : token).span)
        }
        self.batch = batch
        self.spoiled = spoiled
    }

    /// One batch an iteration.
    mutating func run(_ iterations: Int) {
        var accepted = 0
        for _ in 0..<iterations { accepted &+= (try? pool.verifyBlocking(batch, now: now))?.count ?? 0 }
        blackHole(accepted)
    }

    /// All are accepted; of the spoiled batch exactly those that were not spoiled.
    mutating func isRight() -> Bool {
        guard let all = try? pool.verifyBlocking(batch, now: now), all.acceptedCount == batch.count,
            let some = try? pool.verifyBlocking(spoiled, now: now)
        else { return false }
        return some.indices.allSatisfy { index in
            if case .accepted = some[index] { index % 3 != 1 } else { index % 3 == 1 }
        }
    }
}

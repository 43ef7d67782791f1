// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// `judge`: the claim rules alone, over tokens that were verified before.
struct JudgeClaims: Workload, ~Copyable {
    private let verifier: Verifier
    private let now: Int64
    private let tokens: TokenBatch
    private var worker: VerifierWorker
    private var verdicts: [Verdict] = []
    private var accepted: [VerifiedToken] = []
    private var cycle = Cycle(1)

    init(_ tokens: TokenTable, _ verifier: Verifier, now: Int64) {
        self.verifier = verifier
        self.now = now
        worker = verifier.makeWorker()
        var batch = TokenBatch()
        for token in tokens.items { batch.append(token.span) }
        self.tokens = batch
        // A batch keeps the claims of all its tokens readable at once.
        verifier.verify(batch, now: now, using: &worker, into: &verdicts)
        for case .accepted(let token) in verdicts { accepted.append(token.verified) }
        cycle = Cycle(max(accepted.count, 1))
    }

    mutating func run(_ iterations: Int) {
        let (verifier, accepted) = (verifier, accepted)
        var held = 0
        for _ in 0..<iterations {
            if (try? verifier.judge(accepted[cycle.next()], now: now, using: worker)) != nil { held &+= 1 }
        }
        blackHole(held)
    }

    /// All hold now, none long after.
    mutating func isRight() -> Bool {
        guard accepted.count == tokens.count else { return false }
        return accepted.allSatisfy { (try? verifier.judge($0, now: now, using: worker)) != nil }
            && accepted.allSatisfy { (try? verifier.judge($0, now: 1 << 40, using: worker)) == nil }
    }
}

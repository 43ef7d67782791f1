// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// `verify.<alg>.single`: form, signature and claim rules of one token a call.
struct VerifyToken: Workload, ~Copyable {
    private let tokens: TokenTable
    private let verifier: Verifier
    private let now: Int64
    private var worker: VerifierWorker
    private var cycle: Cycle

    init(_ tokens: TokenTable, _ verifier: Verifier, now: Int64) {
        self.tokens = tokens
        self.verifier = verifier
        self.now = now
        worker = verifier.makeWorker()
        cycle = Cycle(tokens.count)
    }

    mutating func run(_ iterations: Int) {
        let (tokens, verifier) = (tokens, verifier)
        var accepted = 0
        for _ in 0..<iterations {
            let token = tokens.bytes.span.extracting(tokens.places[cycle.next()])
            if case .accepted = verifier.verify(token, now: now, using: &worker) { accepted &+= 1 }
        }
        blackHole(accepted)
    }

    /// Every token is accepted; with one character of its signature changed, none is; nor after its time.
    mutating func isRight() -> Bool {
        for token in tokens.items {
            guard case .accepted = verifier.verify(token.span, now: now, using: &worker) else { return false }
            let spoiled = Spoil.signature(of: token)
            guard case .refused(let refusal) = verifier.verify(spoiled.span, now: now, using: &worker),
                refusal.code == .signatureInvalid
            else { return false }
            guard case .refused = verifier.verify(token.span, now: 1 << 40, using: &worker) else { return false }
        }
        return true
    }
}

/// `verify.<alg>.batch`: the same, many tokens a call. One operation is one token.
struct VerifyBatch: Workload, ~Copyable {
    private let verifier: Verifier
    private let now: Int64
    private let batch: TokenBatch
    private let spoiled: TokenBatch
    private var worker: VerifierWorker
    private var verdicts: [Verdict] = []

    init(_ tokens: TokenTable, _ verifier: Verifier, now: Int64, batchCount: Int) {
        self.verifier = verifier
        self.now = now
        worker = verifier.makeWorker()
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
        for _ in 0..<iterations { verifier.verify(batch, now: now, using: &worker, into: &verdicts) }
        blackHole(verdicts.count)
    }

    /// All are accepted; of the spoiled batch exactly those that were not spoiled.
    mutating func isRight() -> Bool {
        verifier.verify(batch, now: now, using: &worker, into: &verdicts)
        guard verdicts.count == batch.count, verdicts.allSatisfy({ $0.isAccepted }) else { return false }
        verifier.verify(spoiled, now: now, using: &worker, into: &verdicts)
        return verdicts.enumerated().allSatisfy { $0.element.isAccepted == ($0.offset % 3 != 1) }
    }
}

extension Verdict {
    fileprivate var isAccepted: Bool {
        if case .accepted = self { return true }
        return false
    }
}

/// Spoils tokens for checks.
enum Spoil {
    /// The token with one character of its signature replaced by another of the alphabet. The character is not the
    /// last one, whose low bits may be unused.
    static func signature(of token: [UInt8]) -> [UInt8] {
        var token = token
        let place = token.count - 5
        token[place] = token[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        return token
    }
}

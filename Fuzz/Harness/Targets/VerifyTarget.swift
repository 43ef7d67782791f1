// SPDX-License-Identifier: Apache-2.0
import TestSupport
import TokenCrypto
import TokenScan
import TokenVerify

/// Tokens of any bytes before a verifier with a key of each algorithm: the single call and the batch give one verdict,
/// and nothing verifies that nobody signed.
struct VerifyTarget: FuzzTarget {
    static let name = "verify"
    static let now: Int64 = 1_800_000_000
    private let verifying: Verifying

    static func seeds() throws -> [[UInt8]] { try Fixtures.tokens() }

    init() throws { verifying = try Verifying() }

    mutating func run(_ input: [UInt8]) {
        let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(12).map(Array.init)
        let batch = verifying.batch(lines)
        require(batch.count == lines.count, "a token without a verdict")
        for (i, line) in lines.enumerated() {
            require(verifying.single(line) == batch[i], "single and batch differ")
            // The signing keys are drawn anew in each process: no input can hold a token of theirs.
            require(batch[i] != nil, "a token was accepted that nobody signed")
        }
    }
}

/// A verifier, its workers and a token maker for each algorithm.
final class Verifying {
    let makers: [TokenMaker]
    private let verifier: Verifier
    private var worker: VerifierWorker
    private var batchWorker: VerifierWorker

    init() throws {
        let keys = try SignatureAlgorithm.allCases.map {
            try SignatureKey.generate(algorithm: $0, keyID: Array("k".utf8))
        }
        makers = try keys.map { try TokenMaker($0) }
        verifier = try Verifier(
            accept: keys.enumerated().map { i, key in
                AcceptEntry(issuers: ["i\(i)"], audiences: ["a"], keys: try KeyRing([key]))
            })
        worker = verifier.makeWorker()
        batchWorker = verifier.makeWorker()
    }

    /// The refusal; nil for an accepted token.
    func single(_ token: [UInt8]) -> Refusal? {
        refusal(verifier.verify(token.span, now: VerifyTarget.now, using: &worker))
    }

    func batch(_ tokens: [[UInt8]]) -> [Refusal?] {
        var batch = TokenBatch()
        for token in tokens { batch.append(token.span) }
        var verdicts: [Verdict] = []
        verifier.verify(batch, now: VerifyTarget.now, using: &batchWorker, into: &verdicts)
        return verdicts.map(refusal)
    }

    /// The claims of an accepted token as JSON; nil for a refused one.
    func claims(_ token: [UInt8]) -> [UInt8]? {
        guard case .accepted(let accepted) = verifier.verify(token.span, now: VerifyTarget.now, using: &worker)
        else { return nil }
        return worker.withClaims(of: accepted) { $0.array }
    }

    private func refusal(_ verdict: Verdict) -> Refusal? {
        if case .refused(let refusal) = verdict { refusal } else { nil }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

/// A batch gives each token the verdict and the claims that a single call gives it.
@Suite struct VerifierBatchTests {
    static let now: Int64 = 1_800_000_000

    private struct Issuers {
        let verifier: Verifier
        let makers: [TokenMaker]

        init() throws {
            makers = try [.hs256, .hs256, .es256, .hs384, .edDSA].map { try TokenMaker($0) }
            verifier = try Verifier(
                accept: makers.enumerated().map { i, maker in
                    AcceptEntry(issuers: ["i\(i)"], audiences: ["a"], keys: try KeyRing([maker.key]))
                })
        }

        func token(_ i: Int, subject: String, exp: Int64 = now + 300) throws -> String {
            let issuer = i % makers.count
            return try makers[issuer].token(
                #"{"iss":"i\#(issuer)","aud":"a","exp":\#(exp),"iat":\#(now),"sub":"\#(subject)"}"#)
        }
    }

    private func code(_ verdict: Verdict) -> Refusal? {
        if case .refused(let refusal) = verdict { refusal } else { nil }
    }

    private func check(_ tokens: [String], _ verifier: Verifier) throws {
        var batch = TokenBatch()
        for token in tokens { batch.append(token) }
        var worker = verifier.makeWorker()
        var single = verifier.makeWorker()
        var verdicts: [Verdict] = []
        verifier.verify(batch, now: Self.now, using: &worker, into: &verdicts)
        #expect(verdicts.count == tokens.count)
        for (i, token) in tokens.enumerated() {
            let alone = verifier.verify(Array(token.utf8).span, now: Self.now, using: &single)
            #expect(code(alone) == code(verdicts[i]))
            guard case .accepted(let accepted) = verdicts[i], case .accepted(let other) = alone else { continue }
            let claims = worker.withClaims(of: accepted) { $0.array }
            let expected = single.withClaims(of: other) { $0.array }
            #expect(claims == expected)
            #expect(accepted.acceptEntryIndex == other.acceptEntryIndex)
        }
    }

    @Test("T71 every size of batch, mixed algorithms and lengths")
    func sizes() throws {
        let issuers = try Issuers()
        var tokens: [String] = []
        for count in 0...70 {
            try check(tokens, issuers.verifier)
            tokens.append(try issuers.token(count % 7, subject: String(repeating: "x", count: count * 5 % 211)))
        }
    }

    @Test("T71 one bad token at every position poisons no other")
    func badLanes() throws {
        let issuers = try Issuers()
        let good = try (0..<9).map { try issuers.token($0 < 5 ? 0 : $0, subject: "s\($0)") }
        let stranger = try TokenMaker(.hs256)
        let bad = [
            "", ".", "a.b.c", String(repeating: ".", count: 40_000), String(good[0].dropLast()),
            try stranger.token(#"{"iss":"i0","aud":"a","exp":1800000300,"iat":1800000000}"#),
            try issuers.token(0, subject: "late", exp: 1), String(repeating: "A", count: 17_000),
        ]
        for token in bad {
            for position in good.indices {
                var tokens = good
                tokens[position] = token
                try check(tokens, issuers.verifier)
            }
        }
        try check(bad, issuers.verifier)
        try check([good[0], good[0], good[0]], issuers.verifier)
    }

    @Test func aWorkerIsReusedForBatchesAndSingles() throws {
        let issuers = try Issuers()
        var worker = issuers.verifier.makeWorker()
        var verdicts: [Verdict] = []
        for round in 0..<5 {
            var batch = TokenBatch()
            for i in 0..<(round * 3) { batch.append(try issuers.token(i, subject: "r\(round)-\(i)")) }
            issuers.verifier.verify(batch, now: Self.now, using: &worker, into: &verdicts)
            #expect(verdicts.allSatisfy { code($0) == nil })
            let token = Array(try issuers.token(round, subject: "one").utf8)
            #expect(code(issuers.verifier.verify(token.span, now: Self.now, using: &worker)) == nil)
        }
    }

    @Test("T83 a batch prints nothing of its tokens")
    func description() {
        var batch = TokenBatch()
        batch.append("secret.secret.secret")
        #expect("\(batch)" == "TokenBatch(1 tokens)")
        #expect(String(reflecting: batch) == "TokenBatch(1 tokens)")
        var dumped = ""
        dump(batch, to: &dumped)
        #expect(!dumped.contains("secret"))
    }
}

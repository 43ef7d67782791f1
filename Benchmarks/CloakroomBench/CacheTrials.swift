// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenVerify

/// The trials of the verified-token cache: pure hits, hit ratios, and skewed traffic.
struct CacheTrials {
    private let inputs: BenchInputs

    init(_ inputs: BenchInputs) { self.inputs = inputs }

    private static let now = SyntheticToken.now

    func all() throws(BenchFailure) -> [Trial] {
        var trials: [Trial] = []
        for (key, tokens) in zip(inputs.keys, inputs.reference) {
            let algorithm = key.algorithm.jwaName.lowercased()
            guard ["hs256", "rs256", "es256"].contains(algorithm) else { continue }
            let corpus = algorithm == "hs256" ? "reference" : "reference-\(algorithm)"
            trials.append(hits(key, tokens, corpus: corpus, storesTokenBytes: true))
            if algorithm == "hs256" {
                trials.append(hits(key, tokens, corpus: "reference-digest", storesTokenBytes: false))
            }
        }
        let many = try manyTokens()
        return trials + sweep(many) + [zipf(many)]
    }

    /// Every call is a hit.
    private func hits(_ key: KeyMaterial, _ tokens: TokenTable, corpus: String, storesTokenBytes: Bool) -> Trial {
        Trial(
            name: "verify.cached", corpus: corpus, unit: "token", byteCount: tokens.meanByteCount,
            own: { () throws(BenchFailure) in
                let cache = VerifiedTokenCache(byteCount: 1 << 20, storesTokenBytes: storesTokenBytes)
                return LocalContender(
                    VerifyCached(
                        tokens, order: (0..<Int32(tokens.count)).map { $0 },
                        try BenchInputs.verifier(key, cache: cache), now: Self.now))
            },
            peers: { () throws(BenchFailure) in
                [LocalContender("uncached", VerifyToken(tokens, try BenchInputs.verifier(key), now: Self.now))]
            })
    }

    /// Sixteen tokens that come again and again among others that the cache has forgotten when they come again.
    private func sweep(_ tokens: TokenTable) -> [Trial] {
        [0, 50, 90, 99].map { percent in
            Trial(
                name: "verify.cached", corpus: "hits-\(percent)%", unit: "token", byteCount: tokens.meanByteCount,
                isAllocationFree: false,
                own: { () throws(BenchFailure) in
                    LocalContender(
                        VerifyCached(
                            tokens, order: Self.order(hitPercent: percent, count: tokens.count),
                            try BenchInputs.verifier(
                                inputs.keys[0], cache: VerifiedTokenCache(byteCount: Self.smallByteCount)),
                            now: Self.now))
                })
        }
    }

    /// A cache for a tenth of the tokens of ``manyTokens()``.
    private static let tokenCount = 20_000
    private static let smallByteCount = tokenCount / 10 * 1_280

    /// Zipf-distributed traffic (exponent 1) over a cache that holds a tenth of the tokens.
    private func zipf(_ tokens: TokenTable) -> Trial {
        Trial(
            name: "verify.cached", corpus: "zipf-10%", unit: "token", byteCount: tokens.meanByteCount,
            isAllocationFree: false,
            own: { () throws(BenchFailure) in
                LocalContender(
                    VerifyCached(
                        tokens, order: Self.zipfOrder(count: tokens.count, length: 1 << 17),
                        try BenchInputs.verifier(
                            inputs.keys[0], cache: VerifiedTokenCache(byteCount: Self.smallByteCount)),
                        now: Self.now))
            })
    }

    private func manyTokens() throws(BenchFailure) -> TokenTable {
        let signer = try TokenSigner(inputs.keys[0])
        var table = TokenTable()
        for number in 0..<(inputs.corpora.isEmpty ? 64 : Self.tokenCount) {
            table.append(try signer.sign(SyntheticToken.nineClaims(number: number, paddingByteCount: 94)))
        }
        return table
    }

    /// `hitPercent` of the calls go to sixteen tokens, the others round all the rest.
    static func order(hitPercent: Int, count: Int) -> [Int32] {
        var order: [Int32] = []
        var hot = 0
        var cold = 16
        for step in 0..<(1 << 17) {
            // Spread evenly, by the error of a line from 0 to hitPercent.
            let isHit = (step + 1) * hitPercent / 100 > step * hitPercent / 100
            order.append(Int32(isHit ? hot : cold))
            if isHit { hot = (hot + 1) % 16 } else { cold = cold + 1 < count ? cold + 1 : 16 }
        }
        return order
    }

    /// Ranks drawn with probability in proportion to 1 / rank, from a fixed seed.
    static func zipfOrder(count: Int, length: Int) -> [Int32] {
        var sums: [Double] = []
        var sum = 0.0
        for rank in 1...count {
            sum += 1 / Double(rank)
            sums.append(sum)
        }
        var state: UInt64 = 42
        return (0..<length).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let drawn = Double(state >> 11) / Double(1 << 53) * sum
            var low = 0
            var high = count - 1
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] < drawn { low = middle + 1 } else { high = middle }
            }
            return Int32(low)
        }
    }
}

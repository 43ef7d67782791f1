// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenVerify

/// The trials of the verification pool: one worker beside plain batch calls, and two beside one.
struct PoolTrials {
    private let inputs: BenchInputs

    init(_ inputs: BenchInputs) { self.inputs = inputs }

    private static let now = SyntheticToken.now

    func all() -> [Trial] {
        zip(inputs.keys, inputs.reference).flatMap { key, tokens in
            ["HS256", "RS256", "ES256"].contains(key.algorithm.jwaName)
                ? [1, 2].map { trial(key, tokens, workerCount: $0) } : []
        }
    }

    /// A batch takes a worker some milliseconds, so that the time between batches, when the caller wakes, is small.
    private func trial(_ key: KeyMaterial, _ tokens: TokenTable, workerCount: Int) -> Trial {
        let name = "pool.\(key.algorithm.jwaName.lowercased())"
        let batchCount = key.key.isSymmetric ? 8_192 : 512
        return Trial(
            name: "\(name).\(workerCount)", corpus: "reference", unit: "token", byteCount: tokens.meanByteCount,
            isAllocationFree: false,
            own: { () throws(BenchFailure) in
                LocalContender(operationCount: batchCount, try pool(key, tokens, batchCount, workerCount))
            },
            peers: { () throws(BenchFailure) in
                if workerCount > 1 {
                    return [
                        LocalContender(
                            "one-worker", operationCount: batchCount, try pool(key, tokens, batchCount, 1))
                    ]
                }
                return [
                    LocalContender(
                        "batch", operationCount: batchCount,
                        VerifyBatch(tokens, try BenchInputs.verifier(key), now: Self.now, batchCount: batchCount))
                ]
            })
    }

    private func pool(
        _ key: KeyMaterial, _ tokens: TokenTable, _ batchCount: Int, _ workerCount: Int
    ) throws(BenchFailure) -> PoolBatches {
        try PoolBatches(
            tokens, try BenchInputs.verifier(key), now: Self.now, batchCount: batchCount, workerCount: workerCount)
    }
}

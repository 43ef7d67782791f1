// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// How cost grows with one size at a time: token bytes, claims, tokens a batch.
struct GrowthTrials {
    let key: KeyMaterial
    let tokens: TokenTable

    static let tokenByteCounts = [128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384]
    static let claimCounts = [8, 16, 32, 64, 128, 256]
    static let batchCounts = [1, 4, 16, 64, 256]

    func all() throws(BenchFailure) -> [Trial] {
        try overTokenBytes() + overClaims() + overBatch
    }

    private func overTokenBytes() throws(BenchFailure) -> [Trial] {
        let signer = try TokenSigner(key, header: "{\"alg\":\"HS256\"}")
        var trials: [Trial] = []
        for byteCount in Self.tokenByteCounts {
            var table = TokenTable()
            for number in 0..<4 { table.append(try SyntheticToken.growing(byteCount, number: number, signer)) }
            let place = GrowthPlace(over: "token bytes", x: table.meanByteCount)
            let corpus = "size-\(byteCount)B"
            trials.append(
                Trial(
                    name: "scan.token", corpus: corpus, unit: "token", byteCount: table.meanByteCount, growth: place,
                    own: { LocalContender(ScanToken(table)) }))
            trials.append(
                Trial(
                    name: "verify.hs256.single", corpus: corpus, unit: "token", byteCount: table.meanByteCount,
                    growth: place,
                    own: { () throws(BenchFailure) in
                        LocalContender(
                            VerifyToken(table, try BenchInputs.lenientVerifier(key), now: SyntheticToken.now))
                    }))
        }
        return trials
    }

    private func overClaims() throws(BenchFailure) -> [Trial] {
        let signer = try TokenSigner(key)
        var trials: [Trial] = []
        for count in Self.claimCounts {
            let claims = (0..<4).map { SyntheticToken.claims(count: count, number: $0) }
            let payloads = TokenTable(claims.map { Array($0.utf8) })
            var table = TokenTable()
            for claims in claims { table.append(try signer.sign(claims)) }
            let place = GrowthPlace(over: "claims", x: Double(count))
            let corpus = "claims-\(count)"
            trials.append(
                Trial(
                    name: "json.claims", corpus: corpus, unit: "payload", byteCount: payloads.meanByteCount,
                    growth: place, own: { LocalContender(ReadClaims(payloads)) }))
            trials.append(
                Trial(
                    name: "verify.hs256.single", corpus: corpus, unit: "token", byteCount: table.meanByteCount,
                    growth: place,
                    own: { () throws(BenchFailure) in
                        LocalContender(VerifyToken(table, try BenchInputs.verifier(key), now: SyntheticToken.now))
                    }))
        }
        return trials
    }

    private var overBatch: [Trial] {
        Self.batchCounts.map { count in
            Trial(
                name: "verify.hs256.batch", corpus: "batch-\(count)", unit: "token", byteCount: tokens.meanByteCount,
                growth: GrowthPlace(over: "batch", x: Double(count), operationCount: Double(count)),
                own: { () throws(BenchFailure) in
                    LocalContender(
                        operationCount: count,
                        VerifyBatch(tokens, try BenchInputs.verifier(key), now: SyntheticToken.now, batchCount: count))
                })
        }
    }
}

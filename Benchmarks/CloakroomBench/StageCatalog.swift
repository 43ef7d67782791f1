// SPDX-License-Identifier: Apache-2.0
import TokenCrypto

/// Every trial, in the order in which a token passes the stages.
struct StageCatalog {
    private let inputs: BenchInputs

    /// A catalog over the inputs.
    init(_ inputs: BenchInputs) { self.inputs = inputs }

    /// All trials.
    func trials() throws(BenchFailure) -> [Trial] {
        try base64URL + scan + json + hmac + pseudonyms + verify() + CacheTrials(inputs).all()
            + PoolTrials(inputs).all() + judge + sign
            + ExchangeTrials(inputs: inputs, exchangeTokens: inputs.exchange).all()
            + DisclosureTrials(keys: inputs.keys).all() + EncryptionTrials.all() + ScrubTrials(inputs).all()
            + VaultTrials().all() + growth()
    }

    /// Bytes with their name: the reference tokens, then every corpus, once per shape.
    private var payloadTables: [(corpus: String, table: TokenTable)] {
        [("reference", inputs.referenceClaims)]
            + inputs.corpora.filter { $0.algorithm == "HS256" }.map { ($0.name, $0.payloads) }
    }

    private var base64URL: [Trial] {
        BenchInputs.segmentByteCounts.flatMap { byteCount in
            let bytes = BenchInputs.segment(byteCount)
            return [
                Trial(
                    name: "base64url.decode", corpus: "\(byteCount)B", unit: "segment", byteCount: Double(byteCount),
                    growth: GrowthPlace(over: "bytes", x: Double(byteCount)),
                    own: { LocalContender(DecodeSegment(bytes)) },
                    peers: { [LocalContender("openssl-block", OpenSSLBase64(bytes, isDecoding: true))] }),
                Trial(
                    name: "base64url.encode", corpus: "\(byteCount)B", unit: "segment", byteCount: Double(byteCount),
                    growth: GrowthPlace(over: "bytes", x: Double(byteCount)),
                    own: { LocalContender(EncodeSegment(bytes)) },
                    peers: { [LocalContender("openssl-block", OpenSSLBase64(bytes, isDecoding: false))] }),
            ]
        }
    }

    private var scan: [Trial] {
        let tables =
            [("reference", inputs.reference[0])]
            + inputs.corpora.filter { $0.algorithm == "HS256" }.map { ($0.name, $0.tokens) }
        return tables.map { corpus, table in
            Trial(
                name: "scan.token", corpus: corpus, unit: "token", byteCount: table.meanByteCount,
                own: { LocalContender(ScanToken(table)) })
        }
    }

    private var json: [Trial] {
        payloadTables.flatMap { corpus, table in
            [
                Trial(
                    name: "json.index", corpus: corpus, unit: "payload", byteCount: table.meanByteCount,
                    own: { LocalContender(IndexPayload(table)) }),
                Trial(
                    name: "json.claims", corpus: corpus, unit: "payload", byteCount: table.meanByteCount,
                    own: { LocalContender(ReadClaims(table)) }),
            ]
        }
    }

    private var hmac: [Trial] {
        let values = inputs.values
        let key = BenchInputs.valueKey
        return [1, 4, 16, 64, 256, 1_024].map { batch in
            Trial(
                name: "hmac.batch", corpus: "batch-\(batch)", unit: "value", byteCount: values.meanByteCount,
                growth: GrowthPlace(over: "batch", x: Double(batch), operationCount: Double(batch)),
                own: {
                    LocalContender(
                        operationCount: batch, TagValues(values, key: key, batchCount: batch, tagByteCount: 16))
                },
                peers: {
                    [
                        LocalContender("openssl-hmac", OpenSSLHMAC(values, key: key, isContextKept: false)),
                        LocalContender("openssl-mac", OpenSSLHMAC(values, key: key, isContextKept: true)),
                    ]
                })
        }
    }

    private var pseudonyms: [Trial] {
        let values = inputs.values
        return ["raw", "text"].map { form in
            Trial(
                name: "pseudonym.\(form)", corpus: "values-16-48", unit: "value", byteCount: values.meanByteCount,
                own: { () throws(BenchFailure) in
                    LocalContender(
                        operationCount: 256, try MakePseudonyms(values, isText: form == "text", batchCount: 256))
                },
                peers: {
                    let key = BenchInputs.valueKey
                    return [LocalContender("openssl-mac", OpenSSLHMAC(values, key: key, isContextKept: true))]
                })
        }
    }

    // MARK: Signatures

    private func verify() throws(BenchFailure) -> [Trial] {
        var trials: [Trial] = []
        for (key, tokens) in zip(inputs.keys, inputs.reference) {
            trials += VerifyTrials(key: key, tokens: tokens).all
        }
        for corpus in inputs.corpora {
            let algorithm = corpus.algorithm.lowercased()
            let batchCount = algorithm == "hs256" ? 64 : 8
            trials.append(
                Trial(
                    name: "verify.\(algorithm).single", corpus: corpus.name, unit: "token",
                    byteCount: corpus.tokens.meanByteCount,
                    own: { LocalContender(VerifyToken(corpus.tokens, corpus.verifier, now: corpus.now)) }))
            trials.append(
                Trial(
                    name: "verify.\(algorithm).batch", corpus: corpus.name, unit: "token",
                    byteCount: corpus.tokens.meanByteCount,
                    own: {
                        LocalContender(
                            operationCount: batchCount,
                            VerifyBatch(corpus.tokens, corpus.verifier, now: corpus.now, batchCount: batchCount))
                    }))
        }
        return trials
    }

    private var judge: [Trial] {
        let reference = Trial(
            name: "judge", corpus: "reference", unit: "token", byteCount: inputs.reference[0].meanByteCount,
            own: { () throws(BenchFailure) in
                LocalContender(
                    JudgeClaims(
                        inputs.reference[0], try BenchInputs.verifier(inputs.keys[0]), now: SyntheticToken.now))
            })
        return [reference]
            + inputs.corpora.filter { $0.algorithm == "HS256" }.map { corpus in
                Trial(
                    name: "judge", corpus: corpus.name, unit: "token", byteCount: corpus.tokens.meanByteCount,
                    own: { LocalContender(JudgeClaims(corpus.tokens, corpus.verifier, now: corpus.now)) })
            }
    }

    private var sign: [Trial] {
        let claims = inputs.referenceClaims
        return inputs.keys.map { key in
            Trial(
                name: "sign.\(key.algorithm.jwaName.lowercased())", corpus: "reference", unit: "token",
                byteCount: claims.meanByteCount,
                own: { () throws(BenchFailure) in try SignToken.contender(claims, key) })
        }
    }

    // MARK: Growth

    private func growth() throws(BenchFailure) -> [Trial] {
        try GrowthTrials(key: inputs.keys[0], tokens: inputs.reference[0]).all()
    }
}

/// The verification trials over one key's reference tokens.
private struct VerifyTrials {
    let key: KeyMaterial
    let tokens: TokenTable

    var all: [Trial] { [single, batch] }

    private var name: String { "verify.\(key.algorithm.jwaName.lowercased())" }

    private var single: Trial {
        Trial(
            name: "\(name).single", corpus: "reference", unit: "token", byteCount: tokens.meanByteCount,
            own: { () throws(BenchFailure) in
                LocalContender(VerifyToken(tokens, try BenchInputs.verifier(key), now: SyntheticToken.now))
            },
            peers: {
                if let bare = BareSignatureCheck(tokens, key) { return [LocalContender("openssl-bare", bare)] }
                let inputs = TokenTable(
                    tokens.items.map { Array($0[..<($0.lastIndex(of: UInt8(ascii: ".")) ?? 0)]) })
                let secret = key.number("k")
                return [
                    LocalContender("openssl-hmac", OpenSSLHMAC(inputs, key: secret, isContextKept: false)),
                    LocalContender("openssl-mac", OpenSSLHMAC(inputs, key: secret, isContextKept: true)),
                ]
            })
    }

    /// Tokens a batch: enough to fill every lane for HS256, few where one check takes long, so that a round
    /// holds several.
    private var batchCount: Int { key.key.isSymmetric ? 64 : 8 }

    private var batch: Trial {
        let batchCount = batchCount
        return Trial(
            name: "\(name).batch", corpus: "reference", unit: "token", byteCount: tokens.meanByteCount,
            own: { () throws(BenchFailure) in
                LocalContender(
                    operationCount: batchCount,
                    VerifyBatch(tokens, try BenchInputs.verifier(key), now: SyntheticToken.now, batchCount: batchCount))
            },
            peers: { () throws(BenchFailure) in
                [LocalContender("single", VerifyToken(tokens, try BenchInputs.verifier(key), now: SyntheticToken.now))]
            })
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenVerify

/// The trials that end in a new token.
struct ExchangeTrials {
    let inputs: BenchInputs
    let exchangeTokens: [TokenTable]

    private static let now = SyntheticToken.now

    /// HMAC keys of input and output must differ, so the output of HS256 has a key of its own.
    private func signing(_ key: KeyMaterial) throws(BenchFailure) -> KeyMaterial {
        key.key.isSymmetric ? try KeyMaterial(key.algorithm) : key
    }

    func all() throws(BenchFailure) -> [Trial] {
        var trials: [Trial] = []
        for (key, tokens) in zip(inputs.keys, exchangeTokens) { trials += reference(key, tokens) }
        for corpus in inputs.corpora where corpus.algorithm == "HS256" { trials.append(over(corpus)) }
        return trials + (try growth())
    }

    private func reference(_ key: KeyMaterial, _ tokens: TokenTable) -> [Trial] {
        let setup: () throws(BenchFailure) -> ExchangeSetup = { () throws(BenchFailure) in
            try ExchangeSetup(
                rules: ExchangeSetup.tenClaims, accept: try BenchInputs.acceptEntry(key), signing: try signing(key))
        }
        let name = "exchange.\(key.algorithm.jwaName.lowercased())"
        let single = Trial(
            name: name, corpus: "reference", unit: "token", byteCount: tokens.meanByteCount,
            own: { () throws(BenchFailure) in
                LocalContender(
                    ExchangeToken(tokens, try setup(), now: Self.now, secrets: ["@example.com", "Ada", "ada1"]))
            })
        guard key.key.isSymmetric else { return [single] }
        return [
            single,
            Trial(
                name: "\(name).batch", corpus: "reference", unit: "token", byteCount: tokens.meanByteCount,
                own: { () throws(BenchFailure) in
                    LocalContender(
                        operationCount: 64, ExchangeBatch(tokens, try setup(), now: Self.now, batchCount: 64))
                },
                peers: { () throws(BenchFailure) in
                    [LocalContender("single", ExchangeToken(tokens, try setup(), now: Self.now, secrets: []))]
                }),
        ]
    }

    /// A corpus through one policy that suits every issuer.
    private func over(_ corpus: FixtureCorpus) -> Trial {
        Trial(
            name: "exchange.hs256", corpus: corpus.name, unit: "token", byteCount: corpus.tokens.meanByteCount,
            own: { () throws(BenchFailure) in
                let setup = try ExchangeSetup(
                    rules: ExchangeSetup.tenClaims, accept: corpus.accept, signing: try KeyMaterial(.hs256))
                return LocalContender(ExchangeToken(corpus.tokens, setup, now: corpus.now, secrets: []))
            })
    }

    private func growth() throws(BenchFailure) -> [Trial] {
        let key = inputs.keys[0]
        let signer = try TokenSigner(key)
        var tokens = TokenTable()
        for number in 0..<4 { tokens.append(try signer.sign(ExchangeSetup.thirtyTwoClaims(number: number))) }
        let table = tokens
        return [1, 2, 4, 8, 16, 32].map { count in
            Trial(
                name: "exchange.hs256", corpus: "pseudonyms-\(count)", unit: "token", byteCount: table.meanByteCount,
                growth: GrowthPlace(over: "pseudonyms", x: Double(count)),
                own: { () throws(BenchFailure) in
                    let setup = try ExchangeSetup(
                        rules: ExchangeSetup.rules(pseudonymCount: count), accept: try BenchInputs.acceptEntry(key),
                        signing: try KeyMaterial(.hs256))
                    return LocalContender(ExchangeToken(table, setup, now: Self.now, secrets: []))
                })
        }
    }
}

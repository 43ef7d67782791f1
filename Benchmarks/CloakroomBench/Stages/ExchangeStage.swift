// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenPrivacy
import TokenScan
import TokenVerify

/// `exchange.<alg>`: verify, apply a policy, sign; one token a call.
struct ExchangeToken: Workload, ~Copyable {
    private let tokens: TokenTable
    private let exchanger: Exchanger
    private let output: Verifier
    private let now: Int64
    /// Texts of the input that must not be in the output.
    private let secrets: [String]
    private var worker: ExchangeWorker
    private var outputWorker: VerifierWorker
    private var written = ByteScratch(capacity: 1 << 15)
    private var cycle: Cycle

    init(_ tokens: TokenTable, _ setup: ExchangeSetup, now: Int64, secrets: [String]) {
        self.tokens = tokens
        exchanger = setup.exchanger
        output = setup.output
        self.now = now
        self.secrets = secrets
        worker = setup.exchanger.makeWorker()
        outputWorker = setup.output.makeWorker()
        cycle = Cycle(tokens.count)
    }

    mutating func run(_ iterations: Int) {
        let (tokens, exchanger) = (tokens, exchanger)
        var sink = 0
        for _ in 0..<iterations {
            written.removeAll()
            let token = tokens.bytes.span.extracting(tokens.places[cycle.next()])
            if case .issued = exchanger.exchange(token, now: now, using: &worker, into: &written) { sink &+= 1 }
        }
        blackHole(sink)
    }

    /// Each output verifies under the output key, holds a pseudonym and none of the secrets; a spoiled token gives
    /// nothing.
    mutating func isRight() -> Bool {
        for token in tokens.items {
            written.removeAll()
            guard case .issued = exchanger.exchange(token.span, now: now, using: &worker, into: &written) else {
                return false
            }
            let issued = written.copy
            guard case .accepted = output.verify(issued.span, now: now, using: &outputWorker) else { return false }
            let parts = issued.split(separator: UInt8(ascii: "."))
            guard parts.count == 3 else { return false }
            let claims = String(
                decoding: Base64URLText.decode(String(decoding: parts[1], as: UTF8.self)), as: UTF8.self)
            guard claims.contains("\"p1_k001_"), !secrets.contains(where: { claims.contains($0) }) else { return false }
            written.removeAll()
            let spoiled = Spoil.signature(of: token)
            guard case .refused = exchanger.exchange(spoiled.span, now: now, using: &worker, into: &written),
                written.isEmpty
            else { return false }
        }
        return true
    }
}

/// `exchange.<alg>.batch`: the same for many tokens a call; one operation is one token.
struct ExchangeBatch: Workload, ~Copyable {
    private let batch: TokenBatch
    private let exchanger: Exchanger
    private let now: Int64
    private var worker: ExchangeWorker
    private var output = ByteScratch(capacity: 1 << 16)
    private var places: [Range<Int>] = []
    private var verdicts: [ExchangeVerdict] = []

    init(_ tokens: TokenTable, _ setup: ExchangeSetup, now: Int64, batchCount: Int) {
        exchanger = setup.exchanger
        self.now = now
        worker = setup.exchanger.makeWorker()
        var batch = TokenBatch()
        for index in 0..<batchCount { batch.append(tokens[index % tokens.count].span) }
        self.batch = batch
    }

    /// One batch an iteration.
    mutating func run(_ iterations: Int) {
        for _ in 0..<iterations {
            output.removeAll()
            exchanger.exchange(
                batch, now: now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        }
        blackHole(output.count)
    }

    mutating func isRight() -> Bool {
        run(1)
        return verdicts.count == batch.count && places.allSatisfy { !$0.isEmpty }
            && verdicts.allSatisfy { if case .issued = $0 { true } else { false } }
    }
}

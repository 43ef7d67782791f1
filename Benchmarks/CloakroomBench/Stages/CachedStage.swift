// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// `verify.cached`: one token a call through a verifier with a cache.
///
/// `order` says which token comes when, over and over; it may hold tokens that are seen once in a round.
struct VerifyCached: Workload, ~Copyable {
    private let tokens: TokenTable
    private let order: [Int32]
    private let verifier: Verifier
    private let now: Int64
    private var worker: VerifierWorker
    private var cycle: Cycle

    init(_ tokens: TokenTable, order: [Int32], _ verifier: Verifier, now: Int64) {
        self.tokens = tokens
        self.order = order
        self.verifier = verifier
        self.now = now
        worker = verifier.makeWorker()
        cycle = Cycle(order.count)
    }

    mutating func run(_ iterations: Int) {
        let (tokens, verifier, order) = (tokens, verifier, order)
        var accepted = 0
        for _ in 0..<iterations {
            let token = tokens.bytes.span.extracting(tokens.places[Int(order[cycle.next()])])
            if case .accepted = verifier.verify(token, now: now, using: &worker) { accepted &+= 1 }
        }
        blackHole(accepted)
    }

    /// Claims from the cache are those in the token; changed and expired tokens are refused though the original is
    /// in the cache.
    mutating func isRight() -> Bool {
        for token in tokens.items.prefix(16) {
            for _ in 0..<3 {
                guard case .accepted(let accepted) = verifier.verify(token.span, now: now, using: &worker),
                    Self.claims(accepted, worker) == Self.payload(token)
                else { return false }
            }
            let spoiled = Spoil.signature(of: token)
            guard case .refused = verifier.verify(spoiled.span, now: now, using: &worker),
                case .refused(let late) = verifier.verify(token.span, now: 1 << 40, using: &worker),
                late.code == .expired
            else { return false }
        }
        return (verifier.cache?.statistics.hitCount ?? 0) > 0
    }

    private static func claims(_ token: AcceptedToken, _ worker: borrowing VerifierWorker) -> [UInt8] {
        worker.withClaims(of: token) { span in span.indices.map { span[$0] } }
    }

    private static func payload(_ token: [UInt8]) -> [UInt8] {
        let parts = token.split(separator: UInt8(ascii: "."))
        return parts.count == 3 ? Base64URLText.decode(String(decoding: parts[1], as: UTF8.self)) : []
    }
}

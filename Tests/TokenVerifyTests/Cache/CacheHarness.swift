// SPDX-License-Identifier: Apache-2.0
import TestSupport
import TokenCrypto
import TokenScan
import TokenVerify

/// A verifier with a cache beside one without, over the same keys: what the first says, the second must say.
struct CacheHarness: ~Copyable {
    static let now: Int64 = 1_800_000_000

    let cache: VerifiedTokenCache
    let cached: Verifier
    let plain: Verifier
    let maker: TokenMaker
    private var worker: VerifierWorker
    private var plainWorker: VerifierWorker

    init(
        _ cache: VerifiedTokenCache = VerifiedTokenCache(byteCount: 1 << 20), algorithm: SignatureAlgorithm = .hs256,
        configure: (inout AcceptEntry) -> Void = { _ in }
    ) throws {
        let maker = try TokenMaker(algorithm)
        var entry = AcceptEntry(issuers: ["i"], audiences: ["a"], keys: try KeyRing([maker.key]))
        configure(&entry)
        let cached = try Verifier(accept: [entry], cache: cache)
        let plain = try Verifier(accept: [entry])
        self.cache = cache
        self.maker = maker
        self.cached = cached
        self.plain = plain
        worker = cached.makeWorker()
        plainWorker = plain.makeWorker()
    }

    /// A token of the accepted issuer. `more` are members, each with a comma before it.
    func token(_ subject: String, exp: String = "1800000300", iat: String = "1800000000", more: String = "") throws
        -> [UInt8]
    {
        Array(
            try maker.token(#"{"iss":"i","aud":"a","exp":\#(exp),"iat":\#(iat),"sub":"\#(subject)"\#(more)}"#).utf8)
    }

    /// What a verdict says, with all that can be read of an accepted token.
    enum Answer: Equatable {
        case refused(Refusal)
        case accepted(entry: Int, key: Int, header: [UInt8], claims: [UInt8], names: [UInt8], expires: Double?)
    }

    /// The answer from behind the cache.
    mutating func ask(_ token: [UInt8], now: Int64 = now) -> Answer {
        Self.ask(token, now: now, cached, &worker)
    }

    /// The answer without a cache.
    mutating func askPlain(_ token: [UInt8], now: Int64 = now) -> Answer {
        Self.ask(token, now: now, plain, &plainWorker)
    }

    static func ask(_ token: [UInt8], now: Int64, _ verifier: Verifier, _ worker: inout VerifierWorker) -> Answer {
        switch verifier.verify(token.span, now: now, using: &worker) {
        case .refused(let refusal): return .refused(refusal)
        case .accepted(let accepted): return answer(accepted, worker)
        }
    }

    static func answer(_ accepted: AcceptedToken, _ worker: borrowing VerifierWorker) -> Answer {
        let view = worker.claims(of: accepted)
        var kinds: [UInt8] = []
        for node in view.nodes.indices { kinds.append(view[node].valueKind.rawValue) }
        let registered = worker.scanner.registeredClaims(of: accepted.view)
        let header = worker.withHeader(of: accepted) { $0.array }
        return .accepted(
            entry: accepted.acceptEntryIndex, key: accepted.verified.keyIndex, header: header, claims: view.json.array,
            names: kinds + [registered.present.rawValue], expires: registered.expiresSeconds)
    }

    /// Hits so far.
    var hitCount: Int { cache.statistics.hitCount }
}

extension CacheHarness.Answer {
    /// The reason of a refusal; nil for an accepted token.
    var code: RefusalCode? {
        if case .refused(let refusal) = self { refusal.code } else { nil }
    }
}

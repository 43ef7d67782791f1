// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestSupport
import Testing
import TokenCrypto

@testable import TokenVerify

/// A ring's keys are replaced while tokens are verified: what each verdict is judged by.
@Suite struct KeyRotationTests {
    static let now: Int64 = 1_800_000_000
    static let claims = #"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000,"sub":"s"}"#

    private func verifier(_ ring: KeyRing) throws -> Verifier {
        try Verifier(accept: [AcceptEntry(issuers: ["i"], audiences: ["a"], keys: ring)])
    }

    private static func code(_ verifier: Verifier, _ token: [UInt8], _ worker: inout VerifierWorker) -> RefusalCode? {
        if case .refused(let refusal) = verifier.verify(token.span, now: now, using: &worker) { return refusal.code }
        return nil
    }

    @Test("T66 a removed key stops verifying at once in every worker", arguments: SignatureAlgorithm.allCases)
    func removedKey(_ algorithm: SignatureAlgorithm) throws {
        let old = try TokenMaker(algorithm, keyID: "old")
        let new = try TokenMaker(algorithm, keyID: "new")
        let ring = try KeyRing([old.key])
        let verifier = try verifier(ring)
        var first = verifier.makeWorker()
        var second = verifier.makeWorker()
        let oldToken = Array(try old.token(Self.claims).utf8)
        let newToken = Array(try new.token(Self.claims).utf8)
        #expect(Self.code(verifier, oldToken, &first) == nil)
        #expect(Self.code(verifier, oldToken, &second) == nil)
        #expect(Self.code(verifier, newToken, &first) == .unknownKey)
        #expect(try ring.replace(with: [old.key, new.key]))
        #expect(Self.code(verifier, oldToken, &first) == nil)
        #expect(Self.code(verifier, newToken, &first) == nil)
        #expect(try ring.replace(with: [new.key]))
        #expect(Self.code(verifier, oldToken, &first) == .unknownKey)
        #expect(Self.code(verifier, oldToken, &second) == .unknownKey)
        #expect(Self.code(verifier, newToken, &second) == nil)
        var batch = TokenBatch()
        batch.append(oldToken.span)
        batch.append(newToken.span)
        var verdicts: [Verdict] = []
        verifier.verify(batch, now: Self.now, using: &first, into: &verdicts)
        guard verdicts.count == 2, case .refused(let refusal) = verdicts[0], case .accepted = verdicts[1] else {
            Issue.record("a batch judges by other keys than a call")
            return
        }
        #expect(refusal.code == .unknownKey)
        ring.removeAll()
        #expect(Self.code(verifier, newToken, &first) == .unknownKey)
        #expect(ring.epoch == 4)
    }

    @Test("T66 another key under a known kid takes its place, contexts and all", arguments: SignatureAlgorithm.allCases)
    func sameKeyID(_ algorithm: SignatureAlgorithm) throws {
        let old = try TokenMaker(algorithm, keyID: "k")
        let new = try TokenMaker(algorithm, keyID: "k")
        let ring = try KeyRing([old.key])
        let verifier = try verifier(ring)
        var worker = verifier.makeWorker()
        let oldToken = Array(try old.token(Self.claims).utf8)
        let newToken = Array(try new.token(Self.claims).utf8)
        #expect(Self.code(verifier, oldToken, &worker) == nil)
        #expect(Self.code(verifier, newToken, &worker) == .signatureInvalid)
        try ring.replace(with: [new.key])
        #expect(Self.code(verifier, oldToken, &worker) == .signatureInvalid)
        #expect(Self.code(verifier, newToken, &worker) == nil)
    }

    @Test("the same keys, loaded again, are no swap; those that stay are the same objects")
    func equalKeys() throws {
        let secret = String(repeating: "A", count: 43)
        let jwks = { (numbers: [Int]) in
            let keys = numbers.map { #"{"kty":"oct","alg":"HS256","kid":"\#($0)","k":"\#(secret)"}"# }
            return Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)
        }
        let ring = try KeyRing(KeySet.parse(jwks: jwks([1, 2]).span).keys)
        let verifier = try verifier(ring)
        let epoch = verifier.keyEpoch
        let second = ring.keys[1]
        #expect(try !ring.replace(with: KeySet.parse(jwks: jwks([1, 2]).span).keys))
        #expect(ring.epoch == 1)
        #expect(verifier.keyEpoch == epoch)
        #expect(try ring.replace(with: KeySet.parse(jwks: jwks([2, 3]).span).keys))
        #expect(ring.keys[0] === second)
        #expect(verifier.keyEpoch > epoch)
        // Another order is another numbering.
        #expect(try ring.replace(with: KeySet.parse(jwks: jwks([3, 2]).span).keys))
    }

    @Test("T60 keys that make no ring leave the ring as it is")
    func refusedKeys() throws {
        let maker = try TokenMaker(.es256)
        let ring = try KeyRing([maker.key])
        let verifier = try verifier(ring)
        let epoch = verifier.keyEpoch
        #expect(throws: ConfigurationError.noKey) { try ring.replace(with: []) }
        #expect(throws: ConfigurationError.duplicateKeyID) { try ring.replace(with: [maker.key, maker.key]) }
        #expect(throws: ConfigurationError.mixedKeyKinds) { try ring.replace(with: [TokenMaker(.hs256).key]) }
        #expect(verifier.keyEpoch == epoch)
        var worker = verifier.makeWorker()
        #expect(Self.code(verifier, Array(try maker.token(Self.claims).utf8), &worker) == nil)
        ring.removeAll()
        #expect(throws: ConfigurationError.mixedKeyKinds) { try ring.replace(with: [TokenMaker(.hs256).key]) }
        #expect(try ring.replace(with: [maker.key]))
        #expect(Self.code(verifier, Array(try maker.token(Self.claims).utf8), &worker) == nil)
    }

    @Test("T2 an excluded secret does not come in by another kid or algorithm")
    func excludedKey() throws {
        let ring = try KeyRing([TokenMaker(.hs512, keyID: "a").key])
        let secret = { (alg: String, kid: String) in
            let k = String(repeating: "QUFB", count: 28) + "QQ"
            return try SignatureKey.parse(
                jwk: Array(#"{"kty":"oct","alg":"\#(alg)","kid":"\#(kid)","k":"\#(k)"}"#.utf8).span)
        }
        ring.exclude(try secret("HS256", "x"))
        #expect(throws: ConfigurationError.excludedKey) { try ring.replace(with: [secret("HS512", "y")]) }
        #expect(ring.epoch == 1)
    }

    @Test("one ring in two verifiers, two rings in one, one worker for all")
    func sharedRings() throws {
        let a = try TokenMaker(.hs256, keyID: "a")
        let b = try TokenMaker(.es256, keyID: "b")
        let (ringA, ringB) = (try KeyRing([a.key]), try KeyRing([b.key]))
        let both = try Verifier(accept: [
            AcceptEntry(issuers: ["i"], audiences: ["a"], keys: ringA),
            AcceptEntry(issuers: ["j"], audiences: ["a"], keys: ringB),
        ])
        let alone = try verifier(ringA)
        var worker = both.makeWorker()
        let tokenA = Array(try a.token(Self.claims).utf8)
        let tokenB = Array(try b.token(Self.claims.replacing(#""iss":"i""#, with: #""iss":"j""#)).utf8)
        for _ in 0..<2 {
            #expect(Self.code(both, tokenA, &worker) == nil)
            #expect(Self.code(both, tokenB, &worker) == nil)
            #expect(Self.code(alone, tokenA, &worker) == nil)
        }
        ringA.removeAll()
        for _ in 0..<2 {
            #expect(Self.code(both, tokenA, &worker) == .unknownKey)
            #expect(Self.code(both, tokenB, &worker) == nil)
            #expect(Self.code(alone, tokenA, &worker) == .unknownKey)
        }
    }

    @Test("a ring does not keep the verifiers that used it")
    func verifiersAreFreed() throws {
        let ring = try KeyRing([TokenMaker(.hs256).key])
        weak var source: VerifierKeySource?
        do {
            let verifier = try verifier(ring)
            source = verifier.keySource
            #expect(source != nil)
        }
        #expect(source == nil)
        ring.removeAll()
    }

    @Test("T66 T72 under load, a token is refused from the moment its key is gone", arguments: [1, 64])
    func swapUnderLoad(batchCount: Int) async throws {
        let makers = try (0..<2).map { try TokenMaker($0 == 0 ? .hs256 : .es256, keyID: "stays\($0)") }
        // Two rings, since secrets and public keys do not share one.
        let rotating = try (0..<8).map { try TokenMaker(.hs256, keyID: "r\($0)") }
        let rings = [try KeyRing([makers[0].key, rotating[0].key]), try KeyRing([makers[1].key])]
        let verifier = try Verifier(accept: [
            AcceptEntry(issuers: ["i"], audiences: ["a"], keys: rings[0]),
            AcceptEntry(issuers: ["j"], audiences: ["a"], keys: rings[1]),
        ])
        let tokens = try rotating.map { Array(try $0.token(Self.claims).utf8) }
        let stable = [
            Array(try makers[0].token(Self.claims).utf8),
            Array(try makers[1].token(Self.claims.replacing(#""iss":"i""#, with: #""iss":"j""#)).utf8),
        ]
        let tokenCount = tokens.count
        let (fixedKeys, rotatingKeys) = (makers.map(\.key), rotating.map(\.key))
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var worker = verifier.makeWorker()
                    var verdicts: [Verdict] = []
                    while counts.gone.load(ordering: .acquiring) < tokens.count {
                        let floor = counts.gone.load(ordering: .acquiring)
                        var batch = TokenBatch()
                        for i in 0..<batchCount {
                            let token = tokens[i % tokens.count]
                            batch.append(token.span)
                        }
                        for token in stable { batch.append(token.span) }
                        verifier.verify(batch, now: Self.now, using: &worker, into: &verdicts)
                        for (i, verdict) in verdicts.enumerated() {
                            switch verdict {
                            case .accepted where i < batchCount && i % tokens.count < floor:
                                counts.wrong.wrappingAdd(1, ordering: .relaxed)
                            case .refused(let refusal) where i >= batchCount || refusal.code != .unknownKey:
                                counts.wrong.wrappingAdd(1, ordering: .relaxed)
                            default: counts.judged.wrappingAdd(1, ordering: .relaxed)
                            }
                        }
                        await Task.yield()
                    }
                }
            }
            group.addTask {
                for i in 0..<tokenCount {
                    for _ in 0..<20 {
                        try rings[0].replace(with: [fixedKeys[0], rotatingKeys[i]])
                        await Task.yield()
                        try rings[1].replace(with: [fixedKeys[1], SignatureKey.generate(algorithm: .es256)])
                    }
                    try rings[0].replace(with: [fixedKeys[0]])
                    counts.gone.store(i + 1, ordering: .releasing)
                }
            }
            try await group.waitForAll()
        }
        #expect(counts.wrong.load(ordering: .relaxed) == 0)
        #expect(counts.judged.load(ordering: .relaxed) > 0)
    }
}

private final class Counts: Sendable {
    /// Keys that are out for good.
    let gone = Atomic<Int>(0)
    let wrong = Atomic<Int>(0)
    let judged = Atomic<Int>(0)
}

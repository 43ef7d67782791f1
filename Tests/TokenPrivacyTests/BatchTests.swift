// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenPrivacy

@Suite("T71 a batch gives each token the answer that it gets alone")
struct BatchTests {
    static let rules = [
        #""sub": {"pseudonym": {}}"#, #""email": {"pseudonym": {"type": "email", "canonical": "email/1"}}"#,
        #""day": {"generalize": {"shift": 20}}"#, #""once": {"pseudonym": {"scope": "token"}}"#, #""tier": "keep""#,
    ]

    /// Good tokens and bad ones of each stage, in turn.
    private func tokens(_ samples: TokenSamples, _ count: Int) throws -> [String] {
        let stranger = try TokenSamples(samples.inputKey.algorithm)
        return try (0..<count).map { i in
            let more =
                ",\"azp\":\"a\",\"email\":\"p\(i)@example.com\",\"day\":\"2020-01-31\",\"once\":\"x\",\"tier\":\(i)"
            switch i % 11 {
            case 3: return try stranger.token(more)
            case 5: return try samples.token(more, expires: TokenSamples.now - 300)
            case 7: return try samples.token(more, subject: nil)
            case 8: return try samples.token(more.replacingOccurrences(of: "@", with: " "))
            case 9: return "not.a.token"
            case 10: return ""
            default: return try samples.token(more, subject: "\"person \(i)\"")
            }
        }
    }

    @Test(
        "for every size, with bad tokens between good ones",
        arguments: [
            (SignatureAlgorithm.hs256, [0, 1, 2, 7, 64, 131]), (.es256, [1, 12]), (.hs512, [13]),
        ] as [(SignatureAlgorithm, [Int])])
    func agrees(_ algorithm: SignatureAlgorithm, _ sizes: [Int]) throws {
        let samples = try TokenSamples(.hs256, output: algorithm)
        let exchanger = try samples.exchanger(Sample.policy(claims: Self.rules))
        var worker = exchanger.makeWorker()
        var single = exchanger.makeWorker()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        for size in sizes {
            let tokens = try tokens(samples, size)
            var batch = TokenBatch()
            for token in tokens { batch.append(token) }
            var output = ByteScratch()
            output.append("before")
            exchanger.exchange(
                batch, now: TokenSamples.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
            #expect(verdicts.count == size && places.count == size)
            for (i, token) in tokens.enumerated() {
                var alone = ByteScratch()
                let bytes = Array(token.utf8)
                let verdict = exchanger.exchange(bytes.span, now: TokenSamples.now, using: &single, into: &alone)
                #expect(verdicts[i] == verdict)
                #expect(places[i].isEmpty == alone.isEmpty)
                if alone.isEmpty { continue }
                let together = TokenSamples.string(output.span.extracting(places[i]))
                #expect(
                    try Self.comparable(together) == Self.comparable(TokenSamples.string(alone.span)))
                #expect(try Self.verifies(together, exchanger.policy, samples))
            }
        }
    }

    private static func comparable(_ token: String) throws -> NSDictionary {
        var claims = try TokenSamples.claims(of: token)
        #expect((claims.removeValue(forKey: "jti") as? String)?.count == 22)
        #expect((claims.removeValue(forKey: "once") as? String)?.hasPrefix("p1_k001_") == true)
        return claims as NSDictionary
    }

    private static func verifies(_ token: String, _ policy: Policy, _ samples: TokenSamples) throws -> Bool {
        let entry = AcceptEntry(
            issuers: [policy.issue.issuer], audiences: policy.issue.audiences, keys: try KeyRing([samples.outputKey]))
        let verifier = try Verifier(accept: [entry])
        var worker = verifier.makeWorker()
        return (try? verifier.claims(of: token, now: TokenSamples.now, using: &worker)) != nil
    }

    @Test("no random bytes in the middle of a batch: those tokens alone are refused")
    func randomnessFails() throws {
        let samples = try TokenSamples()
        let exchanger = try samples.exchanger(Sample.policy(claims: [Self.rules[0]]))
        var worker = exchanger.makeWorker { _ in false }
        var batch = TokenBatch()
        for _ in 0..<5 { batch.append(try samples.token(",\"azp\":\"a\"")) }
        var output = ByteScratch()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        exchanger.exchange(
            batch, now: TokenSamples.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        #expect(output.isEmpty && verdicts.allSatisfy { $0 == .refused(Refusal(.storage)) })
    }
}

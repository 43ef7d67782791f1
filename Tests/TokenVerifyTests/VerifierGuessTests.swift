// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

/// Tokens that are scanned and checked in one go, as if they had the key of the one before.
@Suite struct VerifierGuessTests {
    private let now: Int64 = 1_800_000_000

    private func claims(_ issuer: String) -> String {
        #"{"iss":"\#(issuer)","aud":"api","iat":1800000000,"exp":1800000300}"#
    }

    private func entry(_ issuer: String, _ maker: TokenMaker) throws -> AcceptEntry {
        AcceptEntry(issuers: [issuer], audiences: ["api"], keys: try KeyRing([maker.key]))
    }

    private func code(_ token: String, _ verifier: Verifier, _ worker: inout VerifierWorker) -> RefusalCode? {
        let bytes = Array(token.utf8)
        switch verifier.verify(bytes.span, now: now, using: &worker) {
        case .accepted: return nil
        case .refused(let refusal): return refusal.code
        }
    }

    @Test("T2 T8: issuers with one header take turns, and none is accepted under the other one's key")
    func issuers() throws {
        let (a, b) = (try TokenMaker(.hs256), try TokenMaker(.hs256))
        let verifier = try Verifier(accept: [try entry("https://a.example", a), try entry("https://b.example", b)])
        var worker = verifier.makeWorker()
        let right = [try a.token(claims("https://a.example")), try b.token(claims("https://b.example"))]
        let wrong = [try b.token(claims("https://a.example")), try a.token(claims("https://b.example"))]
        for i in [0, 0, 1, 1, 0, 1, 0, 1] {
            #expect(code(right[i], verifier, &worker) == nil)
            #expect(code(wrong[i], verifier, &worker) == .signatureInvalid)
            #expect(code(wrong[1 - i], verifier, &worker) == .signatureInvalid)
            #expect(code(try a.token(claims("https://c.example")), verifier, &worker) == .issuer)
            #expect(code(try a.token("{}"), verifier, &worker) == .missingClaim)
        }
    }

    @Test("A worker that serves two verifiers takes neither one's key for the other")
    func verifiers() throws {
        let (a, b) = (try TokenMaker(.hs256), try TokenMaker(.hs256))
        let first = try Verifier(accept: [try entry("https://a.example", a)])
        let second = try Verifier(accept: [try entry("https://a.example", b)])
        var worker = first.makeWorker()
        let (tokenA, tokenB) = (try a.token(claims("https://a.example")), try b.token(claims("https://a.example")))
        for _ in 0..<3 {
            #expect(code(tokenA, first, &worker) == nil)
            #expect(code(tokenA, second, &worker) == .signatureInvalid)
            #expect(code(tokenB, second, &worker) == nil)
            #expect(code(tokenB, first, &worker) == .signatureInvalid)
        }
    }

    @Test("T1: a header of another algorithm between HS256 tokens") func algorithms() throws {
        let (a, es) = (try TokenMaker(.hs256), try TokenMaker(.es256))
        let verifier = try Verifier(accept: [try entry("https://a.example", a)])
        var worker = verifier.makeWorker()
        for _ in 0..<3 {
            #expect(code(try a.token(claims("https://a.example")), verifier, &worker) == nil)
            #expect(code(try es.token(claims("https://a.example")), verifier, &worker) == .algorithmMismatch)
            let none = try a.token(header: #"{"alg":"none"}"#, payload: Array(claims("https://a.example").utf8))
            #expect(code(none, verifier, &worker) == .unsupportedAlgorithm)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Testing
import TokenCrypto
import TokenVerify

@Suite("Verdicts on the committed corpora")
struct VerdictTests {
    @Test("every valid token is accepted with the settings of its about.json", arguments: Corpus.all)
    func accepted(_ corpus: Corpus) throws {
        let verifier = try Self.verifier(corpus.shape, [corpus.algorithm])
        var worker = verifier.makeWorker()
        for (number, line) in try FixtureFolder.lines(corpus.tokensPath).enumerated() {
            let token = Array(line)
            let code = Self.code(verifier.verify(token.span, now: Self.now, using: &worker))
            #expect(code == nil, "token \(number)")
        }
    }

    @Test(
        "every invalid token gets exactly its label (T1 T2 T5 T8 T11 T18 T21 T24 T25 T26 T28 T29 T30 T38 T41 T42 T43 T61)",
        arguments: Shape.all)
    func refused(_ shape: Shape) throws {
        var verifiers: [String: Verifier] = [:]
        for algorithm in FixtureAlgorithm.allCases {
            verifiers[algorithm.rawValue] = try Self.verifier(shape, [algorithm])
        }
        var worker = VerifierWorker()
        for line in try InvalidLine.all(of: shape) {
            let verifier = try #require(verifiers[line.alg])
            let token = Array(line.token.utf8)
            let code = Self.code(verifier.verify(token.span, now: line.now, using: &worker))
            #expect(code == line.error, "\(line.alg) \(line.error)/\(line.how)")
        }
    }

    @Test(
        "one verifier for all issuers accepts every valid token; secrets and public keys are never in one ring (T60)",
        arguments: [[FixtureAlgorithm.hs256], [.rs256, .es256, .edDSA]])
    func allIssuers(_ algorithms: [FixtureAlgorithm]) throws {
        var entries: [AcceptEntry] = []
        for issuer in Issuer.all {
            let shapes = Shape.all.filter { $0.issuer.name == issuer.name && $0.name != "cognito-id" }
            var entry = try Self.entry(shapes[0], algorithms)
            entry.audiences = shapes.flatMap(\.audiences)
            entries.append(entry)
        }
        let verifier = try Verifier(accept: entries)
        var worker = verifier.makeWorker()
        for corpus in Corpus.all where algorithms.contains(corpus.algorithm) {
            for line in try FixtureFolder.lines(corpus.tokensPath) {
                let token = Array(line)
                #expect(Self.code(verifier.verify(token.span, now: Self.now, using: &worker)) == nil)
            }
        }
    }

    private static let now = Int64(TokenComposer.now)

    private static func code(_ verdict: Verdict) -> String? {
        switch verdict {
        case .accepted: nil
        case .refused(let refusal): refusal.code.rawValue
        }
    }

    private static func verifier(_ shape: Shape, _ algorithms: [FixtureAlgorithm]) throws -> Verifier {
        try Verifier(accept: [entry(shape, algorithms)])
    }

    private static func entry(_ shape: Shape, _ algorithms: [FixtureAlgorithm]) throws -> AcceptEntry {
        var keys: [SignatureKey] = []
        for algorithm in algorithms {
            let file = try FixtureFolder.files.read(KeyFiles.publicPath(shape.issuer.name, algorithm))
            keys += try KeySet.parse(jwks: file.span).keys
        }
        return AcceptEntry(
            issuers: [shape.issuer.url], audiences: shape.audiences, keys: try KeyRing(keys), types: shape.types,
            required: Set(shape.required.compactMap(AcceptEntry.Claim.init(rawValue:))),
            lifetimeSecondsMax: shape.lifetimeSecondsMax.map(Int64.init), leewaySeconds: 30)
    }
}

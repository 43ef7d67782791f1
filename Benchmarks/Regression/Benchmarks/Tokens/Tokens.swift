// SPDX-License-Identifier: Apache-2.0
import Benchmark
import Cloakroom
import Foundation

/// The fixtures' Keycloak tokens: what they hold is in `Fixtures/README.md`.
struct Corpus: Sendable {
    let tokens: [[UInt8]]
    let verifier: Verifier
    static let now: Int64 = 1_800_000_000

    init(_ algorithm: String) throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../Fixtures").standardized
        let lines = try Data(contentsOf: fixtures.appendingPathComponent("corpora/keycloak-access/\(algorithm).jwt"))
        tokens = lines.split(separator: UInt8(ascii: "\n")).map { [UInt8]($0) }
        let keys = [UInt8](try Data(contentsOf: fixtures.appendingPathComponent("keys/keycloak/\(algorithm).jwks")))
        let entry = AcceptEntry(
            issuers: ["https://sso.example.com/realms/acme"], audiences: ["orders-api"],
            keys: try KeyRing(KeySet.parse(jwks: keys.span).keys))
        verifier = try Verifier(accept: [entry])
    }
}

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput], scalingFactor: .kilo, maxDuration: .seconds(2))

    for algorithm in ["HS256", "RS256", "ES256", "EdDSA"] {
        Benchmark("verify.\(algorithm.lowercased()).single keycloak-access") { benchmark in
            let corpus = try Corpus(algorithm)
            var worker = corpus.verifier.makeWorker()
            var accepted = 0
            benchmark.startMeasurement()
            for index in benchmark.scaledIterations {
                let token = corpus.tokens[index % corpus.tokens.count]
                if case .accepted = corpus.verifier.verify(token.span, now: Corpus.now, using: &worker) {
                    accepted += 1
                }
            }
            benchmark.stopMeasurement()
            guard accepted == benchmark.scaledIterations.count else { return benchmark.error("a token was refused") }
            blackHole(accepted)
        }
    }
}

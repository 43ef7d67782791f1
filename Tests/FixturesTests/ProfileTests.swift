// SPDX-License-Identifier: Apache-2.0
import Cloakroom
import CloakroomFixtures
import Testing
import TokenCrypto
import TokenVerify

@Suite("Issuer profiles against the shapes of their issuers")
struct ProfileTests {
    /// Shape and profile; the shapes that come from no issuer's product have none.
    static let pairs: [(shape: String, profile: String)] = [
        ("keycloak-access", "keycloak"), ("keycloak-id", "keycloak"), ("large-roles", "keycloak"),
        ("auth0-access", "auth0"), ("auth0-id", "auth0"), ("okta-access", "okta"), ("okta-id", "okta"),
        ("entra-v1-access", "entra"), ("entra-v1-id", "entra"), ("entra-v2-access", "entra"),
        ("entra-v2-id", "entra"), ("cognito-access", "cognito"), ("cognito-id", "cognito"), ("google-id", "google"),
        ("apple-id", "apple"), ("firebase-id", "firebase"), ("github-actions", "github-actions"),
        ("kubernetes", "kubernetes-extended"), ("rfc9068", "rfc9068"),
    ]

    @Test("a profile, issuer, audience and keys are enough to accept the issuer's tokens", arguments: pairs)
    func accepts(_ pair: (shape: String, profile: String)) throws {
        let shape = try #require(Shape.all.first { $0.name == pair.shape })
        let profile = try #require(IssuerProfile.named(pair.profile))
        for algorithm in FixtureAlgorithm.allCases {
            let file = try FixtureFolder.files.read(KeyFiles.publicPath(shape.issuer.name, algorithm))
            let keys = try KeySet.parse(jwks: file.span).keys
            let entry = AcceptEntry(
                issuers: [shape.issuer.url], audiences: shape.audiences, keys: try KeyRing(keys), types: profile.types,
                required: profile.required, lifetimeSecondsMax: profile.lifetimeSecondsMax)
            let verifier = try Verifier(accept: [entry])
            var worker = verifier.makeWorker()
            for line in try FixtureFolder.lines("corpora/\(shape.name)/\(algorithm.rawValue).jwt") {
                let token = Array(line)
                if case .refused(let refusal) = verifier.verify(
                    token.span, now: Int64(TokenComposer.now), using: &worker)
                {
                    Issue.record("\(algorithm.rawValue): \(refusal.code.rawValue)")
                }
            }
        }
    }

    @Test("every profile but the one for short-lived Kubernetes tokens has a shape")
    func complete() {
        let missing = Set(IssuerProfile.all.map(\.name)).subtracting(Self.pairs.map(\.profile))
        #expect(missing == ["kubernetes"])
    }
}

// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Testing
import TokenCrypto
import TokenScan

@Suite("Signatures of the committed corpora")
struct CorpusSignatureTests {
    @Test("each committed token verifies with one key of the public set", arguments: Corpus.all)
    func verifies(_ corpus: Corpus) throws {
        let path = KeyFiles.publicPath(corpus.shape.issuer.name, corpus.algorithm)
        let file = try FixtureFolder.files.read(path)
        let set = try KeySet.parse(jwks: file.span)
        #expect(set.keys.count == corpus.shape.issuer.keyCount)
        let verifiers = try set.keys.map { try SignatureVerifier($0) }
        var usedKeys: Set<Int> = []
        for line in try FixtureFolder.lines(corpus.tokensPath) {
            let token = Array(line)
            let lastDot = try #require(token.lastIndex(of: UInt8(ascii: ".")))
            var signature = ByteScratch()
            let text = Array(token[(lastDot + 1)...])
            try signature.appendBase64URLDecoded(text.span)
            let message = Array(token[..<lastDot])
            let accepting = verifiers.indices.filter { verifiers[$0].isValid(signature.span, over: message.span) }
            #expect(accepting.count == 1)
            usedKeys.formUnion(accepting)
        }
        if corpus.shape.keyPosition == nil, corpus.shape.committedCount > 20 {
            #expect(usedKeys.count == set.keys.count, "both keys are in use")
        }
    }

    @Test("keys without alg, as Entra ID publishes them, need to be told theirs")
    func withoutAlgorithm() throws {
        let file = try FixtureFolder.files.read("keys/entra-v2/RS256.no-alg.jwks")
        #expect(try KeySet.parse(jwks: file.span).keys.isEmpty)
        #expect(try KeySet.parse(jwks: file.span, algorithm: .rs256).keys.count == 2)
    }

    @Test("the pseudonym set holds two keys, the second active")
    func pseudonymKeys() throws {
        let file = try FixtureFolder.files.read("keys/pseudonym.jwks")
        let set = try SecretKeySet.parse(file.span, algorithm: .pseudonym)
        #expect(set.keys.map(\.keyIDText) == ["k001", "k002"])
        #expect(set.activeIndex == 1)
    }
}

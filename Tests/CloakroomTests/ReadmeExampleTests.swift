// SPDX-License-Identifier: Apache-2.0
import Cloakroom
import Foundation
import Testing

/// The README's Swift examples, run on the fixtures. Between the marks the text is the README's, line for line.
@Suite struct ReadmeExampleTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func file(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Self.root.appendingPathComponent("Fixtures").appendingPathComponent(path)))
    }

    private func firstToken() throws -> String {
        let text = String(decoding: try file("corpora/rfc9068/ES256.jwt"), as: UTF8.self)
        return String(try #require(text.split(separator: "\n").first))
    }

    private func acceptEntry() throws -> AcceptEntry {
        let jwks = try file("keys/rfc9068/ES256.jwks")
        return AcceptEntry(
            issuers: ["https://authorization-server.example.com/"], audiences: ["https://rs.example.com/"],
            keys: try KeyRing(KeySet.parse(file: jwks.span).keys))
    }

    @Test func verifying() throws {
        let jwks = try file("keys/rfc9068/ES256.jwks")
        let token = try firstToken()
        let now: Int64 = 1_800_000_000
        var seen = ""
        func use(_ subject: String?) { seen = subject ?? "" }
        // README: verify
        let keys = try KeyRing(KeySet.parse(file: jwks.span).keys)
        let verifier = try Verifier(accept: [
            AcceptEntry(
                issuers: ["https://authorization-server.example.com/"], audiences: ["https://rs.example.com/"],
                keys: keys)
        ])
        var worker = verifier.makeWorker()  // one a thread, kept

        let claims = try verifier.claims(of: token, now: now, using: &worker)  // throws Refusal
        use(claims.subject)
        // README: end
        #expect(!seen.isEmpty)
        let newJWKS = try file("keys/rfc9068/RS256.jwks")
        // README: rotate
        try keys.replace(with: KeySet.parse(file: newJWKS.span).keys)  // any thread
        // README: end
        #expect(throws: Refusal.self) { try verifier.claims(of: token, now: now, using: &worker) }
    }

    @Test func revoking() throws {
        let token = try firstToken()
        let accept = try acceptEntry()
        let now: Int64 = 1_800_000_000
        var keep = try Verifier(accept: [accept]).makeWorker()
        let claims = try Verifier(accept: [accept]).claims(of: token, now: now, using: &keep)
        let (issuer, subject) = (try #require(claims.issuer), try #require(claims.subject))
        let jwtID = try #require(claims.jwtID)
        // README: revoke
        let revocations = RevocationList()  // shared by all threads
        let check = RevocationCheck(list: revocations, oneTime: OneTimeTokens())
        let guarded = try Verifier(accept: [accept], revocation: check)

        // README: end
        _ = try guarded.claims(of: token, now: now, using: &keep)
        #expect(throws: Refusal(.replayed)) { try guarded.claims(of: token, now: now, using: &keep) }
        // README: revoke
        try revocations.add(.token(issuer: issuer, jwtID: jwtID, untilSeconds: now + 3_630), now: now)
        try revocations.add(.subject(issuer: issuer, subject: subject, beforeSeconds: now), now: now)
        // README: end
        #expect(throws: Refusal(.revoked)) { try guarded.claims(of: token, now: now, using: &keep) }
    }

    @Test func exchanging() throws {
        let policyFile = Array(
            """
            {"version":1,"tenant":"acme",
             "issue":{"issuer":"https://tokens.example","audience":"https://orders.example"},
             "claims":{"sub":{"pseudonym":{"type":"user-id"}},"scope":"keep"}}
            """.utf8)
        let pseudonymKeys = try file("keys/pseudonym.jwks")
        let accept = try acceptEntry()
        let token = Array(try firstToken().utf8)
        let now: Int64 = 1_800_000_000
        var sent = ""
        func send(_ token: Span<UInt8>) {
            for i in token.indices { sent.unicodeScalars.append(Unicode.Scalar(token[i])) }
        }
        var refused: RefusalCode?
        func log(_ code: RefusalCode) { refused = code }
        // README: exchange
        let policy = try Policy.compile(PolicyNode.parse(json: policyFile.span))
        let exchanger = try Exchanger(
            policy: policy, accept: [accept], signingKey: SignatureKey.generate(algorithm: .es256),
            pseudonymKeys: PseudonymKeyRing(tenant: "acme", jwks: pseudonymKeys.span))
        var worker = exchanger.makeWorker()  // one a thread, kept
        var output = ByteScratch()

        switch exchanger.exchange(token.span, now: now, using: &worker, into: &output) {
        case .issued: send(output.span)
        case .refused(let refusal): log(refusal.code)
        }
        // README: end
        #expect(refused == nil)
        #expect(sent.split(separator: ".").count == 3)
    }

    @Test func signing() throws {
        let key = try SignatureKey.generate(algorithm: .edDSA, keyID: Array("k1".utf8))
        let now: Int64 = 1_800_000_000
        // README: sign
        var signer = try ClaimsSigner(key: key, lifetimeSeconds: 300)  // one a thread, kept
        var token = ByteScratch()
        let claims = Array(#"{"iss":"https://i.example","aud":"a","sub":"u"}"#.utf8)
        try signer.sign(claims.span, now: now, into: &token)  // adds iat, exp and jti
        // README: end
        let verifier = try Verifier(accept: [
            AcceptEntry(issuers: ["https://i.example"], audiences: ["a"], keys: try KeyRing([key]))
        ])
        var worker = verifier.makeWorker()
        var accepted = false
        if case .accepted = verifier.verify(token.span, now: now, using: &worker) { accepted = true }
        #expect(accepted)
        #expect(throws: Refusal.self) { try signer.sign(Array("[]".utf8).span, now: now, into: &token) }
    }

    @Test func theReadmeShowsTheseLines() throws {
        let readme = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        var isShown = false
        var shown = 0
        for line in source.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
            if line.hasPrefix("// README: ") {
                isShown = line != "// README: end"
            } else if isShown {
                #expect(readme.contains(line), "the README lacks: \(line)")
                shown += 1
            }
        }
        #expect(shown > 15)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct VaultCommandTests {
    private static let policy = """
        version: 1
        tenant: acme
        issue: {issuer: https://tokens.example, audience: api, lifetime: 5m, client-id: app}
        claims:
          sub: {random: {vault: yes}}
          phone: {vault: {type: tel, purposes: [support], ttl: 1h}}
          note: {vault: {type: note, purposes: [billing]}}
        """
    private let vault = ["--vault", "sqlite:v.db", "--vault-keys", "v.jwks"]
    private let now = ["--now", "1800000000"]
    private let person = ["--issuer", "https://login.example", "--subject", "ana"]
    private var resolve: [String] {
        ["resolve"] + vault + ["--keys", "key.pub", "--issuer", "https://tokens.example", "--audience", "api"] + now
    }

    /// Keys, a policy and an empty vault.
    private func ready() async throws -> Workspace {
        let space = try Workspace()
        try await space.makeKey("ES256")
        let keys = try await space.run(["key", "generate", "--alg", "vault", "--kid", "v001", "--out", "v.jwks"])
        try #require(keys.status == 0, "\(keys.errors)")
        try space.write("policy.yaml", Self.policy)
        let made = try await space.run(["vault", "init"] + vault + ["--tenant", "acme"])
        try #require(made.status == 0, "\(made.errors)")
        return space
    }

    private func issue(_ space: Workspace, _ claims: [String]) async throws -> [String] {
        let outcome = try await space.run(
            ["issue", "--policy", "policy.yaml", "--signing-key", "key.jwk"] + vault + now,
            input: claims.map { $0 + "\n" }.joined())
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.lines
    }

    @Test func `Values go in with issue and come out with resolve, for their purpose`() async throws {
        let space = try await ready()
        let tokens = try await issue(
            space,
            [
                #"{"iss":"https://login.example","sub":"ana","phone":"+49 1","note":{"a":1}}"#,
                #"{"iss":"https://login.example","sub":"ben","phone":"+49 2"}"#,
            ])
        let input = tokens.joined(separator: "\n") + "\nx.y\n"
        let support = try await space.run(resolve + ["--purpose", "support"], input: input)
        #expect(support.status == 1)
        #expect(
            support.lines == [
                #"{"line":1,"valid":true,"claims":{"phone":"+49 1"},"unavailable":["sub","note"]}"#,
                #"{"line":2,"valid":true,"claims":{"phone":"+49 2"},"unavailable":["sub"]}"#,
                #"{"line":3,"valid":false,"error":"malformed","offset":3}"#,
            ])
        let other = try await space.run(resolve + ["--purpose", "marketing"], input: tokens[0] + "\n")
        #expect(other.lines == [#"{"line":1,"valid":false,"error":"reference-unavailable"}"#] && other.status == 1)
        let who = try await space.run(resolve + ["--purpose", "reidentification"], input: tokens[1] + "\n")
        #expect(who.lines[0].hasPrefix(#"{"line":1,"valid":true,"claims":{"sub":"ben"}"#))
        let limited = try await space.run(
            resolve + ["--purpose", "support", "--rate-limit", "1"], input: tokens[1] + "\n" + tokens[1] + "\n")
        #expect(limited.lines.last == #"{"line":2,"valid":false,"error":"rate-limited"}"#)
        let audit = try await space.run(["vault", "audit-verify"] + vault)
        #expect(audit.status == 0 && audit.output.hasPrefix(#"{"valid":true,"entries":6,"head":"6:"#))
        let head = audit.output.split(separator: "\"").last { $0.hasPrefix("6:") }.map(String.init) ?? ""
        #expect(try await space.run(["vault", "audit-verify"] + vault + ["--expect", head]).status == 0)
        #expect(try await space.run(["vault", "audit-verify"] + vault + ["--expect", "6:x"]).status == 1)
    }

    @Test func `A person is reported, erased, and gone`() async throws {
        let space = try await ready()
        let token = try await issue(space, [#"{"iss":"https://login.example","sub":"ana","phone":"+49 1"}"#])[0]
        let report = try await space.run(["vault", "report"] + vault + person + now)
        #expect(report.status == 0)
        #expect(report.output.hasPrefix(#"{"person":"h1_v001_"#) && report.output.contains(#""known":true"#))
        #expect(report.output.contains(#"{"type":"tel","purposes":["support"],"created":1800000000,"expires":1800003600}"#))
        #expect(!report.output.contains("+49"))
        let handle = String(report.output.split(separator: "\"")[3])
        let erased = try await space.run(["vault", "erase"] + vault + ["--person", handle] + now)
        #expect(erased.output == "{\"state\":\"complete\",\"persons\":1}\n" && erased.status == 0)
        let gone = try await space.run(resolve + ["--purpose", "support"], input: token + "\n")
        #expect(gone.lines == [#"{"line":1,"valid":false,"error":"reference-unavailable"}"#])
        let later = try await space.run(["vault", "report"] + vault + person + now)
        #expect(later.output.hasSuffix(#""known":false,"erased":1800000000,"items":[]}"# + "\n"))
        let bytes = try Data(contentsOf: space.folder.appending(path: "v.db"))
        #expect(bytes.firstRange(of: Data("+49 1".utf8)) == nil)
        let expired = try await space.run(["vault", "expire"] + vault + ["--now", "1900000000"])
        #expect(expired.output == "{\"expired\":2}\n")
    }

    @Test func `Keys rotate with one command`() async throws {
        let space = try await ready()
        let token = try await issue(space, [#"{"iss":"https://login.example","sub":"ana","phone":"+49 1"}"#])[0]
        let made = try await space.run(["key", "generate", "--alg", "vault", "--kid", "v002", "--out", "n.jwks"])
        try #require(made.status == 0)
        // The new keys are active, the old ones still accepted.
        let old = try space.read("v.jwks").replacing(#","active":true"#, with: "")
        let new = try space.read("n.jwks")
        let joined = new.replacing("]}\n", with: ",") + old.replacing(#"{"keys":["#, with: "")
        try space.write("v.jwks", joined)
        #expect(try await space.run(["vault", "rotate"] + vault).output == "{\"rotated\":1}\n")
        #expect(try await space.run(["vault", "rotate"] + vault).output == "{\"rotated\":0}\n")
        let read = try await space.run(resolve + ["--purpose", "support"], input: token + "\n")
        #expect(read.lines[0].contains("+49 1"))
    }

    @Test func `What is wrong with a vault gives its exit status and code`() async throws {
        let space = try await ready()
        let made = try await space.run(["vault", "init"] + vault + ["--tenant", "acme"])
        #expect(made.status == 74 && made.errors == "cloakroom: the vault exists and is not overwritten (exists)\n")
        _ = try await space.run(["key", "generate", "--alg", "vault", "--kid", "v001", "--out", "w.jwks"])
        let wrong = try await space.run(["vault", "expire", "--vault", "sqlite:v.db", "--vault-keys", "w.jwks"])
        #expect(wrong.status == 65 && wrong.errors == "cloakroom: these are not the vault's keys (wrong-keys)\n")
        let absent = try await space.run(["vault", "expire", "--vault", "sqlite:x.db", "--vault-keys", "v.jwks"])
        #expect(absent.status == 66 && absent.errors.hasSuffix("(absent)\n"))
        #expect(try await space.run(["vault", "expire", "--vault", "mysql:x", "--vault-keys", "v.jwks"]).status == 64)
        #expect(try await space.run(["vault", "expire", "--vault", "sqlite:v.db"]).status == 64)
        #expect(try await space.run(["vault", "erase"] + vault + ["--person", "p1_x"]).status == 64)
        #expect(try await space.run(["vault", "erase"] + vault).status == 64)
        try space.write("other.db", "this is no database, and long enough to be one: " + String(repeating: "x", count: 99))
        let other = try await space.run(["vault", "expire", "--vault", "sqlite:other.db", "--vault-keys", "v.jwks"])
        #expect(other.status == 65 && other.errors.hasSuffix("(not-a-vault)\n"))
        let issue = ["issue", "--policy", "policy.yaml", "--signing-key", "key.jwk"]
        #expect(try await space.run(issue, input: "{}\n").status == 64)
        try space.write("policy.yaml", Self.policy.replacing("acme", with: "other"))
        let tenant = try await space.run(issue + vault, input: "{}\n")
        #expect(tenant.status == 65 && tenant.errors == "cloakroom: the vault belongs to another tenant (tenant)\n")
    }

    @Test func `A revocation in a vault is honoured by verify and exchange`() async throws {
        let space = try await ready()
        let token = try await space.sign([Workspace.claims.replacing("}", with: #","jti":"7f3a"}"#)])[0]
        let verify = ["verify", "--keys", "key.pub", "--revocations", "sqlite:v.db"] + Workspace.rules
        let before = try await space.run(verify, input: token + "\n")
        #expect(before.status == 0, "\(before.errors)")
        let revoke = ["revoke", "--vault", "sqlite:v.db", "--issuer", "https://issuer.example"]
        let done = try await space.run(revoke + ["--jti", "7f3a", "--until", "1700009999"])
        #expect(done.status == 0 && done.output.isEmpty, "\(done.errors)")
        let after = try await space.run(verify, input: token + "\n")
        #expect(after.lines == [#"{"line":1,"valid":false,"error":"revoked"}"#])
        #expect(try await space.run(revoke).status == 64)
        #expect(try await space.run(revoke + ["--subject", "u1"]).status == 64)
        #expect(try await space.run(revoke + ["--subject", "u1", "--before", "1700000100"]).status == 0)
        #expect(try await space.run(revoke + ["--jti", "a", "--kid", "b"]).status == 64)
        #expect(try await space.run(["revoke", "--vault", "sqlite:x.db", "--issuer", "i", "--jti", "a"]).status == 66)
    }

    @Test func `T99 a full disk refuses tokens and keeps what was stored`() async throws {
        let space = try await ready()
        let claims = (0..<400).map { #"{"iss":"https://login.example","sub":"u\#($0)","phone":"+49 \#($0)"}"# }
        let before = try await issue(space, Array(claims.prefix(3)))
        try space.write("in", claims.map { $0 + "\n" }.joined())
        // Files may not grow beyond 64 KiB, for the program's own process alone.
        let limited = try await space.shell(
            """
            trap "" XFSZ; ulimit -f 64; "$0" issue --policy policy.yaml --signing-key key.jwk --vault sqlite:v.db \
              --vault-keys v.jwks --now 1800000000 in | cat
            exit ${PIPESTATUS[0]}
            """)
        #expect(limited.status == 69, "\(limited.errors)")
        #expect(limited.errors.contains("(storage)"))
        let issued = limited.lines.filter { !$0.isEmpty }
        let input = (before + issued).joined(separator: "\n") + "\n"
        let read = try await space.run(resolve + ["--purpose", "support", "--rate-limit", "none"], input: input)
        #expect(read.status == 0, "\(read.errors)")
        #expect(read.lines.count == before.count + issued.count)
        #expect(try await issue(space, Array(claims.suffix(3))).count == 3)
    }
}

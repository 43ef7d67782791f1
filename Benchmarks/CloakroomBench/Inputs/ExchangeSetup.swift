// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenPrivacy
import TokenVerify

/// An exchanger with a policy of this benchmark, and a verifier for what it issues.
struct ExchangeSetup {
    let exchanger: Exchanger
    let output: Verifier

    private static let issuer = "https://tokens.internal.example"
    private static let audience = "https://orders.internal.example"

    /// `rules` are the members of the policy's `claims`; tokens are accepted by `accept` and signed with `signing`.
    init(rules: String, accept: AcceptEntry, signing: KeyMaterial) throws(BenchFailure) {
        let policy =
            "{\"version\":1,\"tenant\":\"bench\",\"unlisted\":\"drop\",\"issue\":{\"issuer\":\"\(Self.issuer)\","
            + "\"audience\":\"\(Self.audience)\",\"lifetime\":\"5m\",\"client-id\":\"gateway\"},\"claims\":{\(rules)}}"
        do {
            let tree = try PolicyNode.parse(json: Array(policy.utf8).span)
            exchanger = try Exchanger(
                policy: Policy.compile(tree), accept: [accept], signingKey: signing.key,
                pseudonymKeys: BenchKeys.pseudonymRing())
            let entry = AcceptEntry(
                issuers: [Self.issuer], audiences: [Self.audience], keys: try KeyRing([signing.key]))
            output = try Verifier(accept: [entry])
        } catch {
            throw .input("cannot set up the exchange: \(error)")
        }
    }

    /// Ten rules, four pseudonyms: the policy of the target.
    static let tenClaims = """
        "sub":{"pseudonym":{"type":"user","scope":"audience"}},
        "sid":{"pseudonym":{"type":"session","scope":"audience"}},
        "preferred_username":{"pseudonym":{"type":"name","scope":"audience"}},
        "email":{"pseudonym":{"type":"email","canonical":"email/1","scope":"audience"}},
        "name":"drop","given_name":"drop","locale":"keep","scope":"keep","azp":"keep","acr":"keep"
        """

    /// The claims set of the reference exchange: what `tenClaims` has a rule for, and the registered claims.
    static func claims(number: Int) -> String {
        let person = "ada\(10_000 + number)"
        return
            "{\"iss\":\"\(SyntheticToken.issuer)\",\"sub\":\"0b1f6e5c-7a52-4f7e-9d7c-\(person)\",\"aud\":\"orders-api\","
            + "\"iat\":\(SyntheticToken.now),\"exp\":\(SyntheticToken.now + 3_000),\"jti\":\"51f0a3be-\(10_000 + number)\","
            + "\"sid\":\"f3c1c2de-90ab-\(person)\",\"preferred_username\":\"\(person)\",\"email\":\"\(person)@example.com\","
            + "\"name\":\"Ada \(person)\",\"given_name\":\"Ada\",\"locale\":\"en-GB\",\"scope\":\"orders:read orders:write\","
            + "\"azp\":\"web-portal\",\"acr\":\"1\"}"
    }

    /// A claims set of 32 texts, for the growth over pseudonyms.
    static func thirtyTwoClaims(number: Int) -> String {
        let texts = (1..<32).map { "\"claim-\($0)\":\"value-\($0)-of-\(10_000 + number)\"" }
        return "{\"iss\":\"\(SyntheticToken.issuer)\",\"sub\":\"user-\(10_000 + number)\",\"aud\":\"orders-api\","
            + "\"iat\":\(SyntheticToken.now),\"exp\":\(SyntheticToken.now + 3_000),\"jti\":\"51f0a3be-\(10_000 + number)\","
            + texts.joined(separator: ",") + "}"
    }

    /// Rules for `thirtyTwoClaims`: `sub` and the first of the texts become pseudonyms, `count` in all, the rest
    /// is kept.
    static func rules(pseudonymCount count: Int) -> String {
        let pseudonym = "{\"pseudonym\":{\"type\":\"value\",\"canonical\":\"text/1\",\"scope\":\"audience\"}}"
        let texts = (1..<32).map { "\"claim-\($0)\":\($0 < count ? pseudonym : "\"keep\"")" }
        return "\"sub\":\(pseudonym)," + texts.joined(separator: ",")
    }
}

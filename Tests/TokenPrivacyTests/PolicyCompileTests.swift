// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData

@testable import TokenPrivacy

/// Claims on lines 6, 7, …, and the error they give.
struct ClaimErrorCase: Sendable, CustomTestStringConvertible {
    let claims: [String]
    let code: PolicyError.Code
    let line: Int
    var testDescription: String { "\(code.rawValue): \(claims.joined(separator: " "))" }

    init(_ claims: [String], _ code: PolicyError.Code, line: Int) {
        self.claims = claims
        self.code = code
        self.line = line
    }
}

@Suite("Policies compile, or say why not and where")
struct PolicyCompileTests {
    static let sub = #""sub": {"pseudonym": {"type": "user-id"}}"#

    static let claimErrors: [ClaimErrorCase] = [
        ClaimErrorCase([sub, #""a": "kept""#], .unknownWord, line: 7),
        ClaimErrorCase([sub, #""a": {"pseudonim": {}}"#], .unknownWord, line: 7),
        ClaimErrorCase([sub, #""a": {"pseudonym": {"typ": "x"}}"#], .unknownWord, line: 7),
        ClaimErrorCase([sub, "\"a\": {\"pseudonym\":\n{\"type\":\n\"x y\"}}"], .wrongArgument, line: 9),
        ClaimErrorCase([sub, #""a": {"pseudonym": {"bytes": 12}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"pseudonym": {"canonical": "email/2"}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"pseudonym": {"scope": "aud"}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"generalize": {}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"generalize": {"date": "year", "shift": 3}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"generalize": {"date": "hour"}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"generalize": {"bucket": 1}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"generalize": {"bucket": [3, 2]}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"generalize": {"ip": {"v4": 31}}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"generalize": {"shift": 0}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"mask": {"shape": "tail"}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"keep": "yes"}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"drop": "unbind"}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": ["keep"]"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"as": "b"}"#], .missingWord, line: 7),
        ClaimErrorCase([sub, #""a": {"keep": {}, "drop": {}}"#], .duplicateRule, line: 7),
        ClaimErrorCase([sub, #""a.b": "keep""#, #""\"a\".b": "drop""#], .duplicateRule, line: 8),
        ClaimErrorCase([sub, #""a": "keep""#, #""a.b": "drop""#], .unreachableRule, line: 8),
        ClaimErrorCase([sub, #""a.b": "drop""#, #""a": "keep""#], .unreachableRule, line: 8),
        ClaimErrorCase([sub, #""a[]": "keep""#, #""a[].b": "drop""#], .unreachableRule, line: 8),
        ClaimErrorCase([sub, #""email.a": "keep""#], .unreachableRule, line: 7),
        ClaimErrorCase([sub, #""a": "keep""#, #""b": {"keep": {}, "as": "a"}"#], .outputClash, line: 8),
        ClaimErrorCase([sub, #""o.a": "keep""#, #""o.b": {"keep": {}, "as": "a"}"#], .outputClash, line: 8),
        ClaimErrorCase([sub, #""o.a": "keep""#, #""b": {"keep": {}, "as": "o"}"#], .outputClash, line: 8),
        ClaimErrorCase([sub, #""a": {"keep": {}, "as": "sub"}"#], .reservedName, line: 7),
        ClaimErrorCase([sub, #""a": {"keep": {}, "as": "_sd"}"#], .reservedName, line: 7),
        ClaimErrorCase([sub, #""a": {"keep": {}, "as": "exp"}"#], .reservedName, line: 7),
        ClaimErrorCase([sub, #""a": {"drop": {}, "as": "b"}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a[]": {"keep": {}, "as": "b"}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a._sd": "keep""#], .reservedName, line: 7),
        ClaimErrorCase([sub, #""enc_claims": "keep""#], .reservedName, line: 7),
        ClaimErrorCase([sub, #""\"...\"": "keep""#], .reservedName, line: 7),
        ClaimErrorCase([sub, #""iss": "keep""#], .engineOwned, line: 7),
        ClaimErrorCase([sub, #""aud": "drop""#], .engineOwned, line: 7),
        ClaimErrorCase([sub, #""nbf": "drop""#], .engineOwned, line: 7),
        ClaimErrorCase([sub, #""exp.a": "drop""#], .engineOwned, line: 7),
        ClaimErrorCase([sub, #""client_id": {"pseudonym": {}}"#], .engineOwned, line: 7),
        ClaimErrorCase([sub, #""nonce": "keep""#], .neverCarried, line: 7),
        ClaimErrorCase([sub, #""at_hash": {"mask": {}}"#], .neverCarried, line: 7),
        ClaimErrorCase([#""email": "drop""#], .subject, line: 5),
        ClaimErrorCase([#""sub": {"mask": {}}"#], .subject, line: 6),
        ClaimErrorCase([#""sub": "drop""#], .subject, line: 6),
        ClaimErrorCase([#""sub": {"pseudonym": {"canonical": "email/1", "otherwise": "drop"}}"#], .subject, line: 6),
        ClaimErrorCase([#""sub.a": "keep""#], .unreachableRule, line: 6),
        ClaimErrorCase([sub, #""cnf": "drop""#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""cnf": "random""#], .claimType, line: 7),
        ClaimErrorCase([sub, #""cnf.jkt": "keep""#], .claimType, line: 7),
        ClaimErrorCase([sub, #""email_verified": {"pseudonym": {}}"#], .claimType, line: 7),
        ClaimErrorCase([sub, #""amr": "random""#], .claimType, line: 7),
        ClaimErrorCase([sub, #""address": {"mask": {}}"#], .claimType, line: 7),
        ClaimErrorCase([sub, #""updated_at": {"generalize": {"bucket": 100}}"#], .claimType, line: 7),
        ClaimErrorCase([sub, #""x": {"mask": {}, "as": "email_verified"}"#], .claimType, line: 7),
        ClaimErrorCase([sub, #""a..b": "keep""#], .path, line: 7),
        ClaimErrorCase([sub, #""a[": "keep""#], .path, line: 7),
        ClaimErrorCase([sub, #""[]": "keep""#], .path, line: 7),
        ClaimErrorCase([sub, #""\"a": "keep""#], .path, line: 7),
        ClaimErrorCase([sub, #""https://a.example/role": "keep""#], .path, line: 7),
        ClaimErrorCase([sub, #""a": {"encrypt": {"to": "billing"}}"#], .recipient, line: 7),
        ClaimErrorCase([sub, #""a": {"encrypt": {}}"#], .missingWord, line: 7),
        ClaimErrorCase(
            [sub, #""a": {"vault": {"type": "phone", "purposes": ["s"], "ttl": "4m"}}"#], .lifetime, line: 7),
        ClaimErrorCase([sub, #""a": {"vault": {"purposes": ["a b"]}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""address": {"vault": {"purposes": ["s"]}}"#], .claimType, line: 7),
        ClaimErrorCase([sub, #""cnf": {"vault": {"purposes": ["s"]}}"#], .claimType, line: 7),
        ClaimErrorCase([sub, #""a": {"vault": {"type": "phone"}}"#], .missingWord, line: 7),
        ClaimErrorCase([sub, #""a": {"siv": {"type": "phone", "scope": "x"}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": "disclose""#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"pseudonym": {"erasable": "maybe"}}"#], .wrongArgument, line: 7),
        ClaimErrorCase([sub, #""a": {"random": {"vault": "maybe"}}"#], .wrongArgument, line: 7),
    ]

    @Test("each faulty claim rule gives its code and line", arguments: claimErrors)
    func claimError(_ test: ClaimErrorCase) {
        let error = Sample.error(Sample.json(claims: test.claims))
        #expect(error?.code == test.code)
        #expect(error?.line == test.line)
    }

    static let issueErrors: [(String, PolicyError.Code)] = [
        (#""issue": {"audience": "b"}"#, .missingWord),
        (#""issue": {"issuer": "a"}"#, .missingWord),
        (#""issue": {"issuer": "a", "audience": []}"#, .wrongArgument),
        (#""issue": {"issuer": "a", "audience": ["b", "b"]}"#, .wrongArgument),
        (#""issue": {"issuer": "a", "audience": "b", "lifetime": "16m"}"#, .lifetime),
        (#""issue": {"issuer": "a", "audience": "b", "lifetime": "6m", "class": "id"}"#, .lifetime),
        (#""issue": {"issuer": "a", "audience": "b", "lifetime": "61s", "class": "one-time"}"#, .lifetime),
        (#""issue": {"issuer": "a", "audience": "b", "lifetime": "0s"}"#, .wrongArgument),
        (#""issue": {"issuer": "a", "audience": "b", "lifetime": "300"}"#, .wrongArgument),
        (#""issue": {"issuer": "a", "audience": "b", "lifetime": "99999999999999999999s"}"#, .wrongArgument),
        (#""issue": {"issuer": "a", "audience": "b", "class": "refresh"}"#, .wrongArgument),
        (#""issue": {"issuer": "a", "audience": "b", "type": "at jwt"}"#, .wrongArgument),
        (#""issue": {"issuer": "a", "audience": "b", "class": "id", "client-id": "c"}"#, .wrongArgument),
        (#""issue": {"issuer": "a\nb", "audience": "b"}"#, .wrongArgument),
        (#""issue": "a""#, .wrongArgument),
    ]

    @Test("each faulty issue block gives its code and line", arguments: issueErrors)
    func issueError(_ issue: String, _ code: PolicyError.Code) {
        let error = Sample.error(Sample.json(claims: [Self.sub], issue: issue))
        #expect(error?.code == code)
        #expect(error?.line == 4)
    }

    static let blockErrors: [(String, PolicyError.Code)] = [
        (#""unlisted": "keep""#, .wrongArgument),
        (#""chekcs": {}"#, .unknownWord),
        (#""checks": {"personal-data-in-kept-claims": "on"}"#, .wrongArgument),
        (#""recipients": {"r": {"alg": "A256KW"}}"#, .recipient),
        (#""recipients": {"r": {"key": "k.jwk", "alg": "RSA1_5"}}"#, .wrongArgument),
        (#""accept": {}"#, .wrongArgument),
        (#""accept": [{"keys": "k"}]"#, .missingWord),
        (#""accept": [{"issuer": "i"}]"#, .missingWord),
        (#""accept": [{"issuer": "i", "keys": "k", "algorithms": ["none"]}]"#, .unknownWord),
        (#""accept": [{"issuer": "i", "keys": "k", "max-lifetime": "off"}]"#, .wrongArgument),
        (#""accept": [{"issuer": "https://tokens.internal.example", "keys": "k"}]"#, .wrongArgument),
    ]

    @Test("each faulty block gives its code and line", arguments: blockErrors)
    func blockError(_ block: String, _ code: PolicyError.Code) {
        let error = Sample.error(Sample.json(claims: [Self.sub], more: block))
        #expect(error?.code == code)
        #expect(error?.line == 3)
    }

    @Test("several sectors refuse scope audience, one sector or another scope does not")
    func sectors() throws {
        let issue = #""issue": {"issuer": "i", "audience": ["https://a.example/x", "https://b.example"]}"#
        let error = Sample.error(Sample.json(claims: [Self.sub], issue: issue))
        #expect(error?.code == .sectors && error?.line == 6)
        let sameHost = #""issue": {"issuer": "i", "audience": ["https://A.example:8443/x", "http://u@a.example"]}"#
        #expect(
            try Sample.policy(claims: [Self.sub], issue: sameHost).issue.sector?.bytes == Array("host:a.example".utf8))
        let global = #""sub": {"pseudonym": {"scope": "global"}}"#
        #expect(try Sample.policy(claims: [global], issue: issue).issue.sector == nil)
        let named = #""issue": {"issuer": "i", "audience": ["a", "b"], "sector": "s"}"#
        #expect(try Sample.policy(claims: [Self.sub], issue: named).issue.sector?.bytes == Array("s".utf8))
    }

    @Test(
        "what names a person inside one issuer is bound to the issuer by default, at any level (T85)",
        arguments: [
            (#""sub": {"pseudonym": {"type": "user-id"}}"#, CanonicalProfile.subject),
            (#""act.sub": "pseudonym""#, .subject), (#""act.sub": {"pseudonym": {"type": "user-id"}}"#, .subject),
            (#""sid": "pseudonym""#, .subject), (#""x": {"pseudonym": {"type": "sub"}}"#, .subject),
            (#""x": {"pseudonym": {"type": "oid"}}"#, .subject), (#""email": "pseudonym""#, .text),
            (#""act.sub": {"pseudonym": {"canonical": "text/1"}}"#, .text),
        ])
    func issuerLocal(_ rule: String, _ profile: CanonicalProfile) throws {
        let claims = rule.hasPrefix("\"sub\"") ? [rule] : [#""sub": "keep""#, rule]
        #expect(try Sample.policy(claims: claims).program.pseudonyms.map(\.profile) == [profile])
    }

    @Test("a typo of a known word is answered with the word")
    func suggestion() {
        let error = Sample.error(Sample.json(claims: [#""sub": {"pseudonim": {}}"#]))
        #expect(error?.description == "line 6: unknown word 'pseudonim', did you mean 'pseudonym'? (unknown-word)")
    }

    @Test("T95 a word is quoted bounded and escaped")
    func quoting() {
        let word = "a\n\u{1B}[31m'" + String(repeating: "é", count: 60)
        let text = PolicyError.quoted(word)
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && ($0.value < 0x7F || $0 == "…") })
        #expect(text.count < 400)
    }

    @Test("top-level form errors")
    func topLevel() {
        #expect(Sample.error("[]")?.code == .syntax)
        #expect(Sample.error("{}")?.code == .missingWord)
        #expect(Sample.error("{\"version\": 2}")?.code == .wrongArgument)
        #expect(Sample.error("{\"version\": 1,\n\"version\": 1}")?.code == .duplicateWord)
        #expect(Sample.error("{\"version\": 1,\n\n bad}")?.line == 3)
    }

    @Test("the whole grammar compiles and is read back")
    func wholePolicy() throws {
        let policy = try Sample.policy(
            claims: [
                Self.sub, #""email": {"pseudonym": {"type": "email", "canonical": "email/1", "scope": "audience"}}"#,
                #""birthdate": {"generalize": {"date": "year"}}"#, #""name": "drop""#, #""realm_access.roles": "keep""#,
                #""\"https://a.example/tier\"": {"keep": null, "as": "tier"}"#, #""cnf": {"drop": "unbind"}"#,
                #""gender": {"pseudonym": {}}"#, #""client_id": "keep""#, #""nonce": "drop""#,
            ],
            issue:
                #""issue": {"issuer": "i", "audience": ["a"], "lifetime": "1m", "class": "access", "type": "at+jwt"}"#,
            more: """
                "unlisted": "refuse", "recipients": {"billing": {"key": "b.jwk"}}, \
                "accept": [{"issuer": ["i1", "i2"], "keys": "k", "algorithms": ["ES256"], "max-lifetime": "none"}]
                """)
        #expect(policy.refusesUnlisted)
        #expect(policy.issue.lifetimeSeconds == 60 && policy.issue.writesClientID)
        #expect(policy.accept[0].issuers == ["i1", "i2"] && policy.accept[0].lifetimeCap == .unlimited)
        #expect(policy.recipients[0].algorithm == "A256KW")
        #expect(policy.advice.map(\.code) == [.lowCardinality, .unusedRecipient])
        #expect(policy.needsPseudonymKeys)
    }

    @Test("a table of 256 names finds each of them and nothing else (T36)")
    func nameTable() throws {
        let names =
            (0..<120).map { "name-\($0)-with-a-long-and-common-middle-part-\($0 % 7)" } + (0..<130).map { "n\($0)" }
        let policy = try Sample.policy(claims: [Self.sub] + names.map { "\"\($0)\": \"keep\"" })
        for name in names {
            let entry = Self.lookUp(name, in: policy)
            #expect(entry.map { policy.program.entries[$0].operation } == .keep)
            #expect(Self.lookUp(name + "x", in: policy) == nil)
        }
        #expect(Self.lookUp("", in: policy) == nil)
    }

    private static func lookUp(_ name: String, in policy: Policy) -> Int? {
        policy.program.entry(level: 0, named: Array(name.utf8).span)
    }
}

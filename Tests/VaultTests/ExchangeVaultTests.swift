// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import Testing
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenVerify
import VaultTestSupport

@testable import TokenPrivacy

/// Policies with `vault`, `random: {vault: yes}` and erasable pseudonyms, from the token in to the value out.
@Suite struct ExchangeVaultTests {
    static let now = VaultSamples.now
    static let claims = """
        "sub": {"pseudonym": {"type": "user-id", "scope": "audience"}},
        "phone": {"vault": {"type": "phone", "purposes": ["support", "billing"], "ttl": "1h"}},
        "address": "drop",
        "home": {"vault": {"type": "address", "purposes": ["billing"]}},
        "login.ip": {"vault": {"type": "ip", "purposes": ["support"], "otherwise": "drop"}}
        """

    struct Setup {
        let inputKey: SignatureKey
        let outputKey: SignatureKey
        let ring: PseudonymKeyRing
        let accept: AcceptEntry
        let output: Verifier

        init(_ algorithm: SignatureAlgorithm = .hs256) throws {
            inputKey = try SignatureKey.generate(algorithm: .hs256, keyID: Array("in".utf8))
            outputKey = try SignatureKey.generate(algorithm: algorithm, keyID: Array("out".utf8))
            let root = [UInt8](0..<32)
            ring = try PseudonymKeyRing(tenant: "acme", keys: [PseudonymRootKey(keyID: "k001", key: root.span)])
            accept = AcceptEntry(
                issuers: ["https://login.example"], audiences: ["gateway"], keys: try KeyRing([inputKey]))
            output = try Verifier(accept: [
                AcceptEntry(
                    issuers: ["https://tokens.example"], audiences: ["https://orders.example"],
                    keys: try KeyRing([outputKey]))
            ])
        }

        func policy(_ claims: String) throws -> Policy {
            let json = """
                {"version": 1, "tenant": "acme",
                 "issue": {"issuer": "https://tokens.example", "audience": "https://orders.example",
                           "lifetime": "5m", "client-id": "app"},
                 "claims": {\(claims)}}
                """
            return try Policy.compile(PolicyNode.parse(json: Array(json.utf8).span))
        }

        func exchanger(_ claims: String, _ vault: (any PersonalDataVault)?) throws -> Exchanger {
            try Exchanger(
                policy: policy(claims), accept: [accept], signingKey: outputKey, pseudonymKeys: ring, vault: vault)
        }

        func token(_ more: String, subject: String = "ana") throws -> String {
            let payload =
                #"{"iss":"https://login.example","aud":"gateway","iat":\#(now - 10),"exp":\#(now + 600),"#
                + #""sub":"\#(subject)"\#(more)}"#
            var scratch = ByteScratch()
            scratch.appendBase64URL(Array(#"{"alg":"HS256","typ":"JWT","kid":"in"}"#.utf8).span)
            scratch.append(UInt8(ascii: "."))
            scratch.appendBase64URL(Array(payload.utf8).span)
            var signature = ByteScratch()
            try SignatureSigner(inputKey).sign(scratch.span, into: &signature)
            scratch.append(UInt8(ascii: "."))
            scratch.appendBase64URL(signature.span)
            return String(decoding: [UInt8](scratch.span), as: UTF8.self)
        }

        /// The values that an issued token's references give, by path; nil when none gives any.
        func resolve(
            _ token: String, _ vault: any PersonalDataVault, purpose: String = "support", now: Int64 = now
        ) throws -> [String: String]? {
            var worker = output.makeWorker()
            let bytes = Array(token.utf8)
            guard case .accepted(let accepted) = output.verify(bytes.span, now: now, using: &worker) else {
                throw Failure()
            }
            var reader = ReferenceReader()
            try reader.read([accepted], of: worker, from: vault, purpose: purpose, actor: "t", now: now)
            guard reader.outcome(0) == .read else { return nil }
            var values: [String: String] = [:]
            reader.forEachValue(0) { values[$0] = String(decoding: [UInt8]($1), as: UTF8.self) }
            return values
        }

        func payload(_ token: String) throws -> String {
            let parts = token.split(separator: ".")
            var scratch = ByteScratch()
            try scratch.appendBase64URLDecoded(Array(parts[1].utf8).span)
            return String(decoding: [UInt8](scratch.span), as: UTF8.self)
        }
    }

    struct Failure: Error {}

    static let more =
        #","phone":"+49 30 \u0031","home":{ "city" : "Bonn\n" },"login":{"ip":"10.0.0.1","x":1},"address":{"a":1}"#

    @Test("values leave for the vault and come back for their purpose", arguments: [SignatureAlgorithm.hs256, .es256])
    func roundTrip(_ algorithm: SignatureAlgorithm) throws {
        let setup = try Setup(algorithm)
        let vault = try VaultFolder().make(VaultSamples.keys())
        let exchanger = try setup.exchanger(Self.claims, vault)
        var worker = exchanger.makeWorker()
        let token = try exchanger.exchange(setup.token(Self.more), now: Self.now, using: &worker)
        let payload = try setup.payload(token)
        #expect(!payload.contains("Bonn") && !payload.contains("+49") && !payload.contains("10.0.0.1"))
        #expect(payload.components(separatedBy: "\"r1_").count == 4)
        #expect(
            try setup.resolve(token, vault) == ["phone": #""+49 30 \u0031""#, "login.ip": #""10.0.0.1""#])
        #expect(
            try setup.resolve(token, vault, purpose: "billing")
                == ["phone": #""+49 30 \u0031""#, "home": #"{ "city" : "Bonn\n" }"#])
        #expect(try setup.resolve(token, vault, purpose: "marketing") == nil)
        // A reference in another token, though it is the same person's, gives nothing.
        let other = try exchanger.exchange(setup.token(Self.more), now: Self.now, using: &worker)
        let swapped = try Self.swap(token, other, setup)
        #expect(try setup.resolve(swapped, vault) == nil)
        // One holds the phone for its hour, the other goes with its token.
        let report = try vault.report(
            vault.handles(issuer: "https://login.example", subject: "ana"), actor: "t", now: Self.now)
        #expect(Set(report.items.map(\.expiresSeconds)) == [Self.now + 360, Self.now + 3600])
        #expect(
            try vault.erase(vault.handles(issuer: "https://login.example", subject: "ana"), actor: "t", now: Self.now)
                .state == .complete)
        #expect(try setup.resolve(token, vault) == nil)
    }

    /// The second token's claims with the first one's jti: signed anew, as if an issuer had moved references.
    private static func swap(_ first: String, _ second: String, _ setup: Setup) throws -> String {
        func object(_ token: String) throws -> [String: Any] {
            let data = Data(try setup.payload(token).utf8)
            return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        }
        var claims = try object(second)
        claims["jti"] = try object(first)["jti"]
        let payload = try JSONSerialization.data(withJSONObject: claims)
        var scratch = ByteScratch()
        let algorithm = setup.outputKey.algorithm.jwaName
        scratch.appendBase64URL(Array(#"{"alg":"\#(algorithm)","typ":"at+jwt","kid":"out"}"#.utf8).span)
        scratch.append(UInt8(ascii: "."))
        scratch.appendBase64URL([UInt8](payload).span)
        var signature = ByteScratch()
        try SignatureSigner(setup.outputKey).sign(scratch.span, into: &signature)
        scratch.append(UInt8(ascii: "."))
        scratch.appendBase64URL(signature.span)
        return String(decoding: [UInt8](scratch.span), as: UTF8.self)
    }

    @Test("a batch gives what single calls give, and mixes tokens with and without references")
    func batch() throws {
        let setup = try Setup()
        let vault = try VaultFolder().make(VaultSamples.keys())
        let exchanger = try setup.exchanger(Self.claims, vault)
        var worker = exchanger.makeWorker()
        var batch = TokenBatch()
        for i in 0..<20 {
            batch.append(i % 5 == 3 ? "junk" : try setup.token(i % 4 == 0 ? "" : #","phone":"p\#(i)""#, subject: "s\(i % 3)"))
        }
        var output = ByteScratch()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        exchanger.exchange(
            batch, now: Self.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        for i in 0..<20 {
            guard i % 5 != 3 else {
                #expect(places[i].isEmpty)
                continue
            }
            let token = String(decoding: [UInt8](output.span.extracting(places[i])), as: UTF8.self)
            #expect(try setup.resolve(token, vault) == (i % 4 == 0 ? [:] : ["phone": "\"p\(i)\""]))
        }
    }

    @Test("T100 no token leaves with a reference that was not stored")
    func storageFails() throws {
        let setup = try Setup()
        let vault = FailingVault()
        let exchanger = try setup.exchanger(Self.claims, vault)
        var worker = exchanger.makeWorker()
        var batch = TokenBatch()
        batch.append(try setup.token(""))
        batch.append(try setup.token(Self.more))
        var output = ByteScratch()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        exchanger.exchange(
            batch, now: Self.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        guard case .issued = verdicts[0] else {
            Issue.record("a token without references needs no vault")
            return
        }
        #expect(verdicts[1] == .refused(Refusal(.storage)) && places[1].isEmpty)
        let token = try setup.token(Self.more)
        #expect(throws: Refusal(.storage)) { try exchanger.exchange(token, now: Self.now, using: &worker) }
        let erasable = try setup.exchanger(#""sub": {"pseudonym": {"type": "u", "erasable": "yes"}}"#, vault)
        #expect(throws: Refusal(.storage)) { try erasable.exchange(token, now: Self.now, using: &worker) }
        exchanger.exchange(
            batch, now: Self.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        #expect(verdicts[1] == .refused(Refusal(.storage)))
    }

    @Test("a sub that is a reference, null values, missing issuers")
    func corners() throws {
        let setup = try Setup()
        let vault = try VaultFolder(.memory).make(VaultSamples.keys())
        let exchanger = try setup.exchanger(
            #""sub": {"random": {"vault": "yes"}}, "a": {"vault": {"purposes": ["support"]}}"#, vault)
        var worker = exchanger.makeWorker()
        let token = try exchanger.exchange(setup.token(#","a":1.5e3"#), now: Self.now, using: &worker)
        #expect(try setup.payload(token).contains(#""sub":"r1_"#))
        #expect(try setup.resolve(token, vault, purpose: "reidentification") == ["sub": #""ana""#])
        #expect(try setup.resolve(token, vault) == ["a": "1.5e3"])
        let null = try setup.token(#","a":null"#)
        #expect(throws: Refusal(.policy)) { try exchanger.exchange(null, now: Self.now, using: &worker) }
        #expect(throws: ExchangeConfigurationError.noVault) { try setup.exchanger(Self.claims, nil) }
        let other = try VaultFolder(.memory).make(VaultSamples.keys(tenant: "other"))
        #expect(throws: ExchangeConfigurationError.noVault) { try setup.exchanger(Self.claims, other) }
        // Issued from claims of the caller's own, with its own issuer in the place of a missing one.
        let issuer = try Issuer(
            policy: setup.policy(#""sub": {"pseudonym": {"type": "u"}}, "a": {"vault": {"purposes": ["support"]}}"#),
            signingKey: setup.outputKey, pseudonymKeys: setup.ring, vault: vault)
        var issueWorker = issuer.makeWorker()
        let issued = try issuer.issue(claims: #"{"sub":"x","a":"y"}"#, now: Self.now, using: &issueWorker)
        #expect(try setup.resolve(issued, vault) == ["a": #""y""#])
        #expect(
            try vault.report(
                vault.handles(issuer: "https://tokens.example", subject: "x"), actor: "t", now: Self.now
            ).items.count == 1)
    }

    @Test("an erasable pseudonym is stable until its person is erased, and the same in batches")
    func erasable() throws {
        let setup = try Setup()
        let vault = try VaultFolder().make(VaultSamples.keys())
        let exchanger = try setup.exchanger(
            #""sub": {"pseudonym": {"type": "user-id", "erasable": "yes"}}, "p": {"vault": {"purposes": ["support"]}}"#,
            vault)
        var worker = exchanger.makeWorker()
        func subject(_ token: String) throws -> String {
            let data = Data(try setup.payload(token).utf8)
            return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["sub"] as? String ?? ""
        }
        let first = try subject(exchanger.exchange(setup.token(#","p":"1""#), now: Self.now, using: &worker))
        let second = try subject(exchanger.exchange(setup.token(""), now: Self.now, using: &worker))
        #expect(first == second && first.hasPrefix("p1_k001_"))
        var batch = TokenBatch()
        for subject in ["ben", "ana", "ana"] { batch.append(try setup.token(#","p":"2""#, subject: subject)) }
        var output = ByteScratch()
        var places: [Range<Int>] = []
        var verdicts: [ExchangeVerdict] = []
        exchanger.exchange(
            batch, now: Self.now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        let tokens = places.map { String(decoding: [UInt8](output.span.extracting($0)), as: UTF8.self) }
        #expect(try tokens.map(subject)[1...].allSatisfy { $0 == first })
        #expect(try subject(tokens[0]) != first)
        #expect(try setup.resolve(tokens[2], vault) == ["p": #""2""#])
        _ = try vault.erase(vault.handles(issuer: "https://login.example", subject: "ana"), actor: "t", now: Self.now)
        let third = try subject(exchanger.exchange(setup.token(""), now: Self.now, using: &worker))
        #expect(third != first)
    }
}

/// A vault that cannot be reached.
private final class FailingVault: PersonalDataVault {
    let tenant = "acme"
    func draw(_ deposits: inout VaultDeposits) throws(VaultError) { throw .unreachable }
    func put(_ deposits: inout VaultDeposits, now: Int64) throws(VaultError) { throw .unreachable }
    func enroll(_ deposits: inout VaultDeposits, now: Int64) throws(VaultError) { throw .unreachable }
    func resolve(
        _ queries: inout VaultQueries, purpose: String, actor: String, now: Int64
    ) throws(VaultError) { throw .unreachable }
    func expire(now: Int64) throws(VaultError) -> Int { throw .unreachable }
    func handles(issuer: String, subject: String) throws(VaultError) -> [PersonHandle] { throw .unreachable }
    func erase(
        _ persons: [PersonHandle], actor: String, now: Int64
    ) throws(VaultError) -> ErasureReport { throw .unreachable }
    func report(
        _ persons: [PersonHandle], actor: String, now: Int64
    ) throws(VaultError) -> PersonReport { throw .unreachable }
    func rotate(actor: String, now: Int64) throws(VaultError) -> Int { throw .unreachable }
    func close() {}
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

/// Claim rules, each at its edge, against one issuer with the defaults.
@Suite struct VerifierClaimTests {
    static let now: Int64 = 1_800_000_000
    static let key = try? SignatureKey.generate(algorithm: .hs256, keyID: Array("k1".utf8))

    /// What a claims set is refused with; nil when it is accepted.
    private func verdict(
        _ claims: String, type: String? = "JWT", _ change: (inout AcceptEntry) -> Void = { _ in }
    ) throws -> RefusalCode? {
        let maker = try TokenMaker(#require(Self.key))
        var entry = AcceptEntry(
            issuers: ["https://i.example"], audiences: ["https://a.example", "b"], keys: try KeyRing([maker.key]))
        change(&entry)
        let verifier = try Verifier(accept: [entry])
        var worker = verifier.makeWorker()
        let token = try maker.token(claims, type: type)
        switch verifier.verify(Array(token.utf8).span, now: Self.now, using: &worker) {
        case .accepted: return nil
        case .refused(let refusal):
            #expect(refusal.offset == nil)
            return refusal.code
        }
    }

    private func claims(
        iss: String? = #""https://i.example""#, aud: String? = #""b""#, exp: String? = "1800000300",
        iat: String? = "1800000000", more: String = ""
    ) -> String {
        var members: [String] = []
        if let iss { members.append("\"iss\":\(iss)") }
        if let aud { members.append("\"aud\":\(aud)") }
        if let exp { members.append("\"exp\":\(exp)") }
        if let iat { members.append("\"iat\":\(iat)") }
        if !more.isEmpty { members.append(more) }
        return "{\(members.joined(separator: ","))}"
    }

    @Test func theDefaultsAcceptAPlainToken() throws { #expect(try verdict(claims()) == nil) }

    @Test(
        "T38 a time of another type is refused, never absent",
        arguments: [
            #""1800000300""#, "true", "null", "[1800000300]", "{}", "-1", "1e300", "1e308", "9223372036854775808",
            "1e18",
        ])
    func timeTypes(_ value: String) throws {
        #expect(try verdict(claims(exp: value)) == .claimType)
        #expect(try verdict(claims(iat: value)) == .claimType)
        #expect(try verdict(claims(more: "\"nbf\":\(value)")) == .claimType)
    }

    @Test(
        "T39 T40 expiry at the edge: on or after exp plus leeway is refused",
        arguments: [
            ("1799999971", nil as RefusalCode?), ("1799999970", .expired), ("1799999970.5", nil),
            ("1799999969.5", .expired), ("1.8e9", nil), ("0", .expired), ("1800003600", nil),
            ("1800003601", .lifetimeTooLong), ("1800003600.5", .lifetimeTooLong),
            ("9007199254740992", .lifetimeTooLong),
        ] as [(String, RefusalCode?)])
    func expiry(_ exp: String, _ expected: RefusalCode?) throws {
        let iat = (Double(exp) ?? 0) < 1_800_000_000 ? "0" : "1800000000"
        let result = try verdict(claims(exp: exp, iat: iat)) { if iat == "0" { $0.lifetimeSecondsMax = nil } }
        #expect(result == expected)
    }

    @Test(
        "T40 not-before and issued-at at the edge",
        arguments: [
            (0, nil), (30, nil), (31, RefusalCode.notYetValid), (-1, nil),
        ] as [(Int64, RefusalCode?)])
    func notBefore(_ delta: Int64, _ expected: RefusalCode?) throws {
        #expect(try verdict(claims(more: "\"nbf\":\(Self.now + delta)")) == expected)
        let future: RefusalCode? = expected == nil ? nil : .issuedInFuture
        #expect(try verdict(claims(exp: "1800000900", iat: "\(Self.now + delta)")) == future)
    }

    @Test("T41 a lifetime over the cap is refused, also without iat")
    func lifetime() throws {
        #expect(try verdict(claims(exp: "1800000600", iat: "1799997000")) == nil)
        #expect(try verdict(claims(exp: "1800000600", iat: "1799996999")) == .lifetimeTooLong)
        #expect(try verdict(claims(exp: "1800003601", iat: nil)) { $0.required.remove(.issuedAt) } == .lifetimeTooLong)
        #expect(try verdict(claims(exp: "1800003600", iat: nil)) { $0.required.remove(.issuedAt) } == nil)
        #expect(try verdict(claims(exp: "1900000000")) { $0.lifetimeSecondsMax = nil } == nil)
    }

    @Test(
        "T42 audience",
        arguments: [
            (#""b""#, nil), (#"["x","b"]"#, nil), (#"["b","b"]"#, nil), (#""\u0062""#, nil),
            (#""B""#, RefusalCode.audience), (#""b ""#, .audience), (#""""#, .audience), ("[]", .audience),
            (#""bb""#, .audience), (#""https://a.example/""#, .audience), (#"["b",1]"#, .claimType),
            (#"[["b"]]"#, .claimType), ("1", .claimType), ("null", .claimType), (#"{"b":"b"}"#, .claimType),
        ] as [(String, RefusalCode?)])
    func audience(_ aud: String, _ expected: RefusalCode?) throws {
        #expect(try verdict(claims(aud: aud)) == expected)
    }

    @Test(
        "T43 issuer",
        arguments: [
            (#""https://i.example""#, nil), (#""https:\/\/i.example""#, nil),
            (#""https://i.example/""#, RefusalCode.issuer),
            (#""HTTPS://i.example""#, .issuer), (#""https://i.example\u0000""#, .issuer),
            (#""https://і.example""#, .issuer),
            (#"["https://i.example"]"#, .claimType), ("null", .claimType), ("7", .claimType), (#""""#, .issuer),
        ] as [(String, RefusalCode?)])
    func issuer(_ iss: String, _ expected: RefusalCode?) throws {
        #expect(try verdict(claims(iss: iss)) == expected)
    }

    @Test("T42 required claims")
    func missing() throws {
        #expect(try verdict(claims(iss: nil)) == .missingClaim)
        #expect(try verdict(claims(aud: nil)) == .missingClaim)
        #expect(try verdict(claims(exp: nil)) == .missingClaim)
        #expect(try verdict(claims(iat: nil)) == .missingClaim)
        #expect(try verdict(claims()) { $0.required.insert(.jwtID) } == .missingClaim)
        #expect(try verdict(claims()) { $0.required.insert(.subject) } == .missingClaim)
        #expect(
            try verdict(claims(more: #""jti":"1","sub":"2""#)) { $0.required.formUnion([.jwtID, .subject]) } == nil)
        #expect(
            try verdict(claims(aud: nil)) {
                $0.required = []; $0.audiences = []
            } == nil)
    }

    @Test("T37 escaped names are the same claims")
    func escapedNames() throws {
        #expect(try verdict(claims(exp: nil, more: #""\u0065xp":5"#)) == .expired)
        #expect(try verdict(claims(exp: nil, more: #""\u0065xp":1800000300"#)) == nil)
    }

    @Test(
        "T11 typ",
        arguments: [
            ("JWT", nil), ("jwt", nil), ("application/jwt", nil), ("at+jwt", nil), ("application/AT+JWT", nil),
            ("logout+jwt", RefusalCode.tokenType), ("id+jwt", .tokenType), ("", .tokenType), (nil, .tokenType),
            ("application/application/jwt", .tokenType), ("text/jwt", .tokenType),
        ] as [(String?, RefusalCode?)])
    func types(_ type: String?, _ expected: RefusalCode?) throws {
        #expect(try verdict(claims(), type: type) == expected)
    }

    @Test("T11 a token without typ is accepted only where the entry lists none")
    func absentType() throws {
        #expect(try verdict(claims(), type: nil) { $0.types = ["none"] } == nil)
        #expect(try verdict(claims()) { $0.types = ["none"] } == .tokenType)
        #expect(try verdict(claims(), type: "none") { $0.types = ["none", "JWT"] } == .tokenType)
        #expect(try verdict(claims(), type: "x") { $0.types = nil } == nil)
        #expect(try verdict(claims(), type: nil) { $0.types = nil } == nil)
    }

    @Test("T40 T41 configurations that cannot be meant")
    func configuration() throws {
        let maker = try TokenMaker(#require(Self.key))
        let keys = try KeyRing([maker.key])
        func error(_ change: (inout AcceptEntry) -> Void) -> ConfigurationError? {
            var entry = AcceptEntry(issuers: ["i"], audiences: ["a"], keys: keys)
            change(&entry)
            do {
                _ = try Verifier(accept: [entry])
                return nil
            } catch { return error }
        }
        #expect(error { $0.leewaySeconds = 361 } == .leeway)
        #expect(error { $0.leewaySeconds = 360 } == nil)
        #expect(error { $0.leewaySeconds = -1 } == .leeway)
        #expect(
            error {
                $0.leewaySeconds = 31; $0.lifetimeSecondsMax = nil
            } == .leeway)
        #expect(error { $0.lifetimeSecondsMax = 60 } == nil)
        #expect(error { $0.lifetimeSecondsMax = 0 } == .lifetime)
        #expect(error { $0.issuers = [] } == .noIssuer)
        #expect(error { $0.audiences = [] } == .noAudience)
        #expect(error { $0.algorithms = [] } == .emptyList)
        #expect(error { $0.types = [] } == .emptyList)
        #expect(throws: ConfigurationError.noAcceptEntry) { try Verifier(accept: []) }
        let entry = AcceptEntry(issuers: ["i"], audiences: ["a"], keys: keys)
        #expect(throws: ConfigurationError.duplicateIssuer) { try Verifier(accept: [entry, entry]) }
        #expect(throws: ConfigurationError.duplicateKeyID) { try KeyRing([maker.key, maker.key]) }
        #expect(throws: ConfigurationError.noKey) { try KeyRing([]) }
    }
}

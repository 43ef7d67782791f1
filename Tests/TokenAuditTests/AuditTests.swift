// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenPrivacy
import TokenScan
import TokenVerify

@testable import TokenAudit

@Suite("Audit of tokens and logs")
struct AuditTests {
    @Test("claims, personal data by name and by shape, and parties are counted")
    func counts() throws {
        let text = (0..<40).map { AuditSamples.person($0, audience: "a\($0 % 2)") + "\n" }.joined()
        let report = try AuditSamples.report(text)
        #expect(report.tokenCount == 40 && report.lineCount == 40 && report.personalTokenCount == 40)
        #expect(report.issuerCount == 1 && report.audienceCount == 2 && report.keyIDCount == 1)
        #expect(report.algorithms == [.init(name: "HS256", count: 40)])
        #expect(report.claim("email")?.shapes == [.init(name: "email", count: 40)])
        #expect(report.claim("email")?.category == .email)
        #expect(report.claim("sub")?.category == .identifier)
        #expect(report.claim("sub")?.distinctCount == 40)
        #expect(report.claim("address.street")?.category == .address)
        #expect(report.claim("roles[]")?.distinctCount == 0)
        #expect(report.claim("admin")?.kinds == ["boolean"])
        #expect(report.lifetimes.median == 300 && report.overCapCount == 0)
    }

    @Test("an identifier is linkable where its values come back under another audience or issuer, and only there")
    func links() throws {
        let once = (0..<30).map { AuditSamples.person($0, audience: "a\($0)") }
        #expect(try AuditSamples.report(once.joined(separator: "\n")).claims.contains { $0.isLinkable } == false)
        let again = (0..<10).map { AuditSamples.person($0, audience: "b") }
        let report = try AuditSamples.report((once + again).joined(separator: "\n"))
        #expect(report.claim("sub")?.acrossAudiences == 10)
        #expect(report.claim("sub")?.acrossIssuers == 0)
        #expect(report.claim("sub")?.isLinkable == true)
        #expect(report.claim("scope")?.isLinkable == false)
        #expect(report.findings.contains { $0.contains("join what they know") })
        let foreign = (0..<5).map { AuditSamples.person($0, audience: "a\($0)", issuer: "https://other.example") }
        let second = try AuditSamples.report((once + foreign).joined(separator: "\n"))
        #expect(second.claim("email")?.acrossIssuers == 5 && second.claim("email")?.acrossAudiences == 0)
    }

    @Test("tokens are found in a log, with their places and where they leaked from")
    func places() throws {
        let token = AuditSamples.person(1, audience: "a")
        let lines = [
            "GET /x?access_token=\(token) HTTP/1.1", "no token here, only e.y and eyJ and a.b.c",
            #"{"level":"info","auth":"Bearer \#(token)","again":"\#(token)"}"#, token, "  (\(token)).",
        ]
        let report = try AuditSamples.report(lines.joined(separator: "\n"))
        #expect(report.tokenCount == 5 && report.lineCount == 5)
        #expect(report.places.map(\.line) == [1, 3, 3, 4, 5])
        #expect(report.places.map(\.column) == [20, 31, 31 + token.utf8.count + 11, 0, 3])
        #expect(report.places.map(\.surroundings) == [.query, .authorization, .quoted, .lineStart, .other])
        #expect(report.places.allSatisfy { $0.byteCount == token.utf8.count })
        #expect(try AuditSamples.report(lines.joined(), options: AuditOptions(placeCountMax: 2)).places.count == 2)
    }

    @Test("the result does not depend on where the stream is cut", arguments: [1, 2, 3, 7, 64, 1_000])
    func cuts(_ chunkByteCount: Int) throws {
        let token = AuditSamples.person(1, audience: "a")
        let text = (0..<6).map { "line \($0) Bearer \(token) and t=\(token)~x~ \"\(token)\"\r\n" }.joined() + token
        let whole = try AuditSamples.report(text)
        let cut = try AuditSamples.report(text, chunkByteCount: chunkByteCount)
        #expect(cut.json == whole.json)
        #expect(whole.tokenCount == 19)
    }

    @Test("SD-JWTs, JWEs, unsigned and broken tokens")
    func forms() throws {
        let claims = NaiveBase64URL.encode(#"{"sub":"u"}"#.utf8)
        let disclosure = NaiveBase64URL.encode(#"["s","email","qzmailmarker@example.com"]"#.utf8)
        let none = NaiveBase64URL.encode(#"{"alg":"none"}"#.utf8)
        let encrypted = NaiveBase64URL.encode(#"{"alg":"dir","enc":"A256GCM"}"#.utf8)
        let header = NaiveBase64URL.encode(#"{"alg":"ES256","typ":"x+sd-jwt","kid":"k"}"#.utf8)
        let signature = String(repeating: "A", count: 86)
        let binding = "\(NaiveBase64URL.encode(#"{"alg":"ES256","typ":"kb+jwt"}"#.utf8)).\(claims).\(signature)"
        let text = [
            "\(header).\(claims).\(signature)~\(disclosure)~\(binding)", "\(none).\(claims).", "\(encrypted)..aa.bb.cc",
            "\(header).\(claims)", "\(NaiveBase64URL.encode(#"{"typ":"JWT"}"#.utf8)).\(claims).x", "eyJ.eyJ.eyJ",
            "\(header).!!.x", "\(header).AAAA.\(signature)",
        ].joined(separator: "\n")
        let report = try AuditSamples.report(text)
        // The fourth ends behind its payload, the fifth has no header that says how it is signed.
        #expect(report.tokenCount == 6)
        #expect(Set(report.forms.map { "\($0.name) \($0.count)" }) == ["SD-JWT 1", "JWS 2", "JWE 1", "cut 2"])
        #expect(report.claim("email")?.shapes.first?.name == "email")
        #expect(report.types.contains { $0.name == "…+sd-jwt" })
        #expect(report.findings.contains { $0.contains("alg none") })
        #expect(report.keySizes.contains { $0.name == "P-256" })
    }

    @Test("names that could be values are not told apart; neither are more names than the bound")
    func names() throws {
        let odd = [
            "qzmailmarker@example.com", "123456789", "0f8e4a52-1c2d-4e5f-8a9b-123456789abc", "ü", "a b",
            String(repeating: "n", count: 65), "",
        ]
        let members = odd.map { "\"\($0)\":{\"x\":1}" }.joined(separator: ",")
        let report = try AuditSamples.report(AuditSamples.token("{\"users\":{\(members)}}"))
        #expect(report.claims.map(\.path.text) == ["users", "users.*", "users.*.x"])
        let many = (0..<5_000).map { name in
            AuditSamples.token("{" + (0..<20).map { "\"n\(letters(name * 20 + $0))\":1" }.joined(separator: ",") + "}")
        }
        #expect(try AuditSamples.report(many.joined(separator: "\n")).claims.count <= 2_000)
    }

    private func letters(_ number: Int) -> String {
        String(number).map { String(UnicodeScalar(0x61 + UInt8($0.wholeNumberValue ?? 0))) }.joined()
    }

    @Test("lifetimes and sizes fall into their ranges, to a sixteenth")
    func spreads() throws {
        let lifetimes = [30, 60, 61, 300, 900, 3_600, 3_601, 86_400, 1_000_000]
        let text = lifetimes.map { AuditSamples.token(#"{"iat":1000,"exp":\#(1000 + $0)}"#) }.joined(separator: "\n")
        let report = try AuditSamples.report(text)
        #expect(report.lifetimes.least == 30 && report.lifetimes.most == 1_000_000 && report.lifetimes.count == 9)
        #expect(report.overCapCount == 3)
        #expect(report.lifetimes.ranges.map(\.count).reduce(0, +) == 9)
        #expect(abs(report.lifetimes.median - 900) <= 900 / 16)
        let absent = try AuditSamples.report(
            [#"{}"#, #"{"exp":"x","iat":1}"#, #"{"exp":1e400,"iat":-1}"#, #"{"exp":1,"iat":5}"#]
                .map(AuditSamples.token).joined(separator: "\n"))
        #expect(absent.tokenCount == 4)
    }

    @Test("T93: hostile text is read in linear time and bounded memory", .timeLimit(.minutes(1)))
    func hostile() throws {
        let header = NaiveBase64URL.encode(#"{"alg":"HS256"}"#.utf8)
        for text in [
            String(repeating: "ey.", count: 500_000), String(repeating: "e", count: 2_000_000),
            String(repeating: "\(header).", count: 60_000), String(repeating: "\(header)~", count: 60_000),
        ] {
            #expect(try AuditSamples.report(text, chunkByteCount: 4_096).lineCount == 1)
        }
        let long = AuditSamples.token("{\"a\":\"\(String(repeating: "x", count: 20_000))\"}")
        #expect(try AuditSamples.report(long).oversizedCount == 1)
        let mixed = String(repeating: "ey.", count: 100_000) + "\n" + AuditSamples.person(1, audience: "a")
        #expect(try AuditSamples.report(mixed, chunkByteCount: 1_000).tokenCount == 1)
    }
}

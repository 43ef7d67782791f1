// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenScan
import TokenVerify

@testable import TokenDisclosure

@Suite("T89: what RFC 9901 section 7.1 rejects")
struct RefusalTests {
    static let first = Selective.disclosure(#"["s1","email","ana@example.com"]"#)
    static let second = Selective.disclosure(#"["s2","name","Ana"]"#)
    static let element = Selective.disclosure(#"["s3","DE"]"#)

    struct Case: CustomStringConvertible, Sendable {
        let what: String
        let claims: String
        let disclosures: [String]
        var code = RefusalCode.disclosure
        var description: String { what }
    }

    private static func bad(
        _ what: String, _ more: String..., with disclosures: [String], _ code: RefusalCode = .disclosure
    ) -> Case {
        let claims =
            "{" + ([#""iss":"https://issuer.example","iat":1799999990,"exp":1800000600"#] + more).joined(separator: ",")
            + "}"
        return Case(what: what, claims: claims, disclosures: disclosures, code: code)
    }

    static func named(_ name: String) -> String { Selective.disclosure(#"["s","\#(name)",1]"#) }

    static let cases: [Case] = {
        let d = Selective.digest(first)
        let nested = Selective.disclosure(#"["s","a",{"_sd":["\#(d)"]}]"#)
        let other = Selective.disclosure(#"["s","b",{"_sd":["\#(d)"]}]"#)
        return [
            bad("a digest twice in one list", #""_sd":["\#(d)","\#(d)"]"#, with: [first]),
            bad("a digest twice that no disclosure has", #""_sd":["\#(d)","\#(d)"]"#, with: []),
            bad("a digest at two levels", #""_sd":["\#(d)"],"a":{"_sd":["\#(d)"]}"#, with: [first]),
            bad("a digest in two disclosures", Selective.sd(nested, other), with: [nested, other, first]),
            bad("a digest in two disclosures, withheld", Selective.sd(nested, other), with: [nested, other]),
            bad("a disclosure that nothing names", Selective.sd(first), with: [first, second]),
            bad("a disclosure without any digest", with: [first]),
            bad("a disclosure whose parent is withheld", Selective.sd(nested), with: [first]),
            bad("a disclosure twice", Selective.sd(first), with: [first, first]),
            bad("the name _sd", Selective.sd(named("_sd")), with: [named("_sd")]),
            bad("the name ...", Selective.sd(named("...")), with: [named("...")]),
            bad("the name _sd, escaped", Selective.sd(named(#"\u005fsd"#)), with: [named(#"\u005fsd"#)]),
            bad("a name that is there", #""email":1,\#(Selective.sd(first))"#, with: [first]),
            bad("a name that is there, escaped", #""e\u006dail":1,\#(Selective.sd(first))"#, with: [first]),
            bad(
                "a name disclosed twice", Selective.sd(named("a"), second, named(#"\u0061"#)),
                with: [named("a"), named(#"\u0061"#), second]),
            bad("an unknown _sd_alg", #""_sd_alg":"sha-512",\#(Selective.sd(first))"#, with: [first]),
            bad("an _sd_alg in capitals", #""_sd_alg":"SHA-256",\#(Selective.sd(first))"#, with: [first]),
            bad("an _sd_alg that is no string", #""_sd_alg":256,\#(Selective.sd(first))"#, with: [first]),
            bad("an _sd_alg below the top", #""a":{"_sd_alg":"sha-256"}"#, with: []),
            bad("an element's digest in _sd", Selective.sd(element), with: [element]),
            bad("a member's digest in an array", #""a":[{"...":"\#(d)"}]"#, with: [first]),
            bad("... beside another member", #""a":[{"...":"\#(d)","b":1}]"#, with: []),
            bad("... outside an array", #""a":{"...":"\#(d)"}"#, with: []),
            bad("... that is no string", #""a":[{"...":1}]"#, with: []),
            bad("_sd that is no array", #""_sd":"\#(d)""#, with: []),
            bad("_sd with a number in it", #""_sd":["\#(d)",1]"#, with: []),
            bad("a digest of another length", #""_sd":["\#(d.dropLast())"]"#, with: []),
            bad("a digest with unused bits", #""_sd":["\#(d.dropLast())_"]"#, with: []),
        ] + shapes + hidden
    }()

    /// Disclosures that are none.
    private static var shapes: [Case] {
        let texts = [
            "[]", #"["s"]"#, #"["s","a",1,2]"#, #"[1,"a",1]"#, #"["s",1,1]"#, #"["s",null,1]"#, #"{"s":1}"#, "1",
            "null",
        ]
        return texts.map { text in
            bad("the shape \(text)", Selective.sd(Selective.disclosure(text)), with: [Selective.disclosure(text)])
        }
    }

    /// Claims that decide about the token and must not be left to the holder.
    private static var hidden: [Case] {
        let names = ["aud", "nbf", "cnf", "status", "vct", "vct#integrity", "act", "may_act", "_sd_alg", #"\u0061ud"#]
        return names.map { bad("\($0) behind a disclosure", Selective.sd(named($0)), with: [named($0)]) }
    }

    @Test(arguments: cases)
    func refused(_ example: Case) throws {
        let selective = try Selective()
        let token = try selective.token(example.claims, example.disclosures)
        #expect(try selective.verifier().refusal(token) == example.code)
        if example.code == .disclosure, !example.what.contains("_sd_alg"), !example.what.contains("behind") {
            // A holder that would make a presentation of it is told the same.
            #expect(throws: Refusal.self) {
                let presentation = try DisclosurePresenter.present(token, .all)
                // Names that are there twice show when the presentation is verified.
                guard try selective.verifier().refusal(presentation) == nil else { throw Refusal(.disclosure) }
            }
        }
    }

    @Test("T89: exp counts wherever it stands: hidden it is missing, disclosed it is refused")
    func hiddenExpiry() throws {
        let selective = try Selective()
        let expiry = Selective.disclosure(#"["s","exp",9999999999]"#)
        let claims = #"{"iss":"https://issuer.example","iat":1799999990,\#(Selective.sd(expiry))}"#
        #expect(try selective.verifier().refusal(selective.token(claims)) == .missingClaim)
        #expect(try selective.verifier().refusal(selective.token(claims, [expiry])) == .disclosure)
        let late = try selective.token(Selective.claims(Selective.sd(Self.first)), [Self.first])
        #expect(try selective.verifier().refusal(late, now: Selective.now + 10_000) == .expired)
        // A signature error comes before all of it (T12).
        let forged = try selective.maker.token(claims, type: "example+sd-jwt").dropLast(2) + "AA~" + expiry + "~"
        #expect(try selective.verifier().refusal(String(forged)) == .signatureInvalid)
    }

    @Test("claims are judged as they are once disclosed: a required sub may be disclosed or missing")
    func disclosedSubject() throws {
        let selective = try Selective()
        let subject = Selective.disclosure(#"["s","sub","u1"]"#)
        let claims = Selective.claims(Selective.sd(subject))
        let verifier = try selective.verifier(required: [.expires, .issuedAt, .issuer, .subject])
        #expect(verifier.refusal(try selective.token(claims, [subject])) == nil)
        #expect(verifier.refusal(try selective.token(claims)) == .missingClaim)
        let number = Selective.disclosure(#"["s","sub",1]"#)
        let wrong = try selective.token(Selective.claims(Selective.sd(number)), [number])
        #expect(verifier.refusal(wrong) == .claimType)
    }

    @Test(
        "what is no SD-JWT has a code and a place",
        arguments: [
            ("a.b.c", RefusalCode.malformed), ("", .malformed), ("~", .malformed), ("~~", .malformed),
        ])
    func forms(_ text: String, _ code: RefusalCode) throws {
        #expect(try Selective().verifier().refusal(text) == code)
    }

    @Test("forms inside a signed token: no tilde, empty and broken disclosures, another typ")
    func innerForms() throws {
        let selective = try Selective()
        let verifier = try selective.verifier()
        let claims = Selective.claims(Selective.sd(Self.first))
        let token = try selective.token(claims)
        #expect(verifier.refusal(String(token.dropLast())) == .malformed)
        #expect(verifier.refusal(token + "~") == .malformed)
        #expect(verifier.refusal(token + Self.first + "~~") == .malformed)
        for (text, code) in [
            ("AB=", RefusalCode.base64url), ("A", .base64url), (Selective.disclosure("[1,]"), .json),
            (Selective.disclosure(#"["s","a",{"b":1,"b":2}]"#), .duplicateMember),
            (Selective.disclosure(""), .malformed),
        ] { #expect(verifier.refusal(token + text + "~") == code, "\(text.count) characters") }
        let offset = token.utf8.count
        guard case .failure(let refusal) = verifier.payload(token + "A~") else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.offset.map { $0 >= offset } == true)
        #expect(verifier.refusal(try selective.token(claims, type: "JWT")) == .tokenType)
        #expect(verifier.refusal(try selective.token(claims, type: nil)) == .tokenType)
        #expect(verifier.refusal(try selective.token(claims, type: "+sd-jwt")) == .tokenType)
        #expect(verifier.refusal(try selective.token(claims, type: "application/Example+SD-JWT")) == nil)
        let listed = try selective.verifier(types: ["a+sd-jwt"])
        #expect(listed.refusal(try selective.token(claims, type: "b+sd-jwt")) == .tokenType)
    }

    @Test("T83: no refusal holds a byte of a disclosure")
    func silence() throws {
        for example in Self.cases {
            let selective = try Selective()
            let token = try selective.token(example.claims, example.disclosures)
            let result = try selective.verifier().payload(token)
            let text = "\(result)"
            #expect(!text.contains("ana@example") && !text.contains("Ana"))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenScan
import TokenVerify

@testable import TokenDisclosure

@Suite("T31, T36: bounds of a presentation")
struct LimitTests {
    private static func chain(_ count: Int) -> (top: String, disclosures: [String]) {
        var inner = "1"
        var disclosures: [String] = []
        for _ in 0..<count {
            let disclosure = Selective.disclosure(#"["s","a",\#(inner)]"#)
            disclosures.append(disclosure)
            inner = "{\(Selective.sd(disclosure))}"
        }
        return (Selective.sd(disclosures.last ?? ""), disclosures)
    }

    @Test("disclosures, bytes of one and bytes of all at limit - 1, limit and limit + 1", arguments: [-1, 0, 1])
    func counts(_ step: Int) throws {
        let selective = try Selective()
        let disclosures = (0..<5).map { Selective.disclosure(#"["salt-\#($0)","n\#($0)",1]"#) }
        let list = disclosures.map { "\"\(Selective.digest($0))\"" }.joined(separator: ",")
        let token = try selective.token(Selective.claims(#""_sd":[\#(list)]"#), disclosures)
        let expected: RefusalCode? = step < 0 ? .tooLarge : nil
        for limits in [
            DisclosureLimits(disclosureCountMax: 5 + step),
            DisclosureLimits(disclosureByteCountMax: disclosures[0].utf8.count + step),
            DisclosureLimits(presentationByteCountMax: token.utf8.count + step),
        ] { #expect(try selective.verifier(DisclosureRules(limits: limits)).refusal(token) == expected) }
    }

    @Test("a chain of disclosures inside disclosures is as deep as the depth limit allows, no deeper")
    func depth() throws {
        let selective = try Selective()
        for (count, expected) in [(15, nil), (16, nil), (17, RefusalCode.json), (200, .json)] {
            let (top, disclosures) = Self.chain(count)
            let token = try selective.token(Selective.claims(top), disclosures)
            #expect(try selective.verifier().refusal(token) == expected, "\(count) levels")
        }
        let deep = Selective.disclosure(
            #"["s","a",\#(String(repeating: "[", count: 20))1\#(String(repeating: "]", count: 20))]"#)
        let token = try selective.token(Selective.claims(Selective.sd(deep)), [deep])
        #expect(try selective.verifier().refusal(token) == .json)
    }

    @Test("members of the processed payload count, wherever they come from")
    func members() throws {
        let selective = try Selective()
        for (count, expected) in [(253, nil), (254, RefusalCode.tooLarge)] {
            let disclosures = (0..<count).map { Selective.disclosure(#"["s","n\#($0)",1]"#) }
            let list = disclosures.map { "\"\(Selective.digest($0))\"" }.joined(separator: ",")
            let token = try selective.token(Selective.claims(#""_sd":[\#(list)]"#), disclosures)
            let limits = ScanLimits(tokenByteCountMax: 65_536)
            #expect(try selective.verifier(limits: limits).refusal(token) == expected)
        }
    }

    @Test("work grows in step with the presentation", .timeLimit(.minutes(1)))
    func manyDisclosures() throws {
        let selective = try Selective()
        let limits = DisclosureLimits(presentationByteCountMax: 1 << 26, disclosureCountMax: 65_535)
        let scan = ScanLimits(tokenByteCountMax: 1 << 26, memberCountMax: 65_535)
        let disclosures = (0..<20_000).map { Selective.disclosure(#"["s","n\#($0)",1]"#) }
        let list = disclosures.map { "\"\(Selective.digest($0))\"" }.joined(separator: ",")
        let token = try selective.token(Selective.claims(#""_sd":[\#(list)]"#), disclosures)
        #expect(try selective.verifier(DisclosureRules(limits: limits), limits: scan).refusal(token) == nil)
        // A megabyte of tildes ends in its first empty disclosure (T22).
        let tildes = "a.b.c" + String(repeating: "~", count: 1 << 20)
        #expect(try selective.verifier(DisclosureRules(limits: limits), limits: scan).refusal(tildes) == .malformed)
    }

    @Test(
        "paths read as they are written",
        arguments: [
            ("a", true), ("a.b", true), ("a[].b", true), ("a[0][12]", true), (#""a.b".c"#, true), (#""q\"\\".x"#, true),
            ("", false), (".a", false), ("a.", false), ("a[", false), ("a[x]", false), ("[]", false), ("a]b", false),
            (#""a"#, false), (#"""#, false), (#""""#, false), ("a[1234567]", false), (#""a"b"#, false),
            ("a[0]b", false),
            (Array(repeating: "a", count: 16).joined(separator: "."), true),
            (Array(repeating: "a", count: 17).joined(separator: "."), false),
        ])
    func paths(_ text: String, _ isPath: Bool) { #expect((DisclosurePath(text) != nil) == isPath) }
}

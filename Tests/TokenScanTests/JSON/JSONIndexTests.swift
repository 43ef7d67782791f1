// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenScan

@Suite struct JSONIndexTests {
    private func error(_ json: String, _ limits: ScanLimits = ScanLimits()) -> ScanError? {
        var index = JSONIndex()
        do {
            try index.build(Array(json.utf8).span, limits: limits)
            return nil
        } catch { return error }
    }

    @Test func findsMembersHoweverTheyAreSpelled() throws {
        let json = Array(#"{"iss":"a","\u0065xp":17,"o":{"in":[1,"x",{"y":null}],"z":true},"n\/m":-1.5e3}"#.utf8)
        var index = JSONIndex()
        try index.build(json.span, limits: ScanLimits())
        let view = index.view(json.span)
        let exp = view.member(of: 0, "exp") ?? 0
        #expect(exp != 0)
        #expect(view[exp].valueKind == .integer)
        #expect(view.value(exp).text == "17")
        let object = view.member(of: 0, "o") ?? 0
        #expect(object != 0)
        #expect(view[object].childCount == 2)
        #expect(view.value(object).text == #"{"in":[1,"x",{"y":null}],"z":true}"#)
        let array = view.member(of: object, "in") ?? 0
        #expect(array != 0)
        #expect(view[array].valueKind == .array)
        #expect(view[array].nodeDepth == 2)
        let number = view.member(of: 0, "n/m") ?? 0
        #expect(number != 0)
        #expect(view[number].valueKind == .number)
        #expect(view.value(number).text == "-1.5e3")
        let absent = [view.member(of: 0, "in"), view.member(of: exp, "x")]
        #expect(absent == [nil, nil])
    }

    @Test(
        "T29 T30 T31 T32 T33 T34 T35 what is no claims set",
        arguments: [
            (#"{"a":1,"a":2}"#, ScanError.duplicateMember(offset: 7)),
            (#"{"alg":1,"\u0061lg":2}"#, ScanError.duplicateMember(offset: 9)),
            ("[]", .json(offset: 0)), ("\"x\"", .json(offset: 0)), ("null", .json(offset: 0)), ("", .json(offset: 0)),
        ])
    func refusals(_ json: String, _ expected: ScanError) { #expect(error(json) == expected) }

    @Test(
        "T30 T33 T34 T35 syntax",
        arguments: [
            "{}{}", "{} x", "\u{FEFF}{}", #"{"a":01}"#, #"{"a":+1}"#, #"{"a":.5}"#, #"{"a":1.}"#, #"{"a":NaN}"#,
            #"{"a":Infinity}"#, #"{"a":0x1}"#, #"{"a":1,}"#, #"{'a':1}"#, "{a:1}", #"{"a":1/**/}"#, #"{"a":"\uD800"}"#,
            #"{"a":"\uDC00\uD800"}"#, "{\"a\":\"\u{1}\"}",
        ])
    func syntax(_ json: String) {
        guard case .json = error(json) else {
            Issue.record("not refused as json")
            return
        }
    }

    @Test("T31 limits hold exactly: depth and members")
    func limits() {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"a":"#, count: depth - 1) + "{}" + String(repeating: "}", count: depth - 1)
        }
        let limits = ScanLimits(depthMax: 16, memberCountMax: 256)
        #expect(error(nested(15), limits) == nil)
        #expect(error(nested(16), limits) == nil)
        guard case .json? = error(nested(17), limits) else {
            Issue.record("depth 17 accepted")
            return
        }
        func wide(_ count: Int) -> String { "{" + (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") + "}" }
        #expect(error(wide(255), limits) == nil)
        #expect(error(wide(256), limits) == nil)
        guard case .tooLarge? = error(wide(257), limits) else {
            Issue.record("257 members accepted")
            return
        }
    }

    @Test func severalDocumentsStandSideBySide() throws {
        var index = JSONIndex()
        let documents = [#"{"a":[1,2]}"#, #"{"b":{"c":"d"}}"#, "{}"].map { Array($0.utf8) }
        var ranges: [Range<Int>] = []
        for document in documents { ranges.append(try index.append(document.span, limits: ScanLimits())) }
        #expect(throws: ScanError.self) { try index.append(Array("{".utf8).span, limits: ScanLimits()) }
        #expect(index.count == ranges[2].upperBound)
        let document = documents[1]
        let second = index.view(document.span, nodes: ranges[1])
        let b = second.member(of: 0, "b") ?? 0
        #expect(b != 0)
        let c = second.member(of: b, "c") ?? 0
        #expect(c != 0)
        let text = second.stringContent(c).text
        #expect(text == "d")
        let childCount = index.nodes[ranges[2].lowerBound].childCount
        #expect(childCount == 0)
    }

    @Test("T37 unescaped text agrees with Foundation")
    func unescaping() throws {
        let samples = [
            #""""#, #""plain""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC\uD83D\uDE42 tail""#, #""\u0000mid""#,
            #""Zoë \u65e5本""#, #""\uFFFF\uDBFF\uDFFF""#,
        ]
        for sample in samples {
            let json = Array("{\"v\":\(sample)}".utf8)
            var index = JSONIndex()
            try index.build(json.span, limits: ScanLimits())
            var out = ByteScratch()
            index.view(json.span).appendText(1, to: &out)
            let expected = try #require(
                JSONSerialization.jsonObject(with: Data(sample.utf8), options: .fragmentsAllowed) as? String)
            #expect(out.array == Array(expected.utf8))
            let verdicts = [expected, expected + "x"].map { text in
                index.view(json.span).isString(1, Array(text.utf8).span)
            }
            #expect(verdicts == [true, false])
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenDisclosure

@Suite("Writing, presenting and reading disclosures")
struct WriterTests {
    /// The payload and the disclosures of a claims set.
    private static func write(
        _ claims: [UInt8], _ marks: DisclosureMarks, source: @escaping RandomSource = RandomBytes.openSSL,
        limits: ScanLimits = ScanLimits(), disclosureLimits: DisclosureLimits = DisclosureLimits()
    ) throws(Refusal) -> (payload: [UInt8], disclosures: [String]) {
        var writer = DisclosureWriter()
        var random = RandomBytes(source: source)
        let span = claims.span
        try writer.write(span, marks, limits: limits, disclosureLimits: disclosureLimits, random: &random)
        return (writer.payload.array, writer.disclosures.text.split(separator: "~").map(String.init))
    }

    @Test("random documents: written, a random part presented, verified, as the oracle says", arguments: 0..<100)
    func roundTrip(_ seed: UInt64) throws {
        let selective = try Selective()
        let document = RandomDocument(seed: seed)
        let (payload, disclosures) = try Self.write(document.text, document.marks)
        #expect(disclosures.count >= document.markCount)
        let token = try selective.token(String(decoding: payload, as: UTF8.self), disclosures)
        let verifier = try selective.verifier()
        // All of it disclosed is what was written.
        let original = try JSONText.object(String(decoding: document.text, as: UTF8.self))
        #expect(try verifier.members(token) == original)
        var random = SeededGenerator(seed: seed ^ 0xABCD)
        for _ in 0..<4 {
            let paths = Self.paths(in: original, using: &random)
            for selection in [DisclosureSelection.keeping(paths), .dropping(paths), .none, .all] {
                let presentation = try DisclosurePresenter.present(token, selection)
                let members = try verifier.members(presentation)
                #expect(members == DisclosureOracle.processed(presentation))
                // Presenting again changes nothing, and presenting all of it is the identity.
                #expect(try DisclosurePresenter.present(presentation, .all) == presentation)
                if case .all = selection { #expect(presentation == token) }
                if case .none = selection { #expect(presentation.split(separator: "~").count == 1) }
            }
        }
    }

    /// Paths of some values that are there.
    private static func paths(in object: NSDictionary, using random: inout SeededGenerator) -> [DisclosurePath] {
        var texts: [String] = []
        func walk(_ value: Any, _ path: String) {
            if Int.random(in: 0..<3, using: &random) == 0, !path.isEmpty { texts.append(path) }
            if let object = value as? [String: Any] {
                for name in object.keys.sorted() {
                    let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                    walk(object[name] ?? 0, path + (path.isEmpty ? "" : ".") + "\"\(quoted)\"")
                }
            }
            if let array = value as? [Any] {
                for (i, element) in array.enumerated() { walk(element, "\(path)[\(i)]") }
            }
        }
        walk(object, "")
        return texts.compactMap { DisclosurePath($0) }
    }

    @Test("a subset keeps just what was named, with what has to stand around it")
    func chosen() throws {
        let claims = Array(
            #"{"iss":"https://issuer.example","iat":1799999990,"exp":1800000600,"a":{"b":{"c":1,"d":2},"e":[5,6,7]}}"#
                .utf8)
        var marks = DisclosureMarks()
        let start = claims.span.indices.first { claims[$0...].starts(with: Array(#"{"b""#.utf8)) } ?? 0
        marks.addValue(at: start, isRecursive: true, decoyCount: 1)
        let (payload, disclosures) = try Self.write(claims, marks)
        #expect(disclosures.count == 8)
        let selective = try Selective()
        let token = try selective.token(String(decoding: payload, as: UTF8.self), disclosures)
        let verifier = try selective.verifier()
        func a(_ selection: DisclosureSelection) throws -> NSDictionary? {
            try verifier.members(try DisclosurePresenter.present(token, selection))["a"] as? NSDictionary
        }
        func paths(_ texts: String...) -> [DisclosurePath] { texts.compactMap { DisclosurePath($0) } }
        #expect(try a(.none) == nil)
        #expect(try a(.keeping(paths("a.b.c"))) == ["b": ["c": 1]])
        #expect(try a(.keeping(paths("a.b"))) == ["b": ["c": 1, "d": 2]])
        #expect(try a(.keeping(paths("a.e[1]"))) == ["e": [6]])
        #expect(try a(.keeping(paths("a.e[]", "a.b.d"))) == ["e": [5, 6, 7], "b": ["d": 2]])
        #expect(try a(.dropping(paths("a.b"))) == ["e": [5, 6, 7]])
        #expect(try a(.dropping(paths("a.e[]"))) == ["b": ["c": 1, "d": 2], "e": [Int]()])
        #expect(try a(.dropping(paths("a.e[0]", "a.e[2]"))) == ["b": ["c": 1, "d": 2], "e": [6]])
        #expect(try a(.dropping(paths("a"))) == nil)
    }

    @Test("digests are as many as the rules whether or not the claims are there, sorted, and fresh each time")
    func digestCounts() throws {
        func digests(_ claims: String, _ offsets: [Int]) throws -> [String] {
            var marks = DisclosureMarks()
            marks.addContainer(at: 0, ruleCount: 3, decoyCount: 2)
            for offset in offsets { marks.addValue(at: offset, isRecursive: false, decoyCount: 0) }
            let payload = try Self.write(Array(claims.utf8), marks).payload
            return try JSONText.object(String(decoding: payload, as: UTF8.self))["_sd"] as? [String] ?? []
        }
        let all = [
            try digests("{}", []), try digests(#"{"a":1}"#, [5]), try digests(#"{"a":1,"b":2,"c":3}"#, [5, 11, 17]),
        ]
        for list in all {
            #expect(list.count == 5)
            let values = list.map { NaiveBase64URL.decode($0.utf8) ?? [] }
            #expect(values == values.sorted { $0.lexicographicallyPrecedes($1) })
        }
        #expect(Set(all.flatMap(\.self)).count == 15)
    }

    @Test("decoys stand anywhere among an array's elements, which keep their order")
    func decoyPlaces() throws {
        var places: Set<Int> = []
        for _ in 0..<200 {
            var marks = DisclosureMarks()
            marks.addContainer(at: 5, ruleCount: 0, decoyCount: 1)
            for offset in [6, 8] { marks.addValue(at: offset, isRecursive: false, decoyCount: 0) }
            let (payload, disclosures) = try Self.write(Array(#"{"a":[1,2]}"#.utf8), marks)
            let root = try JSONText.object(String(decoding: payload, as: UTF8.self))
            let list = (root["a"] as? [[String: String]])?.compactMap { $0["..."] } ?? []
            let known = disclosures.map(Selective.digest)
            #expect(list.filter { known.contains($0) } == known)
            places.formUnion(list.indices.filter { !known.contains(list[$0]) })
        }
        #expect(places == [0, 1, 2])
    }

    @Test("salts are 128 bits and never come twice in ten thousand")
    func salts() throws {
        var seen: Set<String> = []
        for _ in 0..<100 {
            let claims = "{" + (0..<100).map { #""m\#($0 + 100)":1"# }.joined(separator: ",") + "}"
            var marks = DisclosureMarks()
            for i in 0..<100 { marks.addValue(at: 8 + i * 9, isRecursive: false, decoyCount: 0) }
            for disclosure in try Self.write(Array(claims.utf8), marks).disclosures {
                let text = String(decoding: NaiveBase64URL.decode(disclosure.utf8) ?? [], as: UTF8.self)
                seen.insert(String(text.dropFirst(2).prefix(22)))
            }
        }
        #expect(seen.count == 10_000)
        #expect(seen.allSatisfy { NaiveBase64URL.decode($0.utf8)?.count == 16 })
    }

    @Test("a random source that fails or repeats itself refuses the token")
    func badRandomness() throws {
        var marks = DisclosureMarks()
        for offset in [5, 11] { marks.addValue(at: offset, isRecursive: false, decoyCount: 0) }
        let claims = Array(#"{"a":1,"b":2}"#.utf8)
        #expect(throws: Refusal(.storage)) { _ = try Self.write(claims, marks, source: { _ in false }) }
        let constant: RandomSource = { span in
            for i in span.indices { span[i] = 7 }
            return true
        }
        #expect(throws: Refusal(.storage)) { _ = try Self.write(claims, marks, source: constant) }
    }

    @Test(
        "names that would pass for digests are refused at every level, however they are spelled",
        arguments: [
            #"{"_sd":["x"]}"#, #"{"a":{"_sd":[]}}"#, #"{"a":[{"...":"x"}]}"#, #"{"a":{"b":[{"\u005fsd":1}]}}"#,
            #"{"...":1}"#,
        ])
    func reservedNames(_ claims: String) {
        #expect(throws: Refusal(.policy)) { _ = try Self.write(Array(claims.utf8), DisclosureMarks()) }
    }

    @Test("more disclosures or bytes than a verifier takes are not written; the limit itself is")
    func limits() throws {
        var marks = DisclosureMarks()
        for offset in [5, 11] { marks.addValue(at: offset, isRecursive: false, decoyCount: 0) }
        let claims = Array(#"{"a":1,"b":2}"#.utf8)
        for (count, isRefused) in [(1, true), (2, false), (3, false)] {
            let limits = DisclosureLimits(disclosureCountMax: count)
            let result = Result { try Self.write(claims, marks, disclosureLimits: limits) }
            #expect((try? result.get()) == nil ? isRefused : !isRefused)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import TokenPrivacy

@Suite("The grammar table and its page agree")
struct PolicyGrammarTests {
    private static func page() throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "Sources/TokenPrivacy/TokenPrivacy.docc/PolicyGrammar.md")
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test("every word, argument and default stands in the page, in the same order, and no other")
    func tableMatchesPage() throws {
        let rows = try Self.page().split(separator: "\n").compactMap { line -> [String]? in
            guard line.hasPrefix("| ") else { return nil }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, cells[0] != "mapping" else { return nil }
            return Array(cells.prefix(4))
        }
        let table = PolicyWords.table.map { [$0.section.rawValue, $0.word, $0.argument, $0.standard] }
        #expect(rows == table)
    }

    @Test("T44 there are no regular expressions, which could be made to run for ever", arguments: ["regex", "pattern"])
    func noExpressions(_ word: String) throws {
        for section in PolicySection.allCases { #expect(!PolicyWords.words(of: section).contains(word)) }
        let error = Sample.error(Sample.json(claims: [#""sub": {"\#(word)": "(a+)+$"}"#]))
        #expect(error?.line == 6)
        let path = Sample.error(Sample.json(claims: [#""sub": "keep""#, #""email": {"mask": {"\#(word)": "(a+)+$"}}"#]))
        #expect(path?.line == 7)
    }

    @Test("no word stands twice in a mapping")
    func wordsAreUnique() {
        for section in PolicySection.allCases {
            let words = PolicyWords.words(of: section)
            #expect(!words.isEmpty)
            #expect(Set(words).count == words.count)
        }
    }
}

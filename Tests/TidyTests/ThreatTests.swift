// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The pages that say which test holds what are true.
@Suite struct ThreatTests {
    private static func lines(_ path: String) throws -> [Substring] {
        try String(contentsOf: SourceFile.packageRoot.appendingPathComponent(path), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The names between backticks.
    private static func names(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }

    private static let testFiles: [String: SourceFile] = Dictionary(
        SourceFile.all(in: ["Tests"], endings: ["swift"]).map { file in
            (String(file.path.split(separator: "/").last ?? "").replacingOccurrences(of: ".swift", with: ""), file)
        }, uniquingKeysWith: { first, _ in first })

    /// Rows of a table whose first cell is a number.
    private static func rows() throws -> [(number: Int, cells: [Substring])] {
        try lines("Tests/THREATS.md").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            guard let first = cells.first, let number = Int(first.trimmingCharacters(in: .whitespaces)) else {
                return nil
            }
            return (number, Array(cells))
        }
    }

    @Test("every threat has one row, in order") func everyThreatIsThere() throws {
        #expect(try Self.rows().map(\.number) == Array(1...105))
    }

    @Test("each test that a threat's row names exists and cites the threat; a row without one gives a reason")
    func citedTestsExist() throws {
        for (number, cells) in try Self.rows() {
            guard cells.count == 3 else {
                Issue.record("row \(number) has \(cells.count) cells")
                continue
            }
            let names = Self.names(cells[2])
            if names.isEmpty { #expect(cells[2].count > 20, "row \(number) has neither test nor reason") }
            for name in names {
                if name.contains("/") {
                    let path = SourceFile.packageRoot.appendingPathComponent(name).path
                    #expect(FileManager.default.fileExists(atPath: path), "row \(number): no \(name)")
                    continue
                }
                guard let file = Self.testFiles[name] else {
                    Issue.record("row \(number): no \(name)")
                    continue
                }
                let cites = file.lines.contains { line in
                    line.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).contains("T\(number)")
                }
                #expect(cites, "row \(number): \(name) does not cite T\(number)")
            }
        }
    }

    @Test("the tests of the limits table exist") func limitTestsExist() throws {
        let rows = try Self.lines("SECURITY.md").filter { $0.hasSuffix("Tests` |") }
        #expect(rows.count >= 12)
        for row in rows {
            for name in Self.names(row) where name.hasSuffix("Tests") {
                #expect(Self.testFiles[name] != nil, "no \(name)")
            }
        }
    }

    @Test("T79 the advice about crash reports stands where people look", arguments: ["README.md", "SECURITY.md"])
    func crashAdvice(_ page: String) throws {
        #expect(try Self.lines(page).contains { $0.contains("SWIFT_BACKTRACE=enable=no") })
    }
}

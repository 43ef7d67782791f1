// SPDX-License-Identifier: Apache-2.0

/// A table in plain text or Markdown, columns aligned.
package struct TextTable: Sendable {
    let header: [String]
    private(set) var rows: [[String]] = []
    /// How many columns stand left; the others hold figures and stand right.
    private let leftColumnCount: Int

    /// A table with the given column titles.
    package init(_ header: [String], leftColumnCount: Int = 1) {
        self.header = header
        self.leftColumnCount = leftColumnCount
    }

    /// Whether there is no row.
    package var isEmpty: Bool { rows.isEmpty }

    /// Adds a row with one text a column.
    package mutating func append(_ row: [String]) { rows.append(row) }

    /// Lines with columns padded by blanks.
    package var text: String {
        let widths = self.widths
        return ([header] + rows).map { row in
            let cells = row.enumerated().map { pad($0.element, widths[$0.offset], isLeft: $0.offset < leftColumnCount) }
            return trimmed(cells.joined(separator: "  "))
        }.joined(separator: "\n")
    }

    /// The table in Markdown.
    package var markdown: String {
        let widths = self.widths
        var lines: [String] = []
        for row in [header] + rows {
            let cells = row.enumerated().map { pad($0.element, widths[$0.offset], isLeft: $0.offset < leftColumnCount) }
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        let rule = header.indices.map { $0 < leftColumnCount ? "---" : "---:" }
        lines.insert("| \(rule.joined(separator: " | ")) |", at: 1)
        return lines.joined(separator: "\n")
    }

    private var widths: [Int] {
        header.indices.map { column in
            ([header] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
    }

    private func pad(_ text: String, _ width: Int, isLeft: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return isLeft ? text + blanks : blanks + text
    }

    private func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}

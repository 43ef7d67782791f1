// SPDX-License-Identifier: Apache-2.0

extension AuditReport {
    /// The report as text for people.
    package var table: String {
        var text = "\(tokenCount) tokens in \(lineCount) lines, \(Self.bytes(byteCount))\n"
        if tokenCount == 0 { return text }
        text += findings.map { "  ! \($0)\n" }.joined()
        text += block("Claims", claimRows)
        text += block("Algorithms", Self.rows(algorithms))
        text += block("Keys", Self.rows(keySizes))
        text += block("Types", Self.rows(types))
        text += block("Forms", Self.rows(forms))
        text += block("Found", Self.rows(surroundings))
        text += block("Lifetimes", summaryRows(lifetimes, Self.duration))
        text += block("Sizes", summaryRows(sizes, Self.bytes))
        text += block(
            "Parties",
            [["issuers", "\(issuerCount)"], ["audiences", "\(audienceCount)"], ["key ids", "\(keyIDCount)"]])
        text += block("First places", placeRows)
        return text + "\nNothing is verified. No value of a token is shown" + (isSampled ? "; values are sampled" : "")
            + ".\n"
    }

    private var claimRows: [[String]] {
        [["claim", "tokens", "values", "kind", "notes"]]
            + claims.map { claim in
                [
                    claim.path.text, Self.share(claim.tokenCount, tokenCount),
                    claim.distinctCount == 0 ? "" : "\(claim.distinctCount)", claim.kinds.joined(separator: "/"),
                    claim.notes.joined(separator: "; "),
                ]
            }
    }

    private var placeRows: [[String]] {
        places.prefix(20).map {
            ["line \($0.line)", "byte \($0.column)", Self.bytes($0.byteCount), $0.form, $0.surroundings.rawValue]
        }
            + (tokenCount > 20 ? [["and \(tokenCount - 20) more"]] : [])
    }

    private static func rows(_ counts: [Count]) -> [[String]] { counts.map { [$0.name, "\($0.count)"] } }

    private func summaryRows(_ summary: Summary, _ form: (Int) -> String) -> [[String]] {
        guard summary.count > 0 else { return [] }
        let quantiles = [
            ["least", form(summary.least)], ["median", form(summary.median)], ["95 %", form(summary.p95)],
            ["most", form(summary.most)],
        ]
        return quantiles + summary.ranges.filter { $0.count > 0 }.map { [$0.name, "\($0.count)"] }
    }

    private func block(_ title: String, _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        var widths: [Int] = []
        for row in rows {
            for (i, cell) in row.enumerated() {
                if i == widths.count { widths.append(0) }
                widths[i] = max(widths[i], cell.count)
            }
        }
        let lines = rows.map { row in
            var line = "  "
            for (i, cell) in row.enumerated() {
                line += cell + (i == row.count - 1 ? "" : String(repeating: " ", count: widths[i] - cell.count + 2))
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        return "\n\(title)\n" + lines.joined(separator: "\n") + "\n"
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A run as one self-contained page: no script, no font, no image from elsewhere; light and dark.
package struct HTMLPage: Sendable {
    let file: ResultFile

    /// A page of `file`.
    package init(_ file: ResultFile) { self.file = file }

    /// The page.
    package var text: String {
        let sections = [targets, ratios, stages, growth, base64URL, corpora, everything].filter { !$0.isEmpty }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Cloakroom benchmark</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            \(header)
            \(sections.joined(separator: "\n"))
            <footer>Ratios are peer time by own time in the same run, best of the interleaved rounds. Times drift with
            the machine, ratios hardly.</footer>
            </main>
            </body>
            </html>

            """
    }

    private var header: String {
        let machine = file.machine
        var facts = [
            ("Processor", "\(machine.cpu), \(machine.cores) cores"),
            ("Kernel in use", "\(file.kernel), SHA-256 by \(file.sha256)"),
            ("System", machine.system),
            ("Built with", "\(machine.swift), \(machine.openssl)"),
            ("Commit", file.commit ?? "unknown"),
            ("Date", "\(file.date), load \(Figures.digits(machine.load))"),
        ]
        if !file.peerVersions.isEmpty {
            let peers = file.peerVersions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            facts.append(("Peers", peers.joined(separator: ", ")))
        }
        let cells = facts.map {
            "<div\($0.0 == "Peers" ? " class=\"wide\"" : "")><dt>\($0.0)</dt><dd>\(Markup.escaped($0.1))</dd></div>"
        }
        return "<header><h1>Cloakroom <span>benchmark</span></h1><p class=\"lead\">\(Markup.escaped(lead))</p>"
            + "<dl>\(cells.joined())</dl></header>"
    }

    /// The one sentence on top: the reference token, in figures of this run.
    private var lead: String {
        guard let single = file.result("verify.hs256.single", "reference") else {
            return "\(file.results.count) results."
        }
        var text =
            "An HS256 token of 508 bytes with nine claims is verified and judged in "
            + "\(Figures.time(single.ns.best)), \(Figures.rate(single.perSecond)) on one core"
        if let ratio = single.ratios["jwt-kit"] { text += ", \(Figures.digits(ratio)) times as fast as jwt-kit" }
        if single.allocations == 0 { text += ", without one allocation" }
        return text + "."
    }

    func section(_ title: String, _ note: String, _ body: String) -> String {
        "<section><h2>\(title)</h2><p>\(note)</p>\(body)</section>"
    }

    private var targets: String {
        let rows = TargetTable(file).rows
        guard !rows.isEmpty else { return "" }
        let cards = rows.map { row in
            let share = min(max(row.score, 0), 2) / 2 * 100
            return
                "<div class=\"card \(row.isMet ? "met" : "missed")\"><b>\(row.id)</b><em>\(row.isMet ? "met" : "not met")</em>"
                + "<h3>\(Markup.escaped(row.work))</h3><strong>\(Markup.escaped(row.measured))</strong>"
                + "<small>target \(Markup.escaped(row.target))</small>"
                + "<div class=\"meter\"><i style=\"width:\(Markup.number(share))%\"></i></div></div>"
        }
        let met = rows.count { $0.isMet }
        return section(
            "Targets", "\(met) of \(rows.count) met in this run. The tick in each bar is the target.",
            "<div class=\"cards\">\(cards.joined())</div>")
    }

    private var everything: String {
        guard !file.results.isEmpty else { return "" }
        let table = RunReport(file).results
        return "<section><details><summary>All \(file.results.count) results</summary>\(table.html)</details></section>"
    }
}

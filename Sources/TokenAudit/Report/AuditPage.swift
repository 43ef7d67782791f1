// SPDX-License-Identifier: Apache-2.0

/// The report as one HTML page that needs nothing else: no script, no font, no address of anything.
struct AuditPage {
    let report: AuditReport

    var html: String {
        let parts = [head, facts, findings, distributions, links, claims, places, policy, foot]
        return parts.joined(separator: "\n")
    }

    private var head: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Token audit</title><style>\(Self.style)</style></head><body><main>
        <h1>Token audit</h1>
        <p class="lead">What \(report.tokenCount) tokens carry, counted without keeping or showing a value.</p>
        """
    }

    private var facts: String {
        let cards: [(String, String)] = [
            ("tokens", "\(report.tokenCount)"),
            ("with readable personal data", AuditReport.share(report.personalTokenCount, report.tokenCount)),
            ("linkable claims", "\(report.claims.count(where: \.isLinkable))"),
            ("median lifetime", report.lifetimes.count == 0 ? "–" : AuditReport.duration(report.lifetimes.median)),
            ("median size", AuditReport.bytes(report.sizes.median)),
            ("issuers · audiences", "\(report.issuerCount) · \(report.audienceCount)"),
        ]
        return "<div class=\"cards\">"
            + cards.map { "<div class=\"card\"><strong>\($0.1)</strong><span>\($0.0)</span></div>" }.joined() + "</div>"
    }

    private var findings: String {
        guard !report.findings.isEmpty else { return section("Findings", "<p>Nothing stands out.</p>") }
        return section(
            "Findings", "<ul>" + report.findings.map { "<li>\(Self.escaped($0))</li>" }.joined() + "</ul>")
    }

    // MARK: Claims

    private var claims: String {
        let rows = report.claims.map { claim -> String in
            let share = Double(claim.tokenCount) / Double(max(report.tokenCount, 1)) * 100
            let style = "--share:\(Self.number(share))%"
            let mark = claim.isPersonal ? "personal" : claim.isLinkable ? "linkable" : ""
            return "<tr class=\"\(mark)\"><th>\(Self.escaped(claim.path.text))</th>"
                + "<td class=\"share\" style=\"\(style)\">"
                + "\(AuditReport.share(claim.tokenCount, report.tokenCount))</td>"
                + "<td>\(claim.distinctCount == 0 ? "" : "\(claim.distinctCount)")</td>"
                + "<td>\(claim.kinds.joined(separator: ", "))</td>"
                + "<td>\(Self.escaped(claim.notes.joined(separator: "; ")))</td></tr>"
        }
        let head = "<tr><th>claim</th><th>tokens that have it</th><th>values</th><th>kind</th><th>notes</th></tr>"
        return section(
            "Claims",
            "<p>Marked: personal data by the claim's name or by the shape of its values. "
                + "<code>*</code> stands for names that could be values themselves.</p>"
                + "<div class=\"scroll\"><table>\(head)\(rows.joined())</table></div>")
    }

    private var links: String {
        let linkable = report.claims.filter(\.isLinkable)
        guard !linkable.isEmpty else { return "" }
        let bars = linkable.map { claim in
            let linked = max(claim.acrossAudiences, claim.acrossIssuers)
            return (
                claim.path.text, linked, "\(linked) of \(claim.distinctCount)",
                Double(linked) / Double(max(claim.distinctCount, 1))
            )
        }
        return section(
            "Linkable across audiences",
            "<p>Values that came back under more than one audience or issuer, of all different values of the claim. "
                + "Whoever runs two of these receivers, or reads their logs, can join what they know about a person.</p>"
                + Self.bars(bars))
    }

    // MARK: Distributions

    private var distributions: String {
        let charts: [(String, [AuditReport.Count])] = [
            ("Lifetimes", report.lifetimes.ranges), ("Token sizes", report.sizes.ranges),
            ("Algorithms", report.algorithms), ("Keys", report.keySizes), ("Types", report.types),
            ("Forms", report.forms), ("Where they stand", report.surroundings),
        ]
        let figures = charts.filter { $0.1.contains { $0.count > 0 } }.map { title, counts -> String in
            let most = Double(counts.map(\.count).max() ?? 1)
            return "<figure><figcaption>\(title)</figcaption>"
                + Self.bars(counts.map { ($0.name, $0.count, "\($0.count)", Double($0.count) / max(most, 1)) })
                + "</figure>"
        }
        return section("Distributions", "<div class=\"plots\">\(figures.joined())</div>")
    }

    private static func bars(_ bars: [(label: String, value: Int, figure: String, share: Double)]) -> String {
        "<div class=\"bars\">"
            + bars.map { bar in
                "<span>\(escaped(bar.label))</span><i style=\"--share:\(number(bar.share * 100))%\"></i>"
                    + "<b>\(escaped(bar.figure))</b>"
            }.joined() + "</div>"
    }

    private var places: String {
        let rows = report.places.prefix(200).map { place in
            "<tr><td>\(place.line)</td><td>\(place.column)</td><td>\(AuditReport.bytes(place.byteCount))</td>"
                + "<td>\(place.form)</td><td>\(place.surroundings.rawValue)</td></tr>"
        }
        guard !rows.isEmpty else { return "" }
        let head = "<tr><th>line</th><th>byte of the line</th><th>size</th><th>form</th><th>stands</th></tr>"
        return section(
            "Places",
            "<details><summary>The first \(rows.count) of \(report.tokenCount)</summary>"
                + "<div class=\"scroll\"><table>\(head)\(rows.joined())</table></div></details>")
    }

    private var policy: String {
        section(
            "A policy to start from",
            "<p>Compiles as it is; the words in capitals and every rule are for you to judge.</p>"
                + "<pre>\(Self.escaped(report.suggestedPolicy))</pre>")
    }

    private var foot: String {
        let sampled = report.isSampled ? " Counts of values are estimates over a sample." : ""
        return "<footer>Nothing was verified: forged and expired tokens count like all others.\(sampled)</footer>"
            + "</main></body></html>\n"
    }

    // MARK: Pieces

    private func section(_ title: String, _ body: String) -> String {
        "<section><h2>\(title)</h2>\(body)</section>"
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }

    /// A percentage with one digit behind the point.
    private static func number(_ value: Double) -> String {
        let tenths = Int((min(max(value, 0), 100) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static let style = """
        :root { --page:#f7f8fa; --card:#fff; --ink:#14181f; --soft:#5b6472; --line:#dfe3e8; --bar:#2f6fdb;
          --warn:#c2410c; --warnback:#fff4ed; }
        @media (prefers-color-scheme: dark) { :root { --page:#0f1216; --card:#171b21; --ink:#e8ebf0; --soft:#97a1b0;
          --line:#2a303a; --bar:#5b93f5; --warn:#fb923c; --warnback:#2b1d14; } }
        * { box-sizing:border-box; }
        body { margin:0; background:var(--page); color:var(--ink);
          font:15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width:1040px; margin:0 auto; padding:40px 20px 60px; }
        h1 { font-size:34px; letter-spacing:-.02em; margin:0 0 6px; } h2 { font-size:20px; margin:0 0 8px; }
        .lead { font-size:18px; margin:0 0 22px; max-width:46em; }
        .cards { display:grid; grid-template-columns:repeat(auto-fit, minmax(150px, 1fr)); gap:12px; }
        .card, section { background:var(--card); border:1px solid var(--line); border-radius:12px; }
        .card { padding:14px 16px; } .card strong { display:block; font-size:22px; } .card span { color:var(--soft); }
        section { padding:22px 24px; margin:20px 0; }
        section > p { color:var(--soft); margin:0 0 14px; max-width:60em; }
        li { margin:4px 0; } .scroll { overflow-x:auto; }
        table { border-collapse:collapse; width:100%; font-size:13px; }
        th, td { text-align:left; padding:6px 10px; border-bottom:1px solid var(--line); font-weight:400; }
        tr:first-child th { color:var(--soft); font-size:12px; }
        td { white-space:nowrap; } td:last-child { white-space:normal; }
        .share { background:linear-gradient(to right, color-mix(in srgb, var(--bar) 22%, transparent) var(--share),
          transparent var(--share)); }
        tr.personal th { color:var(--warn); font-weight:600; } tr.personal { background:var(--warnback); }
        .plots { display:grid; grid-template-columns:repeat(auto-fit, minmax(330px, 1fr)); gap:26px 34px; }
        figure { margin:0; } figcaption { font-weight:600; margin-bottom:8px; }
        .bars { display:grid; grid-template-columns:max-content 1fr max-content; gap:5px 12px; align-items:center;
          font-size:13px; }
        .bars i { height:13px; border-radius:3px; background:linear-gradient(to right, var(--bar) var(--share),
          var(--line) var(--share)); } .bars b { font-weight:600; text-align:right; }
        pre { overflow-x:auto; background:var(--page); border-radius:8px; padding:14px 16px; font-size:12.5px; }
        summary { cursor:pointer; } footer { color:var(--soft); font-size:13px; }
        """
}

extension AuditReport {
    /// The report as a page for a browser: self-contained, with plots.
    package var html: String { AuditPage(report: self).html }
}

// SPDX-License-Identifier: Apache-2.0

extension HTMLPage {
    /// The stages over the reference token and other inputs of one fixed shape: what charts without a corpus show.
    private var headline: [BenchmarkResult] {
        let corpora: Set<String> = ["reference", "732B", "batch-64", "values-16-48"]
        return file.results.filter { result in
            corpora.contains(result.corpus) && (result.name != "verify.hs256.batch" || result.corpus == "reference")
        }
    }

    var stages: String {
        let bars = headline.map { result in
            BarChart.Bar(
                label: label(result), value: result.ns.best, mark: nil,
                figure: Figures.time(result.ns.best),
                hint: "\(result.key): best \(Figures.time(result.ns.best)), p50 \(Figures.time(result.ns.p50)), "
                    + "p99 \(Figures.time(result.ns.p99)), \(Figures.rate(result.perSecond))")
        }
        guard !bars.isEmpty else { return "" }
        let chart = BarChart(title: "Cost of each stage", bars: bars) { Figures.shortTime($0) }
        return section(
            "Cost of each stage", "Time of one operation over the reference token, on a logarithmic axis.", chart.svg)
    }

    var ratios: String {
        let rows = headline.compactMap { result -> RatioChart.Row? in
            // Batch against single is no other library's; it stands in the table and among the targets.
            let peers = result.ratios.filter { $0.key != "single" }
            guard !peers.isEmpty else { return nil }
            return RatioChart.Row(
                label: label(result), ratios: peers.map { ($0.key, $0.value, result.noise[$0.key] ?? 0) })
        }
        guard !rows.isEmpty else { return "" }
        let peers = Set(rows.flatMap { $0.ratios.map { $0.peer } }).sorted()
        let chart = RatioChart(title: "Ratio to peers", rows: rows, peers: peers)
        return section(
            "Times as fast as the peers",
            "Peer time by own time in the same rounds; right of the line at 1× Cloakroom is faster. Squares are "
                + "OpenSSL's own calls in this process; <code>openssl-bare</code> is the signature check alone.",
            "\(chart.legend)\(chart.svg)")
    }

    private func label(_ result: BenchmarkResult) -> String {
        ["reference", "values-16-48"].contains(result.corpus) ? result.name : "\(result.name) \(result.corpus)"
    }

    // MARK: Growth

    var growth: String {
        guard !file.growth.isEmpty else { return "" }
        let charts = [
            growthChart("token bytes", "Cost over token size") { Figures.byteCount($0) },
            growthChart("claims", "Cost over claim count") { Figures.count($0) },
            growthChart("batch", "Cost an item over batch size", perItem: true) { Figures.count($0) },
            growthChart("pseudonyms", "Cost over pseudonyms a token") { Figures.count($0) },
        ]
        let shown = charts.compactMap { $0 }
        guard !shown.isEmpty else { return "" }
        let worse = file.growth.filter { !$0.linear }.map { "\($0.name) over \($0.over)" }
        let verdict =
            worse.isEmpty
            ? "Nothing grows worse than in proportion." : "Worse than in proportion: \(worse.joined(separator: ", "))."
        return section(
            "How cost grows", "\(Markup.escaped(verdict)) Both axes are logarithmic.",
            "<div class=\"plots\">\(shown.joined())</div>")
    }

    private func growthChart(
        _ over: String, _ title: String, perItem: Bool = false, xLabel: @escaping (Double) -> String
    ) -> String? {
        let matching = file.growth.filter { $0.over == over && $0.points.count > 1 }
        guard !matching.isEmpty else { return nil }
        let series = matching.enumerated().map { index, growth in
            LineChart.Series(
                name: growth.name, points: growth.points.map { ($0.x, perItem ? $0.ns / $0.x : $0.ns) },
                colour: index % 8)
        }
        let chart = LineChart(
            title: title, series: series, xLabel: xLabel, yLabel: { Figures.shortTime($0) }, showsProportion: !perItem)
        return figure(title, chart)
    }

    private func figure(_ title: String, _ chart: LineChart) -> String {
        "<figure><figcaption>\(title)</figcaption>\(chart.svg)\(chart.legend)</figure>"
    }

    var base64URL: String {
        let charts = [("base64url.decode", "Decode"), ("base64url.encode", "Encode")].compactMap { name, title in
            bandwidthChart(name, title)
        }
        guard !charts.isEmpty else { return "" }
        return section(
            "base64url over segment size", "Decoded bytes a second, single calls from warm caches.",
            "<div class=\"plots\">\(charts.joined())</div>")
    }

    private func bandwidthChart(_ name: String, _ title: String) -> String? {
        let results = file.results.filter { $0.name == name }
        guard results.count > 1 else { return nil }
        let sizes = results.map { Double(TargetTable.byteCount($0.corpus)) }
        var series = [
            LineChart.Series(
                name: "cloakroom", points: zip(sizes, results).map { ($0, $0 / $1.ns.best * 1e9) }, colour: 0)
        ]
        for (index, peer) in Set(results.flatMap { $0.peers.keys }).sorted().enumerated() {
            let points = zip(sizes, results).compactMap { size, result in
                result.peers[peer].map { (x: size, y: size / $0 * 1e9) }
            }
            series.append(LineChart.Series(name: peer, points: points, colour: index + 1, isPeer: true))
        }
        let chart = LineChart(
            title: title, series: series, xLabel: { Figures.byteCount($0) }, yLabel: { Figures.bandwidth($0) },
            showsProportion: false)
        return figure(title, chart)
    }

    // MARK: Corpora

    /// A row a corpus, a column a stage, shaded by cost within the column.
    var corpora: String {
        let columns = [
            "scan.token", "json.claims", "verify.hs256.single", "verify.hs256.batch", "verify.rs256.single",
            "verify.es256.single", "verify.eddsa.single", "judge", "exchange.hs256",
        ].filter { name in file.results.contains { $0.name == name } }
        let names = file.results.filter { $0.name == "scan.token" && !$0.corpus.hasPrefix("size-") }.map { $0.corpus }
        guard names.count > 1, !columns.isEmpty else { return "" }
        let head = "<tr><th>corpus</th>" + columns.map { "<th>\($0)</th>" }.joined() + "</tr>"
        let rows = names.map { corpus in
            let cells = columns.map { name -> String in
                guard let result = file.result(name, corpus) else { return "<td>–</td>" }
                let column = file.results.filter { $0.name == name && names.contains($0.corpus) }
                let most = column.map { $0.ns.best }.max() ?? 1
                let share = Markup.number(result.ns.best / max(most, 1) * 100)
                return "<td style=\"--share:\(share)%\">\(Figures.time(result.ns.best))</td>"
            }
            return "<tr><th>\(Markup.escaped(corpus))</th>\(cells.joined())</tr>"
        }
        return section(
            "Every corpus of the fixtures", "Best round, time a token. The shade is the share of the column's largest.",
            "<div class=\"scroll\"><table class=\"heat\">\(head)\(rows.joined())</table></div>")
    }
}

extension TextTable {
    /// The table in HTML.
    var html: String {
        let head = "<tr>" + header.map { "<th>\(Markup.escaped($0))</th>" }.joined() + "</tr>"
        let body = rows.map { row in
            "<tr>" + row.map { "<td>\(Markup.escaped($0))</td>" }.joined() + "</tr>"
        }
        return "<div class=\"scroll\"><table>\(head)\(body.joined())</table></div>"
    }
}

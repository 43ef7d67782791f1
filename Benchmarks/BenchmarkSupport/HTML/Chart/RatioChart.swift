// SPDX-License-Identifier: Apache-2.0

/// Ratios to peers on a logarithmic axis: a row a stage, a mark a peer, a line at "as fast as".
struct RatioChart {
    /// One row.
    struct Row {
        /// The stage.
        let label: String
        /// Each peer with its ratio.
        let ratios: [(peer: String, ratio: Double, noise: Double)]
    }

    let title: String
    let rows: [Row]
    /// The peers in the order of their colours.
    let peers: [String]

    private static let width = 760.0
    private static let left = 178.0
    private static let right = 40.0
    private static let rowHeight = 28.0

    /// The image.
    var svg: String {
        let bottom = Double(rows.count) * Self.rowHeight + 6
        let scale = LogScale(
            rows.flatMap { $0.ratios.map { $0.ratio } }, start: Self.left, end: Self.width - Self.right,
            including: [0.8, 10])
        var body = scale.ticks.flatMap { tick in
            [
                Markup.line(scale.place(tick), 0, scale.place(tick), bottom, style: tick == 1 ? "unity" : "grid"),
                Markup.text(
                    Self.label(tick), x: scale.place(tick), y: bottom + 16, anchor: "middle", style: "tick"),
            ]
        }
        for (index, row) in rows.enumerated() { body.append(drawn(row, index, scale)) }
        return Markup.svg(width: Self.width, height: bottom + 24, label: title, body)
    }

    private func drawn(_ row: Row, _ index: Int, _ scale: LogScale) -> String {
        let y = Double(index) * Self.rowHeight + 17
        let sorted = row.ratios.sorted { $0.ratio < $1.ratio }
        var parts = [Markup.text(row.label, x: Self.left - 10, y: y + 4, anchor: "end")]
        if let first = sorted.first, let last = sorted.last, sorted.count > 1 {
            parts.append(Markup.line(scale.place(first.ratio), y, scale.place(last.ratio), y, style: "link"))
        }
        var lastFigure = -100.0
        for entry in sorted {
            let x = scale.place(entry.ratio)
            let hint =
                "\(row.label) against \(entry.peer): \(Figures.ratio(entry.ratio)) ±\(Figures.digits(entry.noise * 100))%"
            parts.append(mark(entry.peer, x, y, hint))
            // Figures that would run into each other are left to the hint and the table.
            if x - lastFigure > 44 {
                parts.append(Markup.text(Figures.ratio(entry.ratio), x: x, y: y - 9, anchor: "middle", style: "small"))
                lastFigure = x
            }
        }
        return "<g>" + parts.joined() + "</g>"
    }

    private func mark(_ peer: String, _ x: Double, _ y: Double, _ hint: String) -> String {
        let title = "<title>\(Markup.escaped(hint))</title>"
        if Self.isInProcess(peer) {
            return "<rect class=\"s\(colour(peer))\" x=\"\(Markup.number(x - 5))\" y=\"\(Markup.number(y - 5))\" "
                + "width=\"10\" height=\"10\">\(title)</rect>"
        }
        return "<circle class=\"s\(colour(peer))\" cx=\"\(Markup.number(x))\" cy=\"\(Markup.number(y))\" r=\"6\">"
            + "\(title)</circle>"
    }

    /// OpenSSL's calls are squares and have colours of their own, so that eight colours do for all.
    private static func isInProcess(_ peer: String) -> Bool { peer.hasPrefix("openssl") }

    private func colour(_ peer: String) -> Int {
        let kind = peers.filter { Self.isInProcess($0) == Self.isInProcess(peer) }
        return (kind.firstIndex(of: peer) ?? 0) % 8
    }

    /// The legend as HTML.
    var legend: String {
        let entries = peers.map { peer in
            let shape = Self.isInProcess(peer) ? " square" : ""
            return "<span><i class=\"k\(colour(peer))\(shape)\"></i>\(Markup.escaped(peer))</span>"
        }
        return "<div class=\"legend\">\(entries.joined())</div>"
    }

    private static func label(_ tick: Double) -> String {
        tick == tick.rounded() ? "\(Int(tick))×" : "\(Figures.digits(tick))×"
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Horizontal bars on a logarithmic axis: what each stage costs.
struct BarChart {
    /// One bar.
    struct Bar {
        /// What it stands for.
        let label: String
        /// Its length.
        let value: Double
        /// A mark further right: the 99th percentile.
        let mark: Double?
        /// The figure written behind it.
        let figure: String
        /// The text shown when the pointer rests on it.
        let hint: String
    }

    let title: String
    let bars: [Bar]
    let tickLabel: (Double) -> String

    private static let width = 760.0
    private static let left = 178.0
    private static let right = 96.0
    private static let rowHeight = 24.0

    /// The image.
    var svg: String {
        let bottom = Double(bars.count) * Self.rowHeight + 8
        let marks = bars.compactMap { $0.mark }
        let scale = LogScale(
            bars.map { $0.value } + marks, start: Self.left, end: Self.width - Self.right)
        var body = scale.ticks.flatMap { tick in
            [
                Markup.line(scale.place(tick), 0, scale.place(tick), bottom, style: "grid"),
                Markup.text(tickLabel(tick), x: scale.place(tick), y: bottom + 16, anchor: "middle", style: "tick"),
            ]
        }
        for (row, bar) in bars.enumerated() { body.append(drawn(bar, row, scale)) }
        return Markup.svg(width: Self.width, height: bottom + 24, label: title, body)
    }

    private func drawn(_ bar: Bar, _ row: Int, _ scale: LogScale) -> String {
        let top = Double(row) * Self.rowHeight + 5
        let end = scale.place(bar.value)
        let width = Markup.number(max(end - Self.left, 1))
        var parts = [
            "<g><title>\(Markup.escaped(bar.hint))</title>",
            Markup.text(bar.label, x: Self.left - 10, y: top + 12, anchor: "end"),
            "<rect class=\"bar\" x=\"\(Markup.number(Self.left))\" y=\"\(Markup.number(top))\" width=\"\(width)\" "
                + "height=\"15\" rx=\"3\"/>",
        ]
        var textPlace = end
        if let mark = bar.mark, mark > bar.value {
            let place = scale.place(mark)
            parts.append(Markup.line(end, top + 7.5, place, top + 7.5, style: "whisker"))
            parts.append(Markup.line(place, top + 3, place, top + 12, style: "whisker"))
            textPlace = place
        }
        parts.append(Markup.text(bar.figure, x: textPlace + 8, y: top + 12, style: "figure"))
        return parts.joined() + "</g>"
    }
}

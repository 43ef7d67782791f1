// SPDX-License-Identifier: Apache-2.0

/// Lines over two logarithmic axes: how a cost grows. A dashed line shows what "in proportion" would look like.
struct LineChart {
    /// One line.
    struct Series {
        /// Its name in the legend.
        let name: String
        /// Its points.
        let points: [(x: Double, y: Double)]
        /// Its colour's number.
        let colour: Int
        /// Whether it is a peer: drawn thinner.
        var isPeer = false
    }

    let title: String
    let series: [Series]
    let xLabel: (Double) -> String
    let yLabel: (Double) -> String
    /// Whether to draw the line of proportional growth through the first series' last point.
    var showsProportion = true

    private static let width = 460.0
    private static let height = 260.0
    private static let left = 62.0
    private static let bottom = 222.0

    /// The image.
    var svg: String {
        let points = series.flatMap { $0.points }
        let x = LogScale(points.map { $0.x }, start: Self.left, end: Self.width - 14)
        let y = LogScale(points.map { $0.y }, start: Self.bottom, end: 10)
        var body = y.ticks.flatMap { tick in
            [
                Markup.line(Self.left, y.place(tick), Self.width - 14, y.place(tick), style: "grid"),
                Markup.text(yLabel(tick), x: Self.left - 8, y: y.place(tick) + 4, anchor: "end", style: "tick"),
            ]
        }
        var lastPlace = -100.0
        for tick in xTicks where x.place(tick) - lastPlace > 36 {
            lastPlace = x.place(tick)
            body += mark(tick, x)
        }
        if showsProportion { body += proportion(x, y) }
        for line in series { body.append(drawn(line, x, y)) }
        return Markup.svg(width: Self.width, height: Self.height, label: title, body)
    }

    /// The sizes that were measured: those of the longest series.
    private var xTicks: [Double] {
        (series.max { $0.points.count < $1.points.count }?.points ?? []).map { $0.x }
    }

    private func mark(_ tick: Double, _ x: LogScale) -> [String] {
        [
            Markup.line(x.place(tick), Self.bottom, x.place(tick), Self.bottom + 4, style: "axis"),
            Markup.text(xLabel(tick), x: x.place(tick), y: Self.bottom + 18, anchor: "middle", style: "tick"),
        ]
    }

    private func proportion(_ x: LogScale, _ y: LogScale) -> [String] {
        guard let points = series.first?.points, let first = points.first, let last = points.last, first.x > 0 else {
            return []
        }
        let begin = max(first.x, last.x * y.low / last.y)
        return [
            Markup.line(
                x.place(begin), y.place(last.y * begin / last.x), x.place(last.x), y.place(last.y), style: "proportion")
        ]
    }

    private func drawn(_ line: Series, _ x: LogScale, _ y: LogScale) -> String {
        let places = line.points.map { (x.place($0.x), y.place($0.y)) }
        let path = places.map { "\(Markup.number($0.0)),\(Markup.number($0.1))" }.joined(separator: " ")
        let style = line.isPeer ? "line peer l\(line.colour)" : "line l\(line.colour)"
        var parts = ["<polyline class=\"\(style)\" points=\"\(path)\"/>"]
        for (point, place) in zip(line.points, places) {
            let hint = "\(line.name), \(xLabel(point.x)): \(yLabel(point.y))"
            parts.append(
                "<circle class=\"s\(line.colour)\" cx=\"\(Markup.number(place.0))\" cy=\"\(Markup.number(place.1))\" "
                    + "r=\"\(line.isPeer ? 2.5 : 4)\"><title>\(Markup.escaped(hint))</title></circle>")
        }
        return "<g>" + parts.joined() + "</g>"
    }

    /// The legend as HTML.
    var legend: String {
        let entries = series.map { "<span><i class=\"k\($0.colour)\"></i>\(Markup.escaped($0.name))</span>" }
        let dashed = showsProportion ? ["<span><i class=\"dash\"></i>in proportion</span>"] : []
        return "<div class=\"legend\">\((entries + dashed).joined())</div>"
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A run as tables for a terminal or a Markdown page.
package struct RunReport: Sendable {
    private let file: ResultFile

    /// A report of `file`.
    package init(_ file: ResultFile) { self.file = file }

    /// Machine, kernel, commit: the lines above every table.
    package var header: [String] {
        let machine = file.machine
        var lines = [
            "machine  \(machine.cpu), \(machine.cores) cores, \(machine.system)",
            "features \(machine.features.joined(separator: " "))",
            "kernel   \(file.kernel), SHA-256 by \(file.sha256)",
            "build    \(machine.swift), \(machine.openssl), commit \(file.commit ?? "unknown")",
            "date     \(file.date), load \(Figures.digits(machine.load))",
        ]
        if !file.peerVersions.isEmpty {
            let peers = file.peerVersions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append("peers    \(peers.joined(separator: ", "))")
        }
        return lines
    }

    /// Every result.
    package var results: TextTable {
        var table = TextTable(
            ["stage", "corpus", "best", "p50", "p99", "rate", "bytes", "alloc", "ratios"], leftColumnCount: 2)
        for result in file.results { table.append(Self.row(result)) }
        return table
    }

    /// One result's cells, as in `results`.
    package static func row(_ result: BenchmarkResult) -> [String] {
        let ratios = result.ratios.sorted { $0.key < $1.key }.map { peer, ratio in
            let noise = result.noise[peer].map { " ±\(Figures.digits($0 * 100))%" } ?? ""
            return "\(peer) \(Figures.ratio(ratio))\(noise)"
        }
        return [
            result.name, result.corpus, Figures.time(result.ns.best), Figures.time(result.ns.p50),
            Figures.time(result.ns.p99), Figures.rate(result.perSecond), Figures.bandwidth(result.bytesPerSecond),
            allocations(result), ratios.joined(separator: ", "),
        ]
    }

    private static func allocations(_ result: BenchmarkResult) -> String {
        guard let own = result.allocations else { return "–" }
        let openssl = result.opensslAllocations ?? 0
        return openssl > 0 ? "\(Figures.count(own)) (+\(Figures.count(openssl)))" : Figures.count(own)
    }

    /// The targets.
    package var targets: TextTable {
        var table = TextTable(["", "work", "target", "measured", "met"], leftColumnCount: 5)
        for row in TargetTable(file).rows {
            table.append([row.id, row.work, row.target, row.measured, row.isMet ? "yes" : "no"])
        }
        return table
    }

    /// The growth series.
    package var growth: TextTable {
        var table = TextTable(["stage", "over", "from", "to", "exponent", "verdict"], leftColumnCount: 2)
        for series in file.growth {
            guard let first = series.points.first, let last = series.points.last else { continue }
            table.append([
                series.name, series.over, "\(Figures.count(first.x)): \(Figures.time(first.ns))",
                "\(Figures.count(last.x)): \(Figures.time(last.ns))",
                series.exponent.map { Figures.digits($0) } ?? "–", series.linear ? "linear" : "WORSE THAN LINEAR",
            ])
        }
        return table
    }

    /// A Markdown page with everything, for the records.
    package var markdown: String {
        var parts = ["# \(file.machine.cpu)", header.map { "    " + $0 }.joined(separator: "\n")]
        if !targets.isEmpty { parts += ["## Targets", targets.markdown] }
        parts += ["## Stages", Self.legend, results.markdown]
        if !growth.isEmpty { parts += ["## Growth", growth.markdown] }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static let legend =
        "Ratios are peer time by own time in the same run: above 1 the engine is faster. `best` is the lowest round "
        + "median; rates and ratios come from it. Allocations are counted per operation in steady state, OpenSSL's own "
        + "in brackets."
}

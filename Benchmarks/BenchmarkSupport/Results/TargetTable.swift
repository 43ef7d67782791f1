// SPDX-License-Identifier: Apache-2.0

/// A target and what a run says of it.
package struct TargetRow: Sendable, Equatable {
    /// The target's name, `P1`.
    package let id: String
    /// What is measured.
    package let work: String
    /// What is asked.
    package let target: String
    /// What was measured.
    package let measured: String
    /// Measured by asked: 1 and more is met. The figure that the verdict rests on.
    package let score: Double

    /// Whether the target is met.
    package var isMet: Bool { score >= 1 }
}

/// The performance targets P1 to P11, evaluated over a run.
///
/// A row is there only when the run holds what it needs: nothing is guessed.
package struct TargetTable: Sendable {
    /// The rows, in the order of the targets.
    package private(set) var rows: [TargetRow] = []

    private let file: ResultFile

    /// Evaluates `file`.
    package init(_ file: ResultFile) {
        self.file = file
        addVerify()
        addColdVerify()
        addCache()
        addPool()
        addPseudonyms()
        addBase64URL()
        addJSON()
        addExchange()
        addScrub()
    }

    private mutating func addVerify() {
        if let single = file.result("verify.hs256.single", "reference") {
            addRatio("P1", "HS256 verify, 508-byte token", single, "jwt-kit", atLeast: 100)
            addRatio("P1", "HS256 verify, 508-byte token", single, "jwt-kit-main-actor", atLeast: 100)
            addTime("P1", "HS256 verify, 508-byte token", single, nsAtMost: 450)
            addAllocations("P1", "HS256 verify, 508-byte token", single)
        }
        if let batch = file.result("verify.hs256.batch", "reference") {
            addRatio("P2", "HS256 verify in batches of 64", batch, "single", atLeast: 1.6)
        }
    }

    private mutating func addColdVerify() {
        if let result = file.result("verify.rs256.single", "reference") {
            addRatio("P3", "RS256 verify against the bare OpenSSL check", result, "openssl-bare", atLeast: 1 / 1.03)
        }
        if let result = file.result("verify.es256.single", "reference") {
            addRatio("P3", "ES256 verify against the bare OpenSSL check", result, "openssl-bare", atLeast: 2.5)
        }
        if let result = file.result("verify.eddsa.single", "reference") {
            addRatio("P3", "EdDSA verify against the bare OpenSSL check", result, "openssl-bare", atLeast: 2)
        }
    }

    private mutating func addCache() {
        guard let hit = file.result("verify.cached", "reference") else { return }
        addTime("P4", "cache hit, 508-byte token", hit, nsAtMost: 150)
        addAllocations("P4", "cache hit, 508-byte token", hit)
    }

    private mutating func addPool() {
        if let two = file.result("pool.rs256.2", "reference") {
            addRatio("P9", "pool of two threads, RS256", two, "one-worker", atLeast: 1.95)
        }
        if let two = file.result("pool.hs256.2", "reference") {
            addRatio("P9", "pool of two threads, HS256", two, "one-worker", atLeast: 1.85)
        }
        if let one = file.result("pool.hs256.1", "reference"), let ratio = one.ratios["batch"], one.ns.best > 0 {
            // What a token costs in the pool over what it costs in a batch call.
            let cost = max(one.ns.best * (1 - ratio), 1)
            rows.append(
                TargetRow(
                    id: "P9", work: "pool, queue cost a token", target: "≤ \(Figures.time(50))",
                    measured: Figures.time(cost), score: 50 / cost))
        }
    }

    private mutating func addPseudonyms() {
        if let raw = file.result("pseudonym.raw", "values-16-48") {
            addRatio("P5", "pseudonyms, 16 raw bytes", raw, "ipsec-mb", atLeast: 1.5)
            addRatio("P5", "pseudonyms, 16 raw bytes", raw, "swift-crypto", atLeast: 60)
        }
        if let text = file.result("pseudonym.text", "values-16-48") {
            rows.append(
                TargetRow(
                    id: "P5", work: "pseudonyms as text", target: "≥ 15 M/s",
                    measured: Figures.rate(text.perSecond), score: text.perSecond / 15e6))
        }
    }

    private mutating func addBase64URL() {
        for name in ["base64url.decode", "base64url.encode"] {
            let results = file.results.filter { $0.name == name && $0.ratios["simdutf"] != nil }
            if results.isEmpty { continue }
            addWorst("P6", "\(name), every size", results, "simdutf", atLeast: 1)
            let middle = results.filter { (100...800).contains(Self.byteCount($0.corpus)) }
            if !middle.isEmpty { addWorst("P6", "\(name), 100 to 800 bytes", middle, "simdutf", atLeast: 1.3) }
        }
    }

    private mutating func addJSON() {
        let results = file.results.filter { $0.name == "json.claims" && $0.ratios["simdjson"] != nil }
        guard !results.isEmpty else { return }
        addWorst("P7", "JSON to typed claims, payload corpora", results, "simdjson", atLeast: 1.5)
    }

    private mutating func addExchange() {
        guard let result = file.result("exchange.hs256", "reference") else { return }
        addRatio("P8", "exchange HS256, 10 claims, 4 pseudonyms", result, "jwt-kit", atLeast: 60)
        addRatio("P8", "exchange HS256, 10 claims, 4 pseudonyms", result, "jwt-kit-main-actor", atLeast: 60)
        addTime("P8", "exchange HS256, 10 claims, 4 pseudonyms", result, nsAtMost: 2_000)
        addAllocations("P8", "exchange HS256, 10 claims, 4 pseudonyms", result)
    }

    private mutating func addScrub() {
        addBandwidth("P10", "log text without tokens", "scrub.clean", ending: "", bytesPerSecond: 5e9)
        addBandwidth("P10", "a token on every line", "scrub.tokens", ending: "-100%", bytesPerSecond: 1e9)
        if let result = file.result("scrub.tokens", "nginx-1%") {
            addRatio("P10", "a token on 1 % of lines", result, "rg", atLeast: 3)
        }
        addBandwidth("P11", "tokens and all personal data", "scrub.personal", ending: "", bytesPerSecond: 1e9)
        if let result = file.result("scrub.personal", "nginx") {
            addRatio("P11", "tokens and all personal data", result, "rg", atLeast: 6)
        }
    }

    // MARK: Rows

    /// The slowest corpus decides.
    private mutating func addBandwidth(
        _ id: String, _ work: String, _ name: String, ending: String, bytesPerSecond bound: Double
    ) {
        let results = file.results.filter { $0.name == name && $0.corpus.hasSuffix(ending) }
        guard let slowest = results.min(by: { $0.bytesPerSecond < $1.bytesPerSecond }) else { return }
        rows.append(
            TargetRow(
                id: id, work: work, target: "≥ \(Figures.bandwidth(bound))",
                measured: "\(Figures.bandwidth(slowest.bytesPerSecond)) on \(slowest.corpus)",
                score: slowest.bytesPerSecond / bound))
    }

    private mutating func addRatio(
        _ id: String, _ work: String, _ result: BenchmarkResult, _ peer: String, atLeast bound: Double
    ) {
        guard let ratio = result.ratios[peer] else { return }
        rows.append(
            TargetRow(
                id: id, work: work, target: "≥ \(Figures.ratio(bound)) \(peer)",
                measured: "\(Figures.ratio(ratio)) (\(Figures.time(result.ns.best)))", score: ratio / bound))
    }

    /// One row for many results: the weakest decides, the middle one is told.
    private mutating func addWorst(
        _ id: String, _ work: String, _ results: [BenchmarkResult], _ peer: String, atLeast bound: Double
    ) {
        let ratios = results.compactMap { result in result.ratios[peer].map { (result.corpus, $0) } }
        guard let worst = ratios.min(by: { $0.1 < $1.1 }), let middle = Percentile.median(ratios.map { $0.1 })
        else { return }
        rows.append(
            TargetRow(
                id: id, work: work, target: "≥ \(Figures.ratio(bound)) \(peer)",
                measured: "\(Figures.ratio(worst.1)) at \(worst.0), median \(Figures.ratio(middle))",
                score: worst.1 / bound))
    }

    private mutating func addTime(_ id: String, _ work: String, _ result: BenchmarkResult, nsAtMost bound: Double) {
        guard result.ns.best > 0 else { return }
        rows.append(
            TargetRow(
                id: id, work: work, target: "≤ \(Figures.time(bound))", measured: Figures.time(result.ns.best),
                score: bound / result.ns.best))
    }

    private mutating func addAllocations(_ id: String, _ work: String, _ result: BenchmarkResult) {
        guard let allocations = result.allocations else { return }
        rows.append(
            TargetRow(
                id: id, work: work, target: "0 allocations", measured: Figures.count(allocations),
                score: allocations == 0 ? 1 : 0))
    }

    /// The number in a corpus name such as `512B`; 0 when there is none.
    package static func byteCount(_ corpus: String) -> Int {
        Int(corpus.prefix { $0.isNumber }) ?? 0
    }
}

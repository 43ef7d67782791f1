// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import COpenSSLPeer
import Foundation

/// Times every stage of the engine over the fixtures, against its peers, in one run.
@main
struct CloakroomBench {
    static func main() {
        // Before anything else touches OpenSSL, else its allocations would be counted as the engine's.
        _ = cop_count_allocations()
        do {
            let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
            if options.isHelp { return print(BenchOptions.help) }
            exit(try CloakroomBench(options: options).run() ? 0 : 1)
        } catch {
            switch error {
            case .usage(let text): fail("\(text)\n\(BenchOptions.help)", 64)
            case .input(let text): fail(text, 66)
            case .wrongAnswer(let text): fail(text, 70)
            case .output(let text): fail(text, 74)
            }
        }
    }

    private static func fail(_ text: String, _ code: Int32) -> Never {
        FileHandle.standardError.write(Data("cloakroom-bench: \(text)\n".utf8))
        exit(code)
    }

    let options: BenchOptions

    /// Does what the options say; false when something got worse.
    private func run() throws(BenchFailure) -> Bool {
        if options.isConstantTime { return try ConstantTimeCheck.run() }
        if let path = options.from { return try finish(Self.read(path)) }
        let isMinimal = options.iterations != nil
        let inputs = try BenchInputs(fixtures: fixturesFolder, isMinimal: isMinimal)
        if !isMinimal, inputs.corpora.isEmpty { note("no Fixtures in \(fixturesFolder): the corpora are left out") }
        if let path = options.writeInputs {
            try inputs.writePeerLines(to: path)
            return true
        }
        let trials = try StageCatalog(inputs).trials().filter { options.selects($0.key) }
        guard !trials.isEmpty else { throw .usage("no stage matches; see --list") }
        if options.isList {
            for trial in trials { print("\(trial.name)  \(trial.corpus)") }
            return true
        }
        if let iterations = options.iterations {
            for trial in trials { try trial.own().run(iterations) }
            return true
        }
        return try finish(try measure(trials, inputs))
    }

    private var fixturesFolder: String {
        if let folder = options.fixtures { return folder }
        if FileManager.default.fileExists(atPath: "Fixtures/index.json") { return "Fixtures" }
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return sources.appendingPathComponent("../../Fixtures").standardized.path
    }

    // MARK: Measuring

    private func measure(_ trials: [Trial], _ inputs: BenchInputs) throws(BenchFailure) -> ResultFile {
        var file = ResultFile(
            date: ISO8601DateFormatter().string(from: Date()), machine: .current(), commit: Commit.current(),
            kernel: KernelNames.kernel, sha256: KernelNames.sha256)
        let peers = try startPeers(inputs)
        defer { peers?.stop() }
        file.peerVersions = peers?.versions ?? [:]
        print(RunReport(file).header.joined(separator: "\n") + "\n")
        let runner = TrialRunner(
            roundCount: options.roundCount, sliceNanoseconds: options.sliceNanoseconds, remote: peers)
        for trial in trials {
            let result = try runner.run(trial)
            print(RunReport.row(result).joined(separator: "  "))
            file.results.append(result)
        }
        file.growth = Self.growth(trials, file.results)
        return file
    }

    private func startPeers(_ inputs: BenchInputs) throws(BenchFailure) -> PeerProcess? {
        guard let path = options.peers else { return nil }
        let file = NSTemporaryDirectory() + "/cloakroom-bench-inputs-\(ProcessInfo.processInfo.processIdentifier)"
        try inputs.writePeerLines(to: file)
        // The child has read the file when it answers.
        defer { try? FileManager.default.removeItem(atPath: file) }
        return try PeerProcess(path: path, inputs: file)
    }

    /// Collects the points of each series in the order of the trials.
    private static func growth(_ trials: [Trial], _ results: [BenchmarkResult]) -> [GrowthResult] {
        var order: [String] = []
        var series: [String: (name: String, over: String, points: [GrowthPoint])] = [:]
        for (trial, result) in zip(trials, results) {
            guard let place = trial.growth else { continue }
            let key = "\(trial.name)|\(place.over)"
            if series[key] == nil {
                order.append(key)
                series[key] = (trial.name, place.over, [])
            }
            series[key]?.points.append(GrowthPoint(x: place.x, ns: result.ns.best * place.operationCount))
        }
        return order.compactMap { series[$0] }.map { GrowthResult(name: $0.name, over: $0.over, points: $0.points) }
    }

    // MARK: Reporting

    /// Prints the tables, writes the files, compares. False when something got worse.
    private func finish(_ file: ResultFile) throws(BenchFailure) -> Bool {
        let report = RunReport(file)
        print("\n" + report.results.text)
        if !file.growth.isEmpty { print("\n" + report.growth.text) }
        if !report.targets.isEmpty { print("\n" + report.targets.text) }
        do {
            if let path = options.json { try file.write(to: path) }
        } catch { throw .output("cannot write \(options.json ?? "")") }
        if let path = options.html { try write(HTMLPage(file).text, to: path) }
        if let path = options.markdown { try write(report.markdown, to: path) }
        var isGood = true
        if let path = options.compare { isGood = printComparison(Comparison(before: try Self.read(path), after: file)) }
        if options.isGate { isGood = printGate(file) && isGood }
        return isGood
    }

    private func printComparison(_ comparison: Comparison) -> Bool {
        print("")
        for warning in comparison.warnings { print("warning: \(warning)") }
        for row in comparison.rows where row.isWorse {
            print(
                "WORSE \(row.key) against \(row.peer): \(Figures.ratio(row.before)) → \(Figures.ratio(row.after)), "
                    + "bound ±\(Figures.digits(row.noise * 100))%")
        }
        for row in comparison.allocations {
            print("WORSE \(row.key): \(Figures.count(row.before)) → \(Figures.count(row.after)) allocations")
        }
        for series in comparison.growth { print("WORSE \(series): no longer linear") }
        print(
            "compared \(comparison.rows.count) ratios: \(comparison.rows.count { $0.isWorse }) worse, "
                + "\(comparison.missing.count) not measured in this run")
        return !comparison.isWorse
    }

    private func printGate(_ file: ResultFile) -> Bool {
        let gate = Gate(file)
        for failure in gate.failures { print("GATE \(failure)") }
        print("gate: \(file.results.count) stages, \(gate.failures.count) failures")
        return gate.failures.isEmpty
    }

    private static func read(_ path: String) throws(BenchFailure) -> ResultFile {
        do {
            return try ResultFile(path: path)
        } catch {
            throw .input("\(path) is no readable result file")
        }
    }

    private func write(_ text: String, to path: String) throws(BenchFailure) {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw .output("cannot write \(path)")
        }
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data("cloakroom-bench: \(text)\n".utf8))
    }
}

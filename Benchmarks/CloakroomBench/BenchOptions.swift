// SPDX-License-Identifier: Apache-2.0

/// The command line's options.
struct BenchOptions {
    static let help = """
        usage: cloakroom-bench [options]
          --filter TEXT      only stages whose `name/corpus` holds TEXT or matches it as a regular expression;
                             may be given more than once
          --list             print the stages and stop
          --json FILE        write the results
          --html FILE        write them as a page with plots
          --markdown FILE    write them as tables
          --compare FILE     compare with an older --json file by ratios and allocations; exit 1 when something got
                             worse by more than its noise bound
          --gate             exit 1 when a stage allocates in steady state or grows worse than linearly
          --quick            short rounds, for a check on every change
          --constant-time    no timing of stages: a t-test whether the time of a refused tag tells which byte is wrong;
                             exit 1 when it does
          --rounds N         rounds of each stage (default 11, quick 5)
          --slice MS         milliseconds of each contender in each round (default 20, quick 6)
          --iterations N     run each stage N times without timing, for instruction counters; HS256 and no corpora
          --peers FILE       the peers' executable, timed in the same rounds; see Benchmarks/Peers
          --write-inputs FILE  write what the peers run over and stop
          --from FILE        read results from FILE instead of measuring; for --html, --markdown, --compare
          --fixtures DIR     the Fixtures folder (default: ./Fixtures, else beside the sources)
        exit codes: 0 done · 1 worse · 64 usage · 66 input · 70 a stage gave a wrong answer · 74 output
        """

    var filters: [String] = []
    var isList = false
    var isQuick = false
    var isGate = false
    var isHelp = false
    var isConstantTime = false
    var json: String?
    var html: String?
    var markdown: String?
    var compare: String?
    var peers: String?
    var writeInputs: String?
    var from: String?
    var fixtures: String?
    var iterations: Int?
    private var rounds: Int?
    private var slice: Int?

    /// Rounds of each trial.
    var roundCount: Int { rounds ?? (isQuick ? 5 : 11) }
    /// Nanoseconds of each contender in each round.
    var sliceNanoseconds: UInt64 { UInt64(slice ?? (isQuick ? 6 : 20)) * 1_000_000 }

    init(_ arguments: [String]) throws(BenchFailure) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if setFlag(name) { continue }
            guard let value = rest.popFirst() else { throw .usage("\(name) needs a value, or is no option") }
            try set(name, value)
        }
    }

    private mutating func setFlag(_ name: String) -> Bool {
        switch name {
        case "--list": isList = true
        case "--quick": isQuick = true
        case "--gate": isGate = true
        case "--constant-time": isConstantTime = true
        case "--help", "-h": isHelp = true
        default: return false
        }
        return true
    }

    private mutating func set(_ name: String, _ value: String) throws(BenchFailure) {
        switch name {
        case "--filter": filters.append(value)
        case "--json": json = value
        case "--html": html = value
        case "--markdown": markdown = value
        case "--compare": compare = value
        case "--peers": peers = value
        case "--write-inputs": writeInputs = value
        case "--from": from = value
        case "--fixtures": fixtures = value
        case "--iterations": iterations = try Self.number(name, value, 1...10_000_000)
        case "--rounds": rounds = try Self.number(name, value, 3...1_000)
        case "--slice": slice = try Self.number(name, value, 1...10_000)
        default: throw .usage("unknown option \(name)")
        }
    }

    private static func number(_ name: String, _ text: String, _ range: ClosedRange<Int>) throws(BenchFailure) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw .usage("\(name) takes a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Whether a stage is wanted.
    func selects(_ key: String) -> Bool {
        if filters.isEmpty { return true }
        return filters.contains { filter in
            if key.contains(filter) { return true }
            guard let expression = try? Regex(filter) else { return false }
            return key.contains(expression)
        }
    }
}

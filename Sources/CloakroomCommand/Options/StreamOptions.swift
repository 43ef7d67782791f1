// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What every command that reads lines shares.
struct StreamOptions: ParsableArguments {
    @Flag(help: "No progress and no notes about keys on standard error.")
    var quiet = false

    @Argument(help: "Input file, one item a line; standard input when absent or -.")
    var file: String?

    /// Opens the input and runs the workers over its lines. Throws the exit status unless every line was accepted.
    func run(_ workers: [any LineWorker]) throws {
        let pipeline = LinePipeline(input: try InputFile.open(file), isQuiet: quiet)
        let status = try pipeline.run(workers).status
        if status != .accepted { throw ExitCode(status.rawValue) }
    }
}

/// The clock, injectable.
struct ClockOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Judge times as if it were this many seconds since 1970.", valueName: "unix"))
    var now: Int64?

    func validate() throws {
        guard let now else { return }
        guard (0...(1 << 53)).contains(now) else { throw ValidationError("--now takes seconds since 1970") }
    }
}

/// Parallel workers.
struct WorkerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Lines are worked on by this many threads; output keeps input order.", valueName: "n"))
    var workers = 1

    func validate() throws {
        guard (1...256).contains(workers) else { throw ValidationError("--workers takes 1 to 256") }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenVerify

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

/// The cache of verified tokens.
struct CacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Remember about so many accepted tokens (2 KiB each), or as many as fit into memory such as 64M, so that \
            one that comes again needs no signature check. 0, the default: none.
            """, valueName: "n|size"))
    var cache: CacheSizeArgument?

    /// A cache of that size; nil for none.
    func makeCache() -> VerifiedTokenCache? {
        guard let cache, cache.byteCount > 0 else { return nil }
        return VerifiedTokenCache(byteCount: cache.byteCount)
    }
}

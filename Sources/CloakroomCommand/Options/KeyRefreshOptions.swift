// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenVerify

/// A ring, and how its keys are read again.
struct KeyReload: Sendable {
    let ring: KeyRing
    let read: @Sendable () throws(CommandFailure) -> [SignatureKey]

    /// Reads the keys and swaps them in; the same keys change nothing. Whatever fails, the ring keeps what it has.
    func run() throws(CommandFailure) {
        let keys = try read()
        do { try ring.replace(with: keys) } catch { throw error.commandFailure }
    }
}

/// Key files that are read again while lines are processed.
struct KeyRefreshOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read the key files again this often; keys that are gone verify nothing any more. (default: never)",
            valueName: "dur"))
    var keysRefresh: DurationArgument?

    func validate() throws {
        guard let keysRefresh else { return }
        guard (1...86_400).contains(keysRefresh.seconds) else { throw ValidationError("--keys-refresh takes 1s to 1d") }
    }

    /// Repeats the reloads until the program ends, when an interval was given.
    func start(_ reloads: [KeyReload]) {
        guard let keysRefresh else { return }
        // Quiet: the notes about skipped keys were made when the files were read first.
        BackgroundWork.start("keys", everyMilliseconds: keysRefresh.seconds * 1_000, isQuiet: true) {
            () throws(CommandFailure) in
            var failure: CommandFailure?
            for reload in reloads {
                do throws(CommandFailure) { try reload.run() } catch { failure = failure ?? error }
            }
            if let failure { throw failure }
        }
    }
}

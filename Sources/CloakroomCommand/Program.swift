// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import Foundation

/// The `cloakroom` program: arguments in, lines and an exit status out.
@main
enum Program {
    static func main() {
        System.ignoreBrokenPipes()
        Foundation.exit(run().rawValue)
    }

    private static func run() -> ExitStatus {
        do {
            var command = try RootCommand.parseAsRoot()
            try command.run()
            return .accepted
        } catch let failure as CommandFailure {
            return report(failure)
        } catch let status as ExitCode {
            return ExitStatus(rawValue: status.rawValue) ?? .usage
        } catch {
            return report(parsing: error)
        }
    }

    private static func report(_ failure: CommandFailure) -> ExitStatus {
        if !failure.what.isEmpty { OutputFile.note(failure.what, code: failure.code) }
        return failure.status
    }

    /// Help and version come as errors too; all else is about arguments.
    private static func report(parsing error: any Error) -> ExitStatus {
        if RootCommand.exitCode(for: error) == .success {
            do {
                try OutputFile.write(RootCommand.fullMessage(for: error) + "\n")
                return .accepted
            } catch {
                return report(error)
            }
        }
        let message = Display.message(RootCommand.message(for: error), about: Array(CommandLine.arguments.dropFirst()))
        return report(.usage(message + "; see --help"))
    }
}

/// The root of all commands.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloakroom", abstract: "Keep personal data out of JSON Web Tokens.",
        discussion: """
            FILE may be - or absent for standard input. A line has at most 131072 bytes; one carriage return before \
            its end is ignored. Durations read 30s, 5m, 1h.

            Exit status: 0 all input accepted, 1 some refused, 64 usage, 65 unusable policy, key or data file, \
            66 no such input, 69 a store did not answer, 74 input or output failed.
            """,
        version: "cloakroom \(Cloakroom.version)",
        subcommands: [
            KeyCommand.self, SignCommand.self, VerifyCommand.self, ExchangeCommand.self, IssueCommand.self,
            SDCommand.self, EncryptCommand.self, DecryptCommand.self, OpenCommand.self, PseudonymizeCommand.self,
            RevealCommand.self, InspectCommand.self, ScrubCommand.self, AuditCommand.self, PolicyCommand.self,
            ResolveCommand.self, VaultCommand.self, RevokeCommand.self,
        ])
}

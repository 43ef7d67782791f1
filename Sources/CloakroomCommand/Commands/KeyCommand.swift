// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make and look at keys.",
        subcommands: [KeyGenerateCommand.self, KeyInspectCommand.self])
}

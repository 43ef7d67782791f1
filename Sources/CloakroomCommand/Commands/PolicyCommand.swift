// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenScan

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check policies, and show their grammar.",
        subcommands: [PolicyCheckCommand.self, PolicySchemaCommand.self])
}

struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compile a policy, read the key files of its accept list, and give hints.",
        discussion: """
            Success: policy.yaml: usable; accepted issuers: 2, hints: 1
            Failure: cloakroom: policy.yaml line 8: unknown word 'pseudonim', did you mean 'pseudonym'? \
            (unknown-word), and exit status 65.
            """)

    @Argument(help: "Policy file, YAML or JSON.")
    var file: String

    func run() throws {
        let file = try PolicyFile(file)
        let policy = file.policy
        _ = try file.acceptEntries(isQuiet: false)
        let name = Display.file(file.path)
        var text = ""
        for hint in policy.advice {
            text += "\(name) line \(hint.line): \(hint.code.message) (\(hint.code.rawValue))\n"
        }
        let issuers = policy.accept.reduce(0) { $0 + $1.issuers.count }
        text += "\(name): usable; accepted issuers: \(issuers), hints: \(policy.advice.count)\n"
        try OutputFile.write(text)
    }
}

struct PolicySchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the policy grammar as a JSON Schema, for editors.",
        discussion: """
            Success: the schema on standard output.
            Failure: cloakroom: no space left for the output (output), and exit status 74.
            """)

    func run() throws {
        var text = ByteScratch()
        PolicySchema.write(into: &text)
        try OutputFile.write(text.span)
    }
}

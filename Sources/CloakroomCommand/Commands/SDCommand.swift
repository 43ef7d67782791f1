// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenPrivacy

struct SDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sd", abstract: "Issue, present and verify SD-JWTs (RFC 9901).",
        subcommands: [SDIssueCommand.self, SDPresentCommand.self, SDVerifyCommand.self])
}

struct SDIssueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Issue SD-JWTs from trusted claims sets, through a policy with disclose rules.",
        discussion: """
            The issue command, with the check that the policy issues SD-JWTs: its issue.type ends in +sd-jwt. A \
            holder's public key comes with the claims set as cnf, under a keep rule.
            Success: eyJhbGciOiJFUzI1NiIs….eyJpc3MiOiJ….MEUCIQ…~WyJfVGlzQ…~WyJ4Zk9…~
            Failure: an empty line, and on standard error cloakroom: line 2 refused (missing-claim); exit status 1.
            """)

    @OptionGroup var command: IssueCommand

    func run() throws {
        guard try PolicyFile(command.issue.policy).policy.issue.isSelective else {
            throw CommandFailure(
                .data, "this policy issues no SD-JWTs: its issue.type does not end in +sd-jwt", code: "not-selective")
        }
        try command.run()
    }
}

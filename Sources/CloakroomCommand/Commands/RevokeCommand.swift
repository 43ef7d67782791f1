// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenPrivacy
import TokenVerify

struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a token, or what was issued to a subject or under a key before a time.",
        discussion: """
            verify and exchange honour it within a second with --revocations and the same URL. The names stand in the \
            store as they are, and no vault keys are needed.
            Success: no output.
            Failure: cloakroom: name one of --jti, --subject with --before, and --kid (usage), and exit status 64.
            """)

    @Option(help: ArgumentHelp("sqlite:FILE, made by vault init.", valueName: "url"))
    var vault: String

    @Option(help: ArgumentHelp("Issuer of the tokens.", valueName: "text"))
    var issuer: String

    @Option(help: ArgumentHelp("The token's jti.", valueName: "text"))
    var jti: String?

    @Option(help: ArgumentHelp("The tokens' sub, with --before.", valueName: "text"))
    var subject: String?

    @Option(help: ArgumentHelp("The signing key's kid.", valueName: "text"))
    var kid: String?

    @Option(help: ArgumentHelp("Tokens issued before this time, in seconds since 1970.", valueName: "unix"))
    var before: Int64?

    @Option(help: ArgumentHelp("When the entry may be forgotten; a day from now for --jti.", valueName: "unix"))
    var until: Int64?

    @OptionGroup var clock: ClockOptions

    func run() throws {
        let entry = try entry()
        let store = try VaultLocation(vault).openStore()
        do { try SharedRevocations(store).add(entry) } catch { throw error.commandFailure }
    }

    /// A jti that nobody says the end of is kept for longer than any token may live here.
    private static let standardSeconds: Int64 = 86_400 + 3_600

    private func entry() throws(CommandFailure) -> RevocationEntry {
        let times = 0...Int64(1 << 53)
        for time in [before, until] {
            guard time.map(times.contains) ?? true else { throw .usage("times are seconds since 1970") }
        }
        switch (jti, subject, kid) {
        case (let jti?, nil, nil) where before == nil:
            let end = until ?? (clock.now ?? System.now()) + Self.standardSeconds
            return .token(issuer: issuer, jwtID: jti, untilSeconds: end)
        case (nil, let subject?, nil):
            guard let before else { throw .usage("--subject needs --before") }
            return .subject(issuer: issuer, subject: subject, beforeSeconds: before, untilSeconds: until)
        case (nil, nil, let kid?):
            return .key(issuer: issuer, keyID: kid, beforeSeconds: before, untilSeconds: until)
        default:
            throw .usage("name one of --jti, --subject with --before, and --kid")
        }
    }
}

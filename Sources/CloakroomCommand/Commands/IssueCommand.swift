// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenPrivacy
import TokenScan
import TokenVerify

struct IssueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Issue tokens from trusted claims sets, through the same policy.",
        discussion: """
            One JSON object a line in, one anonymized token a line out.
            Success: eyJhbGciOiJFUzI1NiIs….eyJpc3MiOiJ….MEUCIQ…
            Failure: an empty line, and on standard error cloakroom: line 2 refused (missing-claim); exit status 1.
            """)

    @OptionGroup var issue: IssueOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var stream: StreamOptions

    func run() throws {
        let file = try PolicyFile(issue.policy)
        let issuer: Issuer
        do {
            issuer = try Issuer(
                policy: file.policy, signingKey: try issue.readSigningKey(isQuiet: stream.quiet),
                pseudonymKeys: try issue.readPseudonymKeys(file.policy),
                recipientKeys: try issue.readRecipientKeys(file, isQuiet: stream.quiet),
                reversibleKeys: try issue.readReversibleKeys(file.policy),
                vault: try issue.vault.openIfNamed(tenant: file.policy.tenant))
        } catch let error as ExchangeConfigurationError {
            throw error.commandFailure
        }
        try stream.run([IssueLineWorker(issuer, now: clock.now)])
    }
}

/// Turns claims lines into anonymized token lines.
private final class IssueLineWorker: LineWorker {
    private let issuer: Issuer
    private var worker: ExchangeWorker
    private var tokens = ByteScratch()
    private var tokenPlaces: [Range<Int>] = []
    private var verdicts: [ExchangeVerdict] = []
    private let now: Int64?

    init(_ issuer: Issuer, now: Int64?) {
        self.issuer = issuer
        self.now = now
        worker = issuer.makeWorker()
    }

    func process(_ text: Span<UInt8>, places: [Range<Int>], firstLine: Int, _ output: inout LineOutput) {
        tokens.removeAll()
        issuer.issue(
            text, places: places, now: now ?? System.now(), using: &worker, into: &tokens, places: &tokenPlaces,
            verdicts: &verdicts)
        for (i, verdict) in verdicts.enumerated() {
            switch verdict {
            case .issued(let token):
                Self.append(tokens, tokenPlaces[i], to: &output.text)
                if token.warningCount > 0 { output.note(line: firstLine + i, warningCount: token.warningCount) }
                output.acceptedCount += 1
            case .refused(let refusal):
                refuse(refusal, line: firstLine + i, &output)
            }
        }
    }

    private static func append(_ tokens: borrowing ByteScratch, _ place: Range<Int>, to text: inout ByteScratch) {
        text.append(tokens.span.extracting(place))
        text.append(0x0A)
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.append(0x0A)
        output.note(line: number, refusal)
        output.count(refusal.code)
    }
}

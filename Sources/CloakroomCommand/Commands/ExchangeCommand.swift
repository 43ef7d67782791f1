// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenPrivacy
import TokenScan
import TokenVerify

struct ExchangeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange", abstract: "Verify tokens, apply a policy, sign: one token a line in and out.",
        discussion: """
            Which tokens are accepted says either the policy's accept list, with keys for each issuer, or --keys with \
            --issuer and --audience.
            Success: eyJhbGciOiJFUzI1NiIs….eyJpc3MiOiJ….MEUCIQ…, or with --json {"line":1,"valid":true,"token":"…"}
            Failure: an empty line, and on standard error cloakroom: line 2 refused (expired), or with --json \
            {"line":2,"valid":false,"error":"expired"}; exit status 1.
            """)

    @OptionGroup var issue: IssueOptions
    @OptionGroup var options: VerifyOptions
    @OptionGroup var refresh: KeyRefreshOptions
    @OptionGroup var revocations: RevocationOptions

    @Flag(help: "Print a JSON verdict for each line, which holds the new token.")
    var json = false

    @OptionGroup var clock: ClockOptions
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var cache: CacheOptions
    @OptionGroup var stream: StreamOptions

    func run() throws {
        let exchanger = try makeExchanger()
        try stream.run(
            (0..<workers.workers).map { _ in ExchangeLineWorker(exchanger, now: clock.now, writesVerdicts: json) })
    }

    private func makeExchanger() throws -> Exchanger {
        let file = try PolicyFile(issue.policy)
        let accept: [AcceptEntry]
        let reloads: [KeyReload]
        if options.keys.isEmpty {
            guard !file.policy.accept.isEmpty else {
                throw CommandFailure.usage("--keys is missing, and the policy has no accept list")
            }
            guard !options.hasRules else {
                throw CommandFailure.usage("the policy's accept list sets the rules; these options need --keys")
            }
            accept = try file.acceptEntries(isQuiet: stream.quiet)
            reloads = file.reloads(accept)
        } else {
            guard file.policy.accept.isEmpty else {
                throw CommandFailure.usage("keys come from --keys or from the policy's accept list, not from both")
            }
            let entry = try options.acceptEntry(isQuiet: stream.quiet)
            accept = [entry]
            reloads = [options.reload(entry.keys)]
        }
        let check = try revocations.makeCheck(now: clock.now, isQuiet: stream.quiet)
        let vault = try issue.vault.openIfNamed(tenant: file.policy.tenant)
        do {
            let exchanger = try Exchanger(
                policy: file.policy, accept: accept, signingKey: try issue.readSigningKey(isQuiet: stream.quiet),
                pseudonymKeys: try issue.readPseudonymKeys(file.policy),
                recipientKeys: try issue.readRecipientKeys(file, isQuiet: stream.quiet),
                reversibleKeys: try issue.readReversibleKeys(file.policy), cache: cache.makeCache(),
                revocation: check, vault: vault)
            refresh.start(reloads)
            return exchanger
        } catch let error as ExchangeConfigurationError {
            throw error.commandFailure
        }
    }
}

/// Turns token lines into anonymized token lines, a chunk of lines at a time.
private final class ExchangeLineWorker: LineWorker {
    private let exchanger: Exchanger
    private var worker: ExchangeWorker
    private var tokens = ByteScratch()
    private var tokenPlaces: [Range<Int>] = []
    private var verdicts: [ExchangeVerdict] = []
    private let now: Int64?
    private let writesVerdicts: Bool

    init(_ exchanger: Exchanger, now: Int64?, writesVerdicts: Bool) {
        self.exchanger = exchanger
        self.now = now
        self.writesVerdicts = writesVerdicts
        worker = exchanger.makeWorker()
    }

    func process(_ text: Span<UInt8>, places: [Range<Int>], firstLine: Int, _ output: inout LineOutput) {
        tokens.removeAll()
        exchanger.exchange(
            text, places: places, now: now ?? System.now(), using: &worker, into: &tokens, places: &tokenPlaces,
            verdicts: &verdicts)
        for (i, verdict) in verdicts.enumerated() {
            switch verdict {
            case .issued(let issued):
                write(tokens, tokenPlaces[i], line: firstLine + i, warningCount: issued.warningCount, &output)
            case .refused(let refusal): refuse(refusal, line: firstLine + i, &output)
            }
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        if writesVerdicts {
            output.text.appendVerdict(line: number, refusal)
        } else {
            output.text.append(0x0A)
            output.note(line: number, refusal)
        }
        output.count(refusal.code)
    }

    private func write(
        _ tokens: borrowing ByteScratch, _ place: Range<Int>, line: Int, warningCount: Int, _ output: inout LineOutput
    ) {
        let token = tokens.span.extracting(place)
        if writesVerdicts {
            output.text.appendVerdict(line: line, token: token, warningCount: warningCount)
        } else {
            output.text.append(token)
            output.text.append(0x0A)
            if warningCount > 0 { output.note(line: line, warningCount: warningCount) }
        }
        output.acceptedCount += 1
    }
}

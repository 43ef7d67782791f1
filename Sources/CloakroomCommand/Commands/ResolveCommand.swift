// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenPrivacy
import TokenScan
import TokenVerify

struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Verify tokens and read the values that their references stand for.",
        discussion: """
            Success: {"line":1,"valid":true,"claims":{"phone_number":"+49…"}}; references that give nothing for this \
            purpose are named: "unavailable":["email"].
            Failure: {"line":2,"valid":false,"error":"reference-unavailable"} when none gives anything, and exit \
            status 1.
            """)

    @OptionGroup var arguments: VaultArguments

    @Option(help: ArgumentHelp("What the values are for; a rule of the policy names who may.", valueName: "word"))
    var purpose: String

    @Option(help: ArgumentHelp("Who asks, for the audit log.", valueName: "name"))
    var actor = "cloakroom"

    @Option(help: "Tokens of one subject a minute, or none.")
    var rateLimit: LimitArgument = .count(60)

    @OptionGroup var options: VerifyOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var stream: StreamOptions

    func run() throws {
        let verifier = try Verifier(accept: [options.acceptEntry(isSignatureOnly: false, isQuiet: stream.quiet)])
        let vault = try arguments.open(resolvesPerMinute: rateLimit.value)
        defer { vault.close() }
        try stream.run([ResolveLineWorker(verifier, vault, purpose: purpose, actor: actor, now: clock.now)])
    }
}

/// Turns token lines into lines with their values, a chunk of lines at a time.
private final class ResolveLineWorker: LineWorker {
    private let verifier: Verifier
    private let vault: SealedVault
    private let purpose: String
    private let actor: String
    private let now: Int64?
    private var worker: VerifierWorker
    private var reader = ReferenceReader()
    private var verdicts: [Verdict] = []
    private var accepted: [AcceptedToken] = []

    init(_ verifier: Verifier, _ vault: SealedVault, purpose: String, actor: String, now: Int64?) {
        self.verifier = verifier
        self.vault = vault
        self.purpose = purpose
        self.actor = actor
        self.now = now
        worker = verifier.makeWorker()
    }

    func process(_ text: Span<UInt8>, places: [Range<Int>], firstLine: Int, _ output: inout LineOutput) {
        let now = now ?? System.now()
        verifier.verify(text, places: places, now: now, using: &worker, into: &verdicts)
        accepted.removeAll(keepingCapacity: true)
        for case .accepted(let token) in verdicts { accepted.append(token) }
        var failure: VaultError?
        do throws(VaultError) {
            try Self.read(&reader, accepted, worker, vault, purpose: purpose, actor: actor, now: now)
        } catch {
            failure = error
        }
        var next = 0
        for (i, verdict) in verdicts.enumerated() {
            guard case .accepted = verdict else {
                if case .refused(let refusal) = verdict { refuse(refusal, line: firstLine + i, &output) }
                continue
            }
            if failure != nil {
                refuse(Refusal(.storage), line: firstLine + i, &output)
            } else {
                write(next, line: firstLine + i, &output)
            }
            next += 1
        }
    }

    /// Apart, so that the claims are read while the reader changes.
    private static func read(
        _ reader: inout ReferenceReader, _ accepted: [AcceptedToken], _ worker: borrowing VerifierWorker,
        _ vault: SealedVault, purpose: String, actor: String, now: Int64
    ) throws(VaultError) {
        try reader.read(accepted, of: worker, from: vault, purpose: purpose, actor: actor, now: now)
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }

    private func write(_ index: Int, line: Int, _ output: inout LineOutput) {
        switch reader.outcome(index) {
        case .limited: return refuse(Refusal(.rateLimited), line: line, &output)
        case .unavailable: return refuse(Refusal(.referenceUnavailable), line: line, &output)
        case .read: break
        }
        var values = ByteScratch(isSecret: true)
        reader.appendValues(index, to: &values)
        var missing = ByteScratch()
        reader.appendUnavailable(index, to: &missing)
        output.text.appendResolved(line: line, claims: values.span, unavailable: missing.span)
        output.acceptedCount += 1
    }
}

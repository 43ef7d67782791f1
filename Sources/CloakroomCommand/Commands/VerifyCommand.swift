// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenScan
import TokenVerify

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify tokens: one token a line in, one JSON verdict a line out.",
        discussion: """
            Success: {"line":1,"valid":true,"header":{…},"claims":{…}}
            Failure: {"line":2,"valid":false,"error":"expired"}, and exit status 1.
            """)

    @OptionGroup var options: VerifyOptions
    @OptionGroup var refresh: KeyRefreshOptions
    @OptionGroup var revocations: RevocationOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var cache: CacheOptions
    @OptionGroup var stream: StreamOptions

    @Flag(
        help: """
            Check the signature alone; the payload may be any bytes and is printed as base64url. Claims and typ are \
            not judged, whatever the other options say.
            """)
    var signatureOnly = false

    func run() throws {
        guard !(signatureOnly && revocations.isGiven) else {
            throw CommandFailure.usage("--signature-only judges no claims, so it looks up no revocations")
        }
        let entry = try options.acceptEntry(isSignatureOnly: signatureOnly, isQuiet: stream.quiet)
        let check = try revocations.makeCheck(now: clock.now, isQuiet: stream.quiet)
        let verifier = try Verifier(accept: [entry], cache: cache.makeCache(), revocation: check)
        refresh.start([options.reload(entry.keys)])
        let makeWorker = { () -> any LineWorker in
            signatureOnly ? SignatureWorker(verifier) : VerifyWorker(verifier, now: clock.now)
        }
        try stream.run((0..<workers.workers).map { _ in makeWorker() })
    }
}

/// Turns token lines into verdict lines, a chunk of lines at a time.
private final class VerifyWorker: LineWorker {
    private let verifier: Verifier
    private var worker: VerifierWorker
    private var verdicts: [Verdict] = []
    private let now: Int64?

    init(_ verifier: Verifier, now: Int64?) {
        self.verifier = verifier
        self.now = now
        worker = verifier.makeWorker()
    }

    func process(_ text: Span<UInt8>, places: [Range<Int>], firstLine: Int, _ output: inout LineOutput) {
        verifier.verify(text, places: places, now: now ?? System.now(), using: &worker, into: &verdicts)
        for (i, verdict) in verdicts.enumerated() {
            switch verdict {
            case .accepted(let token): Self.write(token, firstLine + i, worker, to: &output)
            case .refused(let refusal): refuse(refusal, line: firstLine + i, &output)
            }
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }

    private static func write(
        _ token: AcceptedToken, _ line: Int, _ worker: borrowing VerifierWorker, to output: inout LineOutput
    ) {
        worker.withHeader(of: token) { header in
            worker.withClaims(of: token) { output.text.appendVerdict(line: line, header: header, claims: $0) }
        }
        output.acceptedCount += 1
    }
}

/// Turns token lines into verdict lines on their signatures alone.
private final class SignatureWorker: SingleLineWorker {
    private let verifier: Verifier
    private var worker: VerifierWorker

    init(_ verifier: Verifier) {
        self.verifier = verifier
        worker = verifier.makeWorker()
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        do {
            let token = try verifier.verifySignature(line, using: &worker)
            Self.write(token, number, worker, to: &output)
        } catch {
            refuse(error, line: number, &output)
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }

    private static func write(
        _ token: VerifiedToken, _ line: Int, _ worker: borrowing VerifierWorker, to output: inout LineOutput
    ) {
        worker.withHeader(of: token) { header in
            worker.withPayload(of: token) { output.text.appendVerdict(line: line, header: header, payload: $0) }
        }
        output.acceptedCount += 1
    }
}

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
    @OptionGroup var clock: ClockOptions
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var stream: StreamOptions

    @Flag(help: "Check the signature alone; the payload may be any bytes and is printed as base64url.")
    var signatureOnly = false

    func run() throws {
        let entry = try options.acceptEntry(isSignatureOnly: signatureOnly, isQuiet: stream.quiet)
        let verifier = try Verifier(accept: [entry])
        try stream.run(
            (0..<workers.workers).map { _ in
                VerifyWorker(verifier, now: clock.now, isSignatureOnly: signatureOnly)
            })
    }
}

/// Turns token lines into verdict lines.
private final class VerifyWorker: LineWorker {
    private let verifier: Verifier
    private var worker: VerifierWorker
    private let now: Int64?
    private let isSignatureOnly: Bool

    init(_ verifier: Verifier, now: Int64?, isSignatureOnly: Bool) {
        self.verifier = verifier
        self.now = now
        self.isSignatureOnly = isSignatureOnly
        worker = verifier.makeWorker()
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        if isSignatureOnly {
            do {
                let token = try verifier.verifySignature(line, using: &worker)
                Self.write(token, number, worker, to: &output.text)
                output.acceptedCount += 1
            } catch {
                refuse(error, line: number, &output)
            }
            return
        }
        switch verifier.verify(line, now: now ?? System.now(), using: &worker) {
        case .accepted(let token):
            Self.write(token, number, worker, to: &output.text)
            output.acceptedCount += 1
        case .refused(let refusal):
            refuse(refusal, line: number, &output)
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }

    private static func write(
        _ token: AcceptedToken, _ line: Int, _ worker: borrowing VerifierWorker, to text: inout ByteScratch
    ) {
        worker.withHeader(of: token) { header in
            worker.withClaims(of: token) { text.appendVerdict(line: line, header: header, claims: $0) }
        }
    }

    private static func write(
        _ token: VerifiedToken, _ line: Int, _ worker: borrowing VerifierWorker, to text: inout ByteScratch
    ) {
        worker.withHeader(of: token) { header in
            worker.withPayload(of: token) { text.appendVerdict(line: line, header: header, payload: $0) }
        }
    }
}

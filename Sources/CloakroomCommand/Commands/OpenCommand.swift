// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenCrypto
import TokenPrivacy
import TokenScan
import TokenVerify

struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Verify anonymized tokens and decrypt the claims meant for this recipient.",
        discussion: """
            The verdict has the claims as they were signed, and under opened what could be decrypted, by recipient. A \
            token that was encrypted as a whole is decrypted first.
            Success: {"line":1,"valid":true,"header":{…},"claims":{…},"opened":{"billing":{"address":{…}}}}
            Failure: {"line":2,"valid":false,"error":"binding"}, and exit status 1.
            """)

    @OptionGroup var options: VerifyOptions

    @Option(help: ArgumentHelp("JWK, JWK Set or PEM file with this recipient's keys.", valueName: "file"))
    var recipientKey: String

    @Option(help: ArgumentHelp("Key management of a recipient's key that names none.", valueName: "alg"))
    var recipientAlg: KeyManagementArgument?

    @Option(help: ArgumentHelp("The recipient's name in the policy; only its claims are looked at.", valueName: "name"))
    var recipient: String?

    @Option(help: ArgumentHelp("Algorithms that are refused unless named here: RSA-OAEP.", valueName: "list"))
    var allow: ListArgument?

    @OptionGroup var clock: ClockOptions
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var stream: StreamOptions

    func run() throws {
        let verifier = try Verifier(accept: [try options.acceptEntry(isQuiet: stream.quiet)])
        let keys = try KeyFiles.decryptingKeys(recipientKey, algorithm: recipientAlg?.algorithm, isQuiet: stream.quiet)
        let allowed = try allow?.keyManagement() ?? []
        do {
            try stream.run(
                (0..<workers.workers).map { _ in
                    OpenWorker(
                        verifier, try EncryptedClaimsOpener(keys: keys, recipient: recipient, allowing: allowed),
                        now: clock.now)
                })
        } catch let error as KeyError {
            throw KeyFiles.failure(error, recipientKey)
        }
    }
}

/// Turns token lines into verdict lines with the recipient's claims.
private final class OpenWorker: SingleLineWorker {
    private let verifier: Verifier
    private var worker: VerifierWorker
    private var opener: EncryptedClaimsOpener
    private var signed = ByteScratch(capacity: 4096, isSecret: true)
    private var opened = ByteScratch(capacity: 1024, isSecret: true)
    private let now: Int64?

    init(_ verifier: Verifier, _ opener: consuming EncryptedClaimsOpener, now: Int64?) {
        self.verifier = verifier
        self.opener = opener
        self.now = now
        worker = verifier.makeWorker()
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        signed.removeAll()
        opened.removeAll()
        do throws(Refusal) {
            if CompactSplit(line).dotCount == 4 {
                try opener.openToken(line, into: &signed)
            } else {
                signed.append(line)
            }
            let token = try Self.verify(signed, verifier, now: now ?? System.now(), using: &worker)
            try opener.open(token, of: worker, into: &opened)
            Self.write(token, number, worker, opened, to: &output)
        } catch {
            refuse(error, line: number, &output)
        }
    }

    private static func verify(
        _ signed: borrowing ByteScratch, _ verifier: Verifier, now: Int64, using worker: inout VerifierWorker
    ) throws(Refusal) -> AcceptedToken {
        switch verifier.verify(signed.span, now: now, using: &worker) {
        case .accepted(let token): return token
        case .refused(let refusal): throw refusal
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }

    private static func write(
        _ token: AcceptedToken, _ line: Int, _ worker: borrowing VerifierWorker, _ opened: borrowing ByteScratch,
        to output: inout LineOutput
    ) {
        worker.withHeader(of: token) { header in
            worker.withClaims(of: token) {
                output.text.appendVerdict(line: line, header: header, claims: $0, opened: opened.span)
            }
        }
        output.acceptedCount += 1
    }
}

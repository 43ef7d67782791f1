// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenCrypto
import TokenScan
import TokenVerify

struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign claims sets: one JSON object a line in, one token a line out.",
        discussion: """
            Sets iat, exp and jti when absent; all other claims keep their bytes.
            Success: eyJhbGciOiJFUzI1NiIs….eyJzdWIiOiJ….MEUCIQ…
            Failure: an empty line, and on standard error cloakroom: line 2 refused at byte 0 (json); exit status 1.
            """)

    @Option(help: ArgumentHelp("JWK, JWK Set or PEM file with the one key that signs.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("Algorithm of a key that names none, such as PEM.", valueName: "alg"))
    var alg: AlgorithmArgument?

    @Option(help: ArgumentHelp("From iat to exp, when exp is absent.", valueName: "dur"))
    var lifetime = DurationArgument(seconds: 300)

    @OptionGroup var clock: ClockOptions
    @OptionGroup var stream: StreamOptions

    func run() throws {
        guard lifetime.seconds > 0 else { throw CommandFailure.usage("--lifetime is at least 1s") }
        let key = try KeyFiles.signingKey(key, algorithm: alg?.algorithm, isQuiet: stream.quiet)
        do {
            try stream.run([try SignWorker(key, lifetimeSeconds: lifetime.seconds, now: clock.now)])
        } catch let error as KeyError {
            throw KeyFiles.failure(error, self.key)
        }
    }
}

/// Turns claims lines into token lines.
private final class SignWorker: SingleLineWorker {
    private var signer: ClaimsSigner
    private let now: Int64?

    init(_ key: SignatureKey, lifetimeSeconds: Int64, now: Int64?) throws(KeyError) {
        signer = try ClaimsSigner(key: key, lifetimeSeconds: lifetimeSeconds)
        self.now = now
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        do {
            try signer.sign(line, now: now ?? System.now(), into: &output.text)
            output.text.append(0x0A)
            output.acceptedCount += 1
        } catch {
            refuse(error, line: number, &output)
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.append(0x0A)
        output.note(line: number, refusal)
        output.count(refusal.code)
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenScan
import TokenVerify

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show header and claims of tokens that nobody has verified.",
        discussion: """
            Values are masked as kind and length class, unless --reveal is given.
            Success: {"line":1,"verified":false,"header":{"alg":"RS256"},"claims":{"email":"<email 17-32>"}}
            Failure: {"line":2,"valid":false,"error":"malformed","offset":0}, and exit status 1.
            """)

    @Flag(help: "Show values as they stand.")
    var reveal = false

    @OptionGroup var stream: StreamOptions

    func run() throws {
        try stream.run([InspectWorker(isRevealing: reveal)])
    }
}

/// Turns token lines into lines about them.
private final class InspectWorker: SingleLineWorker {
    private var inspector: Unverified.Inspector

    init(isRevealing: Bool) { inspector = Unverified.Inspector(isRevealing: isRevealing) }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        do {
            try inspector.inspect(line, line: number, into: &output.text)
            output.acceptedCount += 1
        } catch {
            refuse(error, line: number, &output)
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }
}

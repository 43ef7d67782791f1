// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenDisclosure
import TokenScan
import TokenVerify

struct SDVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify SD-JWTs: one presentation a line in, one JSON verdict a line out.",
        discussion: """
            The claims of a verdict are the processed payload: what is disclosed stands in its place, and exp, iss and \
            all other rules are judged over it. Without --typ every typ that ends in +sd-jwt is accepted; without \
            --audience no aud is asked for.
            Success: {"line":1,"valid":true,"disclosures":2,"bound":false,"header":{…},"claims":{…}}
            Failure: {"line":2,"valid":false,"error":"disclosure"}, and exit status 1.
            """)

    @OptionGroup var options: VerifyOptions
    @OptionGroup var binding: BindingOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var stream: StreamOptions

    func run() throws {
        var entry = try options.acceptEntry(needsAudience: false, isQuiet: stream.quiet)
        if options.typ == nil { entry.types = nil }
        var rules = binding.rules
        rules.acceptsAnyType = options.typ?.words == ["any"]
        let verifier = try DisclosureVerifier(accept: [entry], rules: rules)
        try stream.run((0..<workers.workers).map { _ in SDVerifyWorker(verifier, now: clock.now) })
    }
}

/// What is asked of key bindings.
struct BindingOptions: ParsableArguments {
    enum Need: String, ExpressibleByArgument, CaseIterable {
        case auto, required, none
    }

    @Option(
        help: """
            Whether the holder's key must bind the presentation: auto when its token names one, required always; none \
            refuses one that is there, for services behind a gateway that checked it.
            """)
    var binding = Need.auto

    @Option(help: ArgumentHelp("Accepted aud of a key binding; may be repeated.", valueName: "s"))
    var bindingAudience: [String] = []

    @Option(help: ArgumentHelp("The nonce that a key binding must have.", valueName: "s"))
    var nonce: String?

    @Option(help: ArgumentHelp("The oldest accepted key binding.", valueName: "dur"))
    var bindingAge = DurationArgument(seconds: 300)

    func validate() throws {
        let isGiven = !bindingAudience.isEmpty && nonce != nil
        guard isGiven || bindingAudience.isEmpty && nonce == nil else {
            throw ValidationError("--binding-audience and --nonce go together")
        }
        guard binding != .required || isGiven else {
            throw ValidationError("--binding required needs --binding-audience and --nonce")
        }
        guard binding != .none || !isGiven else {
            throw ValidationError("--binding none takes no --binding-audience and --nonce")
        }
    }

    var rules: DisclosureRules {
        let need: DisclosureRules.Binding =
            switch binding {
            case .auto: .whenNamed
            case .required: .required
            case .none: .none
            }
        return DisclosureRules(
            binding: need, bindingAudiences: bindingAudience, nonce: nonce, bindingAgeSecondsMax: bindingAge.seconds)
    }
}

/// Turns presentation lines into verdict lines.
private final class SDVerifyWorker: SingleLineWorker {
    private let verifier: DisclosureVerifier
    private var worker: DisclosureWorker
    private let now: Int64?

    init(_ verifier: DisclosureVerifier, now: Int64?) {
        self.verifier = verifier
        self.now = now
        worker = verifier.makeWorker()
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        do {
            let token = try verifier.verify(line, now: now ?? System.now(), using: &worker)
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
        _ token: DisclosedToken, _ line: Int, _ worker: borrowing DisclosureWorker, to output: inout LineOutput
    ) {
        worker.withHeader { header in
            worker.withClaims { claims in
                output.text.appendVerdict(
                    line: line, header: header, claims: claims, disclosureCount: token.disclosureCount,
                    isBound: token.isBound)
            }
        }
        output.acceptedCount += 1
    }
}

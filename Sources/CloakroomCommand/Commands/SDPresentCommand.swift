// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenDisclosure
import TokenScan
import TokenVerify

struct SDPresentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "present", abstract: "Choose what SD-JWTs disclose: one a line in, one presentation a line out.",
        discussion: """
            Nothing is signed again, so that a gateway can drop disclosures for inner services without any key; the \
            issuer's signature is not checked here. With --holder-key a key binding is added. One that is there is \
            left out, since it covers the disclosures that stood before it.
            Paths read email, address.street, nationalities[] or nationalities[0], "a.b".c; a path stands for a \
            disclosure and all inside it.
            Success: eyJhbGciOiJFUzI1NiIs….eyJpc3MiOiJ….MEUCIQ…~WyJfVGlzQ…~
            Failure: an empty line, and on standard error cloakroom: line 2 refused (disclosure); exit status 1.
            """)

    @Option(
        help: ArgumentHelp(
            "Disclose these alone, and what has to be there for them; separated by commas.", valueName: "paths"))
    var keep: PathsArgument?

    @Option(help: ArgumentHelp("Disclose all but these; separated by commas.", valueName: "paths"))
    var drop: PathsArgument?

    @Flag(help: "Disclose nothing.")
    var dropAll = false

    @Option(help: ArgumentHelp("JWK, JWK Set or PEM file with the holder's private key.", valueName: "file"))
    var holderKey: String?

    @Option(help: ArgumentHelp("Algorithm of a holder key that names none, such as PEM.", valueName: "alg"))
    var holderAlg: AlgorithmArgument?

    @Option(help: ArgumentHelp("The verifier that the presentation is for.", valueName: "s"))
    var bindingAudience: String?

    @Option(help: ArgumentHelp("The nonce that the verifier asked for.", valueName: "s"))
    var nonce: String?

    @OptionGroup var clock: ClockOptions
    @OptionGroup var stream: StreamOptions

    func validate() throws {
        guard [keep != nil, drop != nil, dropAll].count(where: { $0 }) <= 1 else {
            throw ValidationError("--keep, --drop and --drop-all exclude each other")
        }
        guard (holderKey != nil) == (bindingAudience != nil), (holderKey != nil) == (nonce != nil) else {
            throw ValidationError("--holder-key, --binding-audience and --nonce go together")
        }
    }

    func run() throws {
        try stream.run([PresentLineWorker(selection, try makeBinding(), now: clock.now)])
    }

    private var selection: DisclosureSelection {
        if let keep { return .keeping(keep.paths) }
        if let drop { return .dropping(drop.paths) }
        return dropAll ? .none : .all
    }

    private func makeBinding() throws(CommandFailure) -> KeyBindingSigner? {
        guard let holderKey, let bindingAudience, let nonce else { return nil }
        let key = try KeyFiles.signingKey(holderKey, algorithm: holderAlg?.algorithm, isQuiet: stream.quiet)
        do { return try KeyBindingSigner(key: key, audience: bindingAudience, nonce: nonce) } catch {
            throw KeyFiles.failure(error, holderKey)
        }
    }
}

/// Paths of disclosures, separated by commas outside quotes.
struct PathsArgument: ExpressibleByArgument {
    let paths: [DisclosurePath]

    init?(argument: String) {
        var texts = [""]
        var isQuoted = false
        var isEscaped = false
        for character in argument {
            if character == ",", !isQuoted {
                texts.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
            texts[texts.count - 1].append(character)
        }
        paths = texts.compactMap { DisclosurePath($0) }
        guard paths.count == texts.count else { return nil }
    }
}

/// Turns SD-JWT lines into presentation lines.
private final class PresentLineWorker: SingleLineWorker {
    private var presenter = DisclosurePresenter()
    private let selection: DisclosureSelection
    private let binding: KeyBindingSigner?
    private let now: Int64?

    init(_ selection: DisclosureSelection, _ binding: KeyBindingSigner?, now: Int64?) {
        self.selection = selection
        self.binding = binding
        self.now = now
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        do {
            try presenter.present(line, selection, binding: binding, now: now ?? System.now(), into: &output.text)
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

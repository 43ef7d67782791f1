// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenPersonalData
import TokenScan
import TokenVerify

struct PseudonymizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pseudonymize", abstract: "Make pseudonyms as a policy makes them: one value a line.",
        discussion: """
            Values are JSON strings' text. With --candidates a value gives one line for each accepted key, the \
            active one first.
            Success: p1_k001_kR3cWIb2mEOqSzYVB0UVmw
            Failure: an empty line, and on standard error cloakroom: line 2 refused (policy); exit status 1.
            """)

    @Option(help: ArgumentHelp("JWK or JWK Set of pseudonym keys.", valueName: "file"))
    var keys: String

    @OptionGroup var domain: DomainOptions

    @Option(help: ArgumentHelp("The issuer that subject/1 binds the value to.", valueName: "s"))
    var issuer: String?

    @Flag(help: "One pseudonym for each accepted key.")
    var candidates = false

    @OptionGroup var stream: StreamOptions

    func run() throws {
        let name = try domain.name(hasIssuer: issuer != nil)
        guard name.profile != .subject || issuer?.isEmpty == false else {
            throw CommandFailure.usage("subject/1 needs --issuer: a subject means nothing without who named it")
        }
        let ring = try KeyFiles.pseudonymKeys(keys, tenant: domain.tenant)
        let pseudonymizer = Pseudonymizer(ring: ring, domain: name)
        try stream.run([PseudonymizeWorker(pseudonymizer, issuer: issuer ?? "", givesCandidates: candidates)])
    }
}

/// Turns value lines into pseudonym lines.
private final class PseudonymizeWorker: SingleLineWorker {
    private let pseudonymizer: Pseudonymizer
    private let issuer: [UInt8]
    private let givesCandidates: Bool

    init(_ pseudonymizer: Pseudonymizer, issuer: String, givesCandidates: Bool) {
        self.pseudonymizer = pseudonymizer
        self.issuer = Array(issuer.utf8)
        self.givesCandidates = givesCandidates
    }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        let issuer = issuer
        do {
            if givesCandidates {
                try pseudonymizer.appendCandidates(of: .string, line, issuer: issuer.span, to: &output.text)
            } else {
                try pseudonymizer.appendPseudonym(of: .string, line, issuer: issuer.span, to: &output.text)
                output.text.append(0x0A)
            }
            output.acceptedCount += 1
        } catch {
            refuse(Refusal(.policy), line: number, &output)
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.append(0x0A)
        output.note(line: number, refusal)
        output.count(refusal.code)
    }
}

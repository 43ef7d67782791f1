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

    @Option(help: ArgumentHelp("The tenant of the policy.", valueName: "t"))
    var tenant: String

    @Option(help: ArgumentHelp("The type of the policy's rule, such as email.", valueName: "type"))
    var type: String

    @Option(
        help: ArgumentHelp(
            "email/1, phone/1, ip/1, text/1 or subject/1. (default: subject/1 with --issuer, else text/1)",
            valueName: "profile"))
    var canonical: String?

    @Option(help: ArgumentHelp("The issuer that subject/1 binds the value to.", valueName: "s"))
    var issuer: String?

    @Option(help: ArgumentHelp("global, audience:S, sector:S (as issue.sector) or token:JTI.", valueName: "scope"))
    var scope = "global"

    @Flag(help: "One pseudonym for each accepted key.")
    var candidates = false

    @OptionGroup var stream: StreamOptions

    func run() throws {
        let profile = try canonicalProfile()
        let ring = try KeyFiles.pseudonymKeys(keys, tenant: tenant)
        let domain: PseudonymDomainName
        do {
            domain = try PseudonymDomainName(type: type, profile: profile, scope: try pseudonymScope())
        } catch is PseudonymKeyError {
            throw CommandFailure.usage("--type, and the value of --scope, must not be empty")
        }
        let pseudonymizer = Pseudonymizer(ring: ring, domain: domain)
        try stream.run([PseudonymizeWorker(pseudonymizer, issuer: issuer ?? "", givesCandidates: candidates)])
    }

    private func canonicalProfile() throws(CommandFailure) -> CanonicalProfile {
        let isIssuerLocal = ["sub", "sid", "oid"].contains(type) || issuer != nil
        let name = canonical ?? (isIssuerLocal ? "subject/1" : "text/1")
        guard let profile = CanonicalProfile(name: name) else {
            throw .usage("--canonical takes email/1, phone/1, ip/1, text/1 or subject/1")
        }
        guard profile != .subject || issuer?.isEmpty == false else {
            throw .usage("subject/1 needs --issuer: a subject means nothing without who named it")
        }
        return profile
    }

    private func pseudonymScope() throws -> PseudonymScope {
        if scope == "global" { return .global }
        if scope.hasPrefix("audience:") { return .audience(try PseudonymSector(audience: String(scope.dropFirst(9)))) }
        if scope.hasPrefix("sector:") { return .audience(try PseudonymSector(named: String(scope.dropFirst(7)))) }
        if scope.hasPrefix("token:"), scope.utf8.count > 6 { return .token(jti: Array(scope.utf8.dropFirst(6))) }
        throw CommandFailure.usage("--scope takes global, audience:S, sector:S or token:JTI")
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

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenPersonalData

/// What names the domain of a policy's values on the command line.
struct DomainOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The tenant of the policy.", valueName: "t"))
    var tenant: String

    @Option(help: ArgumentHelp("The type of the policy's rule, such as email.", valueName: "type"))
    var type: String

    @Option(
        help: ArgumentHelp(
            "email/1, phone/1, ip/1, text/1 or subject/1. (default: subject/1 for sub, sid, oid, else text/1)",
            valueName: "profile"))
    var canonical: String?

    @Option(help: ArgumentHelp("global, audience:S, sector:S (as issue.sector) or token:JTI.", valueName: "scope"))
    var scope = "global"

    /// The domain; `hasIssuer` says that an issuer is named, which makes subject/1 the default.
    func name(hasIssuer: Bool) throws -> PseudonymDomainName {
        let isIssuerLocal = ["sub", "sid", "oid"].contains(type) || hasIssuer
        guard let profile = CanonicalProfile(name: canonical ?? (isIssuerLocal ? "subject/1" : "text/1")) else {
            throw CommandFailure.usage("--canonical takes email/1, phone/1, ip/1, text/1 or subject/1")
        }
        do {
            return try PseudonymDomainName(type: type, profile: profile, scope: try pseudonymScope())
        } catch is PseudonymKeyError {
            throw CommandFailure.usage("--type, and the value of --scope, must not be empty")
        }
    }

    private func pseudonymScope() throws -> PseudonymScope {
        if scope == "global" { return .global }
        if scope.hasPrefix("audience:") { return .audience(try PseudonymSector(audience: String(scope.dropFirst(9)))) }
        if scope.hasPrefix("sector:") { return .audience(try PseudonymSector(named: String(scope.dropFirst(7)))) }
        if scope.hasPrefix("token:"), scope.utf8.count > 6 { return .token(jti: Array(scope.utf8.dropFirst(6))) }
        throw CommandFailure.usage("--scope takes global, audience:S, sector:S or token:JTI")
    }
}

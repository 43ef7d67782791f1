// SPDX-License-Identifier: Apache-2.0

/// What happens with personal data found in claims under `keep`.
public enum KeptDataCheck: String, CaseIterable, Sendable {
    /// The token is refused with `policy`.
    case refuse
    /// The token is issued and the finding counted in the result.
    case warn
    /// Nothing is looked for.
    case off
}

/// A compiled policy: immutable, safe to share between threads, made once and used for every token.
///
/// The grammar is the page <doc:PolicyGrammar>. Nothing is kept by default: a claim without a rule is dropped or
/// refuses the token, at every level of the claims set.
public struct Policy: Sendable {
    /// The tenant, part of every pseudonym's domain.
    public let tenant: String
    /// What the engine writes itself.
    public let issue: IssueRules
    /// The accepted issuers as described; empty when the caller supplies the verifier.
    public let accept: [AcceptDescription]
    /// The declared recipients of encrypted claims.
    public let recipients: [RecipientDescription]
    /// What a claim without a rule does: false drops it, true refuses the token.
    public let refusesUnlisted: Bool
    /// The check of strings under `keep`.
    public let keptDataCheck: KeptDataCheck
    /// Hints for the author, in file order.
    public let advice: [PolicyAdvice]
    /// The claim rules, laid out for the walk over a token.
    package let program: ClaimProgram
    /// The recipients that a rule or `issue.encrypt` uses, by their place in `recipients`.
    let usedRecipients: Set<Int>
    /// Whether some claim is encrypted.
    let encryptsClaims: Bool

    /// The recipients whose keys exchanging and issuing need.
    public var neededRecipients: [RecipientDescription] {
        recipients.indices.filter { usedRecipients.contains($0) }.map { recipients[$0] }
    }

    /// Whether exchanging needs pseudonym keys: a `pseudonym` rule, or a date `shift`, which is keyed too.
    public var needsPseudonymKeys: Bool { !program.pseudonyms.isEmpty || program.hasShift }

    /// Whether exchanging needs keys of reversible values: a `siv` rule.
    public var needsReversibleKeys: Bool { !program.sivs.isEmpty }
    /// Whether exchanging needs a vault: a `vault` rule, `random: {vault: yes}`, or an erasable pseudonym.
    public var needsVault: Bool { !program.vaults.isEmpty || hasErasablePseudonyms }

    var hasErasablePseudonyms: Bool { program.pseudonyms.contains(where: \.isErasable) }

    /// Compiles a policy tree.
    ///
    /// - Throws: ``PolicyError`` with the line of the first error in file order of its block.
    /// - Complexity: linear in the tree, allocates; for start-up, not for the request path.
    public static func compile(_ tree: PolicyNode) throws(PolicyError) -> Policy {
        let reader = try SectionReader(tree, .policy)
        let version = try reader.required("version")
        guard case .scalar("1", _) = version.value else {
            throw PolicyError(.wrongArgument, line: version.line, "'version' is 1")
        }
        let tenant = try Scalar.text(reader.required("tenant").value, of: "tenant", byteCountMax: 128)
        let refusesUnlisted = try reader.choice("unlisted", ["drop", "refuse"], standard: "drop") == "refuse"
        var issue = try BlockParser.issue(reader.required("issue").value)
        let accept = try reader.entry("accept").map { e throws(PolicyError) in try BlockParser.accept(e.value) } ?? []
        try checkIssuer(issue, accept)
        let recipients =
            try reader.entry("recipients").map { e throws(PolicyError) in try BlockParser.recipients(e.value) } ?? []
        let names = recipients.map(\.name)
        if let entry = try SectionReader(reader.required("issue").value, .issue).entry("encrypt") {
            guard !issue.isSelective else {
                throw PolicyError(.wrongArgument, line: entry.line, "'encrypt' does not go with selective disclosure")
            }
            issue.wholeTokenRecipient = try RuleParser.recipient(SectionReader(entry.value, .encrypt), among: names)
        }
        var claims = ClaimCompiler(issue: issue, recipients: names)
        try claims.compile(reader.required("claims").value)
        var used = claims.usedRecipients
        if let place = issue.wholeTokenRecipient { used.insert(place) }
        let unused = recipients.indices.filter { !used.contains($0) }
            .map { PolicyAdvice(code: .unusedRecipient, line: recipients[$0].line) }
        return Policy(
            tenant: tenant, issue: issue, accept: accept, recipients: recipients, refusesUnlisted: refusesUnlisted,
            keptDataCheck: try keptDataCheck(reader), advice: claims.advice + unused,
            program: ClaimProgram(claims.tree, writesClientID: issue.writesClientID), usedRecipients: used,
            encryptsClaims: !claims.usedRecipients.isEmpty)
    }

    private static func keptDataCheck(_ reader: SectionReader) throws(PolicyError) -> KeptDataCheck {
        guard let entry = reader.entry("checks") else { return .refuse }
        let word = try SectionReader(entry.value, .checks).choice(
            "personal-data-in-kept-claims", KeptDataCheck.allCases.map(\.rawValue), standard: "refuse")
        return KeptDataCheck(rawValue: word) ?? .refuse
    }

    /// A token that this engine issued must never be acceptable input again under a foreign issuer's entry.
    private static func checkIssuer(
        _ issue: IssueRules, _ accept: [AcceptDescription]
    ) throws(PolicyError) {
        for entry in accept where entry.issuers.contains(where: { $0.utf8.elementsEqual(issue.issuer.utf8) }) {
            throw PolicyError(.wrongArgument, line: entry.line, "issue.issuer must not be an accepted issuer")
        }
    }
}

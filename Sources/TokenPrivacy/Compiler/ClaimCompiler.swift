// SPDX-License-Identifier: Apache-2.0
import TokenDisclosure

/// Compiles the `claims` block: each path with its rule, checked against what the engine owns and what is registered.
struct ClaimCompiler {
    let issue: IssueRules
    let recipients: [String]
    /// The recipients that some rule encrypts to, by their place.
    private(set) var usedRecipients: Set<Int> = []
    private(set) var tree = ClaimTree()
    private(set) var advice: [PolicyAdvice] = []
    private var hasSubject = false

    init(issue: IssueRules, recipients: [String]) {
        self.issue = issue
        self.recipients = recipients
    }

    mutating func compile(_ node: PolicyNode) throws(PolicyError) {
        guard case .mapping(let entries, let line) = node else {
            throw PolicyError(.wrongArgument, line: node.line, "'claims' takes a mapping of paths to rules")
        }
        guard entries.count <= 256 else { throw PolicyError(.syntax, line: line, "'claims' has at most 256 rules") }
        for entry in entries { try compile(entry) }
        try tree.checkOutputNames()
        try tree.checkEncryptedNames()
        guard hasSubject else { throw PolicyError(.subject, line: line, "'claims' lacks a rule for sub") }
    }

    private mutating func compile(_ entry: PolicyNode.Entry) throws(PolicyError) {
        let line = entry.line
        let path = try PolicyPath(entry.name, line: line)
        let (rule, rename) = try RuleParser(path: path, line: line, recipients: recipients).parse(entry.value)
        try checkNames(path, rule, line: line)
        if case .disclose = rule { try checkDisclosable(path, line: line) }
        var outputName = try rename.map { entry throws(PolicyError) in try self.outputName(entry, path, rule) }
        if case .encrypt(let recipient) = rule {
            usedRecipients.insert(recipient)
            outputName = try encryptedName(outputName, path, line: line)
        }
        let topLevel = path.topLevelName.map { String(decoding: $0, as: UTF8.self) }
        if let topLevel { try checkRegistered(topLevel, rule, line: line) }
        if path.steps.count > 1 { try checkParent(path, line: line) }
        if let outputName, path.steps.count == 1 {
            try checkType(String(decoding: outputName, as: UTF8.self), rule, line: line)
        }
        try tree.insert(rule, at: path, outputName: outputName, line: line)
        try checkScope(rule, line: line)
        advise(path, rule, line: line)
    }

    /// A claim that is encrypted leaves its object and stands in its recipient's under its own name, or below the top
    /// under its path.
    private func encryptedName(
        _ outputName: [UInt8]?, _ path: PolicyPath, line: Int
    ) throws(PolicyError) -> [UInt8] {
        guard !issue.isSelective else {
            throw PolicyError(.wrongArgument, line: line, "'encrypt' does not go with selective disclosure")
        }
        var names: [[UInt8]] = []
        for step in path.steps {
            guard case .member(let name) = step else {
                throw PolicyError(
                    .wrongArgument, line: line, "'encrypt' takes no elements of an array: encrypt the array")
            }
            names.append(name)
        }
        return outputName ?? Array(names.joined(separator: [UInt8(ascii: ".")]))
    }

    /// Reserved names stand at no level; engine-owned and never-carried ones at none but below the top.
    private func checkNames(_ path: PolicyPath, _ rule: ClaimRule, line: Int) throws(PolicyError) {
        for case .member(let name) in path.steps where ClaimRegistry.reserved.contains(where: name.isText) {
            throw PolicyError(.reservedName, line: line, "this name is reserved for the engine's own formats")
        }
        guard case .member(let first) = path.steps[0] else { return }
        if ClaimRegistry.engineOwned.contains(where: first.isText) {
            throw PolicyError(
                .engineOwned, line: line, "iss, aud, exp, iat, nbf and jti are written by the engine and take no rule")
        }
        if ClaimRegistry.neverCarried.contains(where: first.isText) {
            guard case .drop = rule, path.steps.count == 1 else {
                throw PolicyError(.neverCarried, line: line, "nonce, at_hash and c_hash are never carried over")
            }
        }
        if case .drop(isUnbind: true) = rule, path.topLevelName.map({ $0.isText("cnf") }) != true {
            throw PolicyError(.wrongArgument, line: line, "'drop: unbind' is for cnf only")
        }
    }

    /// What a holder may leave out has to be of a kind that may be left out, in a token that says it is an SD-JWT.
    private func checkDisclosable(_ path: PolicyPath, line: Int) throws(PolicyError) {
        guard issue.isSelective else {
            throw PolicyError(
                .wrongArgument, line: line,
                "'disclose' needs an issue.type that ends in \(DisclosureNames.typeSuffix), such as example+sd-jwt")
        }
        guard case .member(let first) = path.steps[0], !ClaimRegistry.notDisclosable.contains(where: first.isText)
        else {
            throw PolicyError(
                .notDisclosable, line: line, "a holder must not be able to leave this claim out (RFC 9901 section 9.7)")
        }
    }

    private func outputName(
        _ entry: PolicyNode.Entry, _ path: PolicyPath, _ rule: ClaimRule
    ) throws(PolicyError) -> [UInt8] {
        let name = Array(try Scalar.text(entry.value, of: "as").utf8)
        guard case .member? = path.steps.last else {
            throw PolicyError(.wrongArgument, line: entry.line, "'as' renames a member, not an array's elements")
        }
        if case .drop = rule {
            throw PolicyError(.wrongArgument, line: entry.line, "'as' and 'drop' exclude each other")
        }
        if case .disclose = rule, path.steps.count == 1, ClaimRegistry.notDisclosable.contains(where: name.isText) {
            throw PolicyError(.notDisclosable, line: entry.line, "no disclosure may be renamed to this name")
        }
        let isReserved =
            ClaimRegistry.reserved.contains(where: name.isText)
            || path.steps.count == 1 && ClaimRegistry.notRenameTargets.contains(where: name.isText)
        guard !isReserved else {
            throw PolicyError(.reservedName, line: entry.line, "no claim may be renamed to this name")
        }
        if let top = path.topLevelName, ["sub", "cnf", "client_id"].contains(where: top.isText) {
            throw PolicyError(.wrongArgument, line: entry.line, "sub, cnf and client_id keep their names")
        }
        return name
    }

    /// The claims with a meaning of their own at the top level.
    private mutating func checkRegistered(_ name: String, _ rule: ClaimRule, line: Int) throws(PolicyError) {
        switch name {
        case "sub":
            hasSubject = true
            switch rule {
            case .encrypt:
                throw PolicyError(.subject, line: line, "a token has a readable sub, since ciphertexts are bound to it")
            case .mask, .generalize:
                throw PolicyError(.subject, line: line, "this rule would give many people one sub")
            case .drop where issue.writesClientID:
                throw PolicyError(.subject, line: line, "a token of type at+jwt has a sub (RFC 9068 section 2.2)")
            case .siv(let rule) where rule.dropsOtherwise && issue.writesClientID:
                throw PolicyError(
                    .subject, line: line, "'otherwise: drop' would issue an at+jwt without sub (RFC 9068 section 2.2)")
            case .pseudonym(let rule) where rule.dropsOtherwise && issue.writesClientID:
                throw PolicyError(
                    .subject, line: line, "'otherwise: drop' would issue an at+jwt without sub (RFC 9068 section 2.2)")
            default: break
            }
        case "cnf":
            if case .drop(isUnbind: false) = rule {
                throw PolicyError(
                    .wrongArgument, line: line, "dropping cnf turns a bound token into a bearer token: say drop: unbind"
                )
            }
            if case .keep = rule { break }
            if case .drop = rule { break }
            throw PolicyError(.claimType, line: line, "cnf takes keep or drop: unbind")
        case "client_id":
            guard issue.writesClientID else { break }
            guard rule == .keep, issue.clientID == nil else {
                throw PolicyError(
                    .engineOwned, line: line, "client_id of at+jwt is written by the engine: use issue.client-id")
            }
        default: break
        }
        try checkType(name, rule, line: line)
    }

    private func checkType(_ name: String, _ rule: ClaimRule, line: Int) throws(PolicyError) {
        guard let type = ClaimRegistry.types[name], !ClaimRegistry.allows(rule, for: type) else { return }
        throw PolicyError(
            .claimType, line: line,
            "'\(rule.word)' would change the type of this registered claim, which is a \(type.rawValue)")
    }

    /// A rule below a claim that is registered as a scalar is never reached; one below `sub` or `cnf` splits it.
    private func checkParent(_ path: PolicyPath, line: Int) throws(PolicyError) {
        guard case .member(let bytes) = path.steps[0] else { return }
        let name = String(decoding: bytes, as: UTF8.self)
        guard name != "cnf" else {
            throw PolicyError(.claimType, line: line, "cnf takes one rule as a whole")
        }
        guard let type = ClaimRegistry.types[name], type != .object else { return }
        if type == .array, path.steps[1] == .element { return }
        throw PolicyError(
            .unreachableRule, line: line, "the registered claim above this path is a \(type.rawValue)")
    }

    private func checkScope(_ rule: ClaimRule, line: Int) throws(PolicyError) {
        if case .vault(let rule) = rule, let ttl = rule.ttlSeconds, ttl < issue.lifetimeSeconds {
            throw PolicyError(.lifetime, line: line, "'ttl' is shorter than the lifetime of the token")
        }
        let scope: ClaimRule.Scope
        switch rule {
        case .pseudonym(let rule): scope = rule.scope
        case .siv(let rule): scope = rule.scope
        default: return
        }
        guard scope == .audience, issue.sector == nil else { return }
        throw PolicyError(
            .sectors, line: line, "the audiences are of several sectors: set issue.sector, or another scope")
    }

    private mutating func advise(_ path: PolicyPath, _ rule: ClaimRule, line: Int) {
        let name = String(decoding: path.lastName, as: UTF8.self)
        switch rule {
        case .pseudonym(let rule):
            let isLow = ClaimRegistry.lowCardinality.contains(name) || ClaimRegistry.lowCardinality.contains(rule.type)
            if isLow { advice.append(PolicyAdvice(code: .lowCardinality, line: line)) }
            if rule.scope == .global { advice.append(PolicyAdvice(code: .globalScope, line: line)) }
        case .keep where path.steps.count == 1 && ClaimRegistry.identifying.contains(name):
            advice.append(PolicyAdvice(code: .identifyingClaimKept, line: line))
        case .keep where path.topLevelName.map({ $0.isText("sub") }) == true:
            advice.append(PolicyAdvice(code: .subjectKept, line: line))
        default: break
        }
    }
}

extension [UInt8] {
    /// Whether these bytes are the UTF-8 of `text`.
    func isText(_ text: String) -> Bool { elementsEqual(text.utf8) }
}

// SPDX-License-Identifier: Apache-2.0

extension AuditReport {
    /// The most rules of a suggestion, below the 256 that a policy may have.
    private static let ruleCountMax = 200
    /// Written by the engine, or names of its own formats: they take no rule.
    private static let withoutRule: Set<String> = [
        "iss", "aud", "exp", "iat", "nbf", "jti", "client_id", "enc_claims", "_sd", "_sd_alg", "...",
    ]

    /// A rule for each claim that can have one, in the order of the report. Objects get rules for what is inside, all
    /// else one for itself.
    package var suggestedRules: [SuggestedRule] {
        var rules: [SuggestedRule] = []
        var decided: [ClaimPath] = []
        for claim in claims where rules.count < Self.ruleCountMax {
            guard let name = Self.ruleName(claim.path), !decided.contains(where: { $0.contains(claim.path) }) else {
                continue
            }
            let top = claim.path.steps.count == 1 ? name : nil
            // An object whose parts have names is left to its parts.
            if top.map({ SuggestionTable.byName[$0] == nil && $0 != "cnf" }) ?? true, claim.kinds == ["object"],
                claims.contains(where: { claim.path.contains($0.path) && Self.ruleName($0.path) != nil })
            {
                continue
            }
            decided.append(claim.path)
            let (rule, reason) = claim.suggestion(atTop: top)
            rules.append(SuggestedRule(path: claim.path.text, rule: rule, reason: reason))
        }
        if !rules.contains(where: { $0.path == "sub" }) {
            let reason = "every policy has a rule for sub"
            rules.insert(SuggestedRule(path: "sub", rule: "{pseudonym: {type: user-id}}", reason: reason), at: 0)
        }
        return rules
    }

    /// The last name of a path that can have a rule; nil for paths through `*` or an array, and for reserved names.
    private static func ruleName(_ path: ClaimPath) -> String? {
        guard path.steps.count <= 8, case .member(let first)? = path.steps.first, !withoutRule.contains(first) else {
            return nil
        }
        var last: String?
        for step in path.steps {
            switch step {
            case .member(let name):
                guard !withoutRule.contains(name) || path.steps.count > 1 && !name.hasPrefix("_") && name != "..."
                else {
                    return nil
                }
                last = name
            case .element, .any: return nil
            }
        }
        return last
    }

    /// The suggested policy as YAML with a reason behind each rule. What is not known from tokens stands in capitals.
    package var suggestedPolicy: String {
        let rules = suggestedRules
        let width = min(40, rules.map { Self.key($0.path).count }.max() ?? 0)
        var text = """
            # A policy to start from, made from \(tokenCount) tokens. Every rule is a guess: read it before you use it.
            # Replace the words in capitals; `cloakroom policy check FILE` says what is wrong.
            version: 1
            tenant: TENANT
            unlisted: drop
            issue:
              issuer: https://TOKENS.example
              audience: https://SERVICE.example
              lifetime: 5m
              client-id: CLIENT
            claims:

            """
        for rule in rules {
            let key = Self.key(rule.path) + ":"
            let blanks = String(repeating: " ", count: max(1, width + 2 - key.count))
            text += "  \(key)\(blanks)\(rule.rule)  # \(rule.reason)\n"
        }
        return text + "checks:\n  personal-data-in-kept-claims: refuse\n"
    }

    /// A path as a key of YAML. Shown names hold no quote but those of the path itself.
    private static func key(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2E
        }
        let isWord = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(path.lowercased())
        return isPlain && !isWord && path.utf8.first.map({ $0 > 0x39 }) == true ? path : "'\(path)'"
    }
}

extension ClaimPath {
    /// Whether a path is inside this one.
    func contains(_ other: ClaimPath) -> Bool {
        other.steps.count > steps.count && Array(other.steps.prefix(steps.count)) == steps
    }
}

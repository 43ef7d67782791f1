// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData

/// Parses the right-hand side of one claim: a bare word, or `{word: arguments, as: name}`.
struct RuleParser {
    let path: PolicyPath
    let line: Int
    /// The declared recipients, for `encrypt: {to: …}`.
    let recipients: [String]

    /// The rule and its `as:` name, if any.
    func parse(_ node: PolicyNode) throws(PolicyError) -> (rule: ClaimRule, name: PolicyNode.Entry?) {
        switch node {
        case .scalar(let word, let line):
            let words = PolicyWords.words(of: .rule).filter { $0 != "as" }
            guard words.contains(word) else { throw PolicyError.unknown(word, line: line, known: words) }
            return (try rule(word, .mapping([], line: line), line: line), nil)
        case .sequence(_, let line):
            throw PolicyError(.wrongArgument, line: line, "a claim takes one rule, not a list")
        case .mapping:
            let reader = try SectionReader(node, .rule)
            let found = PolicyWords.words(of: .rule).filter { $0 != "as" }.compactMap { reader.entry($0) }
            guard let entry = found.first else {
                throw PolicyError(.missingWord, line: node.line, "a claim takes one rule such as keep or drop")
            }
            guard found.count == 1 else {
                throw PolicyError(.duplicateRule, line: node.line, "a claim takes one rule, not several")
            }
            return (try rule(entry.name, entry.value, line: entry.line), reader.entry("as"))
        }
    }

    private func rule(_ word: String, _ node: PolicyNode, line: Int) throws(PolicyError) -> ClaimRule {
        let arguments = Self.isNothing(node) ? PolicyNode.mapping([], line: node.line) : node
        switch word {
        case "keep":
            try requireNothing(arguments, word)
            return .keep
        case "drop": return try drop(arguments)
        case "pseudonym": return try pseudonym(arguments)
        case "random":
            let vault = try SectionReader(arguments, .random).choice("vault", ["yes", "no"], standard: "no")
            return vault == "yes" ? try reidentifiable() : .random
        case "mask":
            let reader = try SectionReader(arguments, .mask)
            let shape = try reader.choice("shape", MaskShape.allCases.map(\.rawValue), standard: "fixed")
            return .mask(
                ClaimRule.MaskRule(
                    shape: MaskShape(rawValue: shape) ?? .fixed, dropsOtherwise: try reader.dropsOtherwise()))
        case "generalize": return try GeneralizeParser.parse(arguments)
        case "disclose": return try disclose(arguments)
        case "siv": return try siv(arguments)
        case "encrypt": return .encrypt(recipient: try recipient(arguments, .encrypt))
        case "vault": return try vault(arguments)
        default: throw PolicyError(.unknownWord, line: line, "unknown rule")
        }
    }

    private typealias MaskShape = ClaimRule.MaskRule.Shape

    private func drop(_ node: PolicyNode) throws(PolicyError) -> ClaimRule {
        if case .scalar(let text, let line) = node {
            guard text == "unbind" else {
                throw PolicyError(.wrongArgument, line: line, "'drop' takes nothing, or 'unbind' for cnf")
            }
            return .drop(isUnbind: true)
        }
        try requireNothing(node, "drop")
        return .drop(isUnbind: false)
    }

    private func pseudonym(_ node: PolicyNode) throws(PolicyError) -> ClaimRule {
        let reader = try SectionReader(node, .pseudonym)
        let type = try type(reader)
        let bytes = Int(try reader.choice("bytes", ["16", "20", "32"], standard: "16")) ?? 16
        let text = try reader.choice("text", ["base64url", "base32"], standard: "base64url")
        guard let form = try? PseudonymForm(byteCount: bytes, alphabet: text == "base32" ? .base32 : .base64URL) else {
            throw PolicyError(.wrongArgument, line: node.line, "'text: base32' goes with 16 bytes only")
        }
        return .pseudonym(
            ClaimRule.PseudonymRule(
                type: type, profile: try profile(reader, type: type), scope: try scope(reader), form: form,
                dropsOtherwise: try reader.dropsOtherwise(),
                isErasable: try reader.choice("erasable", ["yes", "no"], standard: "no") == "yes"))
    }

    private func vault(_ node: PolicyNode) throws(PolicyError) -> ClaimRule {
        let reader = try SectionReader(node, .vault)
        let type = try type(reader)
        let line = try reader.required("purposes").line
        let purposes = try reader.list("purposes", countMax: VaultLabel.purposeCountMax) ?? []
        for purpose in purposes { _ = try Scalar.identifier(purpose, of: "purposes", line: line) }
        return .vault(
            ClaimRule.VaultRule(
                label: try label(type, purposes), ttlSeconds: try reader.seconds("ttl", 1...31_536_000),
                dropsOtherwise: try reader.dropsOtherwise()))
    }

    /// `random: {vault: yes}`: nothing in the token tells the value, and the vault gives it back for one purpose.
    private func reidentifiable() throws(PolicyError) -> ClaimRule {
        let type = try type(SectionReader(.mapping([], line: line), .vault))
        return .vault(
            ClaimRule.VaultRule(
                label: try label(type, [ClaimRegistry.reidentification]), ttlSeconds: nil, dropsOtherwise: false))
    }

    private func label(_ type: String, _ purposes: [String]) throws(PolicyError) -> VaultLabel {
        do {
            return try VaultLabel(type: type, purposes: purposes)
        } catch {
            throw PolicyError(.wrongArgument, line: line, "'type' and 'purposes' take 1 to 64 bytes each")
        }
    }

    private func disclose(_ node: PolicyNode) throws(PolicyError) -> ClaimRule {
        if case .scalar("selectively", _) = node { return .disclose(.init(decoyCount: 0, isRecursive: false)) }
        let reader = try SectionReader(node, .disclose)
        return .disclose(
            ClaimRule.DiscloseRule(
                decoyCount: try reader.integer("decoys", 0...16, standard: 0),
                isRecursive: try reader.choice("recursive", ["yes", "no"], standard: "no") == "yes"))
    }

    private func siv(_ node: PolicyNode) throws(PolicyError) -> ClaimRule {
        let reader = try SectionReader(node, .siv)
        let type = try type(reader)
        return .siv(
            ClaimRule.SivRule(
                type: type, profile: try profile(reader, type: type), scope: try scope(reader),
                dropsOtherwise: try reader.dropsOtherwise()))
    }

    private func recipient(_ node: PolicyNode, _ section: PolicySection) throws(PolicyError) -> Int {
        try Self.recipient(SectionReader(node, section), among: recipients)
    }

    /// The place of `to` among the declared recipients.
    static func recipient(_ reader: SectionReader, among recipients: [String]) throws(PolicyError) -> Int {
        let entry = try reader.required("to")
        let name = try Scalar.text(entry.value, of: "to", byteCountMax: 64)
        guard let place = recipients.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) else {
            let text = "recipient \(PolicyError.quoted(name)) is not declared under 'recipients'"
            throw PolicyError(.recipient, line: entry.line, text)
        }
        return place
    }

    private func type(_ reader: SectionReader) throws(PolicyError) -> String {
        if let entry = reader.entry("type") {
            let text = try Scalar.text(entry.value, of: "type", byteCountMax: 64)
            return try Scalar.identifier(text, of: "type", line: entry.value.line)
        }
        let name = String(decoding: path.lastName, as: UTF8.self)
        guard let type = try? Scalar.identifier(name, of: "type", line: line) else {
            throw PolicyError(.missingWord, line: line, "this claim's name is no type: name one with 'type'")
        }
        return type
    }

    /// `subject/1` for the claims and types that are unique only inside one issuer, else `text/1`. At any level:
    /// `act.sub` is a subject too (RFC 8693 section 4.1).
    private func profile(_ reader: SectionReader, type: String) throws(PolicyError) -> CanonicalProfile {
        guard let entry = reader.entry("canonical") else {
            let isIssuerLocal = ["sub", "sid", "oid"].contains { $0 == type || path.lastName.isText($0) }
            return isIssuerLocal ? .subject : .text
        }
        let name = try Scalar.text(entry.value, of: "canonical")
        guard let profile = CanonicalProfile(name: name) else {
            throw PolicyError(
                .wrongArgument, line: entry.value.line,
                "'canonical' takes email/1, phone/1, phone/1:DE, ip/1, ip/1:24,48, text/1 or subject/1")
        }
        return profile
    }

    private func scope(_ reader: SectionReader) throws(PolicyError) -> ClaimRule.Scope {
        let word = try reader.choice("scope", ClaimRule.Scope.allCases.map(\.rawValue), standard: "audience")
        return ClaimRule.Scope(rawValue: word) ?? .audience
    }

    private func requireNothing(_ node: PolicyNode, _ word: String) throws(PolicyError) {
        guard Self.isNothing(node) else {
            throw PolicyError(.wrongArgument, line: node.line, "'\(word)' takes no arguments")
        }
    }

    /// An empty mapping, or what YAML (`keep:`) and JSON (`null`) write for "nothing".
    private static func isNothing(_ node: PolicyNode) -> Bool {
        switch node {
        case .mapping(let entries, _): entries.isEmpty
        case .scalar(let text, _): ["", "~", "null"].contains(text)
        case .sequence: false
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData

/// Parses the blocks around the claims: `issue`, `accept`, `recipients`.
enum BlockParser {
    static func issue(_ node: PolicyNode) throws(PolicyError) -> IssueRules {
        let reader = try SectionReader(node, .issue)
        let issuer = try Scalar.text(reader.required("issuer").value, of: "issuer")
        _ = try reader.required("audience")
        let audiences = try reader.list("audience", countMax: 16) ?? []
        let classWord = try reader.choice(
            "class", IssuedTokenClass.allCases.map(\.rawValue), standard: IssuedTokenClass.access.rawValue)
        let tokenClass = IssuedTokenClass(rawValue: classWord) ?? .access
        let lifetime = try reader.seconds("lifetime", 1...86_400) ?? tokenClass.standardLifetimeSeconds
        guard lifetime <= tokenClass.lifetimeSecondsMax else {
            throw PolicyError(
                .lifetime, line: reader.entry("lifetime")?.line ?? reader.line,
                "'lifetime' is over the cap of class \(classWord), \(tokenClass.lifetimeSecondsMax)s")
        }
        let type = try mediaType(reader) ?? tokenClass.standardTokenType
        let lowered = type.lowercased()
        let writesClientID = lowered == "at+jwt" || lowered == "application/at+jwt"
        let clientID = try reader.text("client-id")
        if let entry = reader.entry("client-id"), !writesClientID {
            throw PolicyError(.wrongArgument, line: entry.line, "'client-id' goes with type at+jwt only")
        }
        let named = try reader.text("sector").flatMap { try? PseudonymSector(named: $0) }
        let sector = named ?? (try? PseudonymSector(audiences: audiences))
        return IssueRules(
            issuer: issuer, audiences: audiences, lifetimeSeconds: lifetime, tokenType: type, tokenClass: tokenClass,
            sector: sector, clientID: clientID, writesClientID: writesClientID)
    }

    /// A media type name as `typ` holds it (RFC 7515 section 4.1.9): 1 to 64 of RFC 6838's restricted characters.
    private static func mediaType(_ reader: SectionReader) throws(PolicyError) -> String? {
        guard let entry = reader.entry("type") else { return nil }
        let text = try Scalar.text(entry.value, of: "type", byteCountMax: 64)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+/".utf8)
        guard text.utf8.allSatisfy({ allowed.contains($0) }) else {
            throw PolicyError(.wrongArgument, line: entry.value.line, "'type' takes a media type such as at+jwt")
        }
        return text
    }

    static func accept(_ node: PolicyNode) throws(PolicyError) -> [AcceptDescription] {
        guard case .sequence(let nodes, _) = node, (1...256).contains(nodes.count) else {
            throw PolicyError(.wrongArgument, line: node.line, "'accept' takes a list of 1 to 256 entries")
        }
        var entries: [AcceptDescription] = []
        for node in nodes { entries.append(try acceptEntry(node)) }
        return entries
    }

    private static func acceptEntry(_ node: PolicyNode) throws(PolicyError) -> AcceptDescription {
        let reader = try SectionReader(node, .accept)
        _ = try reader.required("issuer")
        _ = try reader.required("keys")
        let algorithms = try reader.list("algorithms")
        for name in algorithms ?? [] where !algorithmNames.contains(name) {
            throw PolicyError.unknown(
                name, line: reader.entry("algorithms")?.value.line ?? reader.line, known: algorithmNames)
        }
        var cap = AcceptDescription.LifetimeCap.standard
        if let entry = reader.entry("max-lifetime") {
            if case .scalar("none", _) = entry.value {
                cap = .unlimited
            } else {
                cap = .seconds(try Scalar.seconds(entry.value, of: "max-lifetime", 1...31_536_000))
            }
        }
        return AcceptDescription(
            line: reader.line, issuers: try reader.list("issuer") ?? [], keyFiles: try reader.list("keys") ?? [],
            audiences: try reader.list("audience"), algorithms: algorithms, types: try reader.list("types"),
            required: try reader.list("require"), lifetimeCap: cap,
            leewaySeconds: try reader.seconds("leeway", 0...3600), profile: try reader.text("profile"))
    }

    private static let algorithmNames = [
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
        "EdDSA", "Ed25519",
    ]

    static func recipients(_ node: PolicyNode) throws(PolicyError) -> [RecipientDescription] {
        guard case .mapping(let entries, _) = node else {
            throw PolicyError(.wrongArgument, line: node.line, "'recipients' takes a mapping of names")
        }
        var recipients: [RecipientDescription] = []
        for entry in entries {
            let name = try Scalar.identifier(entry.name, of: "recipients", line: entry.line)
            guard !recipients.contains(where: { $0.name == name }) else {
                throw PolicyError(.duplicateWord, line: entry.line, "a recipient stands twice")
            }
            let reader = try SectionReader(entry.value, .recipient)
            guard let key = try reader.text("key") else {
                throw PolicyError(.recipient, line: entry.line, "this recipient lacks its 'key'")
            }
            recipients.append(
                RecipientDescription(
                    name: name, line: entry.line, keyFile: key,
                    algorithm: try reader.choice(
                        "alg", ["A256KW", "ECDH-ES+A256KW", "RSA-OAEP-256", "dir"], standard: "A256KW"),
                    encryption: try reader.choice(
                        "enc", ["A256GCM", "A128CBC-HS256", "A256CBC-HS512"], standard: "A256GCM")))
        }
        return recipients
    }
}

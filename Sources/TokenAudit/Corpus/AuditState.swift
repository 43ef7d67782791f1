// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenScrub
import TokenVerify

/// The counts of an audit while it runs.
struct AuditState: ~Copyable {
    var claims = ClaimTable()
    var links: ValueLinks
    var sizes = Spread()
    var lifetimes = Spread()
    var forms: [String: Int] = [:]
    var algorithms: [String: Int] = [:]
    var types: [String: Int] = [:]
    var keySizes: [String: Int] = [:]
    var surroundings: [TokenSurroundings: Int] = [:]
    var places: [AuditReport.Place] = []
    var tokenCount = 0
    var encryptedCount = 0
    var oversizedCount = 0
    var personalTokenCount = 0
    var missingExpiryCount = 0
    var missingIssueTimeCount = 0
    var overCapCount = 0
    var withoutAudienceCount = 0
    private var issuers: Set<UInt64> = []
    private var audiences: Set<UInt64> = []
    private var keyIDs: Set<UInt64> = []
    private var audience: UInt32 = 0
    private var issuer: UInt32 = 0
    private var stack: [Int] = []
    private var text = ByteScratch(isSecret: true)
    private var isPersonal = false

    private static let nameSetMax = 65_536
    /// Labels of fingerprints that are no claim's.
    private static let issuerLabel = -1
    private static let audienceLabel = -2
    private static let keyIDLabel = -3

    init() throws(Refusal) { links = try ValueLinks() }

    var issuerCount: Int { issuers.count }
    var audienceCount: Int { audiences.count }
    var keyIDCount: Int { keyIDs.count }

    // MARK: Outside

    mutating func count(
        _ finding: TokenFinding, _ found: TokenSurroundings, line: Int, column: Int, _ options: AuditOptions
    ) {
        tokenCount += 1
        isPersonal = false
        (audience, issuer) = (0, 0)
        sizes.add(finding.compactByteCount)
        surroundings[found, default: 0] += 1
        let form =
            switch finding.form {
            case .jwe: finding.partCount == 5 ? "JWE" : "cut"
            case .jws where finding.partCount == 3: finding.disclosureCount > 0 ? "SD-JWT" : "JWS"
            default: "cut"
            }
        forms[form, default: 0] += 1
        if finding.form == .jwe { encryptedCount += 1 }
        guard places.count < options.placeCountMax else { return }
        places.append(
            AuditReport.Place(
                line: line, column: column, byteCount: finding.range.count, form: form, surroundings: found))
    }

    mutating func countHeader(
        _ index: borrowing JSONIndex, _ header: borrowing ByteScratch, _ finding: TokenFinding
    ) {
        let view = index.view(header.span)
        let name = finding.algorithm.text.map { "\($0)" } ?? "other"
        algorithms[name, default: 0] += 1
        let type = view.member(of: 0, "typ").map { KnownNames.type(view.stringContent($0)) } ?? "absent"
        types[type, default: 0] += 1
        let signature = Base64URL.decodedByteCount(finding.tokenByteCount - finding.payload.upperBound - 1)
        if finding.partCount == 3, let size = KnownNames.keySize(name, signatureByteCount: signature) {
            keySizes[size, default: 0] += 1
        }
        if let keyID = view.member(of: 0, "kid") {
            Self.note(view.value(keyID), Self.keyIDLabel, &links, &keyIDs)
        }
    }

    @discardableResult
    private static func note(
        _ value: Span<UInt8>, _ label: Int, _ links: inout ValueLinks, _ set: inout Set<UInt64>
    ) -> UInt32 {
        let fingerprint = links.fingerprint(label, value)
        if set.count < nameSetMax { set.insert(fingerprint) }
        return UInt32(truncatingIfNeeded: fingerprint) | 1
    }

    // MARK: Claims

    mutating func countClaims(
        _ index: borrowing JSONIndex, _ payload: borrowing ByteScratch, _ options: AuditOptions
    ) {
        let view = index.view(payload.span)
        countTimes(view, options)
        countParties(view)
        countTree(0, view, under: 0)
        if isPersonal { personalTokenCount += 1 }
    }

    /// `[salt, name, value]` counts like a claim at the top: where its digest stands is not known here.
    mutating func countDisclosure(_ index: borrowing JSONIndex, _ json: borrowing ByteScratch) {
        let view = index.view(json.span)
        guard view[0].valueKind == .array, view[0].childCount == 3, view[2].isString else { return }
        let wasPersonal = isPersonal
        text.removeAll()
        view.appendText(2, to: &text)
        let node = Self.member(&claims, of: 0, text)
        countValue(3, view, at: node)
        countTree(3, view, under: node)
        if isPersonal, !wasPersonal { personalTokenCount += 1 }
    }

    private static func member(_ claims: inout ClaimTable, of parent: Int, _ name: borrowing ByteScratch) -> Int {
        claims.member(of: parent, named: name.span)
    }

    /// Counts everything inside a value, without recursion: nodes stand in document order and know their depth.
    private mutating func countTree(_ root: Int, _ view: JSONView, under claim: Int) {
        let base = view[root].nodeDepth
        stack.removeAll(keepingCapacity: true)
        stack.append(claim)
        var node = root + 1
        let end = view[root].subtreeEnd
        while node < end {
            let depth = view[node].nodeDepth - base
            stack.removeLast(stack.count - depth)
            let parent = stack[depth - 1]
            let place: Int
            if view[node].nameRange.isEmpty, isInArray(node, view) {
                place = claims.element(of: parent)
            } else {
                text.removeAll()
                view.appendName(node, to: &text)
                place = Self.member(&claims, of: parent, text)
            }
            stack.append(place)
            countValue(node, view, at: place)
            node += 1
        }
    }

    /// Elements have no name; a member may have an empty one, which then stands behind two quotes.
    private func isInArray(_ node: Int, _ view: JSONView) -> Bool { view[node].nameRange.lowerBound == 0 }

    private mutating func countValue(_ node: Int, _ view: JSONView, at place: Int) {
        let kind = view[node].valueKind
        var shape: PersonalDataKind?
        switch kind {
        case .string:
            text.removeAll()
            view.appendText(node, to: &text)
            shape = PersonalDataShape.kind(in: text.span)
            if text.count >= 3, !isRegistered(place) { Self.link(&links, place, text, audience, issuer) }
        case .integer where !isRegistered(place):
            shape = PersonalDataShape.kind(of: view.value(node)) == .card ? .card : nil
            if view[node].valueRange.count >= 4 {
                links.note(place, view.value(node), audience: audience, issuer: issuer)
            }
        default: break
        }
        claims.count(place, kind, shape: shape, token: tokenCount)
        if shape != nil { isPersonal = true }
        guard let name = claims.nodes[place].name, kind == .string, let category = NameCategory(name),
            category != .identifier
        else { return }
        isPersonal = true
    }

    private static func link(
        _ links: inout ValueLinks, _ place: Int, _ value: borrowing ByteScratch, _ audience: UInt32, _ issuer: UInt32
    ) {
        links.note(place, value.span, audience: audience, issuer: issuer)
    }

    /// Claims that name no person by definition: parties, times, and the token's own number.
    private func isRegistered(_ place: Int) -> Bool {
        claims.nodes[place].parent == 0
            && ["iss", "aud", "exp", "nbf", "iat", "jti"].contains(claims.nodes[place].name)
    }

    private mutating func countTimes(_ view: JSONView, _ options: AuditOptions) {
        let registered = RegisteredClaims(view)
        let expires = registered.expires == 0 ? nil : registered.expiresSeconds
        let issued = registered.issuedAt == 0 ? nil : registered.issuedAtSeconds
        if expires == nil { missingExpiryCount += 1 }
        if issued == nil { missingIssueTimeCount += 1 }
        guard let expires, let issued, !registered.mistyped.contains(.expires),
            !registered.mistyped.contains(.issuedAt)
        else { return }
        // Both are in [0, 2^53], so that the difference converts.
        let lifetime = Int(max(0, expires - issued))
        lifetimes.add(lifetime)
        if Int64(lifetime) > options.lifetimeSecondsMax { overCapCount += 1 }
    }

    private mutating func countParties(_ view: JSONView) {
        let registered = RegisteredClaims(view)
        if registered.issuer != 0 {
            issuer = Self.note(view.value(registered.issuer), Self.issuerLabel, &links, &issuers)
        }
        guard registered.audience != 0 else {
            withoutAudienceCount += 1
            return
        }
        // A list counts as one audience of its own: its members see the same token.
        audience = Self.note(view.value(registered.audience), Self.audienceLabel, &links, &audiences)
    }
}

/// Names that may stand in a report, since they come from closed lists.
enum KnownNames {
    private static let typeNames = ["JWT", "at+jwt", "kb+jwt", "dpop+jwt", "logout+jwt", "JOSE", "secevent+jwt"]

    static func type(_ content: Span<UInt8>) -> String {
        let text = String(decoding: [UInt8](content), as: UTF8.self).lowercased()
        let short = text.hasPrefix("application/") ? String(text.dropFirst(12)) : text
        if short.hasSuffix("+sd-jwt") { return "…+sd-jwt" }
        return typeNames.first { $0.lowercased() == short } ?? "other"
    }

    /// What a signature's length says of the key; nil where it says nothing.
    static func keySize(_ algorithm: String, signatureByteCount: Int) -> String? {
        switch algorithm.prefix(2) {
        case "RS", "PS":
            return (128...2_048).contains(signatureByteCount) ? "RSA \(signatureByteCount * 8)" : nil
        case "ES":
            return ["ES256": "P-256", "ES384": "P-384", "ES512": "P-521"][algorithm]
        case "Ed": return "Ed25519"
        case "HS": return "secret of unknown size"
        default: return nil
        }
    }
}

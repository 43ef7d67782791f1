// SPDX-License-Identifier: Apache-2.0
import TokenScan

extension RevocationEntry {
    /// Reads an entry from one JSON object, as files and stores write it, a line each:
    ///
    ///     {"iss":"https://i.example","jti":"7f3a","until":1800000330}
    ///     {"iss":"https://i.example","sub":"u1","before":1800000000}
    ///     {"iss":"https://i.example","kid":"k1"}
    ///
    /// `jti` needs `until`; `sub` needs `before` and may have `until`; `kid` may have both. Times are whole seconds
    /// since 1970, at most 2^53. Every other member, a second one of a name, and more than one of `jti`, `sub`, `kid`
    /// is an error: an entry that is not understood must not look like one that is in force.
    /// - Throws: ``RevocationError/malformed``.
    public init(json: Span<UInt8>) throws(RevocationError) {
        var index = JSONIndex()
        let limits = ScanLimits(tokenByteCountMax: 1 << 16, depthMax: 1, memberCountMax: 8)
        guard json.count <= limits.tokenByteCountMax else { throw .malformed }
        do { try index.build(json, limits: limits) } catch { throw .malformed }
        self = try Self.read(index.view(json))
    }

    private static func read(_ view: JSONView) throws(RevocationError) -> RevocationEntry {
        guard view[0].valueKind == .object else { throw .malformed }
        let names: [StaticString] = ["iss", "jti", "sub", "kid", "until", "before"]
        let nodes = names.map { view.member(of: 0, $0) }
        guard nodes.reduce(0, { $1 == nil ? $0 : $0 + 1 }) == view[0].childCount else { throw .malformed }
        guard let issuer = try text(view, nodes[0]) else { throw .malformed }
        let until = try seconds(view, nodes[4])
        let before = try seconds(view, nodes[5])
        switch (try text(view, nodes[1]), try text(view, nodes[2]), try text(view, nodes[3])) {
        case (let jwtID?, nil, nil):
            guard let until, before == nil else { throw .malformed }
            return .token(issuer: issuer, jwtID: jwtID, untilSeconds: until)
        case (nil, let subject?, nil):
            guard let before else { throw .malformed }
            return .subject(issuer: issuer, subject: subject, beforeSeconds: before, untilSeconds: until)
        case (nil, nil, let keyID?):
            return .key(issuer: issuer, keyID: keyID, beforeSeconds: before, untilSeconds: until)
        default:
            throw .malformed
        }
    }

    private static func text(_ view: JSONView, _ node: Int?) throws(RevocationError) -> String? {
        guard let node else { return nil }
        guard view[node].isString else { throw .malformed }
        var text = ByteScratch()
        view.appendText(node, to: &text)
        return String(decoding: [UInt8](text.span), as: UTF8.self)
    }

    private static func seconds(_ view: JSONView, _ node: Int?) throws(RevocationError) -> Int64? {
        guard let node else { return nil }
        guard view[node].valueKind == .integer, let date = NumericDate(jsonNumber: view.value(node)),
            let seconds = Int64(exactly: date.seconds)
        else { throw .malformed }
        return seconds
    }
}

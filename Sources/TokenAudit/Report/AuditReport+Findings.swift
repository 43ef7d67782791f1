// SPDX-License-Identifier: Apache-2.0

extension AuditReport {
    /// What somebody should look at, the worst first: sentences without a value.
    package var findings: [String] {
        var list: [String] = []
        if personalTokenCount > 0 {
            list.append("\(Self.share(personalTokenCount, tokenCount)) of the tokens hold readable personal data")
        }
        if let none = algorithms.first(where: { $0.name == "none" }) {
            list.append("\(none.count) tokens are not signed (alg none)")
        }
        let linkable = claims.filter(\.isLinkable)
        if !linkable.isEmpty {
            list.append(
                "\(linkable.count) claims have values that come back under several audiences or issuers, so that their "
                    + "receivers can join what they know: \(linkable.prefix(6).map(\.path.text).joined(separator: ", "))"
            )
        }
        if overCapCount > 0 {
            list.append(
                "\(Self.share(overCapCount, tokenCount)) of the tokens live longer than "
                    + Self.duration(Int(clamping: lifetimeSecondsMax)))
        }
        if missingExpiryCount > 0 { list.append("\(missingExpiryCount) tokens never expire") }
        if withoutAudienceCount > 0 { list.append("\(withoutAudienceCount) tokens name no audience") }
        let leaked = surroundings.filter { $0.name == TokenSurroundings.query.rawValue }.reduce(0) { $0 + $1.count }
        if leaked > 0 { list.append("\(leaked) tokens stand in URLs, which proxies and browsers keep") }
        if sizes.most > 8_192 { list.append("tokens of over 8 KiB break the header limits of common servers") }
        for size in keySizes where ["RSA 1024", "RSA 1536"].contains(size.name) {
            list.append("\(size.count) tokens are signed with \(size.name) bits, which is too short")
        }
        return list
    }

    /// `12 %`, `< 1 %`.
    static func share(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "0" }
        let percent = Double(part) / Double(whole) * 100
        return percent > 0 && percent < 1 ? "< 1 %" : "\(Int(percent.rounded())) %"
    }

    /// `5 min`, `1 h 30 min`.
    static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: "\(seconds / 60) min" + (seconds % 60 == 0 ? "" : " \(seconds % 60) s")
        case ..<86_400: "\(seconds / 3_600) h" + (seconds / 60 % 60 == 0 ? "" : " \(seconds / 60 % 60) min")
        default: "\(seconds / 86_400) d" + (seconds / 3_600 % 24 == 0 ? "" : " \(seconds / 3_600 % 24) h")
        }
    }

    /// `812 B`, `1.4 KiB`, `3.0 MiB`.
    static func bytes(_ count: Int) -> String {
        guard count >= 1_024 else { return "\(count) B" }
        var value = Double(count)
        var unit = "B"
        for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1_024 {
            value /= 1_024
            unit = next
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}

extension AuditReport.Claim {
    /// What is said of the claim in a few words: by name, by shape, linkable.
    var notes: [String] {
        var notes: [String] = []
        if let category { notes.append("\(category.rawValue) by name") }
        for shape in shapes { notes.append("\(shape.count) \(shape.name)") }
        if isLinkable {
            var parts: [String] = []
            if acrossAudiences > 0 { parts.append("\(acrossAudiences) across audiences") }
            if acrossIssuers > 0 { parts.append("\(acrossIssuers) across issuers") }
            notes.append("linkable: " + parts.joined(separator: ", "))
        }
        return notes
    }
}

// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension AuditReport {
    /// Appends the report as one JSON object and a line feed, for programs. Members are stable; new ones may come.
    package func writeJSON(into out: inout ByteScratch) {
        out.append("{\"tokens\":")
        out.appendDecimal(Int64(tokenCount))
        for (name, value) in numbers { out.appendMember(name, value) }
        for (name, counts) in [
            ("forms", forms), ("algorithms", algorithms), ("keys", keySizes), ("types", types), ("found", surroundings),
        ] { out.appendMember(name, counts) }
        out.appendName("lifetimeSeconds")
        out.append(lifetimes)
        out.appendName("tokenBytes")
        out.append(sizes)
        out.append(isSampled ? ",\"sampled\":true" : ",\"sampled\":false")
        out.appendName("claims")
        out.append("[")
        for (i, claim) in claims.enumerated() {
            out.append(i == 0 ? "\n" : ",\n")
            out.append(claim)
        }
        out.append("],\"places\":[")
        for (i, place) in places.enumerated() {
            out.append(i == 0 ? "\n{\"line\":" : ",\n{\"line\":")
            out.appendDecimal(Int64(place.line))
            out.appendMember("offset", place.column)
            out.appendMember("bytes", place.byteCount)
            out.appendMember("form", place.form)
            out.appendMember("found", place.surroundings.rawValue)
            out.append("}")
        }
        out.append("],\"findings\":[")
        for (i, finding) in findings.enumerated() {
            if i > 0 { out.append(",") }
            out.appendText(finding)
        }
        out.append("]}\n")
    }

    private var numbers: [(String, Int)] {
        [
            ("lines", lineCount), ("bytes", byteCount), ("encrypted", encryptedCount),
            ("tokensWithPersonalData", personalTokenCount), ("oversized", oversizedCount), ("issuers", issuerCount),
            ("audiences", audienceCount), ("keyIDs", keyIDCount), ("overLifetimeCap", overCapCount),
            ("withoutExpiry", missingExpiryCount), ("withoutIssueTime", missingIssueTimeCount),
            ("withoutAudience", withoutAudienceCount),
        ]
    }
}

extension ByteScratch {
    fileprivate mutating func appendText(_ text: String) {
        let bytes = Array(text.utf8)
        appendJSONString(bytes.span)
    }

    fileprivate mutating func appendName(_ name: String) {
        append(",")
        appendText(name)
        append(":")
    }

    fileprivate mutating func appendMember(_ name: String, _ value: Int) {
        appendName(name)
        appendDecimal(Int64(value))
    }

    fileprivate mutating func appendMember(_ name: String, _ value: String) {
        appendName(name)
        appendText(value)
    }

    fileprivate mutating func appendMember(_ name: String, _ counts: [AuditReport.Count]) {
        appendName(name)
        append("{")
        for (i, count) in counts.enumerated() {
            if i > 0 { append(",") }
            appendText(count.name)
            append(":")
            appendDecimal(Int64(count.count))
        }
        append("}")
    }

    fileprivate mutating func append(_ summary: AuditReport.Summary) {
        append("{\"count\":")
        appendDecimal(Int64(summary.count))
        for (name, value) in [
            ("least", summary.least), ("median", summary.median), ("p95", summary.p95), ("most", summary.most),
        ] { appendMember(name, value) }
        appendMember("ranges", summary.ranges)
        append("}")
    }

    fileprivate mutating func append(_ claim: AuditReport.Claim) {
        append("{\"claim\":")
        appendText(claim.path.text)
        appendMember("tokens", claim.tokenCount)
        appendName("kinds")
        append("[")
        for (i, kind) in claim.kinds.enumerated() {
            if i > 0 { append(",") }
            appendText(kind)
        }
        append("]")
        if let category = claim.category { appendMember("byName", category.rawValue) }
        appendMember("byShape", claim.shapes)
        appendMember("distinct", claim.distinctCount)
        appendMember("repeated", claim.repeatedCount)
        appendMember("acrossAudiences", claim.acrossAudiences)
        appendMember("acrossIssuers", claim.acrossIssuers)
        append(claim.isPersonal ? ",\"personal\":true" : ",\"personal\":false")
        append(claim.isLinkable ? ",\"linkable\":true}" : ",\"linkable\":false}")
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// What an audit found: counts, claim names and places. Holds no value of any token.
package struct AuditReport: Sendable {
    /// One claim that tokens have.
    package struct Claim: Sendable {
        /// Where it stands.
        package let path: ClaimPath
        /// Tokens that have it.
        package let tokenCount: Int
        /// `string`, `number`, `boolean`, `object`, `array`, `null`: those that were seen, most frequent first.
        package let kinds: [String]
        /// What its name says of a person; nil for nothing.
        package let category: NameCategory?
        /// Values that look like personal data, by kind, most frequent first.
        package let shapes: [Count]
        /// Values that differ; of identifiers, those seen under more than one audience and issuer, and more than once.
        package let distinctCount: Int
        package let acrossAudiences: Int
        package let acrossIssuers: Int
        package let repeatedCount: Int
        /// Whether nothing but scalars was seen.
        package let isScalar: Bool

        /// Whether the claim carries personal data, by name or by shape.
        package var isPersonal: Bool { category != nil || !shapes.isEmpty }
        /// Whether equal values tell one person's tokens from another's: many values, not a handful of words.
        package var isIdentifier: Bool {
            guard !path.isSharedByPurpose else { return false }
            return isScalar
                && (category == .identifier || isPersonal || distinctCount >= 16 && distinctCount * 50 >= tokenCount)
        }
        /// Whether receivers of different audiences or issuers can join their data over it.
        package var isLinkable: Bool { isIdentifier && (acrossAudiences > 0 || acrossIssuers > 0) }
    }

    /// A name with how often it was seen.
    package struct Count: Sendable, Equatable {
        package let name: String
        package let count: Int
    }

    /// Where a token stands.
    package struct Place: Sendable {
        /// Counted from 1.
        package let line: Int
        /// Bytes of the line before it.
        package let column: Int
        package let byteCount: Int
        package let form: String
        package let surroundings: TokenSurroundings
    }

    /// A spread of numbers.
    package struct Summary: Sendable {
        package let count: Int
        package let least: Int
        package let median: Int
        package let p95: Int
        package let most: Int
        /// Numbers in ranges that follow each other, named by their upper bound.
        package let ranges: [Count]
    }

    package let byteCount: Int
    package let lineCount: Int
    package let tokenCount: Int
    /// Tokens whose claims cannot be read, being encrypted.
    package let encryptedCount: Int
    /// Tokens with personal data in readable claims.
    package let personalTokenCount: Int
    /// Runs of token characters that were too long to be looked at.
    package let oversizedCount: Int
    package let forms: [Count]
    package let algorithms: [Count]
    package let types: [Count]
    package let keySizes: [Count]
    package let surroundings: [Count]
    package let sizes: Summary
    package let lifetimes: Summary
    package let lifetimeSecondsMax: Int64
    package let overCapCount: Int
    package let missingExpiryCount: Int
    package let missingIssueTimeCount: Int
    package let withoutAudienceCount: Int
    package let issuerCount: Int
    package let audienceCount: Int
    package let keyIDCount: Int
    /// In the order in which they were first seen, a parent before its parts.
    package let claims: [Claim]
    /// Whether counts of values are estimates over a sample.
    package let isSampled: Bool
    /// The first places, at most as many as were asked for.
    package let places: [Place]
}

extension AuditState {
    /// The report of all that was counted.
    func report(lineCount: Int, byteCount: Int, _ options: AuditOptions) -> AuditReport {
        AuditReport(
            byteCount: byteCount, lineCount: lineCount, tokenCount: tokenCount, encryptedCount: encryptedCount,
            personalTokenCount: personalTokenCount, oversizedCount: oversizedCount, forms: Self.sorted(forms),
            algorithms: Self.sorted(algorithms), types: Self.sorted(types), keySizes: Self.sorted(keySizes),
            surroundings: Self.sorted(Dictionary(uniqueKeysWithValues: surroundings.map { ($0.rawValue, $1) })),
            sizes: Self.summary(
                sizes,
                [
                    ("512 B", 512), ("1 KiB", 1_024), ("2 KiB", 2_048), ("4 KiB", 4_096), ("8 KiB", 8_192),
                    ("16 KiB", 16_384),
                ]),
            lifetimes: Self.summary(
                lifetimes, [("1 min", 60), ("5 min", 300), ("15 min", 900), ("1 h", 3_600), ("24 h", 86_400)]),
            lifetimeSecondsMax: options.lifetimeSecondsMax, overCapCount: overCapCount,
            missingExpiryCount: missingExpiryCount, missingIssueTimeCount: missingIssueTimeCount,
            withoutAudienceCount: withoutAudienceCount, issuerCount: issuerCount, audienceCount: audienceCount,
            keyIDCount: keyIDCount, claims: claimList(), isSampled: links.isSampled, places: places)
    }

    private func claimList() -> [AuditReport.Claim] {
        let counts = links.counts(claimCount: claims.nodes.count)
        return order().map { index in
            let node = claims.nodes[index]
            let path = claims.path(of: index)
            let shapes = zip(PersonalDataKind.allCases, node.shapes).filter { $0.1 > 0 }
                .map { AuditReport.Count(name: $0.0.rawValue, count: $0.1) }.sorted { $0.count > $1.count }
            return AuditReport.Claim(
                path: path, tokenCount: node.tokenCount, kinds: Self.kinds(node.kinds),
                category: path.lastName.flatMap { NameCategory($0) }, shapes: shapes,
                distinctCount: counts[index].distinct, acrossAudiences: counts[index].acrossAudiences,
                acrossIssuers: counts[index].acrossIssuers, repeatedCount: counts[index].repeated,
                isScalar: node.isScalar && !node.isContainer)
        }
    }

    /// Nodes depth first, so that parts follow their claim.
    private func order() -> [Int] {
        var order: [Int] = []
        var waiting = Array(claims.nodes[0].children.reversed())
        while let next = waiting.popLast() {
            order.append(next)
            waiting += claims.nodes[next].children.reversed()
        }
        return order
    }

    private static func kinds(_ counts: [Int]) -> [String] {
        var names: [String: Int] = [:]
        for (raw, count) in counts.enumerated() where count > 0 {
            let name =
                switch JSONKind(rawValue: UInt8(truncatingIfNeeded: raw)) {
                case .object: "object"
                case .array: "array"
                case .string: "string"
                case .integer, .number: "number"
                case .true, .false: "boolean"
                default: "null"
                }
            names[name, default: 0] += count
        }
        return sorted(names).map(\.name)
    }

    private static func sorted(_ counts: [String: Int]) -> [AuditReport.Count] {
        counts.map { AuditReport.Count(name: $0, count: $1) }
            .sorted { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
    }

    private static func summary(_ spread: Spread, _ bounds: [(name: String, bound: Int)]) -> AuditReport.Summary {
        var ranges: [AuditReport.Count] = []
        var before = 0
        for (name, bound) in bounds {
            let upTo = spread.count(upTo: bound)
            ranges.append(AuditReport.Count(name: "≤ \(name)", count: upTo - before))
            before = upTo
        }
        ranges.append(AuditReport.Count(name: "more", count: spread.count - before))
        return AuditReport.Summary(
            count: spread.count, least: spread.count == 0 ? 0 : spread.least, median: spread.quantile(0.5),
            p95: spread.quantile(0.95), most: spread.most, ranges: ranges)
    }
}

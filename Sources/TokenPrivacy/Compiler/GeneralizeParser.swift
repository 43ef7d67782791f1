// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData

/// Parses the arguments of `generalize`: just one of `date`, `bucket`, `ip` and `shift`.
enum GeneralizeParser {
    private typealias Method = ClaimRule.GeneralizeRule.Method

    static func parse(_ node: PolicyNode) throws(PolicyError) -> ClaimRule {
        let reader = try SectionReader(node, .generalize)
        let methods = ["date", "bucket", "ip", "shift"].compactMap { reader.entry($0) }
        guard let entry = methods.first, methods.count == 1 else {
            throw PolicyError(
                .wrongArgument, line: node.line, "'generalize' takes just one of date, bucket, ip and shift")
        }
        let form = try reader.choice("form", ["range", "lower"], standard: "range")
        if let formEntry = reader.entry("form"), entry.name != "bucket" {
            throw PolicyError(.wrongArgument, line: formEntry.line, "'form' goes with 'bucket' only")
        }
        let method: Method =
            switch entry.name {
            case "date": try date(reader)
            case "bucket": try bucket(entry.value)
            case "ip": try ip(entry.value)
            default: .shift(days: Int64(try Scalar.integer(entry.value, of: "shift", 1...3650)))
            }
        return .generalize(
            ClaimRule.GeneralizeRule(
                method: method, isLowerBound: form == "lower", dropsOtherwise: try reader.dropsOtherwise()))
    }

    private static func date(_ reader: SectionReader) throws(PolicyError) -> Method {
        let parts = ClaimRule.GeneralizeRule.DatePart.allCases.map(\.rawValue)
        let word = try reader.choice("date", parts, standard: "year")
        return .date(ClaimRule.GeneralizeRule.DatePart(rawValue: word) ?? .year)
    }

    private static func bucket(_ node: PolicyNode) throws(PolicyError) -> Method {
        let limit = 1_000_000_000_000
        guard case .sequence(let nodes, let line) = node else {
            return .width(Int64(try Scalar.integer(node, of: "bucket", 2...limit)))
        }
        guard (1...64).contains(nodes.count) else {
            throw PolicyError(.wrongArgument, line: line, "'bucket' takes a width, or 1 to 64 ascending bounds")
        }
        var bounds: [Int64] = []
        for node in nodes {
            let bound = Int64(try Scalar.integer(node, of: "bucket", -limit...limit))
            guard bounds.last.map({ $0 < bound }) ?? true else {
                throw PolicyError(.wrongArgument, line: node.line, "the bounds of 'bucket' ascend")
            }
            bounds.append(bound)
        }
        return .bounds(bounds)
    }

    private static func ip(_ node: PolicyNode) throws(PolicyError) -> Method {
        let reader = try SectionReader(node, .ip)
        let v4 = try reader.integer("v4", 8...30, standard: 24)
        let v6 = try reader.integer("v6", 16...64, standard: 48)
        guard let cut = IPCut(v4BitCount: v4, v6BitCount: v6) else {
            throw PolicyError(.wrongArgument, line: node.line, "'ip' takes prefix lengths")
        }
        return .ip(cut)
    }
}

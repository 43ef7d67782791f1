// SPDX-License-Identifier: Apache-2.0
import TokenPrivacy
import Yams

/// Reads a policy in YAML into the compiler's neutral tree, with the lines of its nodes.
///
/// Scalars are text whatever they look like, so `off` and `1` are words. What would make a file mean more than it
/// shows is refused with its line: anchors, aliases, tags, merge keys, a name twice, a second document.
enum YAMLPolicyReader {
    /// Nesting that is far over what the grammar uses, and bounds the recursion.
    private static let depthMax = 32

    /// Why a file is no policy tree.
    struct Failure: Error {
        let line: Int
        let what: String
    }

    static func read(_ yaml: String) throws(Failure) -> PolicyNode {
        do {
            let parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
            // Anchors are held weakly by their nodes and strongly by the parser.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    throw Failure(line: 1, what: "the policy is empty")
                }
                return try node(root, depth: 0)
            }
        } catch let failure as Failure {
            throw failure
        } catch let error as YamlError {
            throw failure(error)
        } catch {
            throw Failure(line: 1, what: "the policy is no YAML")
        }
    }

    private static func node(_ node: Node, depth: Int) throws(Failure) -> PolicyNode {
        let line = node.mark?.line ?? 0
        guard depth < depthMax else { throw Failure(line: line, what: "the policy is nested too deep") }
        switch node {
        case .scalar(let scalar):
            try refuse(scalar.anchor, scalar.tag, orStandard: isQuoted(scalar.style) ? .str : nil, line: line)
            return .scalar(scalar.string, line: line)
        case .sequence(let sequence):
            try refuse(sequence.anchor, sequence.tag, orStandard: nil, line: line)
            var values: [PolicyNode] = []
            for value in sequence { values.append(try self.node(value, depth: depth + 1)) }
            return .sequence(values, line: line)
        case .mapping(let mapping):
            try refuse(mapping.anchor, mapping.tag, orStandard: nil, line: line)
            var entries: [PolicyNode.Entry] = []
            for (key, value) in mapping {
                let keyLine = key.mark?.line ?? line
                let name = try self.name(key, line: keyLine)
                guard name != "<<" else { throw Failure(line: keyLine, what: "merge keys are not allowed") }
                entries.append(
                    PolicyNode.Entry(name: name, line: keyLine, value: try self.node(value, depth: depth + 1)))
            }
            return .mapping(entries, line: line)
        case .alias:
            throw Failure(line: line, what: "anchors and aliases are not allowed")
        }
    }

    /// A mapping's name. The parser has compared the names by then, which gives plain ones the tag of a string.
    private static func name(_ key: Node, line: Int) throws(Failure) -> String {
        guard case .scalar(let scalar) = key else { throw Failure(line: line, what: "a name is no single word") }
        try refuse(scalar.anchor, scalar.tag, orStandard: .str, line: line)
        return scalar.string
    }

    /// An alias cannot be there without its anchor, so refusing anchors refuses both. A quoted scalar is given the
    /// tag of a string by the parser itself, which is then allowed.
    private static func refuse(
        _ anchor: Anchor?, _ tag: Tag, orStandard standard: Tag.Name?, line: Int
    ) throws(Failure) {
        guard anchor == nil else { throw Failure(line: line, what: "anchors and aliases are not allowed") }
        guard tag.rawValue.isEmpty || tag.rawValue == standard?.rawValue else {
            throw Failure(line: line, what: "tags are not allowed")
        }
    }

    private static func isQuoted(_ style: Node.Scalar.Style) -> Bool {
        switch style {
        case .singleQuoted, .doubleQuoted, .literal, .folded: true
        case .any, .plain: false
        }
    }

    /// The library's own messages quote the file; ours say only what kind of error it is, and where.
    private static func failure(_ error: YamlError) -> Failure {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _):
            Failure(line: mark.line, what: "the policy is no YAML")
        case .composer(_, let problem, let mark, _):
            Failure(
                line: mark.line,
                what: problem.contains("alias") ? "anchors and aliases are not allowed" : "more than one document")
        case .duplicatedKeysInMapping(_, let context):
            Failure(line: context.mark.line, what: "a name stands twice in one mapping")
        default:
            Failure(line: 1, what: "the policy is no YAML")
        }
    }
}

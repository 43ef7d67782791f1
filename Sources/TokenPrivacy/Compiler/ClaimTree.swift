// SPDX-License-Identifier: Apache-2.0

/// The rules of a policy joined into one tree of names, before it is laid out for speed. Node 0 is the root object.
struct ClaimTree {
    struct Node {
        /// The line of the first rule at or below the node.
        var line: Int
        var rule: ClaimRule?
        /// The name of the member in the output; empty for elements and the root.
        var outputName: [UInt8] = []
        var members: [(name: [UInt8], node: Int)] = []
        var element: Int?

        var isIntermediate: Bool { !members.isEmpty || element != nil }
    }

    private(set) var nodes = [Node(line: 0)]

    /// Adds one rule. Two rules for one path, or a rule above or below another one, are errors.
    mutating func insert(
        _ rule: ClaimRule, at path: PolicyPath, outputName: [UInt8]?, line: Int
    ) throws(PolicyError) {
        var current = 0
        for step in path.steps {
            if nodes[current].rule != nil {
                throw PolicyError(
                    .unreachableRule, line: line,
                    "this rule is never reached: line \(nodes[current].line) already decides a parent of it")
            }
            current = child(of: current, step, line: line)
        }
        guard nodes[current].rule == nil else {
            throw PolicyError(
                .duplicateRule, line: line, "line \(nodes[current].line) already has a rule for this path")
        }
        guard !nodes[current].isIntermediate else {
            throw PolicyError(
                .unreachableRule, line: line,
                "this rule makes the one on line \(nodes[current].line) for a part of it unreachable")
        }
        nodes[current].rule = rule
        nodes[current].line = line
        if let outputName { nodes[current].outputName = outputName }
    }

    private mutating func child(of parent: Int, _ step: PolicyPath.Step, line: Int) -> Int {
        switch step {
        case .element:
            if let element = nodes[parent].element { return element }
            nodes.append(Node(line: line))
            nodes[parent].element = nodes.count - 1
        case .member(let name):
            if let found = nodes[parent].members.first(where: { $0.name == name }) { return found.node }
            nodes.append(Node(line: line, outputName: name))
            nodes[parent].members.append((name, nodes.count - 1))
        }
        return nodes.count - 1
    }

    /// Two claims encrypted to one recipient under one name are an error; they stand in one object there.
    func checkEncryptedNames() throws(PolicyError) {
        var seen: [Int: [[UInt8]: Int]] = [:]
        for node in nodes {
            guard case .encrypt(let recipient)? = node.rule else { continue }
            if let earlier = seen[recipient, default: [:]].updateValue(node.line, forKey: node.outputName) {
                throw PolicyError(
                    .outputClash, line: max(node.line, earlier),
                    "this claim gets the same output name as the one of line \(min(node.line, earlier))")
            }
        }
    }

    /// Two members of one output object with one name are an error; dropped ones do not count.
    func checkOutputNames() throws(PolicyError) {
        for parent in nodes {
            var seen: [[UInt8]: Int] = [:]
            for member in parent.members {
                let node = nodes[member.node]
                if case .drop? = node.rule { continue }
                if case .encrypt? = node.rule { continue }
                if let earlier = seen.updateValue(node.line, forKey: node.outputName) {
                    throw PolicyError(
                        .outputClash, line: max(node.line, earlier),
                        "this claim gets the same output name as the one of line \(min(node.line, earlier))")
                }
            }
        }
    }
}

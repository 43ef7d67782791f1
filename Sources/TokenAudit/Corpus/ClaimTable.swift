// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// The claims seen so far, as a tree of names with counts. Bounded: names beyond the limits count as `*`.
struct ClaimTable {
    struct Node {
        let parent: Int
        /// Nil for array elements and for the names that are not told apart.
        let name: String?
        let isElement: Bool
        var children: [Int] = []
        /// Tokens with a value here.
        var tokenCount = 0
        var lastToken = -1
        /// Values by `JSONKind` raw value.
        var kinds = [Int](repeating: 0, count: 9)
        var shapes = [Int](repeating: 0, count: PersonalDataKind.allCases.count)

        var shapeTotal: Int { shapes.reduce(0, +) }
        var isContainer: Bool { kinds[Int(JSONKind.object.rawValue)] + kinds[Int(JSONKind.array.rawValue)] > 0 }
        var isScalar: Bool { kinds[3...].contains { $0 > 0 } }
    }

    static let nodeCountMax = 2_000
    static let childCountMax = 128

    private(set) var nodes = [Node(parent: -1, name: nil, isElement: false)]

    /// The node of a member, made when it is new.
    mutating func member(of parent: Int, named name: Span<UInt8>) -> Int {
        let shown = ShownName.shown(name)
        for child in nodes[parent].children where !nodes[child].isElement && nodes[child].name == shown { return child }
        let isFull = nodes.count >= Self.nodeCountMax || nodes[parent].children.count >= Self.childCountMax
        if isFull, shown != nil {
            for child in nodes[parent].children where !nodes[child].isElement && nodes[child].name == nil {
                return child
            }
        }
        return add(Node(parent: parent, name: isFull ? nil : shown, isElement: false))
    }

    /// The node of an array's elements.
    mutating func element(of parent: Int) -> Int {
        for child in nodes[parent].children where nodes[child].isElement { return child }
        return add(Node(parent: parent, name: nil, isElement: true))
    }

    private mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        nodes[node.parent].children.append(nodes.count - 1)
        return nodes.count - 1
    }

    /// Counts one value of token number `token`.
    mutating func count(_ index: Int, _ kind: JSONKind, shape: PersonalDataKind?, token: Int) {
        nodes[index].kinds[Int(kind.rawValue)] += 1
        if nodes[index].lastToken != token {
            nodes[index].lastToken = token
            nodes[index].tokenCount += 1
        }
        if let shape, let place = PersonalDataKind.allCases.firstIndex(of: shape) { nodes[index].shapes[place] += 1 }
    }

    /// The steps from the root to a node.
    func path(of index: Int) -> ClaimPath {
        var steps: [ClaimPath.Step] = []
        var node = index
        while node > 0 {
            steps.append(nodes[node].isElement ? .element : nodes[node].name.map { .member($0) } ?? .any)
            node = nodes[node].parent
        }
        return ClaimPath(steps: steps.reversed())
    }
}

/// The place of a claim: `email`, `address.street`, `roles[]`, `users.*.email`.
package struct ClaimPath: Sendable, Equatable {
    package enum Step: Sendable, Equatable {
        case member(String)
        case element
        /// Any of the names that are not told apart.
        case any
    }
    package let steps: [Step]

    /// The path as a policy writes it, `*` where it cannot.
    package var text: String {
        var text = ""
        for step in steps {
            switch step {
            case .element: text += "[]"
            case .any: text += text.isEmpty ? "*" : ".*"
            case .member(let name):
                let isPlain = !name.contains(where: { ".[]\"\\".contains($0) })
                text += (text.isEmpty ? "" : ".") + (isPlain ? name : "\"\(name)\"")
            }
        }
        return text
    }

    /// Whether the claim says what a token allows or when something was: its values tell no person.
    var isSharedByPurpose: Bool {
        steps.contains { step in
            guard case .member(let name) = step else { return false }
            return Self.sharedNames.contains(name)
        }
    }

    private static let sharedNames: Set<String> = [
        "roles", "groups", "scope", "scp", "permissions", "entitlements", "acr", "amr", "azp", "client_id", "auth_time",
        "updated_at", "wids", "ver", "nonce", "at_hash", "c_hash",
    ]

    /// The last member name.
    package var lastName: String? {
        for step in steps.reversed() { if case .member(let name) = step { return name } }
        return nil
    }
}

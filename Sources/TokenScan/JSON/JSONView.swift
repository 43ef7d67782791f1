// SPDX-License-Identifier: Apache-2.0

/// A document and its index, borrowed together: what stages read claims and headers through.
///
/// Nodes are counted from the document's root, which is node 0. Reading costs no allocation.
package struct JSONView: ~Escapable {
    /// The document's bytes.
    package let json: Span<UInt8>
    /// Its nodes in document order.
    package let nodes: Span<JSONNode>

    /// Joins bytes with the nodes that ``JSONIndex`` made of just these bytes.
    @_lifetime(copy json, copy nodes)
    package init(json: Span<UInt8>, nodes: Span<JSONNode>) {
        self.json = json
        self.nodes = nodes
    }

    /// One node. Traps when `node` is out of range.
    @inlinable @inline(__always) package subscript(node: Int) -> JSONNode { nodes[node] }

    /// The value's text as written, quotes, braces and brackets included.
    @_lifetime(copy self)
    @inlinable @inline(__always) package func value(_ node: Int) -> Span<UInt8> {
        json.extracting(nodes[node].valueRange)
    }

    /// The content of a string value as written, between its quotes; empty for another kind.
    @_lifetime(copy self)
    @inlinable @inline(__always) package func stringContent(_ node: Int) -> Span<UInt8> {
        json.extracting(nodes[node].stringRange)
    }

    /// The member name as written, between its quotes.
    @_lifetime(copy self)
    @inlinable @inline(__always) package func name(_ node: Int) -> Span<UInt8> {
        json.extracting(nodes[node].nameRange)
    }

    /// Whether the member is called `name`, whatever way it is spelled.
    package func isNamed(_ node: Int, _ name: StaticString) -> Bool {
        let n = nodes[node]
        if !n.isNameEscaped { return json.extracting(n.nameRange).equals(name) }
        return json.extracting(n.nameRange).equalsUnescaped(name)
    }

    /// Whether the node is a string that stands for just `text`.
    package func isString(_ node: Int, _ text: Span<UInt8>) -> Bool {
        let n = nodes[node]
        guard n.isString else { return false }
        let content = json.extracting(n.stringRange)
        return n.isValueEscaped ? content.equalsUnescaped(text) : content.equals(text)
    }

    /// The member of object `parent` that is called `name`; nil when there is none. O(members).
    package func member(of parent: Int, _ name: StaticString) -> Int? {
        guard nodes[parent].valueKind == .object else { return nil }
        var node = parent &+ 1
        let end = nodes[parent].subtreeEnd
        while node < end {
            if isNamed(node, name) { return node }
            node = nodes[node].subtreeEnd
        }
        return nil
    }

    /// Appends the text of a string value, its escapes resolved, as UTF-8. Appends nothing for another kind.
    package func appendText(_ node: Int, to out: inout ByteScratch) {
        let n = nodes[node]
        let content = json.extracting(n.stringRange)
        if n.isValueEscaped { out.appendUnescaped(content) } else { out.append(content) }
    }

    /// Appends a member's name, its escapes resolved, as UTF-8.
    package func appendName(_ node: Int, to out: inout ByteScratch) {
        let n = nodes[node]
        let content = json.extracting(n.nameRange)
        if n.isNameEscaped { out.appendUnescaped(content) } else { out.append(content) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// Puts the disclosed claims back into their token: RFC 9901 section 7.1, steps 3 to 5.
///
/// One walk over the payload and, where a digest names one, into a disclosure. Each disclosure is entered once, so the
/// walk is bounded by the presentation's bytes; nesting is bounded by the depth limit. Reused.
struct DisclosureWalk: ~Copyable {
    /// Members and elements on the way to a disclosed value, as the processed payload has them.
    struct Record {
        var path: [DisclosurePath.Step] = []
        /// The disclosure whose value holds the digest of this one; -1 for the token itself.
        var parent = -1
    }

    /// The processed payload. Holds plain personal data, wiped.
    private(set) var output = ByteScratch(capacity: 2048, isSecret: true)
    private let depthMax: Int
    private var isUsed: [Bool] = []
    private var usedCount = 0
    private var embedded: [DisclosureDigest] = []
    private var scratch = ByteScratch(capacity: 64)
    /// One a disclosure, only where the walk was asked to keep them.
    private(set) var records: [Record] = []
    private let keepsRecords: Bool
    private var path: [DisclosurePath.Step] = []
    private var parent = -1

    init(depthMax: Int, keepsRecords: Bool = false) {
        self.depthMax = depthMax
        self.keepsRecords = keepsRecords
    }

    mutating func removeAll() {
        output.removeAll()
        isUsed.removeAll(keepingCapacity: true)
        embedded.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        usedCount = 0
        parent = -1
    }

    /// Writes the processed payload of `view`, a claims set, into ``output``.
    ///
    /// - Throws: ``Refusal`` with `disclosure` for a digest that stands twice, a disclosure that is named by none or by
    ///   a digest of the other kind, a reserved name, an unknown `_sd_alg`, or a claim that must not be disclosed
    ///   selectively; `json` for nesting over the depth limit. A name that is there twice is left to the index of the
    ///   output.
    mutating func run(_ view: JSONView, _ set: borrowing DisclosureSet) throws(Refusal) {
        removeAll()
        for _ in set.entries.indices {
            isUsed.append(false)
            if keepsRecords { records.append(Record()) }
        }
        try appendObject(0, view, set, depth: 1)
        guard usedCount == set.entries.count else { throw Refusal(.disclosure) }
        embedded.sort()
        for i in embedded.indices.dropFirst() where embedded[i] == embedded[i - 1] { throw Refusal(.disclosure) }
    }

    /// The same for a scanned token; span and walk are separate accesses this way.
    mutating func run(
        _ scanner: borrowing TokenScanner, _ token: TokenView, _ set: borrowing DisclosureSet
    ) throws(Refusal) {
        try run(scanner.claims(of: token), set)
    }

    private mutating func appendValue(
        _ node: Int, _ view: JSONView, _ set: borrowing DisclosureSet, depth: Int
    ) throws(Refusal) {
        switch view[node].valueKind {
        case .object: try appendObject(node, view, set, depth: depth)
        case .array: try appendArray(node, view, set, depth: depth)
        default: output.append(view.value(node))
        }
    }

    // MARK: Objects

    private mutating func appendObject(
        _ parentNode: Int, _ view: JSONView, _ set: borrowing DisclosureSet, depth: Int
    ) throws(Refusal) {
        guard depth <= depthMax else { throw Refusal(.json) }
        output.append(UInt8(ascii: "{"))
        var digestList = 0
        var needsComma = false
        var node = parentNode + 1
        let end = view[parentNode].subtreeEnd
        while node < end {
            if view.isNamed(node, "_sd") {
                digestList = node
            } else if view.isNamed(node, "...") {
                throw Refusal(.disclosure)
            } else if view.isNamed(node, "_sd_alg") {
                // It names the hash of the whole token, so it stands at its top or nowhere (section 4.1.1).
                guard depth == 1, view.isString(node, "sha-256".utf8.span) else { throw Refusal(.disclosure) }
            } else {
                if needsComma { output.append(UInt8(ascii: ",")) }
                needsComma = true
                try appendMember(node, view, valueNode: node, set, depth: depth)
            }
            node = view[node].subtreeEnd
        }
        if digestList != 0 { try appendDisclosed(digestList, view, set, depth: depth, &needsComma) }
        output.append(UInt8(ascii: "}"))
    }

    /// A member with its name as it is written.
    private mutating func appendMember(
        _ node: Int, _ view: JSONView, valueNode: Int, _ set: borrowing DisclosureSet, depth: Int
    ) throws(Refusal) {
        output.append(UInt8(ascii: "\""))
        output.append(view.name(node))
        output.append("\":")
        if keepsRecords { path.append(.member(Self.text(view.name(node)))) }
        try appendValue(valueNode, view, set, depth: depth + 1)
        if keepsRecords { path.removeLast() }
    }

    /// The claims that the digests of an `_sd` member name.
    private mutating func appendDisclosed(
        _ list: Int, _ view: JSONView, _ set: borrowing DisclosureSet, depth: Int, _ needsComma: inout Bool
    ) throws(Refusal) {
        guard view[list].valueKind == .array else { throw Refusal(.disclosure) }
        var node = list + 1
        let end = view[list].subtreeEnd
        while node < end {
            if let found = try disclosure(of: node, view, set) {
                let entry = set.entries[found]
                let inner = set.index.view(set.bytes.span.extracting(entry.json), nodes: entry.nodes)
                guard entry.nameNode != 0, depth > 1 || !Self.isNeverDisclosed(inner, entry.nameNode) else {
                    throw Refusal(.disclosure, offset: entry.place.lowerBound)
                }
                if needsComma { output.append(UInt8(ascii: ",")) }
                needsComma = true
                output.append(inner.value(entry.nameNode))
                output.append(UInt8(ascii: ":"))
                if keepsRecords { path.append(.member(Self.text(inner.stringContent(entry.nameNode)))) }
                try enter(found, entry.valueNode, inner, set, depth: depth)
                if keepsRecords { path.removeLast() }
            }
            node = view[node].subtreeEnd
        }
    }

    private static func isNeverDisclosed(_ view: JSONView, _ node: Int) -> Bool {
        let name = view.stringContent(node)
        for word in DisclosureNames.neverDisclosed where name.equalsUnescaped(word) { return true }
        return false
    }

    // MARK: Arrays

    private mutating func appendArray(
        _ parentNode: Int, _ view: JSONView, _ set: borrowing DisclosureSet, depth: Int
    ) throws(Refusal) {
        guard depth <= depthMax else { throw Refusal(.json) }
        output.append(UInt8(ascii: "["))
        var count = 0
        var node = parentNode + 1
        let end = view[parentNode].subtreeEnd
        while node < end {
            if keepsRecords { path.append(.index(count)) }
            if try appendElement(node, view, set, depth: depth, needsComma: count > 0) { count += 1 }
            if keepsRecords { path.removeLast() }
            node = view[node].subtreeEnd
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Appends one element; false where it is the place of one that is not disclosed.
    private mutating func appendElement(
        _ node: Int, _ view: JSONView, _ set: borrowing DisclosureSet, depth: Int, needsComma: Bool
    ) throws(Refusal) -> Bool {
        guard view[node].valueKind == .object, view[node].childCount == 1, view.isNamed(node + 1, "...") else {
            if needsComma { output.append(UInt8(ascii: ",")) }
            try appendValue(node, view, set, depth: depth + 1)
            return true
        }
        guard let found = try disclosure(of: node + 1, view, set) else { return false }
        let entry = set.entries[found]
        guard entry.nameNode == 0 else { throw Refusal(.disclosure, offset: entry.place.lowerBound) }
        if needsComma { output.append(UInt8(ascii: ",")) }
        let inner = set.index.view(set.bytes.span.extracting(entry.json), nodes: entry.nodes)
        try enter(found, entry.valueNode, inner, set, depth: depth)
        return true
    }

    // MARK: Digests

    /// The disclosure that the digest at `node` names, marked as used; nil when none does: a decoy, or withheld.
    private mutating func disclosure(
        of node: Int, _ view: JSONView, _ set: borrowing DisclosureSet
    ) throws(Refusal) -> Int? {
        // An escape has no place in base64url, so the text as it is written is compared.
        guard view[node].isString,
            let digest = DisclosureDigest(decoding: view.stringContent(node), using: &scratch)
        else { throw Refusal(.disclosure) }
        embedded.append(digest)
        guard let found = set.entry(of: digest) else { return nil }
        guard !isUsed[found] else { throw Refusal(.disclosure, offset: set.entries[found].place.lowerBound) }
        isUsed[found] = true
        usedCount += 1
        return found
    }

    private mutating func enter(
        _ found: Int, _ node: Int, _ view: JSONView, _ set: borrowing DisclosureSet, depth: Int
    ) throws(Refusal) {
        let outer = parent
        if keepsRecords { records[found] = Record(path: path, parent: outer) }
        parent = found
        try appendValue(node, view, set, depth: depth + 1)
        parent = outer
    }

    private static func text(_ content: Span<UInt8>) -> [UInt8] {
        var text = ByteScratch()
        text.appendUnescaped(content)
        return [UInt8](text.span)
    }
}

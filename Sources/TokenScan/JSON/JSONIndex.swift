// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The reusable memory of JSON indexes: documents are indexed one behind the other, and forgotten together.
///
/// A document's index is its nodes in document order: node 0 is the root, a parent stands before its children,
/// and `next` is the node after a whole subtree, counted from the document's own first node.
@safe
package struct JSONIndex: ~Copyable {
    // SAFETY: `base` points at `capacity` nodes that only this value owns; nodes [0, count) are initialized.
    private var base: UnsafeMutablePointer<JSONNode>?
    private var capacity = 0
    /// Nodes in use, over all documents.
    package private(set) var count = 0

    /// Makes an empty index that owns no memory yet.
    package init() { unsafe base = nil }

    deinit {
        // SAFETY: nodes are trivial, so nothing is to be deinitialized.
        unsafe base?.deallocate()
    }

    /// Forgets all documents and keeps the memory.
    package mutating func removeAll() { count = 0 }

    /// Indexes one document alone, in the place of all before it.
    ///
    /// - Throws: see ``append(_:limits:rootMustBeObject:)``.
    package mutating func build(
        _ json: Span<UInt8>, limits: ScanLimits, rootMustBeObject: Bool = true
    ) throws(ScanError) {
        removeAll()
        _ = try append(json, limits: limits, rootMustBeObject: rootMustBeObject)
    }

    /// Validates a document and appends its nodes. Returns where they stand in this index.
    ///
    /// RFC 8259 grammar, RFC 3629 UTF-8, no lone surrogates, no duplicate names after unescaping, one document
    /// and nothing behind it. Cost: one pass over the bytes; memory for two thirds of a
    /// node a byte is kept.
    ///
    /// - Throws: ``ScanError/json(offset:)``, ``ScanError/duplicateMember(offset:)`` or
    ///   ``ScanError/tooLarge(offset:)`` (members of an object); the index is then as it was.
    package mutating func append(
        _ json: Span<UInt8>, limits: ScanLimits, rootMustBeObject: Bool = true
    ) throws(ScanError) -> Range<Int> {
        let n = json.count
        guard n <= 1 << 30 else { throw .tooLarge(offset: 0) }
        reserve(ctk_json_capacity(n))
        let kernelLimits = ctk_json_limits(limits, rootMustBeObject: rootMustBeObject)
        // SAFETY: the kernel reads the span's n bytes and writes at most `capacity - count` nodes behind the ones
        // in use, memory that was just reserved and that only this value owns.
        let result = unsafe json.withUnsafeBufferPointer { source in
            var none: UInt8 = 0
            guard let start = source.baseAddress else {
                return unsafe ctk_json_index(&none, 0, kernelLimits, base.unsafelyUnwrapped + count, capacity - count)
            }
            return unsafe ctk_json_index(start, n, kernelLimits, base.unsafelyUnwrapped + count, capacity - count)
        }
        guard result.status == CTK_JSON_OK.rawValue else { throw ScanError(result) }
        let first = count
        count &+= Int(result.node_count)
        return first..<count
    }

    /// The same for a document that stands in a buffer.
    package mutating func append(
        _ bytes: borrowing ByteScratch, _ range: Range<Int>, limits: ScanLimits, rootMustBeObject: Bool = true
    ) throws(ScanError) -> Range<Int> {
        try append(bytes.span.extracting(range), limits: limits, rootMustBeObject: rootMustBeObject)
    }

    /// Appends `additional` nodes that `body` writes, all of them, to the memory it is given.
    ///
    /// The memory is valid inside `body` only.
    @unsafe
    mutating func appendUninitialized(_ additional: Int, _ body: (UnsafeMutablePointer<JSONNode>) -> Void) {
        reserve(max(additional, 1))
        // SAFETY: room for the nodes was just reserved.
        unsafe body(base.unsafelyUnwrapped + count)
        count &+= additional
    }

    /// Forgets all but the first `newCount` nodes; does nothing when there are fewer.
    mutating func truncate(to newCount: Int) {
        if newCount >= 0, newCount < count { count = newCount }
    }

    /// Memory for the nodes of a document of `byteCount` bytes, behind those in use, and how many fit. Valid until the
    /// next mutation but ``use(_:)``.
    @unsafe @inline(__always)
    mutating func room(byteCount: Int) -> (start: UnsafeMutablePointer<JSONNode>, capacity: Int) {
        reserve(ctk_json_capacity(byteCount))
        // SAFETY: base is set and has room behind the nodes in use after the line above.
        return unsafe (base.unsafelyUnwrapped + count, capacity - count)
    }

    /// Takes into use the first `nodeCount` nodes of what ``room(byteCount:)`` gave, which the caller has initialized.
    @unsafe @inline(__always)
    mutating func use(_ nodeCount: Int) {
        precondition(nodeCount >= 0 && nodeCount <= capacity - count, "JSON node count")
        count &+= nodeCount
    }

    private mutating func reserve(_ additional: Int) {
        guard count + additional > capacity else { return }
        let newCapacity = max(count + additional, capacity * 2)
        let new = UnsafeMutablePointer<JSONNode>.allocate(capacity: newCapacity)
        if let old = unsafe base {
            // SAFETY: old holds count initialized trivial nodes, new has room for more; they do not overlap.
            unsafe new.update(from: old, count: count)
            unsafe old.deallocate()
        }
        unsafe base = new
        capacity = newCapacity
    }

    /// The nodes in use. Valid until the next mutation, which the compiler enforces.
    package var nodes: Span<JSONNode> {
        @_lifetime(borrow self)
        get {
            // SAFETY: [0, count) is initialized and owned by self, which the span borrows.
            let buffer = unsafe UnsafeBufferPointer(start: base, count: count)
            return unsafe _overrideLifetime(Span(_unsafeElements: buffer), borrowing: self)
        }
    }

    /// One node, counted over all documents. Traps when `i` is not below ``count``.
    package subscript(i: Int) -> JSONNode {
        precondition(i >= 0 && i < count, "JSON node index")
        // SAFETY: i is in [0, count).
        return unsafe base.unsafelyUnwrapped[i]
    }

    /// A readable view of the document whose nodes stand in `range`; `json` is what was indexed.
    @_lifetime(borrow self, copy json)
    package func view(_ json: Span<UInt8>, nodes range: Range<Int>) -> JSONView {
        JSONView(json: json, nodes: nodes.extracting(range))
    }

    /// A readable view of the one document that ``build(_:limits:rootMustBeObject:)`` indexed.
    @_lifetime(borrow self, copy json)
    package func view(_ json: Span<UInt8>) -> JSONView {
        JSONView(json: json, nodes: nodes)
    }
}

extension ctk_json_limits {
    /// The limits in the kernel's form.
    init(_ limits: ScanLimits, rootMustBeObject: Bool) {
        self.init(
            depth_max: UInt32(limits.depthMax), member_count_max: UInt32(limits.memberCountMax),
            root_must_be_object: rootMustBeObject ? 1 : 0)
    }
}

extension ScanError {
    init(_ result: ctk_json_result) {
        let offset = Int(result.offset)
        switch ctk_json_status(result.status) {
        case CTK_JSON_DUPLICATE: self = .duplicateMember(offset: offset)
        case CTK_JSON_MEMBERS, CTK_JSON_CAPACITY: self = .tooLarge(offset: offset)
        default: self = .json(offset: offset)
        }
    }
}

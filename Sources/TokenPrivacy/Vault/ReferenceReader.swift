// SPDX-License-Identifier: Apache-2.0
package import TokenScan
public import TokenVerify

/// Finds the references in accepted tokens and reads them together: one worker's, kept.
///
/// Every string of a claims set, at any depth, that is a reference with the right check characters is looked up. Values
/// are wiped by the next call and on drop.
public struct ReferenceReader: ~Copyable {
    private struct Token {
        /// The first query of the token and one behind its last.
        let queries: Range<Int>
        let isBound: Bool
    }

    private var queries = VaultQueries()
    private var tokens: [Token] = []
    /// Where each query's claim stands, such as `address.street` or `phones[0]`.
    private var paths = ByteScratch(capacity: 256)
    private var pathRanges: [Range<Int>] = []
    /// Starts of the open path steps during a walk.
    private var path = ByteScratch(capacity: 128)

    /// An empty reader.
    public init() {}

    /// Reads all references of accepted tokens, whose claims `worker` still holds.
    ///
    /// - Throws: ``VaultError`` when store or audit log did not answer; nothing is given out then.
    public mutating func read(
        _ accepted: [AcceptedToken], of worker: borrowing VerifierWorker, from vault: any PersonalDataVault,
        purpose: String, actor: String, now: Int64
    ) throws(VaultError) {
        queries.removeAll()
        tokens.removeAll(keepingCapacity: true)
        paths.removeAll()
        pathRanges.removeAll(keepingCapacity: true)
        for token in accepted { add(worker.claims(of: token), worker.scanner.registeredClaims(of: token.view)) }
        if queries.count > 0 { try vault.resolve(&queries, purpose: purpose, actor: actor, now: now) }
    }

    private mutating func add(_ view: JSONView, _ registered: RegisteredClaims) {
        let first = queries.count
        guard let binding = VaultBinding(view, registered) else {
            tokens.append(Token(queries: first..<first, isBound: false))
            return
        }
        var token: Int?
        path.removeAll()
        walk(view, parent: 0, binding, &token)
        tokens.append(Token(queries: first..<queries.count, isBound: true))
    }

    private mutating func walk(_ view: JSONView, parent: Int, _ binding: VaultBinding, _ token: inout Int?) {
        let isArray = view[parent].valueKind == .array
        var number: Int64 = 0
        var node = parent + 1
        while node < view[parent].subtreeEnd {
            let start = path.count
            if isArray {
                path.append("[")
                path.appendDecimal(number)
                path.append("]")
                number += 1
            } else {
                if start > 0 { path.append(".") }
                view.appendName(node, to: &path)
            }
            if view[node].childCount > 0 {
                walk(view, parent: node, binding, &token)
            } else if view[node].isString, VaultReference.isReference(view.stringContent(node)) {
                let number = token ?? queries.addToken(binding)
                token = number
                queries.add(view.stringContent(node), token: number)
                let pathStart = paths.count
                Self.append(path, to: &paths)
                pathRanges.append(pathStart..<paths.count)
            }
            path.truncate(to: start)
            node = view[node].subtreeEnd
        }
    }

    private static func append(_ bytes: borrowing ByteScratch, to output: inout ByteScratch) {
        output.append(bytes.span)
    }

    /// What became of one token's references.
    public enum Outcome: Sendable, Equatable {
        /// At least one was read, or there was none.
        case read
        /// There were some, and none gave a value.
        case unavailable
        /// The subject has asked too often.
        case limited
    }

    /// What became of token `index` of the last call.
    public func outcome(_ index: Int) -> Outcome {
        let range = tokens[index].queries
        if range.contains(where: { queries.outcome($0) == .limited }) { return .limited }
        let isRead = range.isEmpty || range.contains { queries.outcome($0) == .value }
        return isRead ? .read : .unavailable
    }

    /// Appends the members `"path":value` of the values that token `index` gave, with commas between them.
    package func appendValues(_ index: Int, to output: inout ByteScratch) {
        var isFirst = true
        for query in tokens[index].queries where queries.outcome(query) == .value {
            if !isFirst { output.append(",") }
            isFirst = false
            output.appendJSONString(paths.span.extracting(pathRanges[query]))
            output.append(":")
            queries.withValue(query) { output.append($0) }
        }
    }

    /// Appends the paths of the references that gave nothing as JSON strings, with commas between them.
    package func appendUnavailable(_ index: Int, to output: inout ByteScratch) {
        var isFirst = true
        for query in tokens[index].queries where queries.outcome(query) != .value {
            if !isFirst { output.append(",") }
            isFirst = false
            output.appendJSONString(paths.span.extracting(pathRanges[query]))
        }
    }

    /// Calls `body` with the claim's path and its value as JSON for every value that token `index` gave.
    public func forEachValue(_ index: Int, _ body: (String, Span<UInt8>) -> Void) {
        for query in tokens[index].queries where queries.outcome(query) == .value {
            let path = String(decoding: [UInt8](paths.span.extracting(pathRanges[query])), as: UTF8.self)
            queries.withValue(query) { body(path, $0) }
        }
    }
}

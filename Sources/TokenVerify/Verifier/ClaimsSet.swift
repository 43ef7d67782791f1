// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// The claims of one accepted token, copied out of the worker: for callers who keep them.
///
/// Costs one allocation for the JSON and what the properties read make; services on a hot path read through
/// ``VerifierWorker/withClaims(of:_:)`` instead. Prints nothing of its content.
public struct ClaimsSet: Sendable {
    /// The claims set's JSON, exactly as it was signed.
    public let json: [UInt8]

    init(json: [UInt8]) { self.json = json }

    init(copying claims: JSONView) {
        json = [UInt8](claims.json)
    }

    /// The text of a top-level string claim; nil when it is absent or no string. O(bytes).
    public func string(_ name: StaticString) -> String? {
        read(name) { view, node in
            guard view[node].isString else { return nil }
            var text = ByteScratch()
            view.appendText(node, to: &text)
            return Self.string(text.span)
        }
    }

    /// A top-level NumericDate claim in seconds since 1970; nil when absent or out of [0, 2^53]. O(bytes).
    public func seconds(_ name: StaticString) -> Double? {
        read(name) { view, node in
            switch view[node].valueKind {
            case .integer, .number: NumericDate(jsonNumber: view.value(node))?.seconds
            default: nil
            }
        }
    }

    /// The strings of a top-level claim that is a string or an array of strings; empty otherwise. O(bytes).
    public func strings(_ name: StaticString) -> [String] {
        let found: [String]? = read(name) { view, node in
            let last = view[node].valueKind == .array ? view[node].subtreeEnd : node &+ 1
            var out: [String] = []
            var element = view[node].valueKind == .array ? node &+ 1 : node
            while element < last {
                guard view[element].isString else { return nil }
                var text = ByteScratch()
                view.appendText(element, to: &text)
                out.append(Self.string(text.span))
                element = view[element].subtreeEnd
            }
            return out
        }
        return found ?? []
    }

    /// `iss`
    public var issuer: String? { string("iss") }
    /// `sub`
    public var subject: String? { string("sub") }
    /// `aud`, one or several.
    public var audience: [String] { strings("aud") }
    /// `exp`, seconds since 1970.
    public var expiresSeconds: Double? { seconds("exp") }
    /// `iat`, seconds since 1970.
    public var issuedAtSeconds: Double? { seconds("iat") }
    /// `jti`
    public var jwtID: String? { string("jti") }

    private func read<Value>(_ name: StaticString, _ body: (JSONView, Int) -> Value?) -> Value? {
        var index = JSONIndex()
        let limits = ScanLimits(depthMax: 255, memberCountMax: 65_535)
        guard (try? index.build(json.span, limits: limits)) != nil else { return nil }
        let view = index.view(json.span)
        guard let node = view.member(of: 0, name) else { return nil }
        return body(view, node)
    }

    private static func string(_ utf8: Span<UInt8>) -> String {
        String(decoding: [UInt8](utf8), as: UTF8.self)
    }
}

extension ClaimsSet: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text: claims are not for logs.
    public var description: String { "ClaimsSet(redacted)" }
    /// A fixed text: claims are not for logs.
    public var debugDescription: String { description }
    /// No children: claims are not for logs.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

extension Verifier {
    /// Verifies one token and hands out a copy of its claims. The simplest call; allocates.
    ///
    /// - Throws: ``Refusal``.
    public func claims(
        of token: String, now: Int64, using worker: inout VerifierWorker
    ) throws(Refusal) -> ClaimsSet {
        let bytes = Array(token.utf8)
        switch verify(bytes.span, now: now, using: &worker) {
        case .refused(let refusal): throw refusal
        case .accepted(let accepted): return ClaimsSet(copying: worker.claims(of: accepted))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenScan

/// `json.index`: validate and index a payload.
struct IndexPayload: Workload, ~Copyable {
    private let payloads: TokenTable
    private let limits: ScanLimits
    private var index = JSONIndex()
    private var cycle: Cycle

    init(_ payloads: TokenTable, limits: ScanLimits = ScanLimits()) {
        self.payloads = payloads
        self.limits = limits
        cycle = Cycle(payloads.count)
    }

    mutating func run(_ iterations: Int) {
        let (payloads, limits) = (payloads, limits)
        var sink = 0
        for _ in 0..<iterations {
            try? index.build(payloads.bytes.span.extracting(payloads.places[cycle.next()]), limits: limits)
            sink &+= index.count
        }
        blackHole(sink)
    }

    /// Node counts against Foundation's parser; a truncated document must be refused.
    mutating func isRight() -> Bool {
        for payload in payloads.items {
            guard (try? index.build(payload.span, limits: limits)) != nil,
                let tree = try? JSONSerialization.jsonObject(with: Data(payload)),
                index.count == Self.nodeCount(tree)
            else { return false }
            let cut = Array(payload.dropLast(1))
            if (try? index.build(cut.span, limits: limits)) != nil { return false }
        }
        return true
    }

    private static func nodeCount(_ tree: Any) -> Int {
        switch tree {
        case let object as [String: Any]: object.values.reduce(1) { $0 + nodeCount($1) }
        case let array as [Any]: array.reduce(1) { $0 + nodeCount($1) }
        default: 1
        }
    }
}

/// `json.claims`: validate, index, and read `iss`, `sub`, `aud`, `exp` and `iat` typed.
struct ReadClaims: Workload, ~Copyable {
    private let payloads: TokenTable
    private let limits = ScanLimits()
    private var index = JSONIndex()
    private var cycle: Cycle

    init(_ payloads: TokenTable) {
        self.payloads = payloads
        cycle = Cycle(payloads.count)
    }

    mutating func run(_ iterations: Int) {
        let (payloads, limits) = (payloads, limits)
        var sink = 0.0
        for _ in 0..<iterations {
            let payload = payloads.bytes.span.extracting(payloads.places[cycle.next()])
            try? index.build(payload, limits: limits)
            sink += Self.read(index.view(payload))
        }
        blackHole(sink)
    }

    /// The claims a verifier needs, folded into one number that depends on all of them.
    @inline(__always)
    private static func read(_ view: JSONView) -> Double {
        let claims = RegisteredClaims(view)
        var sum = 0.0
        guard claims.mistyped.isEmpty else { return 0 }
        if let time = claims.expiresSeconds { sum += time }
        if let time = claims.issuedAtSeconds { sum += time }
        if claims.issuer != 0, view[claims.issuer].isString { sum += Double(view.stringContent(claims.issuer).count) }
        if claims.subject != 0, view[claims.subject].isString {
            sum += Double(view.stringContent(claims.subject).count)
        }
        if claims.audience != 0 { sum += Double(view.value(claims.audience).count) }
        return sum
    }

    /// Times, issuer and subject against Foundation's parser.
    mutating func isRight() -> Bool {
        for payload in payloads.items {
            guard (try? index.build(payload.span, limits: limits)) != nil,
                let object = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any]
            else { return false }
            let view = index.view(payload.span)
            let claims = RegisteredClaims(view)
            guard isTime(claims.expiresSeconds, object["exp"]), isTime(claims.issuedAtSeconds, object["iat"]),
                isText(claims.issuer, view, object["iss"]), isText(claims.subject, view, object["sub"])
            else { return false }
        }
        return true
    }

    private func isTime(_ seconds: Double?, _ expected: Any?) -> Bool {
        seconds == (expected as? NSNumber)?.doubleValue
    }

    private func isText(_ node: Int, _ view: JSONView, _ expected: Any?) -> Bool {
        guard let expected = expected as? String else { return node == 0 }
        return node != 0 && view.isString(node, Array(expected.utf8).span)
    }
}

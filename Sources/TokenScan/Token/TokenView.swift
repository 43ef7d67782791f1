// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// A scanned JWS: where its decoded parts stand in the scanner that made it. Offsets only, nothing trusted.
///
/// Valid until the scanner's next `reset()`; the scanner traps on a view of an earlier generation.
package struct TokenView: Sendable {
    /// Which `reset()` of the scanner the view belongs to.
    package let generation: UInt32
    /// The header's place in the scanner's memo.
    package let headerID: Int32
    /// Bytes of the signing input: header segment, dot, payload segment (RFC 7515 section 5.1).
    package let signingInputByteCount: UInt32
    /// Where the decoded payload stands in the scanner's bytes.
    package let payload: ArenaRange
    /// Where the decoded signature stands in the scanner's bytes.
    package let signature: ArenaRange
    /// The payload's nodes; empty when it was scanned as opaque bytes.
    package let payloadNodes: ArenaRange
    /// The registered claims found in the payload.
    package let claims: RegisteredClaims
}

/// A half-open range of an arena in 32-bit numbers.
package struct ArenaRange: Sendable, Equatable {
    package let start: UInt32
    package let count: UInt32

    init(_ range: Range<Int>) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        count = UInt32(truncatingIfNeeded: range.count)
    }

    /// The same as a range of `Int`.
    package var range: Range<Int> { Int(start)..<(Int(start) &+ Int(count)) }
}

/// The nodes of the registered claims (RFC 7519 section 4.1, RFC 7800, RFC 8693) at the top level of a claims
/// set; 0 (the root itself) stands for absent.
package struct RegisteredClaims: Sendable {
    /// Node by the kernel's name code; entry 0 collects every other name and is never read.
    private var nodes = InlineArray<16, UInt32>(repeating: 0)

    /// Nothing found.
    package init() {}

    /// Finds the claims among the root's members, however their names are spelled. O(members).
    package init(_ view: JSONView) {
        let end = view[0].subtreeEnd
        var node = 1
        while node < end {
            let member = view[node]
            let code = Int(member.name_code)
            nodes[code < 16 ? code : 0] = UInt32(truncatingIfNeeded: node)
            node = member.subtreeEnd
        }
    }

    private func node(_ name: ctk_json_name) -> Int { Int(nodes[Int(name.rawValue & 15)]) }

    package var issuer: Int { node(CTK_JSON_NAME_ISS) }
    package var subject: Int { node(CTK_JSON_NAME_SUB) }
    package var audience: Int { node(CTK_JSON_NAME_AUD) }
    package var expires: Int { node(CTK_JSON_NAME_EXP) }
    package var notBefore: Int { node(CTK_JSON_NAME_NBF) }
    package var issuedAt: Int { node(CTK_JSON_NAME_IAT) }
    package var jwtID: Int { node(CTK_JSON_NAME_JTI) }
    package var confirmation: Int { node(CTK_JSON_NAME_CNF) }
    package var clientID: Int { node(CTK_JSON_NAME_CLIENT_ID) }
}

// SPDX-License-Identifier: Apache-2.0

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
package struct RegisteredClaims: Sendable, Equatable {
    package var issuer: UInt32 = 0
    package var subject: UInt32 = 0
    package var audience: UInt32 = 0
    package var expires: UInt32 = 0
    package var notBefore: UInt32 = 0
    package var issuedAt: UInt32 = 0
    package var jwtID: UInt32 = 0
    package var confirmation: UInt32 = 0

    /// Nothing found.
    package init() {}

    /// Finds the claims among the root's members. O(members).
    package init(_ view: JSONView) {
        guard view.nodes.count > 0, view[0].valueKind == .object else { return }
        let end = view[0].subtreeEnd
        var node = 1
        while node < end {
            let member = view[node]
            if member.isNameEscaped {
                noteEscaped(node, view)
            } else if member.nameRange.count == 3 {
                note(node, view.name(node))
            }
            node = member.subtreeEnd
        }
    }

    private mutating func note(_ node: Int, _ name: Span<UInt8>) {
        let id = UInt32(truncatingIfNeeded: node)
        switch (UInt32(name[0]) << 16) | (UInt32(name[1]) << 8) | UInt32(name[2]) {
        case 0x69_7373: issuer = id
        case 0x73_7562: subject = id
        case 0x61_7564: audience = id
        case 0x65_7870: expires = id
        case 0x6E_6266: notBefore = id
        case 0x69_6174: issuedAt = id
        case 0x6A_7469: jwtID = id
        case 0x63_6E66: confirmation = id
        default: break
        }
    }

    /// The rare spelling with escapes, `"\u0065xp"`: the same claim as unescaped.
    private mutating func noteEscaped(_ node: Int, _ view: JSONView) {
        var name = ByteScratch()
        view.appendName(node, to: &name)
        if name.count == 3 { note(node, name.span) }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A scanned JWS: the ticket to its decoded parts in the scanner that made it. Nothing of it is trusted.
///
/// Eight bytes, so that verdicts stay small. Valid until the scanner's next `reset()`; the scanner traps on a view of
/// an earlier generation.
package struct TokenView: Sendable {
    /// Which `reset()` of the scanner the view belongs to.
    let generation: UInt32
    /// The token's place among those scanned since.
    let index: UInt32
}

/// Where the parts of one scanned token stand.
struct ScannedToken {
    /// The header's place in the scanner's memo.
    let headerID: Int32
    /// Bytes of the signing input: header segment, dot, payload segment (RFC 7515 section 5.1).
    let signingInputByteCount: UInt32
    /// The decoded payload in the scanner's bytes.
    let payload: ArenaRange
    /// The decoded signature in the scanner's bytes.
    let signature: ArenaRange
    /// The payload's nodes; empty when it was scanned as opaque bytes.
    let payloadNodes: ArenaRange
    /// The registered claims found in the payload.
    let claims: RegisteredClaims
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

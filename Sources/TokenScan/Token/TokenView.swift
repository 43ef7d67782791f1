// SPDX-License-Identifier: Apache-2.0

/// A scanned JWS: the ticket to its decoded parts in the scanner that made it. Nothing of it is trusted.
///
/// Sixteen bytes, so that verdicts stay small. Valid until the scanner's next `reset()`; a scanner traps on a view of
/// an earlier generation or of another scanner.
package struct TokenView: Sendable {
    /// Which `reset()` of the scanner the view belongs to.
    let generation: UInt32
    /// The token's place among those scanned since.
    let index: UInt32
    /// The header's place in the scanner's memo: equal for equal headers while the memo's epoch stays.
    package let headerID: Int32
    private let signingInput: UInt32

    init(generation: UInt32, index: Int, headerID: Int32, signingInputByteCount: Int) {
        self.generation = generation
        self.index = UInt32(truncatingIfNeeded: index)
        self.headerID = headerID
        signingInput = UInt32(truncatingIfNeeded: signingInputByteCount)
    }

    /// Bytes of the signing input: header segment, dot, payload segment (RFC 7515 section 5.1).
    package var signingInputByteCount: Int { Int(signingInput) }
    /// Where the signature stands in the token.
    package var signatureOffset: Int { Int(signingInput) + 1 }
}

/// Where the parts of one scanned token stand. Overwritten in place, so that scanning copies none of it.
struct ScannedToken {
    /// The decoded payload in the scanner's bytes.
    private(set) var payload = ArenaRange(0..<0)
    /// The decoded signature in the scanner's bytes.
    private(set) var signature = ArenaRange(0..<0)
    /// The payload's nodes; empty when it was scanned as opaque bytes.
    private(set) var nodes = ArenaRange(0..<0)
    /// The registered claims found in the payload.
    var claims = RegisteredClaims()

    mutating func note(payload: Range<Int>, signature: Range<Int>, nodes: Range<Int>) {
        self.payload = ArenaRange(payload)
        self.signature = ArenaRange(signature)
        self.nodes = ArenaRange(nodes)
    }
}

/// A half-open range of an arena in 32-bit numbers.
package struct ArenaRange: Sendable, Equatable {
    package let start: UInt32
    package let count: UInt32

    init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    init(_ range: Range<Int>) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        count = UInt32(truncatingIfNeeded: range.count)
    }

    /// The same as a range of `Int`.
    package var range: Range<Int> { Int(start)..<(Int(start) &+ Int(count)) }
}

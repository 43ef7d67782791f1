// SPDX-License-Identifier: Apache-2.0

/// A JOSE header, decoded and indexed, its parameters located. (RFC 7515 section 4.1)
///
/// Kept in the scanner's memo: equal header segments share one. Text parameters stand in the memo's bytes with
/// their escapes resolved.
package struct TokenHeader: Sendable {
    /// A text parameter: absent, there but no string, or where its text stands.
    package enum Text: Sendable {
        case absent
        case notString
        case text(ArenaRange)
    }

    /// The header segment as it stood in the token.
    let segment: ArenaRange
    /// The decoded JSON.
    package let json: ArenaRange
    /// Its nodes.
    package let nodes: ArenaRange
    /// `alg`
    package var algorithm = Text.absent
    /// `kid`
    package var keyID = Text.absent
    /// `typ`
    package var type = Text.absent
    /// The node of `crit`; 0 when absent.
    package var criticalNode: UInt32 = 0
    /// Whether `b64` is there (RFC 7797); it has no meaning unless `crit` lists it.
    package var hasPayloadEncoding = false

    init(segment: Range<Int>, json: Range<Int>, nodes: Range<Int>) {
        self.segment = ArenaRange(segment)
        self.json = ArenaRange(json)
        self.nodes = ArenaRange(nodes)
    }
}

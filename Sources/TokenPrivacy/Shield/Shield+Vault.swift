// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// A value on its way to the vault, and the place that was left for its reference.
struct Offload {
    /// The first character of the reference in the payload.
    let offset: Int
    /// The value in `ShieldOutput.offloaded`: its JSON text.
    let value: Range<Int>
    /// Its rule in the program.
    let rule: Int
}

extension Shield {
    /// Leaves room for a reference and notes the value, whatever its kind. Null is no value.
    func appendReference(
        _ node: Int, _ rule: Int, _ view: JSONView, _ out: inout ShieldOutput
    ) throws(Refusal) -> Bool {
        guard view[node].valueKind != .null else {
            guard program.vaults[rule].dropsOtherwise else { throw Refusal(.policy) }
            return false
        }
        let start = out.offloaded.count
        out.offloaded.append(view.value(node))
        out.offloads.append(
            Offload(offset: out.payload.count &+ 1, value: start..<out.offloaded.count, rule: rule))
        out.payload.append(Self.referenceRoom.span)
        return true
    }

    private static let referenceRoom =
        [UInt8(ascii: "\"")] + [UInt8](repeating: UInt8(ascii: " "), count: VaultDeposits.referenceByteCount)
        + [UInt8(ascii: "\"")]
}

// SPDX-License-Identifier: Apache-2.0

/// The statuses of many tokens, 1, 2, 4 or 8 bits each, the first in the lowest bits of the first byte
/// (draft-ietf-oauth-status-list, section 4.1).
struct StatusList: Sendable {
    let bitCount: Int
    let bytes: [UInt8]

    /// Nil for another number of bits.
    init?(bitCount: Int, bytes: [UInt8]) {
        guard [1, 2, 4, 8].contains(bitCount) else { return nil }
        self.bitCount = bitCount
        self.bytes = bytes
    }

    /// The status at `index`; nil outside the list.
    subscript(index: Int) -> UInt8? {
        let perByte = 8 / bitCount
        guard index >= 0, index / perByte < bytes.count else { return nil }
        let shift = index % perByte * bitCount
        return UInt8(truncatingIfNeeded: Int(bytes[index / perByte]) >> shift & ((1 << bitCount) - 1))
    }
}

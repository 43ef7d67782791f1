// SPDX-License-Identifier: Apache-2.0

/// The bytes of a hexadecimal text; blanks and line breaks are skipped. Nil for anything else.
package func bytes(hex text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var high: UInt8?
    for byte in text.utf8 {
        let nibble: UInt8
        switch byte {
        case 0x30...0x39: nibble = byte - 0x30
        case 0x61...0x66: nibble = byte - 0x61 + 10
        case 0x41...0x46: nibble = byte - 0x41 + 10
        case 0x20, 0x0A, 0x0D, 0x09: continue
        default: return nil
        }
        if let first = high {
            result.append(first << 4 | nibble)
            high = nil
        } else {
            high = nibble
        }
    }
    return high == nil ? result : nil
}

/// The bytes of a hexadecimal literal in a test; traps when the literal is wrong.
package func hex(_ text: String) -> [UInt8] {
    guard let result = bytes(hex: text) else { preconditionFailure("bad hex literal in a test") }
    return result
}

extension Array where Element == UInt8 {
    /// The lower-case hexadecimal text of the bytes.
    package var hexText: String {
        let digits = [Character]("0123456789abcdef")
        return String(self.flatMap { byte -> [Character] in [digits[Int(byte >> 4)], digits[Int(byte & 15)]] })
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

extension ClaimRule.MaskRule {
    /// The most characters a mask shows.
    static let characterCountMax = 64

    /// Appends the masked text of `value` (unescaped UTF-8) as a JSON string.
    func append(_ value: Span<UInt8>, to out: inout ByteScratch) {
        out.append(UInt8(ascii: "\""))
        if shape == .fixed {
            out.append("***")
        } else {
            var shown = 0
            for i in value.indices {
                let byte = value[i]
                // A continuation byte belongs to the character before it.
                guard byte & 0xC0 != 0x80, shown < Self.characterCountMax else { continue }
                out.append(shape == .length ? UInt8(ascii: "*") : Self.characterClass(byte))
                shown += 1
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func characterClass(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(ascii: "a")
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(ascii: "0")
        case 0x80...: UInt8(ascii: "x")
        default: UInt8(ascii: "-")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The checks on encoded Ed25519 points that OpenSSL leaves out (RFC 8032 section 5.1.3).
///
/// A point is encoded as its y coordinate, little-endian, with the sign of x in the top bit. Canonical means y < p =
/// 2^255 - 19. The eight points of small order on -x^2 + y^2 = 1 + d x^2 y^2 have five y coordinates: 1 (order 1), -1
/// (order 2), 0 (order 4), and for order 8 the two y with 2P of order 4, that is x^2 = -y^2, so d y^4 + 2 y^2 - 1 = 0
/// with d = -121665/121666. All sign bits with these y are refused, which covers the non-canonical x = -0 too.
enum Ed25519Encoding {
    /// Whether the 32 bytes are a canonical y coordinate of no point of small order. Does not check that a point
    /// with this y exists. Not constant-time: for public values.
    static func isAcceptable(_ point: Span<UInt8>) -> Bool {
        guard point.count == 32 else { return false }
        return isCanonical(point) && !hasSmallOrder(point)
    }

    /// y < 2^255 - 19.
    static func isCanonical(_ point: Span<UInt8>) -> Bool {
        guard point[31] & 0x7F == 0x7F else { return true }
        for i in 1..<31 where point[i] != 0xFF { return true }
        return point[0] < 0xED
    }

    /// For canonical encodings: y is one of 0, 1, -1 and the two of order 8.
    static func hasSmallOrder(_ point: Span<UInt8>) -> Bool {
        let top = point[31] & 0x7F
        switch point[1] {
        case 0x00: return top == 0 && point[0] <= 1 && isFilled(point, with: 0x00)
        case 0xFF: return top == 0x7F && point[0] == 0xEC && isFilled(point, with: 0xFF)
        case 0xE8: return isOrder8(point, top, order8)
        case 0x17: return isOrder8(point, top, negatedOrder8)
        default: return false
        }
    }

    private static func isFilled(_ point: Span<UInt8>, with byte: UInt8) -> Bool {
        for i in 1..<31 where point[i] != byte { return false }
        return true
    }

    private static func isOrder8(_ point: Span<UInt8>, _ top: UInt8, _ y: InlineArray<32, UInt8>) -> Bool {
        for i in 0..<31 where point[i] != y[i] { return false }
        return top == y[31]
    }

    private static let order8: InlineArray<32, UInt8> = [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
        0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ]

    private static let negatedOrder8: InlineArray<32, UInt8> = [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
        0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ]
}

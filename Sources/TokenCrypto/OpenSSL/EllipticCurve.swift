// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// A NIST curve of JWS (RFC 7518 section 6.2.1.1).
enum EllipticCurve: Sendable, CaseIterable {
    case p256, p384, p521

    /// The length of a coordinate, of a private value and of a signature half, in bytes.
    var byteCount: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    var bitCount: Int {
        switch self {
        case .p256: 256
        case .p384: 384
        case .p521: 521
        }
    }

    /// The `crv` value, which OpenSSL also takes as the group's name.
    var name: StaticString {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        }
    }

    var algorithm: SignatureAlgorithm {
        switch self {
        case .p256: .es256
        case .p384: .es384
        case .p521: .es512
        }
    }

    init?(_ algorithm: SignatureAlgorithm) {
        switch algorithm {
        case .es256: self = .p256
        case .es384: self = .p384
        case .es512: self = .p521
        default: return nil
        }
    }

    /// OpenSSL's number of the curve.
    var identifier: Int32 {
        switch self {
        case .p256: NID_X9_62_prime256v1
        case .p384: NID_secp384r1
        case .p521: NID_secp521r1
        }
    }

    /// The order n of the base point, big-endian (SEC 2 version 2.0, sections 2.4.2, 2.5.1 and 2.6.1).
    var order: [UInt8] {
        let low: [UInt8]
        switch self {
        case .p256:
            return [
                0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
            ]
        case .p384:
            low = [
                0xC7, 0x63, 0x4D, 0x81, 0xF4, 0x37, 0x2D, 0xDF, 0x58, 0x1A, 0x0D, 0xB2,
                0x48, 0xB0, 0xA7, 0x7A, 0xEC, 0xEC, 0x19, 0x6A, 0xCC, 0xC5, 0x29, 0x73,
            ]
            return [UInt8](repeating: 0xFF, count: 24) + low
        case .p521:
            low = [
                0xFA, 0x51, 0x86, 0x87, 0x83, 0xBF, 0x2F, 0x96, 0x6B, 0x7F, 0xCC, 0x01, 0x48, 0xF7, 0x09, 0xA5,
                0xD0, 0x3B, 0xB5, 0xC9, 0xB8, 0x89, 0x9C, 0x47, 0xAE, 0xBB, 0x6F, 0xB7, 0x1E, 0x91, 0x38, 0x64, 0x09,
            ]
            return [0x01] + [UInt8](repeating: 0xFF, count: 32) + low
        }
    }

    /// The public point d · G as x | y, behind `output`. `d` must lie in 1..<n. OpenSSL's multiplication of the base
    /// point is constant-time.
    func appendPublicPoint(of d: Span<UInt8>, to output: inout ByteScratch) throws(KeyError) {
        // SAFETY: every object is made here, freed here, and null results are turned away; OpenSSL reads exactly the
        // bytes of `d` and writes 1 + 2 * byteCount bytes.
        let group = unsafe EC_GROUP_new_by_curve_name(identifier)
        defer { unsafe EC_GROUP_free(group) }
        let point = unsafe EC_POINT_new(group)
        defer { unsafe EC_POINT_free(point) }
        let scalar = unsafe d.withUnsafeBufferPointer { unsafe BN_bin2bn($0.baseAddress, Int32($0.count), nil) }
        defer { unsafe BN_clear_free(scalar) }
        guard unsafe group != nil, unsafe point != nil, unsafe scalar != nil,
            unsafe EC_POINT_mul(group, point, scalar, nil, nil, nil) == 1
        else {
            ERR_clear_error()
            throw .backend
        }
        let byteCount = 1 + 2 * byteCount
        var encoded = [UInt8](repeating: 0, count: byteCount)
        // SAFETY: OpenSSL writes at most the buffer's count, which is the length of the encoding.
        let written = unsafe encoded.withUnsafeMutableBufferPointer {
            unsafe EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, $0.baseAddress, $0.count, nil)
        }
        guard written == byteCount, encoded[0] == 4 else { throw .backend }
        output.append(encoded.span.extracting(1..<byteCount))
    }
}

/// Comparison of unsigned big-endian numbers of one length. Not constant-time: for public values and range checks.
enum BigEndian {
    static func isZero(_ a: Span<UInt8>) -> Bool {
        var bits: UInt8 = 0
        for i in 0..<a.count { bits |= a[i] }
        return bits == 0
    }

    /// a < b, for spans of one length.
    static func isLess(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for i in 0..<a.count where a[i] != b[i] { return a[i] < b[i] }
        return false
    }

    /// 1 <= a < order, for spans of one length.
    static func isScalar(_ a: Span<UInt8>, below order: Span<UInt8>) -> Bool {
        isLess(a, order) && !isZero(a)
    }

    /// The bits of a number without leading zero bytes.
    static func bitCount(_ a: Span<UInt8>) -> Int {
        a.count == 0 ? 0 : a.count * 8 - a[0].leadingZeroBitCount
    }
}

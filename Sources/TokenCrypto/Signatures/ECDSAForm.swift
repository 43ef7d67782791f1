// SPDX-License-Identifier: Apache-2.0

/// The two forms of an ECDSA signature: r | s of fixed length, as in JWS (RFC 7518 section 3.4), and the DER SEQUENCE
/// of two INTEGERs that OpenSSL takes and gives (RFC 3279 section 2.2.3). Both conversions stay on the stack.
enum ECDSAForm {
    /// Room for the DER form on P-521: 3 bytes of header and two integers of at most 2 + 66 bytes.
    static let derByteCountMax = 144

    /// Writes the DER form of `signature`, which must be 2 * `order.count` bytes with both halves in 1..<order.
    /// Returns the form's length in `der`; 0 when the signature is none.
    static func writeDER(
        of signature: Span<UInt8>, order: Span<UInt8>, into der: inout InlineArray<144, UInt8>
    ) -> Int {
        let half = order.count
        guard half > 0, half <= 66, signature.count == 2 * half else { return 0 }
        let r = signature.extracting(0..<half)
        let s = signature.extracting(half..<(2 * half))
        guard BigEndian.isScalar(r, below: order), BigEndian.isScalar(s, below: order) else { return 0 }
        let content = integerByteCount(r) + integerByteCount(s)
        der[0] = 0x30
        var offset: Int
        if content < 0x80 {
            der[1] = UInt8(content)
            offset = 2
        } else {
            der[1] = 0x81
            der[2] = UInt8(content)
            offset = 3
        }
        writeInteger(r, into: &der, at: &offset)
        writeInteger(s, into: &der, at: &offset)
        return offset
    }

    private static func leadingZeros(_ number: Span<UInt8>) -> Int {
        var i = 0
        while i < number.count - 1 && number[i] == 0 { i += 1 }
        return i
    }

    private static func integerByteCount(_ number: Span<UInt8>) -> Int {
        let zeros = leadingZeros(number)
        return 2 + number.count - zeros + Int(number[zeros] >> 7)
    }

    private static func writeInteger(
        _ number: Span<UInt8>, into der: inout InlineArray<144, UInt8>, at offset: inout Int
    ) {
        let zeros = leadingZeros(number)
        let sign = Int(number[zeros] >> 7)
        der[offset] = 0x02
        der[offset + 1] = UInt8(number.count - zeros + sign)
        offset += 2
        if sign == 1 {
            der[offset] = 0
            offset += 1
        }
        for i in zeros..<number.count {
            der[offset] = number[i]
            offset += 1
        }
    }

    /// Writes r | s of a DER signature that OpenSSL made, each half padded to `raw.count / 2`. False when the DER is
    /// not what OpenSSL writes.
    static func writeRaw(of der: Span<UInt8>, into raw: inout MutableSpan<UInt8>) -> Bool {
        let half = raw.count / 2
        guard der.count >= 2, der[0] == 0x30 else { return false }
        var offset = 2
        if der[1] == 0x81 {
            guard der.count >= 3, Int(der[2]) == der.count - 3 else { return false }
            offset = 3
        } else {
            guard Int(der[1]) == der.count - 2 else { return false }
        }
        for part in 0..<2 {
            guard der.count - offset >= 2, der[offset] == 0x02 else { return false }
            var count = Int(der[offset + 1])
            offset += 2
            guard count > 0, count <= der.count - offset else { return false }
            while count > 1 && der[offset] == 0 {
                offset += 1
                count -= 1
            }
            guard count <= half else { return false }
            let start = part * half
            for i in 0..<(half - count) { raw[start + i] = 0 }
            for i in 0..<count { raw[start + half - count + i] = der[offset + i] }
            offset += count
        }
        return offset == der.count
    }
}

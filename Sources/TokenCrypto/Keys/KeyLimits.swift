// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// The bounds on key files and keys. They are inclusive and enforced before any costly work.
package enum KeyLimits {
    /// Bytes of one key file: JWK, JWK Set or PEM.
    package static let fileByteCountMax = 1 << 20
    /// Keys of one set, PEM blocks of one file.
    package static let keyCountMax = 1024
    /// Bytes of a `kid`.
    package static let keyIDByteCountMax = 1024
    /// Entries of `key_ops`.
    package static let operationCountMax = 32
    /// Bytes of an HMAC secret; the minimum is the hash's length (RFC 7518 section 3.2).
    package static let secretByteCountMax = 1024
    /// Bits of an RSA modulus (RFC 7518 section 3.3 for the minimum).
    package static let modulusBitCountMin = 2048
    package static let modulusBitCountMax = 8192
    /// An RSA public exponent is odd, at least 3, and has at most this many bits.
    package static let exponentBitCountMax = 33
    /// JSON nesting and members of one object.
    static let json = ScanLimits(tokenByteCountMax: fileByteCountMax, depthMax: 16, memberCountMax: 256)
}

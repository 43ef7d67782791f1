// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// Diffie-Hellman on a NIST curve, of one worker: group, point and numbers are made once, where an `EVP_PKEY` for each
/// ephemeral key would be made anew. OpenSSL's multiplications by one scalar are constant-time.
// `@safe`: the pointers never leave the object. Not Sendable: one worker's.
@safe final class CurveContext {
    let curve: EllipticCurve
    private let order: [UInt8]
    private let group: OpaquePointer?  // EC_GROUP *, owned
    private let point: OpaquePointer?  // EC_POINT *, owned: the peer's
    private let result: OpaquePointer?  // EC_POINT *, owned: secret, cleared after use
    private let context: OpaquePointer?  // BN_CTX *, owned, of secure numbers
    private let scalar: OpaquePointer?  // BIGNUM *, owned: secret, cleared after use
    private let coordinate: OpaquePointer?  // BIGNUM *, owned: secret, cleared after use

    init(_ curve: EllipticCurve) throws(KeyError) {
        self.curve = curve
        order = curve.order
        // SAFETY: each object is owned by this one until deinit, which takes null as well; nulls are turned away below.
        unsafe group = EC_GROUP_new_by_curve_name(curve.identifier)
        unsafe point = EC_POINT_new(group)
        unsafe result = EC_POINT_new(group)
        unsafe context = BN_CTX_new()
        unsafe scalar = BN_new()
        unsafe coordinate = BN_new()
        guard unsafe group != nil, unsafe point != nil, unsafe result != nil, unsafe context != nil,
            unsafe scalar != nil, unsafe coordinate != nil
        else {
            ERR_clear_error()
            throw .backend
        }
        unsafe BN_set_flags(scalar, BN_FLG_CONSTTIME)
    }

    deinit {
        // SAFETY: all owned by this object, freed once; null is allowed.
        unsafe BN_clear_free(coordinate)
        unsafe BN_clear_free(scalar)
        unsafe BN_CTX_free(context)
        unsafe EC_POINT_clear_free(result)
        unsafe EC_POINT_clear_free(point)
        unsafe EC_GROUP_free(group)
    }

    /// Draws a scalar in 1..<n from `random` and appends it, big-endian, and its point x | y.
    func makeEphemeral(
        _ random: inout RandomBytes, scalar d: inout ByteScratch, point: inout ByteScratch
    ) throws(EncryptionError) {
        d.removeAll()
        d.resize(to: curve.byteCount)
        // One draw in 2^32 fails on P-256, fewer on the others; 64 in a row are a broken source.
        for _ in 0..<64 {
            do { try Self.draw(&random, into: &d) } catch { throw .randomness }
            if curve == .p521 { Self.maskTop(&d) }
            guard Self.isScalar(d, below: order) else { continue }
            guard appendPublic(d, to: &point) else { throw .backend }
            return
        }
        throw .randomness
    }

    private static func draw(_ random: inout RandomBytes, into d: inout ByteScratch) throws(RandomnessError) {
        var span = d.mutableSpan
        try random.fill(&span)
    }

    /// P-521 scalars have 521 bits in 66 bytes.
    private static func maskTop(_ d: inout ByteScratch) {
        var span = d.mutableSpan
        span[0] &= 1
    }

    private static func isScalar(_ d: borrowing ByteScratch, below order: [UInt8]) -> Bool {
        BigEndian.isScalar(d.span, below: order.span)
    }

    private func appendPublic(_ d: borrowing ByteScratch, to output: inout ByteScratch) -> Bool {
        // SAFETY: the pointers are this object's and not null since init; OpenSSL reads exactly the scalar's bytes.
        let isRead = unsafe d.span.withUnsafeBufferPointer {
            unsafe BN_bin2bn($0.baseAddress, Int32($0.count), scalar) != nil
        }
        defer { unsafe BN_clear(scalar) }
        guard isRead, unsafe EC_POINT_mul(group, result, scalar, nil, nil, context) == 1 else { return cleared(false) }
        let byteCount = 1 + 2 * curve.byteCount
        var encoded = InlineArray<134, UInt8>(repeating: 0)
        var span = encoded.mutableSpan
        // SAFETY: the buffer holds 134 bytes, as many as the longest of the encodings needs (133), and its size is
        // told.
        let written = unsafe span.withUnsafeMutableBufferPointer {
            unsafe EC_POINT_point2oct(
                group, result, POINT_CONVERSION_UNCOMPRESSED, $0.baseAddress, $0.count, context)
        }
        guard written == byteCount, encoded[0] == 4 else { return cleared(false) }
        output.append(encoded.span.extracting(1..<byteCount))
        return true
    }

    /// Appends the x coordinate of `d` times the peer's point, of the curve's exact length (RFC 7518 section 4.6,
    /// SEC 1 section 3.3.1). False, with nothing appended, for coordinates of another length or not below p, a point
    /// off the curve, and a result at infinity (T49).
    func agree(
        _ d: Span<UInt8>, x: Span<UInt8>, y: Span<UInt8>, into secret: inout ByteScratch
    ) -> Bool {
        let size = curve.byteCount
        guard d.count == size, x.count == size, y.count == size else { return false }
        var encoded = InlineArray<133, UInt8>(repeating: 0)
        encoded[0] = 4
        for i in 0..<size {
            encoded[1 + i] = x[i]
            encoded[1 + size + i] = y[i]
        }
        let whole = encoded.span.extracting(0..<(1 + 2 * size))
        // SAFETY: the pointers are this object's and not null since init; OpenSSL reads exactly the spans' bytes. The
        // decoding checks the ranges of the coordinates and the equation of the curve.
        let isReady = unsafe whole.withUnsafeBufferPointer { bytes in
            unsafe d.withUnsafeBufferPointer { number in
                unsafe EC_POINT_oct2point(group, point, bytes.baseAddress, bytes.count, context) == 1
                    && BN_bin2bn(number.baseAddress, Int32(number.count), scalar) != nil
            }
        }
        defer {
            unsafe BN_clear(scalar)
            unsafe BN_clear(coordinate)
        }
        guard isReady, unsafe EC_POINT_mul(group, result, nil, point, scalar, context) == 1,
            unsafe EC_POINT_is_at_infinity(group, result) == 0,
            unsafe EC_POINT_get_affine_coordinates(group, result, coordinate, nil, context) == 1
        else { return cleared(false) }
        // SAFETY: exactly `size` bytes are written, the room that is made.
        unsafe secret.appendUninitialized(size) { unsafe _ = BN_bn2binpad(coordinate, $0, Int32(size)) }
        return cleared(true)
    }

    /// Overwrites the secret point with the base point's own.
    private func cleared(_ value: Bool) -> Bool {
        // SAFETY: the pointers are this object's and not null since init.
        unsafe _ = EC_POINT_copy(result, EC_GROUP_get0_generator(group))
        if !value { ERR_clear_error() }
        return value
    }
}

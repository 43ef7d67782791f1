// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Turns the DER inside a PEM block into key material. OpenSSL's own decoders are not used, so that every key passes
/// the same checks as a JWK does before any arithmetic.
enum DERKeyReader {
    /// The PEM labels with keys inside (RFC 7468 sections 10 and 13, RFC 8017 appendix A, RFC 5915).
    enum Format { case subjectPublicKeyInfo, pkcs8, rsaPublic, rsaPrivate, ecPrivate }

    static func read(_ der: Span<UInt8>, _ format: Format) throws(KeyError) -> KeyMaterial {
        let whole = DERCursor(0..<der.count)
        switch format {
        case .subjectPublicKeyInfo: return try readPublic(der, whole)
        case .pkcs8: return try readPKCS8(der, whole)
        case .rsaPublic: return try readRSAPublic(der, whole)
        case .rsaPrivate: return try readRSAPrivate(der, whole)
        case .ecPrivate: return try readECPrivate(der, whole, curve: nil)
        }
    }

    /// RFC 5280 section 4.1.2.7.
    private static func readPublic(_ der: Span<UInt8>, _ cursor: DERCursor) throws(KeyError) -> KeyMaterial {
        var outer = cursor
        var info = DERCursor(try outer.read(DERCursor.sequence, in: der))
        try outer.finish()
        let kind = try readAlgorithm(der, &info)
        let key = try info.readBits(in: der)
        try info.finish()
        switch kind {
        case .rsa:
            return try readRSAPublic(der, DERCursor(key))
        case .elliptic(let curve):
            var material = KeyMaterial(kind: kind)
            try appendPoint(der, key, curve, to: &material)
            return material
        case .ed25519, .x25519:
            var material = KeyMaterial(kind: kind)
            material.append(.x, der.extracting(key))
            return material
        case .secret:
            throw .unsupportedKeyType
        }
    }

    /// RFC 5958 section 2 (RFC 5208 for version 0).
    private static func readPKCS8(_ der: Span<UInt8>, _ cursor: DERCursor) throws(KeyError) -> KeyMaterial {
        var outer = cursor
        var info = DERCursor(try outer.read(DERCursor.sequence, in: der))
        try outer.finish()
        guard try info.readVersion(in: der) <= 1 else { throw .malformed }
        let kind = try readAlgorithm(der, &info)
        let key = try info.read(DERCursor.octetString, in: der)
        if info.peek(in: der) == 0xA0 { _ = try info.read(0xA0, in: der) }  // attributes
        var publicKey: Range<Int>?
        if info.peek(in: der) == 0x81 {  // [1] IMPLICIT BIT STRING
            let range = try info.read(0x81, in: der)
            guard range.count > 0, der[range.lowerBound] == 0 else { throw .malformed }
            publicKey = (range.lowerBound + 1)..<range.upperBound
        }
        try info.finish()
        switch kind {
        case .rsa:
            return try readRSAPrivate(der, DERCursor(key))
        case .elliptic(let curve):
            var material = try readECPrivate(der, DERCursor(key), curve: curve)
            if let publicKey, material[.x] == nil { try appendPoint(der, publicKey, curve, to: &material) }
            return material
        case .ed25519, .x25519:
            // RFC 8410 section 7: an OCTET STRING inside the OCTET STRING.
            var inner = DERCursor(key)
            let d = try inner.read(DERCursor.octetString, in: der)
            try inner.finish()
            var material = KeyMaterial(kind: kind)
            material.append(.d, der.extracting(d))
            if let publicKey { material.append(.x, der.extracting(publicKey)) }
            return material
        case .secret:
            throw .unsupportedKeyType
        }
    }

    /// RFC 8017 appendix A.1.1.
    private static func readRSAPublic(_ der: Span<UInt8>, _ cursor: DERCursor) throws(KeyError) -> KeyMaterial {
        var outer = cursor
        var key = DERCursor(try outer.read(DERCursor.sequence, in: der))
        try outer.finish()
        var material = KeyMaterial(kind: .rsa)
        for field in [KeyMaterial.Field.n, .e] {
            material.append(field, der.extracting(try key.readUnsigned(in: der)))
        }
        try key.finish()
        return material
    }

    /// RFC 8017 appendix A.1.2; version 1 is multi-prime and not supported.
    private static func readRSAPrivate(_ der: Span<UInt8>, _ cursor: DERCursor) throws(KeyError) -> KeyMaterial {
        var outer = cursor
        var key = DERCursor(try outer.read(DERCursor.sequence, in: der))
        try outer.finish()
        guard try key.readVersion(in: der) == 0 else { throw .unsupportedKeyType }
        var material = KeyMaterial(kind: .rsa)
        for field in [KeyMaterial.Field.n, .e, .d, .p, .q, .dp, .dq, .qi] {
            material.append(field, der.extracting(try key.readUnsigned(in: der)))
        }
        try key.finish()
        return material
    }

    /// RFC 5915 section 3. The curve is inside, or known from the PKCS#8 around it; both must agree.
    private static func readECPrivate(
        _ der: Span<UInt8>, _ cursor: DERCursor, curve outerCurve: EllipticCurve?
    ) throws(KeyError) -> KeyMaterial {
        var outer = cursor
        var key = DERCursor(try outer.read(DERCursor.sequence, in: der))
        try outer.finish()
        guard try key.readVersion(in: der) == 1 else { throw .malformed }
        let d = try key.read(DERCursor.octetString, in: der)
        var curve = outerCurve
        if key.peek(in: der) == 0xA0 {
            var parameters = DERCursor(try key.read(0xA0, in: der))
            let inner = try readCurve(der, &parameters)
            try parameters.finish()
            guard curve == nil || curve == inner else { throw .malformed }
            curve = inner
        }
        guard let curve else { throw .unsupportedCurve }
        var material = KeyMaterial(kind: .elliptic(curve))
        material.append(.d, der.extracting(d))
        if key.peek(in: der) == 0xA1 {
            var wrapped = DERCursor(try key.read(0xA1, in: der))
            let point = try wrapped.readBits(in: der)
            try wrapped.finish()
            try appendPoint(der, point, curve, to: &material)
        }
        try key.finish()
        return material
    }

    /// SEC 1 section 2.3.3; the compressed form is not accepted (RFC 5480 makes it optional).
    private static func appendPoint(
        _ der: Span<UInt8>, _ point: Range<Int>, _ curve: EllipticCurve, to material: inout KeyMaterial
    ) throws(KeyError) {
        let half = curve.byteCount
        guard point.count == 1 + 2 * half, der[point.lowerBound] == 4 else { throw .coordinateLength }
        let x = point.lowerBound + 1
        material.append(.x, der.extracting(x..<(x + half)))
        material.append(.y, der.extracting((x + half)..<point.upperBound))
    }

    private static func readAlgorithm(_ der: Span<UInt8>, _ info: inout DERCursor) throws(KeyError) -> KeyKind {
        var algorithm = DERCursor(try info.read(DERCursor.sequence, in: der))
        let identifier = der.extracting(try algorithm.read(DERCursor.objectIdentifier, in: der))
        if identifier.equals([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01].span) {
            // rsaEncryption, with NULL (RFC 8017 appendix A.1).
            guard try algorithm.read(DERCursor.null, in: der).isEmpty else { throw .malformed }
            try algorithm.finish()
            return .rsa
        }
        if identifier.equals([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01].span) {
            // id-ecPublicKey, with the curve's name (RFC 5480 section 2.1.1); explicit parameters are refused.
            let curve = try readCurve(der, &algorithm)
            try algorithm.finish()
            return .elliptic(curve)
        }
        let isEd25519 = identifier.equals([0x2B, 0x65, 0x70].span)
        if isEd25519 || identifier.equals([0x2B, 0x65, 0x6E].span) {
            // id-Ed25519 and id-X25519, without parameters (RFC 8410 section 3).
            try algorithm.finish()
            return isEd25519 ? .ed25519 : .x25519
        }
        throw .unsupportedKeyType
    }

    private static func readCurve(_ der: Span<UInt8>, _ cursor: inout DERCursor) throws(KeyError) -> EllipticCurve {
        guard cursor.peek(in: der) == DERCursor.objectIdentifier else { throw .unsupportedCurve }
        let name = der.extracting(try cursor.read(DERCursor.objectIdentifier, in: der))
        if name.equals([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07].span) { return .p256 }
        if name.equals([0x2B, 0x81, 0x04, 0x00, 0x22].span) { return .p384 }
        if name.equals([0x2B, 0x81, 0x04, 0x00, 0x23].span) { return .p521 }
        throw .unsupportedCurve
    }
}

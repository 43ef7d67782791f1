// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// What a JWK's `use` and `key_ops` permit (RFC 7517 sections 4.2 and 4.3).
struct KeyOperations: Sendable {
    let canSign: Bool
    let canVerify: Bool
    static let all = KeyOperations(canSign: true, canVerify: true)
}

extension SignatureKey {
    /// Reads one JWK (RFC 7517, RFC 7518 section 6, RFC 8037 section 2).
    ///
    /// `algorithm` supplies a missing `alg`; where both are given they must agree. EC and OKP keys derive theirs from
    /// the curve. Members that point elsewhere or embed certificates (`jku`, `x5u`, `x5c`) are ignored, as are unknown
    /// members. The text may be up to 1 MiB.
    /// - Throws: the ``KeyError`` that names the first thing wrong.
    /// - Complexity: O(bytes) plus arithmetic of bounded size; allocates.
    public static func parse(
        jwk: Span<UInt8>, algorithm: SignatureAlgorithm? = nil
    ) throws(KeyError) -> SignatureKey {
        guard jwk.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var index = JSONIndex()
        do { try index.build(jwk, limits: KeyLimits.json) } catch { throw .malformed }
        return try parse(index.view(jwk), key: 0, algorithm: algorithm)
    }

    /// Reads the JWK that is the object `key` of an indexed document.
    static func parse(
        _ view: borrowing JSONView, key: Int, algorithm: SignatureAlgorithm?
    ) throws(KeyError) -> SignatureKey {
        guard view[key].valueKind == .object else { throw .malformed }
        guard let type = try view.jwkText(of: key, "kty") else { throw .missingMember }
        let own = try ownAlgorithm(view, key)
        let operations = try permittedOperations(view, key)
        let keyID = try view.jwkKeyID(of: key)
        let kind = try keyKind(view, key, type: type)
        let resolved = try resolve(own: own, callers: algorithm, kind: kind)
        var material = KeyMaterial(kind: kind)
        for field in fields(of: kind) {
            // The exact bounds follow with the checks, each with its own error.
            if let range = try view.jwkBytes(of: key, field.name, byteCountMax: 4096, into: &material.bytes) {
                material[field] = range
            }
        }
        // A JWK has its public members even where they follow from the private one (RFC 7518 section 6.2.1, RFC 8037
        // section 2); only DER may leave them out.
        if kind != .rsa, kind != .secret, material[.x] == nil { throw .missingMember }
        // Multi-prime RSA (RFC 7518 section 6.3.2.7) is not supported.
        if kind == .rsa, view.member(of: key, "oth") != nil { throw .unsupportedKeyType }
        return try SignatureKey(material, algorithm: resolved, keyID: keyID, operations: operations)
    }

    private static func ownAlgorithm(_ view: borrowing JSONView, _ key: Int) throws(KeyError) -> SignatureAlgorithm? {
        guard let name = try view.jwkText(of: key, "alg", byteCountMax: 256) else { return nil }
        guard let algorithm = SignatureAlgorithm(jwaName: name.span) else { throw .unsupportedAlgorithm }
        return algorithm
    }

    /// The algorithm that the key's own `alg`, the caller and the kind of key agree on.
    static func resolve(
        own: SignatureAlgorithm?, callers: SignatureAlgorithm?, kind: KeyKind
    ) throws(KeyError) -> SignatureAlgorithm {
        guard kind != .x25519 else { throw .unsupportedKeyType }
        if let own, let callers, own != callers { throw .algorithmMismatch }
        let given = own ?? callers
        let derived: SignatureAlgorithm? =
            switch kind {
            case .elliptic(let curve): curve.algorithm
            case .ed25519: .edDSA
            case .rsa, .secret, .x25519: nil
            }
        if let derived {
            guard given == nil || given == derived else { throw .algorithmKeyMismatch }
            return derived
        }
        guard let given else { throw .missingAlgorithm }
        let isFitting =
            switch given.family {
            case .hmac: kind == .secret
            case .rsaPKCS1, .rsaPSS: kind == .rsa
            case .ecdsa, .edDSA: false
            }
        guard isFitting else { throw .algorithmKeyMismatch }
        return given
    }

    static func keyKind(_ view: borrowing JSONView, _ key: Int, type: [UInt8]) throws(KeyError) -> KeyKind {
        if type.span.equals("oct") { return .secret }
        if type.span.equals("RSA") { return .rsa }
        let isElliptic = type.span.equals("EC")
        guard isElliptic || type.span.equals("OKP") else { throw .unsupportedKeyType }
        guard let name = try view.jwkText(of: key, "crv") else { throw .missingMember }
        guard isElliptic else {
            guard name.span.equals("Ed25519") else { throw .unsupportedCurve }
            return .ed25519
        }
        for curve in EllipticCurve.allCases where name.span.equals(curve.name) { return .elliptic(curve) }
        throw .unsupportedCurve
    }

    static func fields(of kind: KeyKind) -> [KeyMaterial.Field] {
        switch kind {
        case .secret: [.k]
        case .rsa: [.n, .e, .d, .p, .q, .dp, .dq, .qi]
        case .elliptic: [.x, .y, .d]
        case .ed25519, .x25519: [.x, .d]
        }
    }

    private static func permittedOperations(_ view: borrowing JSONView, _ key: Int) throws(KeyError) -> KeyOperations {
        if let use = try view.jwkText(of: key, "use", byteCountMax: 256) {
            guard use.span.equals("sig") else { throw .operationNotPermitted }
        }
        guard let seen = try view.jwkOperations(of: key) else { return .all }
        let canSign = seen.contains(Array("sign".utf8))
        let canVerify = seen.contains(Array("verify".utf8))
        guard canSign || canVerify else { throw .operationNotPermitted }
        return KeyOperations(canSign: canSign, canVerify: canVerify)
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

extension SignatureKey {
    /// Generates a key.
    ///
    /// - Parameter bits: RSA: the modulus, a multiple of 8 in 2048...8192, default 2048. HMAC: the secret, a multiple
    ///   of 8 from the hash's length to 8192, default the hash's length. EC and Ed25519: nil, or the curve's size.
    /// - Throws: `KeyError.modulusSize`, `.secretTooShort`, `.secretTooLong`, `.algorithmKeyMismatch` for bits that do
    ///   not fit, `.keyID`, `.randomness`, `.backend`.
    /// - Complexity: RSA takes from 0.1 s (2048) to many seconds (8192).
    public static func generate(
        algorithm: SignatureAlgorithm, bits: Int? = nil, keyID: [UInt8]? = nil
    ) throws(KeyError) -> SignatureKey {
        let handle: KeyHandle?
        let kind: KeyKind
        switch algorithm.family {
        case .hmac:
            return try generateSecret(algorithm: algorithm, bits: bits, keyID: keyID)
        case .rsaPKCS1, .rsaPSS:
            let bits = bits ?? 2048
            guard bits % 8 == 0, (KeyLimits.modulusBitCountMin...KeyLimits.modulusBitCountMax).contains(bits) else {
                throw .modulusSize
            }
            kind = .rsa
            handle = KeyHandle.generate(type: "RSA", bits: Int32(bits))
        case .ecdsa:
            guard let curve = EllipticCurve(algorithm), bits == nil || bits == curve.bitCount else {
                throw .algorithmKeyMismatch
            }
            kind = .elliptic(curve)
            handle = KeyHandle.generate(type: "EC", group: curve.name)
        case .edDSA:
            guard bits == nil || bits == 256 else { throw .algorithmKeyMismatch }
            kind = .ed25519
            handle = KeyHandle.generate(type: "ED25519")
        }
        guard let handle else { throw .backend }
        return try SignatureKey(generated: handle, kind: kind, algorithm: algorithm, keyID: keyID)
    }

    private static func generateSecret(
        algorithm: SignatureAlgorithm, bits: Int?, keyID: [UInt8]?
    ) throws(KeyError) -> SignatureKey {
        let byteCount = try secretByteCount(algorithm: algorithm, bits: bits)
        let secret = try SecretBytes(count: byteCount) { (span) throws(KeyError) in
            guard RandomBytes.openSSL(&span) else { throw .randomness }
        }
        var material = KeyMaterial(kind: .secret)
        secret.withSpan { material.append(.k, $0) }
        return try SignatureKey(material, algorithm: algorithm, keyID: keyID)
    }

    private static func secretByteCount(algorithm: SignatureAlgorithm, bits: Int?) throws(KeyError) -> Int {
        guard let bits else { return algorithm.hashByteCount }
        guard bits % 8 == 0, bits / 8 >= algorithm.hashByteCount else { throw .secretTooShort }
        guard bits / 8 <= KeyLimits.secretByteCountMax else { throw .secretTooLong }
        return bits / 8
    }
}

// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension EncryptionKey {
    /// The curves of ECDH-ES.
    public enum Curve: String, CaseIterable, Sendable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"
        case x25519 = "X25519"
    }

    /// Generates a key.
    ///
    /// - Parameters:
    ///   - bits: RSA: the modulus, a multiple of 8 in 2048...8192, default 2048. Nil for all others.
    ///   - curve: for ECDH-ES, default P-256.
    ///   - contentEncryption: for `dir`, default A256GCM.
    /// - Throws: `KeyError.modulusSize`, `.algorithmKeyMismatch` for bits or a curve that do not fit, `.keyID`,
    ///   `.randomness`, `.backend`.
    public static func generate(
        algorithm: KeyManagement, bits: Int? = nil, curve: Curve? = nil, contentEncryption: ContentEncryption? = nil,
        keyID: [UInt8]? = nil
    ) throws(KeyError) -> EncryptionKey {
        guard curve == nil || algorithm.family == .agreement, bits == nil || algorithm.family == .rsa,
            contentEncryption == nil || algorithm == .direct
        else { throw .algorithmKeyMismatch }
        var material: KeyMaterial
        switch algorithm.family {
        case .direct:
            material = try secret(byteCount: (contentEncryption ?? .a256GCM).keyByteCount)
        case .wrap, .gcmWrap:
            material = try secret(byteCount: algorithm.wrappingKeyByteCount)
        case .rsa:
            let bits = bits ?? 2048
            guard bits % 8 == 0, (KeyLimits.modulusBitCountMin...KeyLimits.modulusBitCountMax).contains(bits) else {
                throw .modulusSize
            }
            material = try rsa(bits: bits)
        case .agreement:
            material = try agreement(curve ?? .p256)
        }
        return try EncryptionKey(
            material, algorithm: algorithm,
            contentEncryption: algorithm == .direct ? contentEncryption ?? .a256GCM : nil, keyID: keyID)
    }

    private static func secret(byteCount: Int) throws(KeyError) -> KeyMaterial {
        let secret = try SecretBytes(count: byteCount) { (span) throws(KeyError) in
            guard RandomBytes.openSSL(&span) else { throw .randomness }
        }
        var material = KeyMaterial(kind: .secret)
        secret.withSpan { material.append(.k, $0) }
        return material
    }

    private static func rsa(bits: Int) throws(KeyError) -> KeyMaterial {
        guard let handle = KeyHandle.generate(type: "RSA", bits: Int32(bits)) else { throw .backend }
        var material = KeyMaterial(kind: .rsa)
        let members: [(KeyMaterial.Field, StaticString)] = [
            (.n, "n"), (.e, "e"), (.d, "d"), (.p, "rsa-factor1"), (.q, "rsa-factor2"), (.dp, "rsa-exponent1"),
            (.dq, "rsa-exponent2"), (.qi, "rsa-coefficient1"),
        ]
        for (field, name) in members {
            var number = ByteScratch(capacity: 1032, isSecret: true)
            try handle.appendNumber(name, to: &number)
            material.append(field, number.span)
        }
        return material
    }

    private static func agreement(_ curve: Curve) throws(KeyError) -> KeyMaterial {
        var random = RandomBytes()
        var d = ByteScratch(capacity: 66, isSecret: true)
        var point = ByteScratch(capacity: 132)
        let elliptic: EllipticCurve? =
            switch curve {
            case .p256: .p256
            case .p384: .p384
            case .p521: .p521
            case .x25519: nil
            }
        do {
            if let elliptic {
                try CurveContext(elliptic).makeEphemeral(&random, scalar: &d, point: &point)
            } else {
                try X25519Context.makeEphemeral(&random, scalar: &d, point: &point)
            }
        } catch let error as KeyError {
            throw error
        } catch {
            throw .randomness
        }
        var material = KeyMaterial(kind: elliptic.map { .elliptic($0) } ?? .x25519)
        let half = elliptic?.byteCount ?? X25519Context.byteCount
        material.append(.x, point.span.extracting(0..<half))
        if elliptic != nil { material.append(.y, point.span.extracting(half..<point.count)) }
        material.append(.d, d.span)
        return material
    }

    // MARK: Writing

    private var writer: JWKWriter {
        JWKWriter(kind: kind, numbers: publicNumbers, handle: handle, secret: isSymmetric ? secret : nil)
    }

    /// Appends the public JWK: `kty kid use alg` and the public members, in that order, without blanks.
    /// - Throws: `KeyError.operationNotPermitted` for a secret, which has no public part.
    package func writePublicJWK(into output: inout ByteScratch) throws(KeyError) {
        guard !isSymmetric else { throw .operationNotPermitted }
        writer.append(keyID: keyID, use: "enc", algorithm: algorithm.jwaName, to: &output)
        output.append(UInt8(ascii: "}"))
    }

    /// The public JWK as bytes of JSON.
    /// - Throws: `KeyError.operationNotPermitted` for a secret, which has no public part.
    public func publicJWK() throws(KeyError) -> [UInt8] {
        var output = ByteScratch()
        try writePublicJWK(into: &output)
        return [UInt8](output.span)
    }

    /// Appends the JWK with its private or secret members. `output` should be a secret buffer.
    ///
    /// A `dir` key has the member `enc` besides, so that it stays the key of one content algorithm.
    /// - Throws: `KeyError.notPrivate` for a public key, `.backend`.
    package func writePrivateJWK(into output: inout ByteScratch) throws(KeyError) {
        guard isPrivate else { throw .notPrivate }
        writer.append(keyID: keyID, use: "enc", algorithm: algorithm.jwaName, to: &output)
        if let contentEncryption {
            output.append(",\"enc\":\"")
            output.append(contentEncryption.literal)
            output.append(UInt8(ascii: "\""))
        }
        try writer.appendPrivateMembers(to: &output)
        output.append(UInt8(ascii: "}"))
    }

    /// The RFC 7638 thumbprint with SHA-256: 32 bytes. Of a secret it is a hash of the secret.
    public func thumbprint() -> [UInt8] { writer.thumbprint() }
}

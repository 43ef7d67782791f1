// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension SignatureKey {
    private var writer: JWKWriter {
        switch contents {
        case .secret(let secret, _): JWKWriter(kind: kind, numbers: publicNumbers, handle: nil, secret: secret)
        case .asymmetric(let handle): JWKWriter(kind: kind, numbers: publicNumbers, handle: handle, secret: nil)
        }
    }

    /// Appends the public JWK: `kty kid use alg` and the public members, in that order, without blanks.
    /// - Throws: `KeyError.operationNotPermitted` for an HMAC secret, which has no public part.
    package func writePublicJWK(into output: inout ByteScratch) throws(KeyError) {
        guard !isSymmetric else { throw .operationNotPermitted }
        writer.append(keyID: keyID, use: "sig", algorithm: algorithm.jwaName, to: &output)
        output.append(UInt8(ascii: "}"))
    }

    /// The public JWK as bytes of JSON.
    /// - Throws: `KeyError.operationNotPermitted` for an HMAC secret, which has no public part.
    public func publicJWK() throws(KeyError) -> [UInt8] {
        var output = ByteScratch()
        try writePublicJWK(into: &output)
        return [UInt8](output.span)
    }

    /// Appends the JWK with its private or secret members: for RSA `d p q dp dq qi`, for EC and OKP `d`, for oct `k`.
    /// `output` should be a secret buffer.
    /// - Throws: `KeyError.notPrivate` for a public key, `.backend`.
    package func writePrivateJWK(into output: inout ByteScratch) throws(KeyError) {
        guard isPrivate else { throw .notPrivate }
        let writer = writer
        writer.append(keyID: keyID, use: "sig", algorithm: algorithm.jwaName, to: &output)
        try writer.appendPrivateMembers(to: &output)
        output.append(UInt8(ascii: "}"))
    }

    /// The RFC 7638 thumbprint with SHA-256 (RFC 8037 appendix A.3 for OKP): 32 bytes.
    ///
    /// Of an HMAC secret it is a hash of the secret: it does not reveal a random one, but is no secret itself.
    public func thumbprint() -> [UInt8] { writer.thumbprint() }
}

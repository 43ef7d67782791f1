// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension SignatureKey {
    /// Appends the public JWK: `kty kid use alg` and the public members, in that order, without blanks.
    /// - Throws: `KeyError.operationNotPermitted` for an HMAC secret, which has no public part.
    package func writePublicJWK(into output: inout ByteScratch) throws(KeyError) {
        guard !isSymmetric else { throw .operationNotPermitted }
        writeCommon(into: &output)
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
        writeCommon(into: &output)
        switch contents {
        case .secret(let secret, _):
            secret.withSpan { writeMember("k", $0, into: &output) }
        case .asymmetric(let handle):
            try writePrivateMembers(of: handle, into: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func writePrivateMembers(of handle: KeyHandle, into output: inout ByteScratch) throws(KeyError) {
        var number = ByteScratch(capacity: 1032, isSecret: true)
        switch kind {
        case .elliptic(let curve):
            try handle.appendNumber("priv", byteCount: curve.byteCount, to: &number)
            writeMember("d", number.span, into: &output)
        case .ed25519:
            try handle.appendRawEd25519(isPrivate: true, to: &number)
            writeMember("d", number.span, into: &output)
        case .rsa:
            try handle.appendNumber("d", to: &number)
            writeMember("d", number.span, into: &output)
            try writePrimes(of: handle, into: &output)
        case .secret:
            throw .backend
        }
    }

    /// The members of the Chinese remainder form; a key that was loaded without them is written without them.
    private func writePrimes(of handle: KeyHandle, into output: inout ByteScratch) throws(KeyError) {
        let members: [(jwk: StaticString, openSSL: StaticString)] = [
            ("p", "rsa-factor1"), ("q", "rsa-factor2"), ("dp", "rsa-exponent1"), ("dq", "rsa-exponent2"),
            ("qi", "rsa-coefficient1"),
        ]
        let start = output.count
        for member in members {
            var number = ByteScratch(capacity: 1032, isSecret: true)
            do throws(KeyError) {
                try handle.appendNumber(member.openSSL, to: &number)
            } catch {
                output.truncate(to: start)
                return
            }
            writeMember(member.jwk, number.span, into: &output)
        }
    }

    private func writeCommon(into output: inout ByteScratch) {
        output.append("{\"kty\":\"")
        switch kind {
        case .secret: output.append("oct")
        case .rsa: output.append("RSA")
        case .elliptic: output.append("EC")
        case .ed25519: output.append("OKP")
        }
        output.append(UInt8(ascii: "\""))
        if let keyID {
            output.append(",\"kid\":")
            output.appendJSONString(keyID.span)
        }
        output.append(",\"use\":\"sig\",\"alg\":\"")
        let name = Array(algorithm.jwaName.utf8)
        output.append(name.span)
        output.append(UInt8(ascii: "\""))
        writePublicMembers(into: &output)
    }

    private func writePublicMembers(into output: inout ByteScratch) {
        let numbers = publicNumbers
        switch kind {
        case .secret:
            break
        case .rsa:
            writeMember("n", numbers.first.span, into: &output)
            writeMember("e", numbers.second.span, into: &output)
        case .elliptic(let curve):
            output.append(",\"crv\":\"")
            output.append(curve.name)
            output.append(UInt8(ascii: "\""))
            writeMember("x", numbers.first.span, into: &output)
            writeMember("y", numbers.second.span, into: &output)
        case .ed25519:
            output.append(",\"crv\":\"Ed25519\"")
            writeMember("x", numbers.first.span, into: &output)
        }
    }

    private func writeMember(_ name: StaticString, _ bytes: Span<UInt8>, into output: inout ByteScratch) {
        output.append(",\"")
        output.append(name)
        output.append("\":\"")
        output.appendBase64URL(bytes)
        output.append(UInt8(ascii: "\""))
    }

    /// The RFC 7638 thumbprint with SHA-256 (RFC 8037 appendix A.3 for OKP): 32 bytes.
    ///
    /// Of an HMAC secret it is a hash of the secret: it does not reveal a random one, but is no secret itself.
    public func thumbprint() -> [UInt8] {
        var text = ByteScratch(capacity: 256, isSecret: isSymmetric)
        let numbers = publicNumbers
        switch kind {
        case .secret:
            text.append("{\"k\":\"")
            if case .secret(let secret, _) = contents { secret.withSpan { text.appendBase64URL($0) } }
            text.append("\",\"kty\":\"oct\"}")
        case .rsa:
            text.append("{\"e\":\"")
            text.appendBase64URL(numbers.second.span)
            text.append("\",\"kty\":\"RSA\",\"n\":\"")
            text.appendBase64URL(numbers.first.span)
            text.append("\"}")
        case .elliptic(let curve):
            text.append("{\"crv\":\"")
            text.append(curve.name)
            text.append("\",\"kty\":\"EC\",\"x\":\"")
            text.appendBase64URL(numbers.first.span)
            text.append("\",\"y\":\"")
            text.appendBase64URL(numbers.second.span)
            text.append("\"}")
        case .ed25519:
            text.append("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"")
            text.appendBase64URL(numbers.first.span)
            text.append("\"}")
        }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(text.span, into: &span)
        return [UInt8](digest.span)
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Writes a key as a JWK (RFC 7517) and makes its thumbprint, whatever the key is used for.
struct JWKWriter {
    let kind: KeyKind
    let numbers: PublicNumbers
    /// Of an asymmetric key.
    let handle: KeyHandle?
    /// Of a secret.
    let secret: SecretBytes?

    /// Appends the object without its closing brace: `kty kid use alg` and the public members, in that order.
    func append(keyID: [UInt8]?, use: StaticString, algorithm: String, to output: inout ByteScratch) {
        output.append("{\"kty\":\"")
        switch kind {
        case .secret: output.append("oct")
        case .rsa: output.append("RSA")
        case .elliptic: output.append("EC")
        case .ed25519, .x25519: output.append("OKP")
        }
        output.append(UInt8(ascii: "\""))
        if let keyID {
            output.append(",\"kid\":")
            output.appendJSONString(keyID.span)
        }
        output.append(",\"use\":\"")
        output.append(use)
        output.append("\",\"alg\":\"")
        let name = Array(algorithm.utf8)
        output.append(name.span)
        output.append(UInt8(ascii: "\""))
        appendPublicMembers(to: &output)
    }

    private func appendPublicMembers(to output: inout ByteScratch) {
        switch kind {
        case .secret:
            break
        case .rsa:
            appendMember("n", numbers.first.span, to: &output)
            appendMember("e", numbers.second.span, to: &output)
        case .elliptic(let curve):
            appendCurve(curve.name, to: &output)
            appendMember("x", numbers.first.span, to: &output)
            appendMember("y", numbers.second.span, to: &output)
        case .ed25519, .x25519:
            appendCurve(kind == .ed25519 ? "Ed25519" : "X25519", to: &output)
            appendMember("x", numbers.first.span, to: &output)
        }
    }

    private func appendCurve(_ name: StaticString, to output: inout ByteScratch) {
        output.append(",\"crv\":\"")
        output.append(name)
        output.append(UInt8(ascii: "\""))
    }

    /// Appends the private or secret members: for RSA `d p q dp dq qi`, for EC and OKP `d`, for oct `k`.
    func appendPrivateMembers(to output: inout ByteScratch) throws(KeyError) {
        if let secret { secret.withSpan { appendMember("k", $0, to: &output) } }
        guard let handle else { return }
        var number = ByteScratch(capacity: 1032, isSecret: true)
        switch kind {
        case .elliptic(let curve):
            try handle.appendNumber("priv", byteCount: curve.byteCount, to: &number)
            appendMember("d", number.span, to: &output)
        case .ed25519, .x25519:
            try handle.appendRaw32(isPrivate: true, to: &number)
            appendMember("d", number.span, to: &output)
        case .rsa:
            try handle.appendNumber("d", to: &number)
            appendMember("d", number.span, to: &output)
            appendPrimes(of: handle, to: &output)
        case .secret:
            throw .backend
        }
    }

    /// The members of the Chinese remainder form; a key that was loaded without them is written without them.
    private func appendPrimes(of handle: KeyHandle, to output: inout ByteScratch) {
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
            appendMember(member.jwk, number.span, to: &output)
        }
    }

    private func appendMember(_ name: StaticString, _ bytes: Span<UInt8>, to output: inout ByteScratch) {
        output.append(",\"")
        output.append(name)
        output.append("\":\"")
        output.appendBase64URL(bytes)
        output.append(UInt8(ascii: "\""))
    }

    /// The RFC 7638 thumbprint with SHA-256 (RFC 8037 appendix A.3 for OKP): 32 bytes.
    func thumbprint() -> [UInt8] {
        var text = ByteScratch(capacity: 256, isSecret: kind == .secret)
        switch kind {
        case .secret:
            text.append("{\"k\":\"")
            if let secret { secret.withSpan { text.appendBase64URL($0) } }
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
        case .ed25519, .x25519:
            text.append(kind == .ed25519 ? "{\"crv\":\"Ed25519\"" : "{\"crv\":\"X25519\"")
            text.append(",\"kty\":\"OKP\",\"x\":\"")
            text.appendBase64URL(numbers.first.span)
            text.append("\"}")
        }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(text.span, into: &span)
        return [UInt8](digest.span)
    }
}

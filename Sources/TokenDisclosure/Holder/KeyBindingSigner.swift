// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
import TokenScan
import TokenVerify

/// Signs key bindings with one holder key for one verifier and nonce (RFC 9901 section 4.3). It keeps an
/// OpenSSL context, so one a thread.
public final class KeyBindingSigner {
    let thumbprint: [UInt8]
    private let signer: SignatureSigner
    let algorithm: SignatureAlgorithm
    private let header: [UInt8]
    private let audience: [UInt8]
    private let nonce: [UInt8]

    /// Makes a signer. `audience` names the verifier, `nonce` is what it asked for.
    ///
    /// - Throws: ``KeyError`` for a key that cannot sign, `unsupportedAlgorithm` for an HMAC secret.
    public init(key: SignatureKey, audience: String, nonce: String) throws(KeyError) {
        guard !key.isSymmetric else { throw .unsupportedAlgorithm }
        signer = try SignatureSigner(key)
        thumbprint = key.thumbprint()
        algorithm = key.algorithm
        var header = ByteScratch()
        header.appendBase64URL(Array(#"{"alg":"\#(key.algorithm.jwaName)","typ":"kb+jwt"}"#.utf8).span)
        header.append(UInt8(ascii: "."))
        self.header = [UInt8](header.span)
        self.audience = Array(audience.utf8)
        self.nonce = Array(nonce.utf8)
    }

    /// Appends the key binding of the SD-JWT that stands in `output` from `start` to its end.
    func append(bindingFrom start: Int, now: Int64, to output: inout ByteScratch) throws(Refusal) {
        let (header, audience, nonce) = (header, audience, nonce)
        var claims = ByteScratch(capacity: 256)
        claims.append("{\"iat\":")
        claims.appendDecimal(now)
        claims.append(",\"aud\":")
        claims.appendJSONString(audience.span)
        claims.append(",\"nonce\":")
        claims.appendJSONString(nonce.span)
        claims.append(",\"sd_hash\":")
        DisclosureDigest(of: output.span.extracting(start..<output.count)).appendString(to: &claims)
        claims.append(UInt8(ascii: "}"))
        var message = ByteScratch(capacity: 512)
        message.append(header.span)
        message.appendBase64URL(claims.span)
        var signature = ByteScratch(capacity: 128)
        do { try signer.sign(message.span, into: &signature) } catch { throw Refusal(.storage) }
        output.append(message.span)
        output.append(UInt8(ascii: "."))
        output.appendBase64URL(signature.span)
    }
}

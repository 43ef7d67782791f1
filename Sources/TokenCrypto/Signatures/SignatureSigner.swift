// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// Makes signatures and MACs with one key. One object per worker and key: it keeps OpenSSL contexts, so it is not
/// Sendable; the ``SignatureKey`` behind it is shared.
package final class SignatureSigner {
    /// The key, which says the one algorithm.
    package let key: SignatureKey
    /// The length of every signature of this key in bytes; all JWS signatures have a fixed length.
    package let signatureByteCountMax: Int
    private let operation: Operation

    private enum Operation {
        case hmacSHA256(HMACSHA256Key)
        case hmac(MACContext)
        case rsa(PublicKeyContext, MessageDigest)
        case ecdsa(PublicKeyContext, MessageDigest)
        case ed25519(Ed25519Context)
    }

    /// Prepares the contexts. A few allocations, here and not later.
    /// - Throws: `KeyError.notPrivate` for a public key, `.operationNotPermitted` when the JWK's `key_ops` exclude
    ///   signing, `.backend`.
    package init(_ key: SignatureKey) throws(KeyError) {
        guard key.isPrivate else { throw .notPrivate }
        guard key.canSign else { throw .operationNotPermitted }
        self.key = key
        let algorithm = key.algorithm
        switch key.contents {
        case .secret(let secret, let prepared):
            signatureByteCountMax = algorithm.hashByteCount
            if let prepared {
                operation = .hmacSHA256(prepared)
            } else {
                operation = .hmac(try MACContext(key: secret, hashByteCount: algorithm.hashByteCount))
            }
        case .asymmetric(let handle):
            guard algorithm.family != .edDSA else {
                signatureByteCountMax = 64
                operation = .ed25519(try Ed25519Context(key: handle))
                return
            }
            let context = try PublicKeyContext(key: handle, algorithm: algorithm, operation: .sign)
            let digest = try MessageDigest(byteCount: algorithm.hashByteCount)
            if let curve = EllipticCurve(algorithm) {
                signatureByteCountMax = 2 * curve.byteCount
                operation = .ecdsa(context, digest)
            } else {
                signatureByteCountMax = handle.signatureByteCountMax
                operation = .rsa(context, digest)
            }
        }
    }

    /// Appends the JWS signature (RFC 7515 section 5.1) of `message` to `output`, raw bytes, not base64url.
    ///
    /// - Throws: `KeyError.backend` when OpenSSL failed; `output` is then as it was.
    /// - Complexity: the bare operation of OpenSSL (HS256: of our kernels) plus one pass over the message.
    package func sign(_ message: Span<UInt8>, into output: inout ByteScratch) throws(KeyError) {
        let start = output.count
        var isWritten = false
        // SAFETY: the span covers the bytes that `appendUninitialized` has made room for, within its closure. All of
        // them are written when `write` succeeds; otherwise they are given up at once.
        unsafe output.appendUninitialized(signatureByteCountMax) { memory in
            var target = unsafe MutableSpan(_unsafeStart: memory, count: signatureByteCountMax)
            isWritten = write(message, into: &target)
        }
        guard isWritten else {
            output.truncate(to: start)
            throw .backend
        }
    }

    private func write(_ message: Span<UInt8>, into target: inout MutableSpan<UInt8>) -> Bool {
        switch operation {
        case .hmacSHA256(let prepared):
            prepared.authenticate(message, into: &target)
            return true
        case .hmac(let context):
            return context.authenticate(message, into: &target)
        case .rsa(let context, let digest):
            var hash = InlineArray<64, UInt8>(repeating: 0)
            var hashSpan = hash.mutableSpan
            guard digest.digest(message, into: &hashSpan) else { return false }
            return context.sign(hash.span.extracting(0..<digest.byteCount), into: &target) == signatureByteCountMax
        case .ecdsa(let context, let digest):
            var hash = InlineArray<64, UInt8>(repeating: 0)
            var hashSpan = hash.mutableSpan
            guard digest.digest(message, into: &hashSpan) else { return false }
            var der = InlineArray<144, UInt8>(repeating: 0)
            var derSpan = der.mutableSpan
            guard let count = context.sign(hash.span.extracting(0..<digest.byteCount), into: &derSpan) else {
                return false
            }
            return ECDSAForm.writeRaw(of: der.span.extracting(0..<count), into: &target)
        case .ed25519(let context):
            return context.sign(message, into: &target)
        }
    }
}

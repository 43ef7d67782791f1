// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Checks signatures and MACs of one key. One object per worker and key: it keeps OpenSSL contexts, so it is not
/// Sendable; the ``SignatureKey`` behind it is shared.
package final class SignatureVerifier {
    /// The key, which says the one algorithm.
    package let key: SignatureKey
    private let check: Check
    private let fastES256: ES256FastPath
    private let slotES256: FastKeySlot<ES256KeyTable>?
    private let fastEd25519: Ed25519FastPath
    private let slotEd25519: FastKeySlot<Ed25519KeyTable>?

    private enum Check {
        case hmacSHA256(HMACSHA256Key)
        case hmac(MACContext)
        case rsa(PublicKeyContext, MessageDigest, byteCount: Int)
        case ecdsa(PublicKeyContext, MessageDigest, order: [UInt8])
        case ed25519(Ed25519Context)
    }

    /// Prepares the contexts. A few allocations, here and not later.
    /// - Parameter fastPath: keeps the tables that make ES256 checks of busy keys about four times as fast.
    /// - Parameter fastEd25519: the same for Ed25519, about eight times.
    /// - Throws: `KeyError.operationNotPermitted` when the JWK's `key_ops` exclude verifying; `.backend`.
    package init(
        _ key: SignatureKey, fastPath: ES256FastPath = FastPaths.es256,
        fastEd25519: Ed25519FastPath = FastPaths.ed25519
    ) throws(KeyError) {
        guard key.canVerify else { throw .operationNotPermitted }
        self.key = key
        fastES256 = fastPath
        slotES256 = fastPath.slot(for: key)
        self.fastEd25519 = fastEd25519
        slotEd25519 = fastEd25519.slot(for: key)
        let algorithm = key.algorithm
        switch key.contents {
        case .secret(let secret, let prepared):
            if let prepared {
                check = .hmacSHA256(prepared)
            } else {
                check = .hmac(try MACContext(key: secret, hashByteCount: algorithm.hashByteCount))
            }
        case .asymmetric(let handle):
            guard algorithm.family != .edDSA else {
                check = .ed25519(try Ed25519Context(key: handle))
                return
            }
            let context = try PublicKeyContext(key: handle, algorithm: algorithm, operation: .verify)
            let digest = try MessageDigest(byteCount: algorithm.hashByteCount)
            if let curve = EllipticCurve(algorithm) {
                check = .ecdsa(context, digest, order: curve.order)
            } else {
                check = .rsa(context, digest, byteCount: handle.signatureByteCountMax)
            }
        }
    }

    /// Whether `signature` is the JWS signature (RFC 7515 section 5.2) of `message` under this key and its algorithm.
    ///
    /// Every length but the exact one is refused before any arithmetic. No error, no reason: false is false.
    /// - Complexity: the bare check of OpenSSL (HS256: of our kernels) plus one pass over the message; no allocation
    ///   of ours.
    package func isValid(_ signature: Span<UInt8>, over message: Span<UInt8>) -> Bool {
        switch check {
        case .hmacSHA256(let prepared):
            return prepared.isValid(signature, over: message)
        case .hmac(let context):
            guard signature.count == context.byteCount else { return false }
            var tag = InlineArray<64, UInt8>(repeating: 0)
            var span = tag.mutableSpan
            guard context.authenticate(message, into: &span) else { return false }
            return ConstantTime.areEqual(tag.span.extracting(0..<context.byteCount), signature)
        case .rsa(let context, let digest, let byteCount):
            // RFC 8017 sections 8.1.2 and 8.2.2, step 1.
            guard signature.count == byteCount else { return false }
            return isValid(signature, over: message, digest, context)
        case .ecdsa(let context, let digest, let order):
            if let slotES256, let table = fastES256.table(slotES256) { return table.isValid(signature, over: message) }
            var der = InlineArray<144, UInt8>(repeating: 0)
            let count = ECDSAForm.writeDER(of: signature, order: order.span, into: &der)
            guard count > 0, isValid(der.span.extracting(0..<count), over: message, digest, context) else {
                return false
            }
            if let slotES256 { fastES256.recordSuccess(slotES256, key) }
            return true
        case .ed25519(let context):
            return isValid(signature, over: message, context)
        }
    }

    private func isValid(_ signature: Span<UInt8>, over message: Span<UInt8>, _ context: Ed25519Context) -> Bool {
        guard let slotEd25519 else { return context.isValid(signature, over: message) }
        if let table = fastEd25519.table(slotEd25519), let verdict = context.verdict(signature, over: message, table) {
            if table.isTrusted { return verdict }
            // A new table: OpenSSL has the word, until both have agreed often enough.
            let isValid = context.isValid(signature, over: message)
            if isValid != verdict { fastEd25519.refuse(slotEd25519) } else if isValid { table.recordAgreement() }
            return isValid
        }
        guard context.isValid(signature, over: message) else { return false }
        fastEd25519.recordSuccess(slotEd25519, key)
        return true
    }

    private func isValid(
        _ signature: Span<UInt8>, over message: Span<UInt8>, _ digest: MessageDigest, _ context: PublicKeyContext
    ) -> Bool {
        var hash = InlineArray<64, UInt8>(repeating: 0)
        var span = hash.mutableSpan
        guard digest.digest(message, into: &span) else { return false }
        return context.isValid(signature, over: hash.span.extracting(0..<digest.byteCount))
    }

    /// The ECDSA check without the JWS form: a DER signature as other protocols use it. A JWS never comes here; the
    /// tests run the vectors of the raw signature layer through it. False for keys that are not elliptic.
    package func isValidDER(_ signature: Span<UInt8>, over message: Span<UInt8>) -> Bool {
        guard case .ecdsa(let context, let digest, _) = check else { return false }
        return isValid(signature, over: message, digest, context)
    }
}

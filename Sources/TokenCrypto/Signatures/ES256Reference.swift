// SPDX-License-Identifier: Apache-2.0

/// The plain ES256 check by OpenSSL, over digests: the oracle that a key's table has to agree with before it is used.
/// Not Sendable: one worker's.
package final class ES256Reference {
    private let context: PublicKeyContext
    private let order: [UInt8]

    /// Prepares the context.
    /// - Throws: `KeyError.algorithmKeyMismatch` for a key of another algorithm; `.backend`.
    package init(_ key: SignatureKey) throws(KeyError) {
        guard key.algorithm == .es256, case .asymmetric(let handle) = key.contents else { throw .algorithmKeyMismatch }
        context = try PublicKeyContext(key: handle, algorithm: .es256, operation: .verify)
        order = EllipticCurve.p256.order
    }

    /// Whether `signature`, r | s, is the key's signature of `digest`.
    package func isValid(_ signature: Span<UInt8>, digest: Span<UInt8>) -> Bool {
        let order = order
        var der = InlineArray<144, UInt8>(repeating: 0)
        let count = ECDSAForm.writeDER(of: signature, order: order.span, into: &der)
        guard count > 0 else { return false }
        return context.isValid(der.span.extracting(0..<count), over: digest)
    }

    /// Signatures that ``agrees(with:)`` constructs.
    static let constructedCount = 8

    /// Whether OpenSSL accepts signatures that `table` constructs from random numbers, and both refuse the same with
    /// a bit of the digest, of r or of s changed.
    /// - Complexity: about 2.5 ms.
    package func agrees(with table: ES256KeyTable) -> Bool {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<Self.constructedCount {
            let a = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let b = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            guard let made = table.construct(a: a.span, b: b.span) else { return false }
            guard verdicts(table, made) == (true, true) else { return false }
            for part in 0..<3 {
                var changed = made
                let byte = Int.random(in: 0..<32, using: &random)
                let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &random)
                if part == 0 { changed.digest[byte] ^= bit } else { changed.signature[part * 32 - 32 + byte] ^= bit }
                guard verdicts(table, changed) == (false, false) else { return false }
            }
        }
        return true
    }

    private func verdicts(_ table: ES256KeyTable, _ made: ES256KeyTable.Constructed) -> (Bool, Bool) {
        (
            table.isValid(made.signature.span, digest: made.digest.span),
            isValid(made.signature.span, digest: made.digest.span)
        )
    }
}

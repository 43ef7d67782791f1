// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
package import TokenScan

/// Makes reversible values, of one worker: `s1_<kid>_` and the base64url text of synthetic IV and ciphertext.
///
/// The plaintext is the tag of the JSON type, the canonical bytes, 80 and zeros to a multiple of 32 bytes, so that the
/// length shows 32-byte steps alone. Equal values of one domain give equal texts, which is the point, and the leak of
/// it. Not Sendable.
package final class ReversibleSealer {
    static let paddingByteCount = 32
    private let cipher: SyntheticIVCipher
    private var plaintext = ByteScratch(capacity: 256, isSecret: true)
    private var sealed = ByteScratch(capacity: 256)

    /// - Throws: `KeyError.backend`.
    package init() throws(KeyError) { cipher = try SyntheticIVCipher(encrypts: true) }

    /// Appends the text of a value; see ``CanonicalProfile`` for the parameters.
    ///
    /// False, with nothing appended, when the value has no canonical form or OpenSSL failed.
    package func append(
        _ kind: PseudonymValueKind, _ value: Span<UInt8>, domain: ReversibleDomain, issuer: borrowing ByteScratch,
        to output: inout ByteScratch
    ) -> Bool {
        plaintext.removeAll()
        sealed.removeAll()
        defer { plaintext.removeAll() }
        do throws(CanonicalizationError) {
            try domain.profile.appendMessage(
                kind, value, issuer: issuer.span, personKey: value.extracting(0..<0), to: &plaintext)
        } catch {
            return false
        }
        plaintext.append(0x80)
        while plaintext.count % Self.paddingByteCount != 0 { plaintext.append(0) }
        guard Self.seal(plaintext, domain, cipher, into: &sealed) else { return false }
        output.append(domain.textPrefix.span)
        Self.append(sealed, to: &output)
        return true
    }

    private static func seal(
        _ plaintext: borrowing ByteScratch, _ domain: ReversibleDomain, _ cipher: SyntheticIVCipher,
        into sealed: inout ByteScratch
    ) -> Bool {
        domain.key.withSpan {
            cipher.seal(plaintext.span, associated: domain.associated.span, key: $0, into: &sealed)
        }
    }

    private static func append(_ sealed: borrowing ByteScratch, to output: inout ByteScratch) {
        output.appendBase64URL(sealed.span)
    }
}

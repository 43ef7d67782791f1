// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
public import TokenScan

/// Why a reversible value was not reversed. One case: what is wrong with it is not told.
public enum ReversalError: Error, Equatable, Sendable {
    /// No text of the form `s1_…`, of an unknown key, of another tenant, type, profile or scope, or changed.
    case notReversible
}

/// Reverses `s1_…` values, for whoever holds the keys. Belongs to one thread.
public struct ReversibleOpener: ~Copyable {
    private let ring: ReversibleKeyRing
    private let name: PseudonymDomainName
    private let cipher: SyntheticIVCipher
    private var sealed = ByteScratch(capacity: 256)
    private var plaintext = ByteScratch(capacity: 256, isSecret: true)

    /// An opener for the values of one type, profile and scope.
    /// - Throws: `KeyError.backend`.
    public init(ring: ReversibleKeyRing, domain name: PseudonymDomainName) throws(KeyError) {
        self.ring = ring
        self.name = name
        cipher = try SyntheticIVCipher(encrypts: false)
    }

    /// Appends the canonical value that `text` stands for, and says which JSON type it had. For `subject/1` the value
    /// is LP(issuer) | LP(subject), for `ip/1` the address's bytes; booleans are one byte.
    ///
    /// - Throws: ``ReversalError``; nothing is appended then.
    public mutating func reveal(
        _ text: Span<UInt8>, into value: inout ByteScratch
    ) throws(ReversalError) -> PseudonymValueKind {
        plaintext.removeAll()
        sealed.removeAll()
        defer { plaintext.removeAll() }
        // s1_ + four characters + _
        guard text.count > 8, text.extracting(0..<3).equals("s1_"), text[7] == UInt8(ascii: "_"),
            let domain = ring.domain(keyID: text.extracting(3..<7), name)
        else { throw .notReversible }
        do { try sealed.appendBase64URLDecoded(text.extracting(8..<text.count)) } catch { throw .notReversible }
        guard Self.open(sealed, domain, cipher, into: &plaintext), let end = Self.contentEnd(plaintext),
            let kind = PseudonymValueKind(rawValue: plaintext.span[0])
        else { throw .notReversible }
        value.append(plaintext.span.extracting(1..<end))
        return kind
    }

    private static func open(
        _ sealed: borrowing ByteScratch, _ domain: ReversibleDomain, _ cipher: SyntheticIVCipher,
        into plaintext: inout ByteScratch
    ) -> Bool {
        domain.key.withSpan {
            cipher.open(sealed.span, associated: domain.associated.span, key: $0, into: &plaintext)
        }
    }

    /// Where the padding starts, which is looked at only after authentication; nil when there is none of the right
    /// form.
    private static func contentEnd(_ plaintext: borrowing ByteScratch) -> Int? {
        let bytes = plaintext.span
        guard bytes.count > 0, bytes.count % ReversibleSealer.paddingByteCount == 0 else { return nil }
        var end = bytes.count - 1
        while end > 0, bytes[end] == 0 { end -= 1 }
        guard end > 0, bytes[end] == 0x80, bytes.count - end <= ReversibleSealer.paddingByteCount else { return nil }
        return end
    }
}

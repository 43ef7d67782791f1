// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
package import TokenScan

/// Makes the pseudonyms of one domain, one value at a time: under the active key, or under every accepted key for a
/// lookup.
///
/// Keyed hashing is pseudonymisation: the result stays personal data for whoever holds the key. Values of few
/// possibilities (a sex, a country, a birth year) are revealed by equality and frequency under any key: drop or coarsen
/// them. Immutable; any thread. Each call here allocates; the engine's own path is a batch.
public struct Pseudonymizer: Sendable {
    /// How results are spelled.
    public let form: PseudonymForm
    /// The domains under all accepted keys, the active one first.
    package let domains: [PseudonymDomain]

    /// Derives the domain's key under each key of the ring.
    public init(ring: PseudonymKeyRing, domain: PseudonymDomainName, form: PseudonymForm = .standard) {
        self.form = form
        domains = ring.acceptedDomains(domain)
    }

    /// The pseudonym of a string under the active key. `issuer` is needed by `subject/1` only.
    ///
    /// - Throws: ``CanonicalizationError``.
    public func pseudonym(of value: String, issuer: String = "") throws(CanonicalizationError) -> String {
        var output = ByteScratch(capacity: 64)
        try appendPseudonym(of: .string, Array(value.utf8).span, issuer: Array(issuer.utf8).span, to: &output)
        return String(decoding: output.copy(), as: UTF8.self)
    }

    /// The pseudonyms of a string under all accepted keys, the active one first, to find stored ones after a rotation.
    ///
    /// - Throws: ``CanonicalizationError``.
    public func candidates(of value: String, issuer: String = "") throws(CanonicalizationError) -> [String] {
        var texts: [String] = []
        for domain in domains {
            var output = ByteScratch(capacity: 64)
            try append(
                domain, .string, Array(value.utf8).span, issuer: Array(issuer.utf8).span, to: &output)
            texts.append(String(decoding: output.copy(), as: UTF8.self))
        }
        return texts
    }

    /// Appends the pseudonym of a value of any covered JSON type under the active key.
    ///
    /// - Throws: ``CanonicalizationError``; nothing is appended then.
    package func appendPseudonym(
        of kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: Span<UInt8>, to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        try append(domains[0], kind, value, issuer: issuer, to: &output)
    }

    /// Appends one pseudonym for each accepted key, the active one first, each followed by a line feed.
    ///
    /// - Throws: ``CanonicalizationError``; nothing is appended then.
    package func appendCandidates(
        of kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: Span<UInt8>, to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        for domain in domains {
            try append(domain, kind, value, issuer: issuer, to: &output)
            output.append(0x0A)
        }
    }

    private func append(
        _ domain: PseudonymDomain, _ kind: PseudonymValueKind, _ value: Span<UInt8>, issuer: Span<UInt8>,
        to output: inout ByteScratch
    ) throws(CanonicalizationError) {
        var message = ByteScratch(capacity: value.count + issuer.count + 16, isSecret: true)
        let noKey = value.extracting(0..<0)
        guard domain.accepts(personKey: noKey) else { throw .personKey }
        try domain.profile.appendMessage(kind, value, issuer: issuer, personKey: noKey, to: &message)
        var tag = InlineArray<32, UInt8>(repeating: 0)
        var tagSpan = tag.mutableSpan
        domain.key.authenticate(message.span, into: &tagSpan)
        var text = InlineArray<52, UInt8>(repeating: 0)
        var textSpan = text.mutableSpan
        PseudonymText.write(tag.span, at: 0, prefix: domain.textPrefix, form: form, to: &textSpan, at: 0)
        output.append(text.span.extracting(0..<form.textByteCount))
    }
}

extension ByteScratch {
    /// The bytes as an array, for results outside the hot path.
    func copy() -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(count)
        let bytes = span
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
package import TokenScan

/// The token that a reference is good in: a digest of its `iss`, `aud`, `sub` and `jti`.
///
/// A reference alone opens nothing: it is read together with the verified token that it was issued in, so that a
/// reference in a log or in another token is worth nothing. Immutable; any thread.
public struct VaultBinding: Sendable, Equatable {
    /// SHA-256(LP(iss) | LP(LP(aud)…) | LP(sub) | LP(jti)), `aud` in the token's order, texts unescaped.
    let token: Digest
    /// SHA-256(LP(iss) | LP(sub)): whom a rate limit counts.
    let subject: Digest

    /// To be set before storing.
    static let none = VaultBinding(issuer: "", audiences: [], subject: "", jwtID: "")

    /// A binding from a token's claims; an absent `sub` is empty.
    public init(issuer: String, audiences: [String], subject: String, jwtID: String) {
        var list = ByteScratch()
        for audience in audiences { list.appendLengthPrefixed(Array(audience.utf8).span) }
        self.init(
            issuer: Array(issuer.utf8).span, audienceList: list.span, subject: Array(subject.utf8).span,
            jwtID: Array(jwtID.utf8).span)
    }

    /// A binding from unescaped bytes; `audienceList` holds LP(aud) of each audience.
    init(issuer: Span<UInt8>, audienceList: Span<UInt8>, subject: Span<UInt8>, jwtID: Span<UInt8>) {
        var message = ByteScratch(capacity: 256)
        message.appendLengthPrefixed(issuer)
        message.appendLengthPrefixed(audienceList)
        message.appendLengthPrefixed(subject)
        message.appendLengthPrefixed(jwtID)
        token = Digest(message.span)
        message.truncate(to: 4 + issuer.count)
        message.appendLengthPrefixed(subject)
        self.subject = Digest(message.span)
    }

    /// The binding of a verified token; nil when it has no `iss` or `jti`, since no reference was issued in it then.
    package init?(_ view: JSONView, _ claims: RegisteredClaims) {
        guard claims.issuer != 0, claims.jwtID != 0, claims.mistyped.isEmpty else { return nil }
        var texts = ByteScratch(capacity: 256)
        view.appendText(claims.issuer, to: &texts)
        let issuer = 0..<texts.count
        if claims.subject != 0 { view.appendText(claims.subject, to: &texts) }
        let subject = issuer.upperBound..<texts.count
        view.appendText(claims.jwtID, to: &texts)
        let jwtID = subject.upperBound..<texts.count
        var list = ByteScratch(capacity: 64)
        if claims.audience != 0 { Self.appendAudiences(view, claims.audience, to: &list) }
        self.init(
            issuer: texts.span.extracting(issuer), audienceList: list.span, subject: texts.span.extracting(subject),
            jwtID: texts.span.extracting(jwtID))
    }

    private static func appendAudiences(_ view: JSONView, _ node: Int, to list: inout ByteScratch) {
        var text = ByteScratch(capacity: 64)
        let isArray = view[node].valueKind == .array
        var element = isArray ? node + 1 : node
        let end = isArray ? view[node].subtreeEnd : node + 1
        while element < end {
            text.removeAll()
            view.appendText(element, to: &text)
            list.appendLengthPrefixed(text.span)
            element = view[element].subtreeEnd
        }
    }
}

/// A SHA-256 digest by value.
struct Digest: Sendable, Equatable {
    let bytes: InlineArray<32, UInt8>

    init(_ message: Span<UInt8>) {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(message, into: &span)
        bytes = digest
    }

    static func == (left: Digest, right: Digest) -> Bool { left.bytes.span.equals(right.bytes.span) }
}

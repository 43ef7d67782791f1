// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan

/// What ties a ciphertext to the one token and member it was made for: the header member `bnd` (T54).
///
/// `bnd` = the first 16 bytes of SHA-256("bnd/1" | LP(iss) | LP(LP(a1) | LP(a2) …) | O(sub) | LP(jti) |
/// LP("enc_claims") | LP(recipient)), where the audiences are unescaped UTF-8, sorted by bytes and without repetitions,
/// and O(x) is 00 for an absent claim, else 01 | LP(x). The reader recomputes it from the token whose signature it has
/// verified.
struct TokenBinding: Sendable {
    static let byteCount = 16
    static let memberName: StaticString = "enc_claims"

    /// `"bnd/1" | LP(iss) | LP(audiences)`
    private let opening: [UInt8]

    init(issuer: [UInt8], audiences: [[UInt8]]) {
        var sorted: [[UInt8]] = []
        for audience in audiences.sorted(by: { $0.lexicographicallyPrecedes($1) }) where sorted.last != audience {
            sorted.append(audience)
        }
        var list = ByteScratch()
        for audience in sorted { list.appendLengthPrefixed(audience.span) }
        var text = ByteScratch()
        text.append("bnd/1")
        text.appendLengthPrefixed(issuer.span)
        text.appendLengthPrefixed(list.span)
        opening = [UInt8](text.span)
    }

    /// Writes the binding of one token's member to the 16 bytes of `value`.
    ///
    /// `subject` is the text of `sub`, or nil where `hasSubject` is false. `scratch` is overwritten.
    func write(
        hasSubject: Bool, subject: borrowing ByteScratch, tokenID: borrowing ByteScratch,
        recipient: borrowing ByteScratch,
        scratch: inout ByteScratch, into value: inout MutableSpan<UInt8>
    ) {
        let opening = opening
        scratch.removeAll()
        scratch.append(opening.span)
        scratch.append(hasSubject ? 1 : 0)
        if hasSubject { scratch.appendLengthPrefixed(subject.span) }
        scratch.appendLengthPrefixed(tokenID.span)
        scratch.appendLengthPrefixed(Self.memberName)
        scratch.appendLengthPrefixed(recipient.span)
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(scratch.span, into: &span)
        for i in 0..<Self.byteCount { value[i] = span[i] }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan
import TokenVerify

/// Encrypts what a policy has for its recipients, of one worker and mint: an encryptor for each, kept. Not Sendable.
final class ClaimSealer {
    /// An encryptor in an array.
    private final class Sealer {
        private var encryptor: Encryptor
        init(_ encryptor: consuming Encryptor) { self.encryptor = encryptor }

        func seal(
            _ plaintext: borrowing ByteScratch, binding: Span<UInt8>, into output: inout ByteScratch
        ) throws(EncryptionError) {
            try encryptor.encrypt(plaintext.span, binding: binding, into: &output)
        }
    }

    private let recipients: ClaimRecipients
    private let sealers: [Sealer?]
    private let wholeToken: Sealer?
    private var index = JSONIndex()
    private var subject = ByteScratch(capacity: 128)
    private var plaintext = ByteScratch(capacity: 1024, isSecret: true)
    private var name = ByteScratch(capacity: 64)
    private var bindingInput = ByteScratch(capacity: 512)
    private var whole = ByteScratch(capacity: 2048)

    /// - Throws: `KeyError` when OpenSSL fails to make a context.
    init(_ recipients: ClaimRecipients, random: @escaping RandomSource) throws(KeyError) {
        self.recipients = recipients
        var sealers: [Sealer?] = []
        for recipient in recipients.recipients {
            guard let recipient else {
                sealers.append(nil)
                continue
            }
            sealers.append(
                Sealer(
                    try Encryptor(
                        key: recipient.key, contentEncryption: recipient.content, nonces: recipient.nonces,
                        random: random)))
        }
        self.sealers = sealers
        guard let place = recipients.wholeToken, let recipient = recipients.recipients[place] else {
            wholeToken = nil
            return
        }
        wholeToken = Sealer(
            try Encryptor(
                key: recipient.key, contentEncryption: recipient.content, contentType: "JWT",
                nonces: recipient.nonces, random: random))
    }

    /// Adds `enc_claims` to the end of a payload whose pseudonyms are filled in; nothing when no claim is set aside.
    ///
    /// - Throws: ``Refusal`` with `storage`; the payload is then unspecified.
    func seal(
        _ claims: borrowing SealedClaims, tokenID: borrowing ByteScratch, into payload: inout ByteScratch,
        limits: ScanLimits
    ) throws(Refusal) {
        guard !claims.isEmpty else { return }
        let hasSubject = try readSubject(payload, limits)
        payload.truncate(to: payload.count - 1)
        payload.append(",\"enc_claims\":{")
        var isFirst = true
        for (place, recipient) in recipients.recipients.enumerated() {
            plaintext.removeAll()
            guard let recipient, let sealer = sealers[place], claims.appendObject(of: place, to: &plaintext) else {
                continue
            }
            if !isFirst { payload.append(UInt8(ascii: ",")) }
            isFirst = false
            payload.append(recipient.jsonName.span)
            payload.append(":\"")
            var binding = InlineArray<16, UInt8>(repeating: 0)
            var bindingSpan = binding.mutableSpan
            name.removeAll()
            name.append(recipient.name.span)
            recipients.binding.write(
                hasSubject: hasSubject, subject: subject, tokenID: tokenID, recipient: name, scratch: &bindingInput,
                into: &bindingSpan)
            do { try sealer.seal(plaintext, binding: bindingSpan.span, into: &payload) } catch {
                throw Refusal(.storage)
            }
            payload.append("\"")
        }
        plaintext.removeAll()
        payload.append("}}")
    }

    /// Reads the output's own `sub`, which a pseudonym may have been written into.
    private func readSubject(_ payload: borrowing ByteScratch, _ limits: ScanLimits) throws(Refusal) -> Bool {
        subject.removeAll()
        do { try index.build(payload.span, limits: limits) } catch { throw Refusal(.tooLarge) }
        return Self.readSubject(payload, index, into: &subject)
    }

    private static func readSubject(
        _ payload: borrowing ByteScratch, _ index: borrowing JSONIndex, into subject: inout ByteScratch
    ) -> Bool {
        let view = index.view(payload.span)
        guard let node = view.member(of: 0, "sub"), view[node].isString else { return false }
        view.appendText(node, to: &subject)
        return true
    }

    /// Replaces the signed token at the end of `output`, from `start` on, by its nested form (RFC 7519 section 11.2);
    /// nothing when the policy does not encrypt whole tokens.
    ///
    /// - Throws: ``Refusal`` with `storage`.
    func sealWhole(from start: Int, of output: inout ByteScratch) throws(Refusal) {
        guard let wholeToken else { return }
        whole.removeAll()
        Self.append(output, from: start, to: &whole)
        output.truncate(to: start)
        do { try wholeToken.seal(whole, binding: Span<UInt8>(), into: &output) } catch { throw Refusal(.storage) }
    }

    private static func append(_ bytes: borrowing ByteScratch, from start: Int, to output: inout ByteScratch) {
        output.append(bytes.span.extracting(start..<bytes.count))
    }
}

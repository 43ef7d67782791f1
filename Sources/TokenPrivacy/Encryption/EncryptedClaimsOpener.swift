// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
public import TokenScan
public import TokenVerify

/// Opens the claims that a verified token holds for one recipient.
///
/// A ciphertext of `enc_claims` is this recipient's when its header's `kid` and `alg` name one of the keys; where it
/// has no `kid`, when it can be opened. What is somebody else's is left alone, but a token whose ciphertexts are all
/// somebody else's is refused, so that a wrong key does not pass for a person without data; naming the recipient tells
/// the two apart. What is ours has to open, and its `bnd` has to be the one that this very token and member give, so
/// that a ciphertext that was moved from another token, audience or recipient is refused as `binding` (T54). Belongs to
/// one thread.
public struct EncryptedClaimsOpener: ~Copyable {
    private var decryptor: Decryptor
    private let keys: [EncryptionKey]
    private let limits: ScanLimits
    private let recipient: [UInt8]?
    private var index = JSONIndex()
    private var plaintext = ByteScratch(capacity: 1024, isSecret: true)
    private var text = ByteScratch(capacity: 1024)
    private var name = ByteScratch(capacity: 64)
    private var subject = ByteScratch(capacity: 128)
    private var tokenID = ByteScratch(capacity: 64)
    private var bindingInput = ByteScratch(capacity: 512)

    /// Makes an opener for one thread.
    ///
    /// - Parameters:
    ///   - keys: this recipient's private or shared keys, old ones among them as long as their tokens live.
    ///   - recipient: the name that the policy gives it: only that member is looked at, and it may be absent. Nil looks
    ///     at all.
    ///   - allowing: algorithms that are refused unless they are named here: RSA-OAEP with SHA-1.
    /// - Throws: `KeyError` as ``Decryptor``.
    public init(
        keys: [EncryptionKey], recipient: String? = nil, allowing: Set<KeyManagement> = [],
        limits: ScanLimits = ScanLimits()
    ) throws(KeyError) {
        decryptor = try Decryptor(keys: keys, allowing: allowing, limits: limits)
        self.keys = keys
        self.limits = limits
        self.recipient = recipient.map { Array($0.utf8) }
    }

    /// Opens a nested token (RFC 7519 section 11.2): the plaintext of a JWE whose header says `cty: JWT`, which is then
    /// verified as any token is.
    ///
    /// - Throws: ``Refusal``: `decryption-failed`, or what ``DecryptionError`` says; `token-type` for another `cty`.
    public mutating func openToken(_ token: Span<UInt8>, into signed: inout ByteScratch) throws(Refusal) {
        let start = signed.count
        do { try decryptor.decrypt(token, into: &signed) } catch { throw Refusal(error) }
        guard decryptor.hasContentType("JWT") else {
            signed.truncate(to: start)
            throw Refusal(.tokenType)
        }
    }

    /// Appends `{"<recipient>":{…},…}`, the claims of each ciphertext that is ours; `{}` when the token has none.
    ///
    /// - Throws: ``Refusal``: `binding`, `decryption-failed`, `json` for a plaintext that is no JSON object,
    ///   `claim-type` for an `enc_claims` of another form, `missing-claim` for a token with ciphertexts but without
    ///   `iss`, `aud` or `jti`, which no binding can name. Nothing is appended then.
    public mutating func open(
        _ token: AcceptedToken, of worker: borrowing VerifierWorker, into output: inout ByteScratch
    ) throws(Refusal) {
        let start = output.count
        do throws(Refusal) {
            try open(worker.claims(of: token), into: &output)
        } catch {
            output.truncate(to: start)
            throw error
        }
    }

    private mutating func open(_ view: JSONView, into output: inout ByteScratch) throws(Refusal) {
        output.append(UInt8(ascii: "{"))
        defer { plaintext.removeAll() }
        guard let member = view.member(of: 0, TokenBinding.memberName) else {
            output.append(UInt8(ascii: "}"))
            return
        }
        guard view[member].valueKind == .object else { throw Refusal(.claimType) }
        let binding = try readBinding(view)
        var openedCount = 0
        var node = member + 1
        while node < view[member].subtreeEnd {
            guard view[node].isString else { throw Refusal(.claimType) }
            name.removeAll()
            view.appendName(node, to: &name)
            if isLookedAt(), try openMember(node, view, binding) {
                if openedCount > 0 { output.append(UInt8(ascii: ",")) }
                openedCount += 1
                Self.append(name, plaintext, to: &output)
            }
            node = view[node].subtreeEnd
        }
        guard openedCount > 0 || recipient != nil || view[member].childCount == 0 else {
            throw Refusal(.decryptionFailed)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func isLookedAt() -> Bool {
        guard let recipient else { return true }
        return name.span.equals(recipient.span)
    }

    /// Opens one ciphertext into `plaintext`; false when it is somebody else's.
    private mutating func openMember(
        _ node: Int, _ view: JSONView, _ binding: (value: TokenBinding, hasSubject: Bool)
    ) throws(Refusal) -> Bool {
        plaintext.removeAll()
        text.removeAll()
        view.appendText(node, to: &text)
        do throws(DecryptionError) {
            try Self.decrypt(text, &decryptor, into: &plaintext)
        } catch {
            // With a kid of ours it is ours and broken; else it is another's, and nothing is known about it.
            guard decryptor.namesKey || recipient != nil else { return false }
            throw Refusal(error)
        }
        var value = InlineArray<16, UInt8>(repeating: 0)
        var span = value.mutableSpan
        binding.value.write(
            hasSubject: binding.hasSubject, subject: subject, tokenID: tokenID, recipient: name,
            scratch: &bindingInput, into: &span)
        guard decryptor.isBound(to: span.span) else { throw Refusal(.binding) }
        let whole = 0..<plaintext.count
        index.removeAll()
        do { _ = try index.append(plaintext, whole, limits: limits) } catch { throw Refusal(.json) }
        return true
    }

    private static func decrypt(
        _ text: borrowing ByteScratch, _ decryptor: inout Decryptor, into plaintext: inout ByteScratch
    ) throws(DecryptionError) {
        try decryptor.decrypt(text.span, into: &plaintext)
    }

    /// Reads what the verified token says of itself.
    private mutating func readBinding(
        _ view: JSONView
    ) throws(Refusal) -> (value: TokenBinding, hasSubject: Bool) {
        let claims = RegisteredClaims(view)
        guard claims.issuer != 0, claims.audience != 0, claims.jwtID != 0 else { throw Refusal(.missingClaim) }
        tokenID.removeAll()
        subject.removeAll()
        view.appendText(claims.jwtID, to: &tokenID)
        if claims.subject != 0 { view.appendText(claims.subject, to: &subject) }
        var audiences: [[UInt8]] = []
        if view[claims.audience].isString {
            audiences.append(Self.text(claims.audience, view))
        } else {
            var node = claims.audience + 1
            while node < view[claims.audience].subtreeEnd {
                audiences.append(Self.text(node, view))
                node = view[node].subtreeEnd
            }
        }
        return (TokenBinding(issuer: Self.text(claims.issuer, view), audiences: audiences), claims.subject != 0)
    }

    private static func text(_ node: Int, _ view: JSONView) -> [UInt8] {
        var text = ByteScratch()
        view.appendText(node, to: &text)
        return [UInt8](text.span)
    }

    /// Appends `"name":{…}` without the padding.
    private static func append(
        _ name: borrowing ByteScratch, _ plaintext: borrowing ByteScratch, to output: inout ByteScratch
    ) {
        output.appendJSONString(name.span)
        output.append(UInt8(ascii: ":"))
        var end = plaintext.count
        while end > 0, [0x20, 0x09, 0x0A, 0x0D].contains(plaintext.span[end - 1]) { end -= 1 }
        output.append(plaintext.span.extracting(0..<end))
    }
}

extension Refusal {
    /// The outward code of a decryption that failed.
    package init(_ error: DecryptionError) {
        switch error {
        case .tooLarge: self.init(RefusalCode.tooLarge)
        case .unsupportedAlgorithm: self.init(RefusalCode.unsupportedAlgorithm)
        case .criticalHeader: self.init(RefusalCode.criticalHeader)
        case .decryptionFailed: self.init(RefusalCode.decryptionFailed)
        }
    }
}

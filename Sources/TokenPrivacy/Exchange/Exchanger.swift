// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
public import TokenPersonalData
public import TokenScan
public import TokenVerify

/// Exchanges tokens: verify, apply the policy, sign. The main job of the engine.
///
/// Immutable and Sendable; each thread uses a worker of its own. The order is fixed: form and signature, then claim
/// rules, then the policy; nothing of a refused token reaches the output.
public struct Exchanger: Sendable {
    /// Verifies the input.
    public let verifier: Verifier
    /// The policy that is applied.
    public let policy: Policy
    let mint: TokenMint

    /// Joins a policy with the accepted issuers and the keys it needs.
    ///
    /// - Parameter recipientKeys: the keys of the recipients that the policy encrypts to.
    /// - Parameter reversibleKeys: the keys of the policy's `siv` rules.
    /// - Parameter cache: remembers input tokens that were verified; each exchange of one applies the policy anew. Nil,
    ///   the default: every token is verified.
    /// - Parameter revocation: what an input token is looked up in before the policy sees it; nothing when nil.
    /// - Parameter vault: where values under `vault` go and the keys of erasable pseudonyms come from. Its calls block
    ///   until the store has answered; a batch makes at most two.
    /// - Throws: ``ExchangeConfigurationError`` for keys that do not fit the policy, an issuer that is also accepted,
    ///   a symmetric signing key that an accepted issuer shares, or accept entries that give no verifier.
    public init(
        policy: Policy, accept: [AcceptEntry], signingKey: SignatureKey, pseudonymKeys: PseudonymKeyRing? = nil,
        recipientKeys: [RecipientKey] = [], reversibleKeys: ReversibleKeyRing? = nil,
        limits: ScanLimits = ScanLimits(), cache: VerifiedTokenCache? = nil, revocation: RevocationCheck? = nil,
        vault: (any PersonalDataVault)? = nil
    ) throws(ExchangeConfigurationError) {
        for entry in accept {
            guard !entry.issuers.contains(where: { $0.utf8.elementsEqual(policy.issue.issuer.utf8) }) else {
                throw .issuerIsAccepted
            }
            // First exclude, then look: keys that come into the ring meanwhile are caught by one or the other.
            if signingKey.isSymmetric { entry.keys.exclude(signingKey) }
            // RFC 7638 thumbprints of symmetric keys cover the secret alone, so one secret under two algorithms shows.
            let shares = entry.keys.keys.contains { key in
                key.isSymmetric && signingKey.isSymmetric && key.thumbprint() == signingKey.thumbprint()
            }
            guard !shares else { throw .sharedKey }
        }
        do {
            verifier = try Verifier(accept: accept, limits: limits, cache: cache, revocation: revocation)
        } catch {
            throw .verifier(error)
        }
        mint = try TokenMint(
            policy, signingKey: signingKey, pseudonymKeys: pseudonymKeys, recipientKeys: recipientKeys,
            reversibleKeys: reversibleKeys, limits: limits, vault: vault)
        self.policy = policy
    }

    /// Makes a worker for one thread.
    public func makeWorker() -> ExchangeWorker { makeWorker(random: RandomBytes.openSSL) }

    /// The same over another source of random bytes, for tests.
    package func makeWorker(random: @escaping RandomSource) -> ExchangeWorker {
        ExchangeWorker(limits: verifier.limits, random: random)
    }

    /// Exchanges one token at `now`, seconds since 1970, and appends the result to `output`.
    ///
    /// Nothing is appended for a refused token. Refusals of the policy carry no offset.
    /// - Complexity: O(bytes of the token); no allocation of ours in steady state, pseudonyms of scope `token` aside.
    public func exchange(
        _ token: Span<UInt8>, now: Int64, using worker: inout ExchangeWorker, into output: inout ByteScratch
    ) -> ExchangeVerdict {
        switch verifier.verify(token, now: now, using: &worker.verifier) {
        case .refused(let refusal): return .refused(refusal)
        case .accepted(let accepted):
            guard let signer = worker.signer(of: mint), worker.hasSealer(of: mint) else {
                return .refused(Refusal(.storage))
            }
            return exchange(
                accepted, now: now, verifier: worker.verifier, signer: signer, sealer: worker.sealer,
                scratch: &worker.scratch,
                signature: &worker.signature, into: &output)
        }
    }

    private func exchange(
        _ token: AcceptedToken, now: Int64, verifier: borrowing VerifierWorker, signer: SignatureSigner,
        sealer: ClaimSealer?, scratch: inout ShieldScratch, signature: inout ByteScratch, into output: inout ByteScratch
    ) -> ExchangeVerdict {
        let view = verifier.claims(of: token)
        let registered = verifier.scanner.registeredClaims(of: token.view)
        scratch.removeAll()
        if registered.issuer != 0 { view.appendText(registered.issuer, to: &scratch.out.issuer) }
        return mint.mint(
            view, registered, now: now, scratch: &scratch, signer: signer, sealer: sealer, signature: &signature,
            into: &output)
    }

    /// Exchanges one token. The simplest call; allocates. A service uses the call over spans.
    ///
    /// - Throws: ``Refusal``.
    public func exchange(
        _ token: String, now: Int64, using worker: inout ExchangeWorker
    ) throws(Refusal) -> String {
        let bytes = Array(token.utf8)
        var output = ByteScratch(capacity: bytes.count)
        switch exchange(bytes.span, now: now, using: &worker, into: &output) {
        case .refused(let refusal): throw refusal
        case .issued: return String(decoding: [UInt8](output.span), as: UTF8.self)
        }
    }
}

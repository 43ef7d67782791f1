// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto
public import TokenPersonalData
public import TokenScan
public import TokenVerify

/// Issues tokens from trusted claims sets, through the same policy as an exchange.
///
/// The claims set is the caller's own word: nothing is verified. Its `iss`, when it has one, is the issuer that
/// `subject/1` binds to, so that a person gets the same pseudonym by issue and by exchange; else `issue.issuer`
/// stands in. Its `exp`, when it has one, bounds the token's. Immutable and Sendable.
public struct Issuer: Sendable {
    /// The policy that is applied.
    public let policy: Policy
    /// The bounds of a claims set; `tokenByteCountMax` bounds its bytes.
    public let limits: ScanLimits
    let mint: TokenMint

    /// Joins a policy with the keys it needs.
    public init(
        policy: Policy, signingKey: SignatureKey, pseudonymKeys: PseudonymKeyRing? = nil,
        recipientKeys: [RecipientKey] = [], reversibleKeys: ReversibleKeyRing? = nil,
        limits: ScanLimits = ScanLimits(), vault: (any PersonalDataVault)? = nil
    ) throws(ExchangeConfigurationError) {
        self.policy = policy
        self.limits = limits
        mint = try TokenMint(
            policy, signingKey: signingKey, pseudonymKeys: pseudonymKeys, recipientKeys: recipientKeys,
            reversibleKeys: reversibleKeys, limits: limits, vault: vault)
    }

    /// Makes a worker for one thread.
    public func makeWorker() -> ExchangeWorker { makeWorker(random: RandomBytes.openSSL) }

    /// The same over another source of random bytes, for tests.
    package func makeWorker(random: @escaping RandomSource) -> ExchangeWorker {
        ExchangeWorker(limits: limits, random: random)
    }

    /// Issues one token from a claims set in JSON at `now`, seconds since 1970, and appends it to `output`.
    ///
    /// A claims set that is no JSON object within the limits is refused like a token's payload, with the offset in
    /// `claims`.
    /// - Complexity: as ``Exchanger``.
    public func issue(
        claims: Span<UInt8>, now: Int64, using worker: inout ExchangeWorker, into output: inout ByteScratch
    ) -> ExchangeVerdict {
        guard let signer = worker.signer(of: mint), worker.hasSealer(of: mint) else {
            return .refused(Refusal(.storage))
        }
        guard claims.count <= limits.tokenByteCountMax else {
            return .refused(Refusal(.tooLarge, offset: limits.tokenByteCountMax))
        }
        do {
            try worker.index.build(claims, limits: limits)
        } catch {
            return .refused(Refusal(error))
        }
        return issue(
            claims, now: now, index: worker.index, signer: signer, sealer: worker.sealer, scratch: &worker.scratch,
            signature: &worker.signature, into: &output)
    }

    private func issue(
        _ claims: Span<UInt8>, now: Int64, index: borrowing JSONIndex, signer: SignatureSigner,
        sealer: ClaimSealer?, scratch: inout ShieldScratch, signature: inout ByteScratch, into output: inout ByteScratch
    ) -> ExchangeVerdict {
        let view = index.view(claims)
        let registered = RegisteredClaims(view)
        scratch.removeAll()
        do throws(Refusal) { try begin(view, registered, now: now, &scratch) } catch { return .refused(error) }
        return mint.mint(
            view, registered, now: now, scratch: &scratch, signer: signer, sealer: sealer, signature: &signature,
            into: &output)
    }

    /// Sets the issuer. The caller's word is taken, but not against RFC 7519: a wrong type or a start in the future is
    /// a mistake.
    func begin(
        _ view: JSONView, _ registered: RegisteredClaims, now: Int64, _ scratch: inout ShieldScratch
    ) throws(Refusal) {
        guard registered.mistyped.isEmpty else { throw Refusal(.claimType) }
        if let notBefore = registered.notBeforeSeconds, notBefore > Double(now) { throw Refusal(.notYetValid) }
        if registered.issuer != 0 {
            view.appendText(registered.issuer, to: &scratch.out.issuer)
        } else {
            scratch.out.issuer.append(mint.issuer.span)
        }
    }

    /// Issues one token. The simplest call; allocates.
    ///
    /// - Throws: ``Refusal``.
    public func issue(claims: String, now: Int64, using worker: inout ExchangeWorker) throws(Refusal) -> String {
        let bytes = Array(claims.utf8)
        var output = ByteScratch(capacity: bytes.count)
        switch issue(claims: bytes.span, now: now, using: &worker, into: &output) {
        case .refused(let refusal): throw refusal
        case .issued: return String(decoding: [UInt8](output.span), as: UTF8.self)
        }
    }
}

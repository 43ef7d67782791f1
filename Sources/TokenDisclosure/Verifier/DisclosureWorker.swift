// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan
import TokenVerify

/// The scratch of one thread that verifies SD-JWTs. Make one a thread and reuse it. The disclosures and the processed
/// payload of a token are wiped when the next one comes, and on drop.
public struct DisclosureWorker: ~Copyable {
    private var verifier: VerifierWorker
    private var bindings: VerifierWorker
    private var set: DisclosureSet
    private var walk: DisclosureWalk
    private var index = JSONIndex()
    private var token: VerifiedToken?

    init(limits: ScanLimits, disclosureLimits: DisclosureLimits) {
        verifier = VerifierWorker(limits: limits)
        bindings = VerifierWorker(limits: limits)
        set = DisclosureSet(limits: disclosureLimits, scanLimits: limits)
        walk = DisclosureWalk(depthMax: limits.depthMax)
    }

    /// Calls `body` with the processed payload of the presentation that was verified last: the claims set as if nothing
    /// had been selectively disclosable, without what is not disclosed. An empty text after a refusal.
    public func withClaims<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(walk.output.span)
    }

    /// Calls `body` with the JOSE header of the issuer's token that was verified last. An empty text after a refusal.
    public func withHeader<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let token else { return try body([UInt8]().span) }
        return try verifier.withHeader(of: token, body)
    }

    /// Forgets the presentation; what was disclosed is wiped.
    mutating func removeAll() {
        set.removeAll()
        walk.removeAll()
        token = nil
    }

    mutating func verify(
        _ presentation: Span<UInt8>, now: Int64, by disclosures: borrowing DisclosureVerifier
    ) throws(Refusal) -> DisclosedToken {
        removeAll()
        try set.split(presentation)
        let token = try disclosures.verifier.verifyClaimsSet(
            presentation.extracting(0..<set.tokenByteCount), using: &verifier)
        try disclosures.checkType(token, verifier.scanner)
        try set.decode(presentation)
        try process(token)
        try judge(token, now: now, by: disclosures)
        let isBound = try checkBinding(presentation, token, now: now, disclosures.rules)
        self.token = token
        return DisclosedToken(
            acceptEntryIndex: token.acceptEntryIndex, disclosureCount: set.entries.count, isBound: isBound)
    }

    /// Writes the processed payload and indexes it.
    private mutating func process(_ token: VerifiedToken) throws(Refusal) {
        try walk.run(verifier.scanner, token.view, set)
        do throws(ScanError) {
            try Self.build(&index, walk.output, verifier.scanner.limits)
        } catch {
            // The token and each disclosure have no name twice, so this is one that was there already.
            if case .duplicateMember = error { throw Refusal(.disclosure) }
            throw Refusal(Refusal(error).code)
        }
    }

    private static func build(
        _ index: inout JSONIndex, _ json: borrowing ByteScratch, _ limits: ScanLimits
    ) throws(ScanError) {
        try index.build(json.span, limits: limits)
    }

    private func judge(
        _ token: VerifiedToken, now: Int64, by disclosures: borrowing DisclosureVerifier
    ) throws(Refusal) {
        let view = index.view(walk.output.span)
        try disclosures.verifier.judge(token, claims: view, RegisteredClaims(view), now: now, using: verifier)
    }

    // MARK: Key binding

    private mutating func checkBinding(
        _ presentation: Span<UInt8>, _ token: VerifiedToken, now: Int64, _ rules: DisclosureRules
    ) throws(Refusal) -> Bool {
        let start = set.bindingStart
        let isNamed = verifier.scanner.registeredClaims(of: token.view).confirmation != 0
        guard start < presentation.count else {
            let isNeeded =
                switch rules.binding {
                case .required: true
                case .whenNamed: isNamed
                case .none: false
                }
            if isNeeded { throw Refusal(.binding) }
            return false
        }
        guard case let bindingRules? = KeyBindingRules(rules), isNamed else {
            throw Refusal(.binding, offset: start)
        }
        let binding = presentation.extracting(start..<presentation.count)
        let hash = DisclosureDigest(of: presentation.extracting(0..<start))
        guard
            bindingRules.accepts(
                binding, of: hash, token: token.view, verifier.scanner, now: now, using: &bindings)
        else { throw Refusal(.binding, offset: start) }
        return true
    }
}

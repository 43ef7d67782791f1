// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
public import TokenScan
public import TokenVerify

/// Verifies SD-JWTs, with and without key binding (RFC 9901 section 7). Immutable and Sendable; each thread brings a
/// ``DisclosureWorker``.
///
/// The order is fixed: parts, issuer's signature, disclosures, processed payload, claim rules over it, key binding. So
/// nothing of a disclosure is looked at before the token is known to be the issuer's, and `exp` holds whether or not
/// somebody tried to hide it. An accept entry with `types: nil` takes every `typ` that ends in `+sd-jwt`.
public struct DisclosureVerifier: Sendable {
    let verifier: Verifier
    /// What is asked of presentations.
    public let rules: DisclosureRules
    /// One an accept entry: whether its `typ` must end in `+sd-jwt`.
    private let needsSelectiveType: [Bool]

    /// Makes a verifier for the issuers that `accept` lists.
    ///
    /// - Throws: ``ConfigurationError`` as ``Verifier``.
    public init(
        accept: [AcceptEntry], rules: DisclosureRules = DisclosureRules(), limits: ScanLimits = ScanLimits()
    ) throws(ConfigurationError) {
        verifier = try Verifier(accept: accept, limits: limits)
        needsSelectiveType = accept.map { $0.types == nil && !rules.acceptsAnyType }
        self.rules = rules
    }

    /// Makes a worker for one thread.
    public func makeWorker() -> DisclosureWorker {
        DisclosureWorker(limits: verifier.limits, disclosureLimits: rules.limits)
    }

    /// Verifies one presentation at `now`, seconds since 1970. Its processed payload is then read through the worker,
    /// until the worker's next call.
    ///
    /// - Throws: ``Refusal``: what a ``Verifier`` refuses; `disclosure` for disclosures that do not fit the token;
    ///   `binding` for a key binding that is missing, not wanted, or of another presentation, verifier, nonce or time.
    /// - Complexity: O(n log n) in the disclosures, linear in the bytes; no allocation of ours in steady state but for
    ///   key bindings, whose keys are new to us.
    public func verify(
        _ presentation: Span<UInt8>, now: Int64, using worker: inout DisclosureWorker
    ) throws(Refusal) -> DisclosedToken {
        do throws(Refusal) {
            return try worker.verify(presentation, now: now, by: self)
        } catch {
            worker.removeAll()
            throw error
        }
    }

    /// Whether the `typ` of a token's header is one that its entry takes without a list.
    func checkType(_ token: VerifiedToken, _ scanner: borrowing TokenScanner) throws(Refusal) {
        guard needsSelectiveType[token.acceptEntryIndex] else { return }
        guard case .text(let range) = scanner.header(of: token.view).type,
            DisclosureNames.isSelectiveType(scanner.text(range))
        else { throw Refusal(.tokenType) }
    }
}

/// What is known of a presentation that was verified and whose claims hold.
///
/// Only a ``DisclosureVerifier`` makes one.
public struct DisclosedToken: Sendable {
    /// Index of the accept entry that accepted the token.
    public let acceptEntryIndex: Int
    /// Disclosures in the presentation; each was used.
    public let disclosureCount: Int
    /// Whether the holder's key bound the presentation to this verifier.
    public let isBound: Bool
}

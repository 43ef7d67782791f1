// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto
public import TokenScan

/// Verifies compact JWS tokens and judges their claims. Immutable but for the keys of its rings, and shared freely;
/// each thread brings a ``VerifierWorker``.
///
/// The order is fixed: form, algorithm, `crit`, key, signature, then `typ` and claims. So a token with a bad
/// signature is never told to be merely expired. With several accept entries `iss` is read first, as a hint that
/// picks the issuer's keys, and compared after the signature like any claim. (RFC 7515 section 5.2, RFC 7519
/// section 7.2, RFC 8725)
public struct Verifier: Sendable {
    let entries: [Entry]
    /// The present keys of all entries.
    let keySource: VerifierKeySource
    /// What is looked up after the claims, in a box: asking whether there is anything then looks at a pointer alone.
    private let revocationBox: RevocationBox?
    /// The bounds of scanning; a worker for this verifier is made with the same.
    public let limits: ScanLimits
    /// What was accepted before; nil when every token is verified.
    public let cache: VerifiedTokenCache?

    /// Tells this verifier's rules from those of all others in the process, for what the cache remembers.
    let policyID: UInt64

    struct Entry: Sendable {
        let rules: ClaimRules
    }

    private final class RevocationBox: Sendable {
        let check: RevocationCheck
        init(_ check: RevocationCheck) { self.check = check }
    }

    /// What is looked up after the claims; nil: nothing.
    package var revocation: RevocationCheck? { revocationBox?.check }

    private static let counter = Atomic<UInt64>(0)

    /// Makes a verifier for the issuers that `accept` lists.
    ///
    /// - Parameter cache: remembers accepted tokens; may be shared with other verifiers, which see none of each
    ///   other's entries. Nil, the default: every token is verified. One-time tokens are never remembered.
    /// - Parameter revocation: looked up for every token whose signature and claims hold; nothing when nil.
    /// - Throws: ``ConfigurationError`` for entries that contradict themselves or each other.
    public init(
        accept: [AcceptEntry], limits: ScanLimits = ScanLimits(), cache: VerifiedTokenCache? = nil,
        revocation: RevocationCheck? = nil
    ) throws(ConfigurationError) {
        guard !accept.isEmpty else { throw .noAcceptEntry }
        var entries: [Entry] = []
        for (i, entry) in accept.enumerated() {
            for other in accept[..<i] where !Set(other.issuers).isDisjoint(with: entry.issuers) {
                throw .duplicateIssuer
            }
            if accept.count > 1, entry.issuers.isEmpty { throw .noIssuer }
            entries.append(Entry(rules: try ClaimRules(entry)))
        }
        self.entries = entries
        self.limits = limits
        self.cache = revocation?.oneTime == nil ? cache : nil
        revocationBox = revocation.map(RevocationBox.init)
        keySource = VerifierKeySource(accept.map(\.keys))
        policyID = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// The number of the present keys: it grows with every swap of a ring's keys, and no other verifier has it.
    /// Whoever remembers a verdict uses it only while this is what ``VerifierWorker/keyEpoch`` was then.
    package var keyEpoch: UInt64 { keySource.epoch }

    /// Builds now what makes checks of the present ES256 and Ed25519 keys cheap, for callers that start up: else it is
    /// built off the request path once a key has had 64 valid signatures. One to four milliseconds a key.
    public func prepareKeys() {
        for key in keySource.keys.all { FastPaths.prepare(key) }
    }

    /// Makes a worker with the verifier's limits.
    public func makeWorker() -> VerifierWorker { VerifierWorker(limits: limits) }

    /// Verifies one token and judges its claims at `now`, seconds since 1970.
    ///
    /// What earlier calls with this worker returned is void afterwards. No allocation in steady state.
    public func verify(_ token: Span<UInt8>, now: Int64, using worker: inout VerifierWorker) -> Verdict {
        if let cache { return verify(token, cache, now: now, using: &worker) }
        do {
            let verified = try verifySignature(token, payload: .claims, using: &worker)
            return .accepted(try judge(verified, now: now, using: worker))
        } catch {
            return .refused(error)
        }
    }

    private func verify(
        _ token: Span<UInt8>, _ cache: VerifiedTokenCache, now: Int64, using worker: inout VerifierWorker
    ) -> Verdict {
        worker.bind(to: self)
        worker.scanner.reset()
        if let accepted = recall(token, cache, now: now, using: &worker) { return .accepted(accepted) }
        do {
            let verified = try verifySignature(token, payload: .claims, using: &worker)
            let accepted = try judge(verified, now: now, using: worker)
            remember(token, accepted, cache, now: now, using: &worker)
            return .accepted(accepted)
        } catch {
            return .refused(error)
        }
    }

    /// Verifies one token whose memory the caller lends as a raw buffer.
    ///
    /// The buffer must stay unchanged and allocated during the call; nothing keeps it afterwards.
    @unsafe
    public func verify(
        _ token: UnsafeRawBufferPointer, now: Int64, using worker: inout VerifierWorker
    ) -> Verdict {
        // SAFETY: the caller promises the buffer for the time of the call, and nothing returned points into it.
        unsafe verify(Span<UInt8>(_unsafeBytes: token), now: now, using: &worker)
    }

    /// Checks form, algorithm, key and signature alone; the payload may be any bytes. No revocation is looked up.
    ///
    /// For callers that judge the payload themselves, and for verifiers with one accept entry: several entries need
    /// `iss`, which is not read here, so that every token is refused as `missing-claim`.
    /// - Throws: ``Refusal``.
    public func verifySignature(
        _ token: Span<UInt8>, using worker: inout VerifierWorker
    ) throws(Refusal) -> VerifiedToken {
        try verifySignature(token, payload: .opaque, using: &worker)
    }

    /// The same for a token whose payload is a claims set, which is indexed and not judged yet.
    package func verifyClaimsSet(
        _ token: Span<UInt8>, using worker: inout VerifierWorker
    ) throws(Refusal) -> VerifiedToken {
        try verifySignature(token, payload: .claims, using: &worker)
    }

    private func verifySignature(
        _ token: Span<UInt8>, payload: PayloadForm, using worker: inout VerifierWorker
    ) throws(Refusal) -> VerifiedToken {
        worker.bind(to: self)
        worker.scanner.reset()
        if case .claims = payload, let known = worker.scanKnown(token, entryCount: entries.count) {
            let view = known.token.view
            let entry = try entryIndex(of: view, scanner: worker.scanner)
            // With another entry than expected the tag was of another key, and says nothing.
            guard entry == worker.lastEntry else { return try verifySignature(token, view, using: &worker) }
            guard known.token.isAuthentic else { throw Refusal(.signatureInvalid, offset: view.signatureOffset) }
            return VerifiedToken(view: view, acceptEntryIndex: entry, known.resolution)
        }
        let view: TokenView
        do { view = try worker.scanner.scan(token, payload: payload) } catch { throw Refusal(error) }
        return try verifySignature(token, view, using: &worker)
    }

    /// Picks the key of a scanned token and checks the signature.
    private func verifySignature(
        _ token: Span<UInt8>, _ view: TokenView, using worker: inout VerifierWorker
    ) throws(Refusal) -> VerifiedToken {
        let (entry, resolution) = try resolve(view, using: &worker)
        worker.lastEntry = entry
        guard worker.isSignatureValid(token, view, key: Int(resolution.key)) else {
            throw Refusal(.signatureInvalid, offset: view.signatureOffset)
        }
        return VerifiedToken(view: view, acceptEntryIndex: entry, resolution)
    }

    /// Picks the accept entry and, in it, the key.
    func resolve(
        _ view: TokenView, using worker: inout VerifierWorker
    ) throws(Refusal) -> (entry: Int, HeaderResolution) {
        let entry = try entryIndex(of: view, scanner: worker.scanner)
        let resolution = worker.resolution(of: view, entry: entry, in: self)
        if let refusal = resolution.refusal { throw Refusal(refusal) }
        return (entry, resolution)
    }

    /// The entry whose issuer the token names. With one entry nothing needs to be picked.
    @inline(__always)
    private func entryIndex(of view: TokenView, scanner: borrowing TokenScanner) throws(Refusal) -> Int {
        entries.count == 1 ? 0 : try entryIndexByIssuer(of: view, scanner: scanner)
    }

    private func entryIndexByIssuer(of view: TokenView, scanner: borrowing TokenScanner) throws(Refusal) -> Int {
        let claims = scanner.claims(of: view)
        let issuer = scanner.registeredClaims(of: view).issuer
        guard issuer != 0 else { throw Refusal(.missingClaim) }
        guard claims[issuer].isString else { throw Refusal(.claimType) }
        for i in entries.indices {
            if entries[i].rules.issuers.contains(claims, issuer) { return i }
        }
        throw Refusal(.issuer)
    }

    /// Judges the claims of a verified token at `now`, and looks it up in the revocations. Uses a one-time token up.
    package func judge(
        _ token: VerifiedToken, now: Int64, using worker: borrowing VerifierWorker
    ) throws(Refusal) -> AcceptedToken {
        try judge(
            token, claims: worker.scanner.claims(of: token.view), worker.scanner.registeredClaims(of: token.view),
            now: now, using: worker)
        return AcceptedToken(token)
    }

    /// Judges claims that belong to a verified token without being its payload: those of an SD-JWT once its disclosures
    /// are back in their places.
    @inline(__always)
    package func judge(
        _ token: VerifiedToken, claims: JSONView, _ registered: RegisteredClaims, now: Int64,
        using worker: borrowing VerifierWorker
    ) throws(Refusal) {
        guard token.isTypeAllowed else { throw Refusal(.tokenType) }
        if let code = entries.span[token.acceptEntryIndex].rules.judge(claims, registered, now: Double(now)) {
            throw Refusal(code)
        }
        if let revocationBox,
            let code = judge(token, claims: claims, registered, revocationBox.check, now: now, using: worker)
        {
            throw Refusal(code)
        }
    }
}

extension Verifier {
    /// What a header means to an entry. Pure, so workers may remember it by the header's bytes.
    func resolve(
        _ header: TokenHeader, entry index: Int, keys: VerifierKeys, scanner: borrowing TokenScanner
    ) -> HeaderResolution {
        let entry = entries[index]
        let list = keys.lists[index]
        guard case .text(let name) = header.algorithm, let algorithm = SignatureAlgorithm(jwaName: scanner.text(name)),
            entry.rules.allows(algorithm)
        else { return .refused(.unsupportedAlgorithm) }
        // No extension is understood here, and `b64` means nothing outside `crit` (RFC 7797 section 6).
        if header.criticalNode != 0 || header.hasPayloadEncoding { return .refused(.criticalHeader) }
        let key: Result<Int, Refusal>
        switch header.keyID {
        case .notString: return .refused(.malformed)
        case .absent: key = list.index(keyID: nil, algorithm: algorithm)
        case .text(let range): key = list.index(keyID: scanner.text(range), algorithm: algorithm)
        }
        switch key {
        case .failure(let refusal):
            return .refused(refusal.code)
        case .success(let found):
            return HeaderResolution(
                key: Int32(truncatingIfNeeded: keys.firstIndexes[index] &+ found),
                keyInEntry: Int32(truncatingIfNeeded: found), refusal: nil,
                isTypeAllowed: isTypeAllowed(header, entry.rules, scanner))
        }
    }

    private func isTypeAllowed(
        _ header: TokenHeader, _ rules: ClaimRules, _ scanner: borrowing TokenScanner
    ) -> Bool {
        switch header.type {
        case .absent: rules.allows(type: nil)
        case .notString: false
        case .text(let range): rules.allows(type: scanner.text(range))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto
public import TokenScan

/// Verifies compact JWS tokens and judges their claims. Immutable and shared freely; each thread brings a
/// ``VerifierWorker``.
///
/// The order is fixed: form, algorithm, `crit`, key, signature, then `typ` and claims. So a token with a bad
/// signature is never told to be merely expired. With several accept entries `iss` is read first, as a hint that
/// picks the issuer's keys, and compared after the signature like any claim. (RFC 7515 section 5.2, RFC 7519
/// section 7.2, RFC 8725)
public struct Verifier: Sendable {
    /// Tells verifiers apart, for what workers remember.
    let id: UInt64
    let entries: [Entry]
    /// The keys of all entries, one behind the other.
    let keys: [SignatureKey]
    /// The HS256 keys among them, for batches, and where each key stands there (-1: another algorithm).
    let hmacKeys: [HMACSHA256Key]
    let hmacKeyIndexes: [Int32]
    /// The bounds of scanning; a worker for this verifier is made with the same.
    public let limits: ScanLimits

    struct Entry: Sendable {
        let rules: ClaimRules
        let ring: KeyRing
        let firstKey: Int
    }

    private static let counter = Atomic<UInt64>(0)

    /// Makes a verifier for the issuers that `accept` lists.
    ///
    /// - Throws: ``ConfigurationError`` for entries that contradict themselves or each other.
    public init(accept: [AcceptEntry], limits: ScanLimits = ScanLimits()) throws(ConfigurationError) {
        guard !accept.isEmpty else { throw .noAcceptEntry }
        var entries: [Entry] = []
        var keys: [SignatureKey] = []
        for (i, entry) in accept.enumerated() {
            for other in accept[..<i] where !Set(other.issuers).isDisjoint(with: entry.issuers) {
                throw .duplicateIssuer
            }
            if accept.count > 1, entry.issuers.isEmpty { throw .noIssuer }
            entries.append(Entry(rules: try ClaimRules(entry), ring: entry.keys, firstKey: keys.count))
            keys += entry.keys.keys
        }
        self.entries = entries
        self.keys = keys
        self.limits = limits
        var hmacKeys: [HMACSHA256Key] = []
        hmacKeyIndexes = keys.map { key in
            guard let prepared = key.hmacSHA256Key else { return -1 }
            hmacKeys.append(prepared)
            return Int32(truncatingIfNeeded: hmacKeys.count - 1)
        }
        self.hmacKeys = hmacKeys
        id = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Makes a worker with the verifier's limits.
    public func makeWorker() -> VerifierWorker { VerifierWorker(limits: limits) }

    /// Verifies one token and judges its claims at `now`, seconds since 1970.
    ///
    /// What earlier calls with this worker returned is void afterwards. No allocation in steady state.
    public func verify(_ token: Span<UInt8>, now: Int64, using worker: inout VerifierWorker) -> Verdict {
        do {
            let verified = try verifySignature(token, payload: .claims, using: &worker)
            return .accepted(try judge(verified, now: now, using: worker))
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

    /// Checks form, algorithm, key and signature alone; the payload may be any bytes.
    ///
    /// For callers that judge the payload themselves, and for verifiers with one accept entry: several entries need
    /// `iss`, which is not read here, so that every token is refused as `missing-claim`.
    /// - Throws: ``Refusal``.
    public func verifySignature(
        _ token: Span<UInt8>, using worker: inout VerifierWorker
    ) throws(Refusal) -> VerifiedToken {
        try verifySignature(token, payload: .opaque, using: &worker)
    }

    private func verifySignature(
        _ token: Span<UInt8>, payload: PayloadForm, using worker: inout VerifierWorker
    ) throws(Refusal) -> VerifiedToken {
        worker.bind(to: self)
        worker.scanner.reset()
        let view: TokenView
        do { view = try worker.scanner.scan(token, payload: payload) } catch { throw Refusal(error) }
        let (entry, resolution) = try resolve(view, using: &worker)
        guard worker.isSignatureValid(token, view, key: Int(resolution.key), in: self) else {
            throw Refusal(.signatureInvalid, offset: view.signingInputByteCount &+ 1)
        }
        return verifiedToken(view, entry, resolution)
    }

    func verifiedToken(_ view: TokenView, _ entry: Int, _ resolution: HeaderResolution) -> VerifiedToken {
        VerifiedToken(
            view: view, acceptEntryIndex: entry, keyIndex: Int(resolution.key) &- entries[entry].firstKey,
            isTypeAllowed: resolution.isTypeAllowed)
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
    private func entryIndex(of view: TokenView, scanner: borrowing TokenScanner) throws(Refusal) -> Int {
        if entries.count == 1 { return 0 }
        let claims = scanner.claims(of: view)
        let issuer = scanner.registeredClaims(of: view).issuer
        guard issuer != 0 else { throw Refusal(.missingClaim) }
        guard claims[issuer].isString else { throw Refusal(.claimType) }
        for i in entries.indices {
            if entries[i].rules.issuers.contains(claims, issuer) { return i }
        }
        throw Refusal(.issuer)
    }

    /// Judges the claims of a verified token at `now`.
    package func judge(
        _ token: VerifiedToken, now: Int64, using worker: borrowing VerifierWorker
    ) throws(Refusal) -> AcceptedToken {
        guard token.isTypeAllowed else { throw Refusal(.tokenType) }
        let claims = worker.scanner.claims(of: token.view)
        if let code = entries[token.acceptEntryIndex].rules.judge(
            claims, worker.scanner.registeredClaims(of: token.view), now: Double(now))
        {
            throw Refusal(code)
        }
        return AcceptedToken(token)
    }
}

extension Verifier {
    /// What a header means to an entry. Pure, so workers may remember it by the header's bytes.
    func resolve(_ header: TokenHeader, entry index: Int, scanner: borrowing TokenScanner) -> HeaderResolution {
        let entry = entries[index]
        guard case .text(let name) = header.algorithm, let algorithm = SignatureAlgorithm(jwaName: scanner.text(name)),
            entry.rules.allows(algorithm)
        else { return .refused(.unsupportedAlgorithm) }
        // No extension is understood here, and `b64` means nothing outside `crit` (RFC 7797 section 6).
        if header.criticalNode != 0 || header.hasPayloadEncoding { return .refused(.criticalHeader) }
        let key: Result<Int, Refusal>
        switch header.keyID {
        case .notString: return .refused(.malformed)
        case .absent: key = entry.ring.index(keyID: nil, algorithm: algorithm)
        case .text(let range): key = entry.ring.index(keyID: scanner.text(range), algorithm: algorithm)
        }
        switch key {
        case .failure(let refusal):
            return .refused(refusal.code)
        case .success(let found):
            return HeaderResolution(
                key: Int32(truncatingIfNeeded: entry.firstKey &+ found), refusal: nil,
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

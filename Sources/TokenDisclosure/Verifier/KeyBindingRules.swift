// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan
import TokenVerify

/// The check of a key binding (RFC 9901 section 7.3, step 5). Any failure is one and the same `binding`.
struct KeyBindingRules {
    private let audiences: [String]
    private let nonce: [UInt8]
    private let ageSecondsMax: Int64

    /// Nil when the rules accept no key binding at all.
    init?(_ rules: DisclosureRules) {
        if case .none = rules.binding { return nil }
        guard !rules.bindingAudiences.isEmpty, let nonce = rules.nonce else { return nil }
        audiences = rules.bindingAudiences
        self.nonce = Array(nonce.utf8)
        ageSecondsMax = max(0, rules.bindingAgeSecondsMax)
    }

    /// Whether `binding` is a token of the holder's key, of type `kb+jwt`, for one of the audiences, young enough, with
    /// the nonce and the hash of just this presentation.
    ///
    /// Allocates: the holder's key is another for each token.
    func accepts(
        _ binding: Span<UInt8>, of hash: DisclosureDigest, token: TokenView, _ scanner: borrowing TokenScanner,
        now: Int64, using worker: inout VerifierWorker
    ) -> Bool {
        let key = HolderKey.key(
            scanner.claims(of: token), scanner.registeredClaims(of: token), algorithm: algorithm(of: binding, worker))
        guard let key, let ring = try? KeyRing([key])
        else { return false }
        let entry = AcceptEntry(
            issuers: [], audiences: audiences, keys: ring, types: ["kb+jwt"], required: [.issuedAt, .audience],
            lifetimeSecondsMax: nil)
        guard let verifier = try? Verifier(accept: [entry], limits: worker.scanner.limits),
            case .accepted(let accepted) = verifier.verify(binding, now: now, using: &worker)
        else { return false }
        return holds(worker.claims(of: accepted), worker.scanner.registeredClaims(of: accepted.view), hash, now: now)
    }

    private func holds(_ view: JSONView, _ claims: RegisteredClaims, _ hash: DisclosureDigest, now: Int64) -> Bool {
        guard let issuedAt = claims.issuedAtSeconds, issuedAt + Double(ageSecondsMax) >= Double(now),
            let nonceNode = view.member(of: 0, "nonce"), view.isString(nonceNode, nonce.span),
            let hashNode = view.member(of: 0, "sd_hash"), view[hashNode].isString
        else { return false }
        var scratch = ByteScratch(capacity: 32)
        return DisclosureDigest(decoding: view.stringContent(hashNode), using: &scratch) == hash
    }

    /// The algorithm in the binding's header, for RSA keys, whose JWK may leave it open; the key must allow it all the
    /// same, and the verifier checks that both agree.
    private func algorithm(of binding: Span<UInt8>, _ worker: borrowing VerifierWorker) -> SignatureAlgorithm? {
        var scanner = TokenScanner(limits: worker.scanner.limits)
        guard let view = try? scanner.scan(binding), case .text(let range) = scanner.header(of: view).algorithm else {
            return nil
        }
        return SignatureAlgorithm(jwaName: scanner.text(range))
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

extension RevocationCheck {
    /// Whether the cuts by key have to be looked up, for which the caller has to find the `kid`.
    var mayHaveKeyCuts: Bool { list?.mayHaveKeyCuts == true || mirror?.list.mayHaveKeyCuts == true }

    /// Judges a token whose signature and claims hold. `keyID` is needed only where ``mayHaveKeyCuts``.
    ///
    /// - Parameter leewaySeconds: what is added to `exp` before a one-time token may be forgotten.
    /// - Returns: `revoked`, `replayed`, `missing-claim`, `claim-type` or `storage`; nil when nothing speaks against
    ///   it, and a one-time token is then used up.
    /// - Complexity: a hash of `iss` and one of each claim that is looked up; no allocation but for escaped status URIs
    ///   and shared one-time stores.
    func judge(
        _ claims: JSONView, _ registered: RegisteredClaims, keyID: Span<UInt8>?, leewaySeconds: Double, now: Int64
    ) -> RefusalCode? {
        if let list, list.isRevoked(claims, registered, keyID: keyID, now: now) { return .revoked }
        if let mirror {
            guard mirror.isUsable else { return .storage }
            if mirror.list.isRevoked(claims, registered, keyID: keyID, now: now) { return .revoked }
        }
        if let statuses, let code = judgeStatus(claims, statuses, now: now) { return code }
        if let oneTime { return claim(claims, registered, oneTime, leewaySeconds: leewaySeconds, now: now) }
        return nil
    }

    /// Judges a token again that was accepted before, while ``cutEpoch`` was what it is: what may have changed since.
    func judgeAgain(_ claims: JSONView, _ registered: RegisteredClaims, now: Int64) -> RefusalCode? {
        if let list, list.isTokenRevoked(claims, registered, now: now) { return .revoked }
        if let mirror {
            guard mirror.isUsable else { return .storage }
            if mirror.list.isTokenRevoked(claims, registered, now: now) { return .revoked }
        }
        return statuses.flatMap { judgeStatus(claims, $0, now: now) }
    }

    private func claim(
        _ claims: JSONView, _ registered: RegisteredClaims, _ store: any OneTimeStore, leewaySeconds: Double,
        now: Int64
    ) -> RefusalCode? {
        guard registered.jwtID != 0, let expires = registered.expiresSeconds else { return .missingClaim }
        // In [0, 2^53] and [0, 2^53 / 10], so the sum is exact enough and fits.
        guard let until = Int64(exactly: (expires + leewaySeconds).rounded(.up)) else { return .claimType }
        do throws(RevocationError) {
            let isFirst: Bool
            if let own = store as? OneTimeTokens {
                isFirst = try own.claim(claims, registered, untilSeconds: until, now: now)
            } else {
                isFirst = try OneTimeID.with(claims, registered) { (id) throws(RevocationError) in
                    try store.claim(id: id, untilSeconds: until, now: now)
                }
            }
            return isFirst ? nil : .replayed
        } catch {
            return .storage
        }
    }

    /// `status.status_list.{idx, uri}` (draft-ietf-oauth-status-list, section 6.1). A malformed reference is no absent
    /// one.
    private func judgeStatus(_ claims: JSONView, _ source: any TokenStatusSource, now: Int64) -> RefusalCode? {
        guard let status = claims.member(of: 0, "status") else {
            return source.acceptsTokensWithoutStatus ? nil : .missingClaim
        }
        guard claims[status].valueKind == .object else { return .claimType }
        guard let list = claims.member(of: status, "status_list") else {
            return source.acceptsTokensWithoutStatus ? nil : .missingClaim
        }
        guard let index = claims.member(of: list, "idx"), let uri = claims.member(of: list, "uri"),
            claims[index].valueKind == .integer, claims[uri].isString,
            let position = NumericDate(jsonNumber: claims.value(index)), let at = Int(exactly: position.seconds)
        else { return .claimType }
        let answer: TokenStatus
        if claims[uri].isValueEscaped {
            var text = ByteScratch()
            claims.appendText(uri, to: &text)
            answer = source.status(uri: text.span, index: at, now: now)
        } else {
            answer = source.status(uri: claims.stringContent(uri), index: at, now: now)
        }
        return switch answer {
        case .valid: nil
        case .notValid: .revoked
        case .unavailable: .storage
        }
    }
}

extension Verifier {
    /// Looks an otherwise accepted token up in the verifier's revocations.
    func judge(
        _ token: VerifiedToken, claims: JSONView, _ registered: RegisteredClaims, _ revocation: RevocationCheck,
        now: Int64, using worker: borrowing VerifierWorker
    ) -> RefusalCode? {
        let leeway = entries[token.acceptEntryIndex].rules.leewaySeconds
        guard revocation.mayHaveKeyCuts, let keyID = worker.keyID(of: token) else {
            return revocation.judge(claims, registered, keyID: nil, leewaySeconds: leeway, now: now)
        }
        return revocation.judge(claims, registered, keyID: keyID.span, leewaySeconds: leeway, now: now)
    }
}

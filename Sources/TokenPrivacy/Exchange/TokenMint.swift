// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenCrypto
import TokenDisclosure
import TokenPersonalData
import TokenScan
import TokenVerify

/// The last two stages, shared by exchange and issue: claims set in, signed token out. Immutable; any thread.
struct TokenMint: Sendable {
    /// Tells mints apart, for what workers remember.
    let id: UInt64
    let shield: Shield
    let signingKey: SignatureKey
    let lifetimeSeconds: Int64
    let writesClientID: Bool
    /// The `iss` of issued tokens as UTF-8.
    let issuer: [UInt8]
    /// `client_id` as a JSON string when the policy names one.
    private let clientID: [UInt8]?
    /// The encoded header and its dot.
    private let header: [UInt8]
    /// `{"iss":…,"aud":…,"iat":`
    private let opening: [UInt8]
    /// Bytes of an issued token: pseudonyms may be longer than their values, and no verifier takes a longer token.
    private let tokenByteCountMax: Int
    private let limits: ScanLimits
    /// Whether tokens are SD-JWTs: minted one by one, their disclosures behind them.
    let isSelective: Bool
    /// Who tokens and claims are encrypted to.
    let recipients: ClaimRecipients

    /// Whether tokens of a batch are minted one by one: what follows the signature or needs its own claims.
    var isMintedAlone: Bool { isSelective || !recipients.isEmpty }
    /// Where offloaded values go.
    let vault: (any PersonalDataVault)?
    /// Whether persons' keys are needed before the walk.
    let needsPersonKeys: Bool
    /// LP(aud) of each audience, for bindings.
    let audienceList: [UInt8]

    private static let counter = Atomic<UInt64>(0)

    init(
        _ policy: Policy, signingKey: SignatureKey, pseudonymKeys: PseudonymKeyRing?, recipientKeys: [RecipientKey],
        reversibleKeys: ReversibleKeyRing?, limits: ScanLimits, vault: (any PersonalDataVault)?
    ) throws(ExchangeConfigurationError) {
        guard signingKey.canSign else { throw .cannotSign }
        recipients = try ClaimRecipients(policy, keys: recipientKeys)
        if policy.needsVault {
            guard let vault, vault.tenant.utf8.elementsEqual(policy.tenant.utf8) else { throw .noVault }
        }
        self.vault = vault
        needsPersonKeys = policy.hasErasablePseudonyms
        var list = ByteScratch()
        for audience in policy.issue.audiences { list.appendLengthPrefixed(Array(audience.utf8).span) }
        audienceList = [UInt8](list.span)
        shield = try Shield(policy, ring: pseudonymKeys, reversibleRing: reversibleKeys)
        self.signingKey = signingKey
        let issue = policy.issue
        lifetimeSeconds = issue.lifetimeSeconds
        writesClientID = issue.writesClientID
        issuer = Array(issue.issuer.utf8)
        clientID = issue.clientID.map { ClaimProgram.jsonString(Array($0.utf8)) }
        header = Self.encodedHeader(signingKey, type: issue.tokenType)
        opening = Self.opening(issue)
        tokenByteCountMax = limits.tokenByteCountMax
        self.limits = limits
        isSelective = issue.isSelective
        id = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    }

    private static func encodedHeader(_ key: SignatureKey, type: String) -> [UInt8] {
        var json = Array(#"{"alg":"\#(key.algorithm.jwaName)","#.utf8)
        if let keyID = key.keyID {
            json += Array(#""kid":"#.utf8) + ClaimProgram.jsonString(keyID) + [UInt8(ascii: ",")]
        }
        json += Array(#""typ":"#.utf8) + ClaimProgram.jsonString(Array(type.utf8)) + [UInt8(ascii: "}")]
        var scratch = ByteScratch()
        scratch.appendBase64URL(json.span)
        scratch.append(UInt8(ascii: "."))
        return [UInt8](scratch.span)
    }

    private static func opening(_ issue: IssueRules) -> [UInt8] {
        let audiences = issue.audiences.map { ClaimProgram.jsonString(Array($0.utf8)) }
        var json = Array(#"{"iss":"#.utf8) + ClaimProgram.jsonString(Array(issue.issuer.utf8)) + Array(#","aud":"#.utf8)
        if audiences.count == 1 {
            json += audiences[0]
        } else {
            json += [UInt8(ascii: "[")] + audiences.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
        }
        return json + Array(#","iat":"#.utf8)
    }

    /// What `write` has left in `scratch.out.payload`.
    struct Draft {
        let payload: Range<Int>
        let expiresSeconds: Int64
        let warningCount: Int
        /// Where `jti` and the whole value of `sub` stand in the payload.
        let jwtID: Range<Int>
        let subject: Range<Int>
        /// What goes to the vault, and whose it is in the worker's deposits.
        let offloads: Range<Int>
        let person: Int
        /// Which token of a batch this is.
        var token = 0
    }

    /// Shields one claims set: appends the output's payload to `scratch.out.payload`, with room for its pseudonyms.
    ///
    /// `scratch.out` was told to start a token and was given its issuer. On a refusal the payload is as it was.
    /// - Throws: ``Refusal``; `too-large` when the issued token would be over the limit for tokens.
    func write(
        _ view: JSONView, _ registered: RegisteredClaims, now: Int64, signer: SignatureSigner,
        _ scratch: inout ShieldScratch
    ) throws(Refusal) -> Draft {
        let start = scratch.out.payload.count
        let slotCount = scratch.out.slots.count
        let offloadCount = scratch.out.offloads.count
        do throws(Refusal) {
            let expires = try expiry(registered, now: now)
            if isSelective { shield.noteContainer(shield.program.digests[0], .object, &scratch.out) }
            do { try scratch.drawTokenID() } catch { throw Refusal(.storage) }
            let jwtID = try appendOwnClaims(view, registered, now: now, expires: expires, &scratch)
            try shield.append(view, registered, using: &scratch)
            scratch.out.payload.append(UInt8(ascii: "}"))
            let byteCount =
                header.count + Base64URL.encodedByteCount(scratch.out.payload.count - start) + 1
                + Base64URL.encodedByteCount(signer.signatureByteCountMax)
            // The disclosures leave an SD-JWT's payload before it is signed, so that one is measured then.
            guard isSelective || byteCount <= tokenByteCountMax else { throw Refusal(.tooLarge) }
            var person = scratch.out.person
            if person == nil, scratch.out.offloads.count > offloadCount {
                // Without an issuer there is no person whose data this could be.
                person = addPerson(view, registered, &scratch)
                guard person != nil else { throw Refusal(.policy) }
            }
            return Draft(
                payload: start..<scratch.out.payload.count, expiresSeconds: expires,
                warningCount: scratch.out.warningCount, jwtID: jwtID, subject: scratch.out.subject,
                offloads: offloadCount..<scratch.out.offloads.count, person: person ?? 0)
        } catch {
            scratch.out.takeBack(payload: start, slots: slotCount)
            throw error
        }
    }

    /// Appends header, dot and payload: what is signed.
    func appendSigningInput(_ payload: Span<UInt8>, to output: inout ByteScratch) {
        output.append(header.span)
        output.appendBase64URL(payload)
    }

    /// Encodes and signs a filled payload. Appends the token to `output`, or nothing at a failure.
    func seal(
        _ payload: Span<UInt8>, signer: SignatureSigner, signature: inout ByteScratch, into output: inout ByteScratch
    ) throws(Refusal) {
        let start = output.count
        appendSigningInput(payload, to: &output)
        signature.removeAll()
        do {
            try signer.sign(output.span.extracting(start..<output.count), into: &signature)
        } catch {
            output.truncate(to: start)
            throw Refusal(.storage)
        }
        output.append(UInt8(ascii: "."))
        output.appendBase64URL(signature.span)
    }

    /// Writes, fills and signs one claims set alone; appends the token to `output`, or nothing at a refusal.
    ///
    /// `scratch` is empty but for `out.issuer`. No allocation in steady state, scope `token` and the signature's own
    /// aside.
    func mint(
        _ view: JSONView, _ registered: RegisteredClaims, now: Int64, scratch: inout ShieldScratch,
        signer: SignatureSigner, sealer: ClaimSealer?, signature: inout ByteScratch, into output: inout ByteScratch
    ) -> ExchangeVerdict {
        let start = output.count
        do throws(Refusal) {
            if needsPersonKeys {
                let person = addPerson(view, registered, &scratch)
                try enroll(&scratch, now: now)
                setPerson(person, &scratch)
            }
            let draft = try write(view, registered, now: now, signer: signer, &scratch)
            scratch.out.fillPseudonyms()
            if !draft.offloads.isEmpty { try offload([draft], &scratch, now: now) }
            if let sealer { try seal(scratch.sealed, sealer, &scratch.out) }
            if isSelective {
                try sealSelectively(&scratch, signer: signer, signature: &signature, into: &output)
            } else {
                try seal(scratch.out.payload.span, signer: signer, signature: &signature, into: &output)
            }
            if let sealer {
                try sealer.sealWhole(from: start, of: &output)
                guard output.count - start <= tokenByteCountMax else { throw Refusal(.tooLarge) }
            }
            return .issued(IssuedToken(draft, byteCount: output.count - start))
        } catch {
            output.truncate(to: start)
            return .refused(error)
        }
    }

    /// Adds the ciphertexts to the payload of the one token in `out`.
    private func seal(
        _ sealed: borrowing SealedClaims, _ sealer: ClaimSealer, _ out: inout ShieldOutput
    ) throws(Refusal) {
        try sealer.seal(sealed, tokenID: out.jti, into: &out.payload, limits: limits)
    }

    /// Signs the payload with digests in the place of what is disclosed, and appends the disclosures behind it:
    /// `<token>~<disclosure>~…~` (RFC 9901 section 4).
    private func sealSelectively(
        _ scratch: inout ShieldScratch, signer: SignatureSigner, signature: inout ByteScratch,
        into output: inout ByteScratch
    ) throws(Refusal) {
        try Self.write(scratch.out, limits, into: &scratch.disclosures, random: &scratch.random)
        let start = output.count
        do throws(Refusal) {
            try seal(scratch.disclosures.payload.span, signer: signer, signature: &signature, into: &output)
            guard output.count - start <= tokenByteCountMax else { throw Refusal(.tooLarge) }
            Self.append(scratch.disclosures.disclosures, to: &output)
            output.append(UInt8(ascii: "~"))
            guard output.count - start <= DisclosureLimits().presentationByteCountMax else { throw Refusal(.tooLarge) }
        } catch {
            output.truncate(to: start)
            throw error
        }
    }

    private static func write(
        _ out: borrowing ShieldOutput, _ limits: ScanLimits, into writer: inout DisclosureWriter,
        random: inout RandomBytes
    ) throws(Refusal) {
        try writer.write(out.payload.span, out.marks, limits: limits, random: &random)
    }

    /// min(now + lifetime, the input's exp), which must lie in the future. No leeway.
    private func expiry(_ registered: RegisteredClaims, now: Int64) throws(Refusal) -> Int64 {
        guard (0...(1 << 53)).contains(now) else { throw Refusal(.expired) }
        var expires = now + lifetimeSeconds
        guard !registered.mistyped.contains(.expires) else { throw Refusal(.claimType) }
        if let input = registered.expiresSeconds {
            // In [0, 2^53], so the conversion is exact after the floor.
            guard let seconds = Int64(exactly: input.rounded(.down)) else { throw Refusal(.claimType) }
            expires = min(expires, seconds)
        }
        guard expires > now else { throw Refusal(.expired) }
        return expires
    }

    private static func append(_ bytes: borrowing ByteScratch, to output: inout ByteScratch) {
        output.append(bytes.span)
    }

    private func appendOwnClaims(
        _ view: JSONView, _ registered: RegisteredClaims, now: Int64, expires: Int64, _ scratch: inout ShieldScratch
    ) throws(Refusal) -> Range<Int> {
        scratch.out.payload.append(opening.span)
        scratch.out.payload.appendDecimal(now)
        scratch.out.payload.append(",\"exp\":")
        scratch.out.payload.appendDecimal(expires)
        scratch.out.payload.append(",\"jti\":\"")
        let jwtIDStart = scratch.out.payload.count
        Self.append(scratch.out.jti, to: &scratch.out.payload)
        let jwtID = jwtIDStart..<scratch.out.payload.count
        scratch.out.payload.append("\"")
        guard writesClientID else { return jwtID }
        scratch.out.payload.append(",\"client_id\":")
        if let clientID {
            scratch.out.payload.append(clientID.span)
            return jwtID
        }
        guard let node = registered.clientID != 0 ? registered.clientID : view.member(of: 0, "azp") else {
            throw Refusal(.missingClaim)
        }
        guard view[node].isString else { throw Refusal(.claimType) }
        try shield.checkKept(node, view, &scratch)
        scratch.out.payload.append(view.value(node))
        return jwtID
    }
}

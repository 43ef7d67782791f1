// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
public import TokenScan
public import TokenVerify

extension Exchanger {
    /// Exchanges many tokens; verdict i belongs to token i and is what a single call would give.
    ///
    /// Verification, pseudonyms and, for HS256, signatures of the whole batch share the lanes of the hash kernels.
    /// Issued tokens are appended to `output` in input order, nothing between them; `places[i]` is where token i
    /// stands, an empty range for a refused one. Both lists are emptied first. The worker's memory grows with the
    /// largest batch.
    /// - Complexity: as the single call; no allocation of ours in steady state.
    package func exchange(
        _ base: Span<UInt8>, places inputs: [Range<Int>], now: Int64, using worker: inout ExchangeWorker,
        into output: inout ByteScratch, places: inout [Range<Int>], verdicts: inout [ExchangeVerdict]
    ) {
        if mint.isMintedAlone {
            return exchangeEach(
                base, inputs, now: now, using: &worker, into: &output, places: &places, verdicts: &verdicts)
        }
        verifier.verify(base, places: inputs, now: now, using: &worker.verifier, into: &worker.pending.verdicts)
        places.removeAll(keepingCapacity: true)
        verdicts.removeAll(keepingCapacity: true)
        guard let signer = worker.signer(of: mint) else {
            for _ in inputs {
                verdicts.append(.refused(Refusal(.storage)))
                places.append(output.count..<output.count)
            }
            return
        }
        write(worker.verifier, now: now, signer: signer, &worker.pending, &worker.scratch, into: &verdicts)
        worker.scratch.out.fillPseudonyms()
        if !worker.scratch.out.offloads.isEmpty { mint.offload(&worker.pending, &worker.scratch, now: now) }
        for _ in verdicts { places.append(output.count..<output.count) }
        if let key = mint.signingKey.hmacSHA256Key {
            sealTogether(
                &worker.pending, worker.scratch.out.payload, key: key, into: &output, &places, &verdicts)
        } else {
            sealEach(
                &worker.pending, worker.scratch.out.payload, signer: signer, signature: &worker.signature,
                into: &output, &places, &verdicts)
        }
        worker.scratch.removeAll()
    }

    /// One by one: the disclosures of an SD-JWT stand behind it, and its payload is written twice.
    private func exchangeEach(
        _ base: Span<UInt8>, _ inputs: [Range<Int>], now: Int64, using worker: inout ExchangeWorker,
        into output: inout ByteScratch, places: inout [Range<Int>], verdicts: inout [ExchangeVerdict]
    ) {
        places.removeAll(keepingCapacity: true)
        verdicts.removeAll(keepingCapacity: true)
        for input in inputs {
            let start = output.count
            verdicts.append(exchange(base.extracting(input), now: now, using: &worker, into: &output))
            places.append(start..<output.count)
        }
    }

    /// The same for a batch that owns its tokens.
    public func exchange(
        _ batch: borrowing TokenBatch, now: Int64, using worker: inout ExchangeWorker, into output: inout ByteScratch,
        places: inout [Range<Int>], verdicts: inout [ExchangeVerdict]
    ) {
        exchange(
            batch.bytes.span, places: batch.places, now: now, using: &worker, into: &output, places: &places,
            verdicts: &verdicts)
    }

    /// Walks all accepted tokens; leaves a draft for each that passes, and for it a verdict that sealing replaces.
    private func write(
        _ verifier: borrowing VerifierWorker, now: Int64, signer: SignatureSigner, _ pending: inout PendingTokens,
        _ scratch: inout ShieldScratch, into verdicts: inout [ExchangeVerdict]
    ) {
        scratch.removeAll()
        pending.drafts.removeAll(keepingCapacity: true)
        guard !mint.needsPersonKeys || addPersons(verifier, now: now, &pending, &scratch) else {
            for _ in pending.verdicts { verdicts.append(.refused(Refusal(.storage))) }
            return
        }
        for index in pending.verdicts.indices {
            guard case .accepted(let token) = pending.verdicts[index] else {
                if case .refused(let refusal) = pending.verdicts[index] { verdicts.append(.refused(refusal)) }
                continue
            }
            let view = verifier.claims(of: token)
            let registered = verifier.scanner.registeredClaims(of: token.view)
            scratch.out.startToken()
            if registered.issuer != 0 { view.appendText(registered.issuer, to: &scratch.out.issuer) }
            if mint.needsPersonKeys { mint.setPerson(pending.persons[index], &scratch) }
            do throws(Refusal) {
                var draft = try mint.write(view, registered, now: now, signer: signer, &scratch)
                draft.token = index
                pending.drafts.append(draft)
                verdicts.append(.refused(Refusal(.storage)))
            } catch {
                verdicts.append(.refused(error))
            }
        }
    }

    /// Erasable pseudonyms: the keys of all persons of the batch in one call. False when the vault failed.
    private func addPersons(
        _ verifier: borrowing VerifierWorker, now: Int64, _ pending: inout PendingTokens, _ scratch: inout ShieldScratch
    ) -> Bool {
        pending.persons.removeAll(keepingCapacity: true)
        for verdict in pending.verdicts {
            guard case .accepted(let token) = verdict else {
                pending.persons.append(nil)
                continue
            }
            let view = verifier.claims(of: token)
            let registered = verifier.scanner.registeredClaims(of: token.view)
            scratch.out.startToken()
            if registered.issuer != 0 { view.appendText(registered.issuer, to: &scratch.out.issuer) }
            pending.persons.append(mint.addPerson(view, registered, &scratch))
        }
        do {
            try mint.enroll(&scratch, now: now)
            return true
        } catch {
            return false
        }
    }

    /// HS256: all signatures in one run over the signing inputs.
    private func sealTogether(
        _ pending: inout PendingTokens, _ payload: borrowing ByteScratch, key: HMACSHA256Key,
        into output: inout ByteScratch, _ places: inout [Range<Int>], _ verdicts: inout [ExchangeVerdict]
    ) {
        pending.inputs.removeAll()
        pending.jobs.removeAll()
        for draft in pending.drafts {
            let start = pending.inputs.count
            mint.appendSigningInput(payload.span.extracting(draft.payload), to: &pending.inputs)
            pending.jobs.append(keyIndex: 0, range: start..<pending.inputs.count)
            pending.inputRanges.append(start..<pending.inputs.count)
        }
        pending.computeTags(key)
        for i in pending.drafts.indices {
            let start = output.count
            output.append(pending.inputs.span.extracting(pending.inputRanges[i]))
            output.append(UInt8(ascii: "."))
            let size = HMACSHA256Key.tagByteCount
            output.appendBase64URL(pending.tags.span.extracting((i &* size)..<(i &* size &+ size)))
            settle(pending.drafts[i], start..<output.count, &places, &verdicts)
        }
        pending.inputRanges.removeAll(keepingCapacity: true)
    }

    private func sealEach(
        _ pending: inout PendingTokens, _ payload: borrowing ByteScratch, signer: SignatureSigner,
        signature: inout ByteScratch, into output: inout ByteScratch, _ places: inout [Range<Int>],
        _ verdicts: inout [ExchangeVerdict]
    ) {
        for draft in pending.drafts {
            let start = output.count
            do throws(Refusal) {
                try mint.seal(
                    payload.span.extracting(draft.payload), signer: signer, signature: &signature, into: &output)
                settle(draft, start..<output.count, &places, &verdicts)
            } catch {
                verdicts[draft.token] = .refused(error)
            }
        }
    }

    private func settle(
        _ draft: TokenMint.Draft, _ place: Range<Int>, _ places: inout [Range<Int>], _ verdicts: inout [ExchangeVerdict]
    ) {
        places[draft.token] = place
        verdicts[draft.token] = .issued(IssuedToken(draft, byteCount: place.count))
    }
}

/// What a batch call keeps between its phases; reused, so that nothing is allocated in steady state.
struct PendingTokens: ~Copyable {
    var verdicts: [Verdict] = []
    var drafts: [TokenMint.Draft] = []
    /// The person of each token in the worker's deposits, where the policy has erasable pseudonyms.
    var persons: [Int?] = []
    var inputRanges: [Range<Int>] = []
    /// The signing inputs of all drafts.
    var inputs = ByteScratch()
    var jobs = HMACSHA256Jobs()
    var tags = ByteScratch()
    /// The signing key alone, kept so that no list is made for each batch.
    var keys: [HMACSHA256Key] = []

    mutating func computeTags(_ key: HMACSHA256Key) {
        tags.resize(to: drafts.count &* HMACSHA256Key.tagByteCount)
        if keys.first !== key { keys = [key] }
        Self.run(&jobs, inputs, keys, into: &tags)
    }

    private static func run(
        _ jobs: inout HMACSHA256Jobs, _ inputs: borrowing ByteScratch, _ keys: [HMACSHA256Key],
        into tags: inout ByteScratch
    ) {
        var out = tags.mutableSpan
        jobs.run(inputs.span, keys: keys, into: &out)
    }
}

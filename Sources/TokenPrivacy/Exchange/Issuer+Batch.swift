// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
package import TokenScan
import TokenVerify

extension Issuer {
    /// Issues tokens from many claims sets; verdict i belongs to claims set i and is what a single call would give.
    ///
    /// Issued tokens are appended to `output` in order, nothing between them; `places[i]` is where token i stands, an
    /// empty range for a refused one. Both lists are emptied first. All values for the vault go there in one call.
    package func issue(
        _ base: Span<UInt8>, places inputs: [Range<Int>], now: Int64, using worker: inout ExchangeWorker,
        into output: inout ByteScratch, places: inout [Range<Int>], verdicts: inout [ExchangeVerdict]
    ) {
        places.removeAll(keepingCapacity: true)
        verdicts.removeAll(keepingCapacity: true)
        if mint.isMintedAlone {
            for input in inputs {
                let start = output.count
                verdicts.append(issue(claims: base.extracting(input), now: now, using: &worker, into: &output))
                places.append(start..<output.count)
            }
            return
        }
        worker.scratch.removeAll()
        worker.pending.drafts.removeAll(keepingCapacity: true)
        let isReady =
            !mint.needsPersonKeys
            || addPersons(base, inputs, now: now, &worker.index, &worker.pending, &worker.scratch)
        guard let signer = worker.signer(of: mint), isReady else {
            for _ in inputs {
                verdicts.append(.refused(Refusal(.storage)))
                places.append(output.count..<output.count)
            }
            return
        }
        for (i, input) in inputs.enumerated() {
            places.append(output.count..<output.count)
            do throws(Refusal) {
                try read(base.extracting(input), now: now, &worker.index, &worker.scratch)
                if mint.needsPersonKeys { mint.setPerson(worker.pending.persons[i], &worker.scratch) }
                var draft = try Self.write(
                    mint, base.extracting(input), worker.index, now: now, signer: signer, &worker.scratch)
                draft.token = i
                worker.pending.drafts.append(draft)
                verdicts.append(.refused(Refusal(.storage)))
            } catch {
                verdicts.append(.refused(error))
            }
        }
        worker.scratch.out.fillPseudonyms()
        if !worker.scratch.out.offloads.isEmpty { mint.offload(&worker.pending, &worker.scratch, now: now) }
        for draft in worker.pending.drafts {
            let start = output.count
            do throws(Refusal) {
                try Self.seal(
                    mint, worker.scratch.out.payload, draft.payload, signer: signer, signature: &worker.signature,
                    into: &output)
                places[draft.token] = start..<output.count
                verdicts[draft.token] = .issued(IssuedToken(draft, byteCount: output.count - start))
            } catch {
                verdicts[draft.token] = .refused(error)
            }
        }
        worker.scratch.removeAll()
    }

    /// Indexes one claims set, checks its own word and sets the issuer.
    private func read(
        _ claims: Span<UInt8>, now: Int64, _ index: inout JSONIndex, _ scratch: inout ShieldScratch
    ) throws(Refusal) {
        guard claims.count <= limits.tokenByteCountMax else {
            throw Refusal(.tooLarge, offset: limits.tokenByteCountMax)
        }
        do { try index.build(claims, limits: limits) } catch { throw Refusal(error) }
        scratch.out.startToken()
        try start(claims, index, now: now, &scratch)
    }

    private func start(
        _ claims: Span<UInt8>, _ index: borrowing JSONIndex, now: Int64, _ scratch: inout ShieldScratch
    ) throws(Refusal) {
        let view = index.view(claims)
        try begin(view, RegisteredClaims(view), now: now, &scratch)
    }

    private static func write(
        _ mint: TokenMint, _ claims: Span<UInt8>, _ index: borrowing JSONIndex, now: Int64, signer: SignatureSigner,
        _ scratch: inout ShieldScratch
    ) throws(Refusal) -> TokenMint.Draft {
        let view = index.view(claims)
        return try mint.write(view, RegisteredClaims(view), now: now, signer: signer, &scratch)
    }

    private static func seal(
        _ mint: TokenMint, _ payloads: borrowing ByteScratch, _ range: Range<Int>, signer: SignatureSigner,
        signature: inout ByteScratch, into output: inout ByteScratch
    ) throws(Refusal) {
        try mint.seal(payloads.span.extracting(range), signer: signer, signature: &signature, into: &output)
    }

    /// Erasable pseudonyms: the keys of all persons of the batch in one call. False when the vault failed.
    private func addPersons(
        _ base: Span<UInt8>, _ inputs: [Range<Int>], now: Int64, _ index: inout JSONIndex,
        _ pending: inout PendingTokens, _ scratch: inout ShieldScratch
    ) -> Bool {
        pending.persons.removeAll(keepingCapacity: true)
        for input in inputs {
            let claims = base.extracting(input)
            do throws(Refusal) {
                try read(claims, now: now, &index, &scratch)
                pending.persons.append(Self.addPerson(mint, claims, index, &scratch))
            } catch {
                pending.persons.append(nil)
            }
        }
        do {
            try mint.enroll(&scratch, now: now)
            return true
        } catch {
            return false
        }
    }

    private static func addPerson(
        _ mint: TokenMint, _ claims: Span<UInt8>, _ index: borrowing JSONIndex, _ scratch: inout ShieldScratch
    ) -> Int? {
        let view = index.view(claims)
        return mint.addPerson(view, RegisteredClaims(view), &scratch)
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

extension Verifier {
    /// Verifies and judges many tokens; verdict i belongs to token i and is what a single call would give.
    ///
    /// HS256 tokens share the lanes of one multi-stream HMAC run, so a batch of 64 or more costs less a token than
    /// single calls. `verdicts` is emptied first. Claims of every accepted token stay readable through the worker
    /// until its next call, so the worker's memory grows with the largest batch; no allocation in steady state.
    public func verify(
        _ batch: borrowing TokenBatch, now: Int64, using worker: inout VerifierWorker, into verdicts: inout [Verdict]
    ) {
        verify(batch.bytes.span, places: batch.places, now: now, using: &worker, into: &verdicts)
    }

    /// The same for tokens that stand at `places` of one buffer. Places must lie inside it.
    package func verify(
        _ base: Span<UInt8>, places: [Range<Int>], now: Int64, using worker: inout VerifierWorker,
        into verdicts: inout [Verdict]
    ) {
        verify(base, places: places.span, now: now, using: &worker, into: &verdicts)
    }

    /// The same for a part of a list of places.
    func verify(
        _ base: Span<UInt8>, places: Span<Range<Int>>, now: Int64, using worker: inout VerifierWorker,
        into verdicts: inout [Verdict]
    ) {
        worker.bind(to: self)
        worker.scanner.reset()
        worker.pending.removeAll()
        verdicts.removeAll(keepingCapacity: true)
        verdicts.reserveCapacity(places.count)
        for i in places.indices {
            let place = places[i]
            let token = base.extracting(place)
            if let cache, let accepted = recall(token, cache, now: now, using: &worker) {
                verdicts.append(.accepted(accepted))
                continue
            }
            verdicts.append(verifyOrPostpone(base, place, token: verdicts.count, now: now, using: &worker))
            if let cache, case .accepted(let accepted) = verdicts[verdicts.count - 1] {
                remember(token, accepted, cache, now: now, using: &worker)
            }
        }
        worker.runPending(base)
        for i in 0..<worker.pending.count {
            let token = worker.pending.token(i)
            verdicts[token] = settle(i, now: now, using: worker)
            if let cache, case .accepted(let accepted) = verdicts[token] {
                remember(base.extracting(places[token]), accepted, cache, now: now, using: &worker)
            }
        }
    }

    /// The verdict of one token of a batch; HS256 tokens are put into the worker's pending run, and get a refusal
    /// in the meantime.
    private func verifyOrPostpone(
        _ base: Span<UInt8>, _ place: Range<Int>, token index: Int, now: Int64, using worker: inout VerifierWorker
    ) -> Verdict {
        let token = base.extracting(place)
        do throws(Refusal) {
            let view: TokenView
            do { view = try worker.scanner.scan(token, payload: .claims) } catch { throw Refusal(error) }
            let (entry, resolution) = try resolve(view, using: &worker)
            let verified = VerifiedToken(view: view, acceptEntryIndex: entry, resolution)
            let invalid = Refusal(.signatureInvalid, offset: view.signatureOffset)
            let hmacKey = worker.hmacKeyIndex(of: Int(resolution.key))
            if hmacKey >= 0 {
                let start = place.lowerBound
                worker.pending.append(
                    verified, token: index, hmacKey: hmacKey,
                    signingInput: start..<(start &+ view.signingInputByteCount))
                return .refused(invalid)
            }
            guard worker.isSignatureValid(token, view, key: Int(resolution.key)) else { throw invalid }
            return .accepted(try judge(verified, now: now, using: worker))
        } catch {
            return .refused(error)
        }
    }

    private func settle(_ i: Int, now: Int64, using worker: borrowing VerifierWorker) -> Verdict {
        let verified = worker.pending.verified(i)
        guard ConstantTime.areEqual(worker.pending.tag(i), worker.scanner.signature(of: verified.view)) else {
            return .refused(
                Refusal(.signatureInvalid, offset: verified.view.signatureOffset))
        }
        do throws(Refusal) {
            return .accepted(try judge(verified, now: now, using: worker))
        } catch {
            return .refused(error)
        }
    }
}

/// The HS256 tokens of a batch whose tags are computed together, at its end.
struct PendingMACs: ~Copyable {
    private var jobs = HMACSHA256Jobs()
    private var entries: [(verified: VerifiedToken, token: Int)] = []
    private var tags = ByteScratch()

    var count: Int { entries.count }

    mutating func removeAll() {
        jobs.removeAll()
        entries.removeAll(keepingCapacity: true)
    }

    mutating func append(_ verified: VerifiedToken, token: Int, hmacKey: Int, signingInput: Range<Int>) {
        jobs.append(keyIndex: hmacKey, range: signingInput)
        entries.append((verified, token))
    }

    /// Computes all tags over the batch's buffer.
    mutating func run(_ base: Span<UInt8>, keys: [HMACSHA256Key]) {
        guard count > 0 else { return }
        tags.resize(to: count * HMACSHA256Key.tagByteCount)
        Self.run(&jobs, base, keys, into: &tags)
    }

    private static func run(
        _ jobs: inout HMACSHA256Jobs, _ base: Span<UInt8>, _ keys: [HMACSHA256Key], into tags: inout ByteScratch
    ) {
        var out = tags.mutableSpan
        jobs.run(base, keys: keys, into: &out)
    }

    func verified(_ i: Int) -> VerifiedToken { entries[i].verified }
    func token(_ i: Int) -> Int { entries[i].token }

    @_lifetime(borrow self)
    func tag(_ i: Int) -> Span<UInt8> {
        let size = HMACSHA256Key.tagByteCount
        return tags.span.extracting((i * size)..<((i + 1) * size))
    }
}

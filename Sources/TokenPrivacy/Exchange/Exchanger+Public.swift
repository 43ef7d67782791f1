// SPDX-License-Identifier: Apache-2.0
import TokenScan

extension Exchanger {
    /// Exchanges one token at `now`, seconds since 1970, and appends the result to `output`; nothing for a refused one.
    ///
    /// - Complexity: O(bytes of the token); allocates only where `output` grows.
    public func exchange(
        _ token: Span<UInt8>, now: Int64, using worker: inout ExchangeWorker, appendingTo output: inout [UInt8]
    ) -> ExchangeVerdict {
        var written = worker.takeOutput()
        let verdict = exchange(token, now: now, using: &worker, into: &written)
        output.append(contentsOf: written.span)
        worker.giveBack(written)
        return verdict
    }
}

extension Issuer {
    /// Issues one token from a claims set in JSON at `now`, seconds since 1970, and appends it to `output`; nothing
    /// for a refused one.
    ///
    /// - Complexity: O(bytes of the claims); allocates only where `output` grows.
    public func issue(
        claims: Span<UInt8>, now: Int64, using worker: inout ExchangeWorker, appendingTo output: inout [UInt8]
    ) -> ExchangeVerdict {
        var written = worker.takeOutput()
        let verdict = issue(claims: claims, now: now, using: &worker, into: &written)
        output.append(contentsOf: written.span)
        worker.giveBack(written)
        return verdict
    }
}

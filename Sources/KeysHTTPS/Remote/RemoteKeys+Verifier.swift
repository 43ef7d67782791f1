// SPDX-License-Identifier: Apache-2.0
import TokenScan
public import TokenVerify

extension RemoteKeys {
    /// Verifies a token, and when its key is unknown, once more after a fetch that brought the key.
    ///
    /// As ``TokenVerify/Verifier/verify(_:now:using:)`` otherwise, and as fast for a known key. For verifiers whose
    /// entry for this token has ``ring``.
    public func verify(
        _ token: [UInt8], with verifier: Verifier, now: Int64, using worker: inout VerifierWorker
    ) async -> Verdict {
        let verdict = verifier.verify(token.span, now: now, using: &worker)
        guard case .refused(let refusal) = verdict, refusal.code == .unknownKey else { return verdict }
        guard await refresh(forUnknownKeyID: Self.keyID(of: token, limits: verifier.limits)) else { return verdict }
        return verifier.verify(token.span, now: now, using: &worker)
    }

    /// The `kid` that a token names, unverified; nil when there is none.
    static func keyID(of token: [UInt8], limits: ScanLimits) -> [UInt8]? {
        var scanner = TokenScanner(limits: limits)
        guard let view = try? scanner.scan(token.span, payload: .opaque) else { return nil }
        guard case .text(let range) = scanner.header(of: view).keyID else { return nil }
        return [UInt8](scanner.text(range))
    }
}

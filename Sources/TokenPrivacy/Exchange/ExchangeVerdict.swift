// SPDX-License-Identifier: Apache-2.0
public import TokenVerify

/// The answer for one input: a bad token is data, not an exception.
public enum ExchangeVerdict: Sendable, Equatable {
    /// A token was appended to the output.
    case issued(IssuedToken)
    /// Nothing was appended. The code is a verifier's, or `policy`, `missing-claim`, `claim-type`, `expired` where
    /// the policy decides, `too-large` when the issued token would be over the limit for tokens, or `storage` when
    /// random bytes or a signature could not be had.
    case refused(Refusal)
}

/// What is known of an issued token without reading it. Holds nothing of its content.
public struct IssuedToken: Sendable, Equatable {
    /// Bytes appended to the output.
    public let byteCount: Int
    /// The token's `exp`, seconds since 1970.
    public let expiresSeconds: Int64
    /// Values under `keep` that look like personal data; above 0 only where the policy says `warn`.
    public let warningCount: Int

    init(_ draft: TokenMint.Draft, byteCount: Int) {
        self.byteCount = byteCount
        expiresSeconds = draft.expiresSeconds
        warningCount = draft.warningCount
    }
}

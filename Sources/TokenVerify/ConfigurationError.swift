// SPDX-License-Identifier: Apache-2.0

/// Why a verifier cannot be built from what it was given. Programmer or operator error: never about a token.
public enum ConfigurationError: Error, Equatable, Sendable {
    /// No accept entry at all.
    case noAcceptEntry
    /// An accept entry without a key that may verify.
    case noKey
    /// Two keys of one ring have the same `kid` and algorithm, so a token could not name one of them.
    case duplicateKeyID
    /// One ring holds HMAC secrets and asymmetric keys.
    case mixedKeyKinds
    /// A key that must not come into this ring: the signing secret of an exchanger that uses it.
    case excludedKey
    /// Two accept entries list the same issuer.
    case duplicateIssuer
    /// Claim rules are on, but no issuer is named.
    case noIssuer
    /// Claim rules are on, but no audience is named, and `aud` is not exempt.
    case noAudience
    /// The leeway is negative, over a tenth of the lifetime cap, or over 30 s where there is no cap.
    case leeway
    /// The lifetime cap is not positive.
    case lifetime
    /// An empty list of algorithms or of token types.
    case emptyList
}

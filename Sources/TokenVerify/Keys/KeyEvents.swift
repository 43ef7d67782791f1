// SPDX-License-Identifier: Apache-2.0

/// Why an issuer's keys could not be had from where it publishes them. Holds nothing that the other side sent.
public enum KeyFetchError: Error, Equatable, Sendable {
    /// The address is no absolute `https` URL with a host, or holds a user, a password or a fragment.
    case address
    /// No connection, no valid certificate, or the connection broke.
    case connection
    /// The whole answer did not come within the time for it.
    case timeout
    /// Another HTTP status than 200.
    case status(Int)
    /// The server sent a redirect, which is never followed.
    case redirect
    /// The answer is over the byte limit; reading stopped there.
    case tooLarge
    /// The answer is no JWK Set (RFC 7517 section 5).
    case malformed
    /// More keys than the limit.
    case tooManyKeys
    /// No key that may verify: none at all, or only secret, private, unknown or broken ones.
    case noUsableKey
    /// The keys make no ring.
    case ring(ConfigurationError)
    /// The caller's task was cancelled.
    case cancelled
}

/// What happened to keys that come from outside, for logs and metrics. Holds numbers and codes alone.
public enum KeyEvent: Equatable, Sendable {
    /// Keys came: whether they differ from before, how many are used, and how many of the set were skipped, broken ones
    /// and those of kinds that are not to be published.
    case refreshed(isChanged: Bool, keyCount: Int, skippedCount: Int)
    /// No keys came; the ring keeps those that it has.
    case failed(KeyFetchError)
    /// Failures went on for longer than old keys may be used: the ring is empty now.
    case expired
}

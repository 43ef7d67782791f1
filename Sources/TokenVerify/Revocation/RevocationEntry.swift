// SPDX-License-Identifier: Apache-2.0

/// One revocation: of a token, or of everything that was issued to a subject or under a key before a time.
///
/// Texts are compared byte for byte with what a token says. Prints nothing of its content.
public enum RevocationEntry: Sendable, Equatable {
    /// The token with this `jti` of this issuer, until `untilSeconds`, seconds since 1970: its `exp` and the leeway, or
    /// later. Afterwards the entry is forgotten.
    case token(issuer: String, jwtID: String, untilSeconds: Int64)
    /// All tokens with this `sub` whose `iat` is before `beforeSeconds`; without `iat`, all. `untilSeconds` nil: for
    /// good.
    case subject(issuer: String, subject: String, beforeSeconds: Int64, untilSeconds: Int64? = nil)
    /// All tokens signed with the key of this `kid` whose `iat` is before `beforeSeconds`; nil: all. `untilSeconds`
    /// nil: for good. Removing the key from its ring is stronger; this cuts off what a leaked key may have signed.
    case key(issuer: String, keyID: String, beforeSeconds: Int64? = nil, untilSeconds: Int64? = nil)
}

extension RevocationEntry: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind alone: identities are not for logs.
    public var description: String {
        switch self {
        case .token: "RevocationEntry(token, redacted)"
        case .subject: "RevocationEntry(subject, redacted)"
        case .key: "RevocationEntry(key, redacted)"
        }
    }
    /// The kind alone: identities are not for logs.
    public var debugDescription: String { description }
    /// No children: identities are not for logs.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// Why a revocation could not be kept or looked up. Holds nothing of an entry.
public enum RevocationError: Error, Equatable, Sendable, CaseIterable {
    /// As many live entries as the list may hold. None was forgotten to make room.
    case full
    /// An entry is not of the form that its source promises.
    case malformed
    /// The store did not answer, or answered with an error.
    case unavailable
}

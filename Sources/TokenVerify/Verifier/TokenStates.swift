// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// A token whose signature was checked with a key of one accept entry. Its claims are not judged yet.
///
/// Only a ``Verifier`` makes one. Valid until the worker's next call.
public struct VerifiedToken: Sendable {
    package let view: TokenView
    /// Index of the accept entry whose key verified the token.
    public let acceptEntryIndex: Int
    /// Index of the key in that entry's ring, as the ring was when the token was checked.
    public let keyIndex: Int
    /// Whether `typ` is on the entry's list; judged with the claims.
    let isTypeAllowed: Bool

    init(view: TokenView, acceptEntryIndex: Int, _ resolution: HeaderResolution) {
        self.view = view
        self.acceptEntryIndex = acceptEntryIndex
        keyIndex = Int(resolution.keyInEntry)
        isTypeAllowed = resolution.isTypeAllowed
    }

    /// A token that was verified and accepted before, by the same keys and rules.
    init(view: TokenView, remembered: CacheFinding) {
        self.view = view
        acceptEntryIndex = remembered.acceptEntryIndex
        keyIndex = remembered.keyIndex
        isTypeAllowed = true
    }
}

/// A token that was verified and whose claims hold, at the time it was judged.
///
/// Only a ``Verifier`` makes one. Valid until the worker's next call; read it through the worker.
public struct AcceptedToken: Sendable {
    package let verified: VerifiedToken

    init(_ verified: VerifiedToken) { self.verified = verified }

    /// Index of the accept entry that accepted the token.
    public var acceptEntryIndex: Int { verified.acceptEntryIndex }
    package var view: TokenView { verified.view }
}

/// The answer for one token: a bad token is data, not an exception.
public enum Verdict: Sendable {
    /// Signature and claims hold.
    case accepted(AcceptedToken)
    /// Something does not hold; nothing of the token is to be used.
    case refused(Refusal)
}

// SPDX-License-Identifier: Apache-2.0
public import TokenVerify

/// Why an exchanger or issuer cannot be built from what it was given. Never about a token; holds no key.
public enum ExchangeConfigurationError: Error, Equatable, Sendable {
    /// The policy has pseudonyms or date shifts, and no pseudonym keys were given.
    case noPseudonymKeys
    /// The pseudonym keys belong to another tenant than the policy.
    case tenant
    /// The policy stores values or has erasable pseudonyms, and no vault was given; or the vault is another tenant's.
    case noVault
    /// The policy's issuer is one of the accepted issuers, so that issued tokens would be accepted as input.
    case issuerIsAccepted
    /// The signing key is a symmetric key that an accepted issuer uses too.
    case sharedKey
    /// The signing key holds no private part.
    case cannotSign
    /// The policy has reversible values, and no keys for them were given.
    case noReversibleKeys
    /// The policy encrypts to a recipient, and no key was given for it.
    case noRecipientKey
    /// A recipient's key is of another algorithm than the policy says, may not encrypt, or lacks its nonce lease.
    case recipientKey
    /// The accept entries give no verifier.
    case verifier(ConfigurationError)
}

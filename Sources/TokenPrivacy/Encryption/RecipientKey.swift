// SPDX-License-Identifier: Apache-2.0
public import TokenCrypto

/// The key of one of a policy's recipients, given when the policy is joined with its keys.
public struct RecipientKey: Sendable {
    /// The name under the policy's `recipients`.
    public let name: String
    /// The recipient's public or shared key, of the algorithm that the policy names.
    public let key: EncryptionKey
    /// The key's lease; `dir` keys need one.
    public let nonces: NonceLease?

    /// Joins a recipient's name with its key.
    public init(name: String, key: EncryptionKey, nonces: NonceLease? = nil) {
        self.name = name
        self.key = key
        self.nonces = nonces
    }
}

/// The recipients of a policy with their keys, and what is the same in all bindings. Immutable; any thread.
struct ClaimRecipients: Sendable {
    struct Recipient: Sendable {
        /// The name as UTF-8, and as a JSON string.
        let name: [UInt8]
        let jsonName: [UInt8]
        let key: EncryptionKey
        let content: ContentEncryption
        let nonces: NonceLease?
    }

    /// One for each recipient of the policy, in its order; nil for those that no rule uses.
    let recipients: [Recipient?]
    /// The recipient of whole tokens; nil when tokens are not encrypted as a whole.
    let wholeToken: Int?
    /// Of the tokens' `iss` and `aud`.
    let binding: TokenBinding

    /// Whether claims are encrypted.
    let encryptsClaims: Bool

    /// Whether anything is encrypted.
    var isEmpty: Bool { !encryptsClaims && wholeToken == nil }

    /// - Throws: `ExchangeConfigurationError.noRecipientKey`, `.recipientKey`.
    init(_ policy: Policy, keys: [RecipientKey]) throws(ExchangeConfigurationError) {
        var recipients: [Recipient?] = []
        for (place, description) in policy.recipients.enumerated() {
            guard policy.usedRecipients.contains(place) else {
                recipients.append(nil)
                continue
            }
            recipients.append(try Self.recipient(description, keys))
        }
        self.recipients = recipients
        wholeToken = policy.issue.wholeTokenRecipient
        binding = TokenBinding(
            issuer: Array(policy.issue.issuer.utf8), audiences: policy.issue.audiences.map { Array($0.utf8) })
        encryptsClaims = policy.encryptsClaims
    }

    private static func recipient(
        _ description: RecipientDescription, _ keys: [RecipientKey]
    ) throws(ExchangeConfigurationError) -> Recipient {
        guard let given = keys.first(where: { $0.name.utf8.elementsEqual(description.name.utf8) }) else {
            throw .noRecipientKey
        }
        let key = given.key
        guard key.algorithm.jwaName == description.algorithm, key.canEncrypt,
            let content = ContentEncryption(rawValue: description.encryption),
            key.contentEncryption == nil || key.contentEncryption == content,
            given.nonces != nil || !key.algorithm.needsNonceLease
        else { throw .recipientKey }
        let name = Array(description.name.utf8)
        return Recipient(
            name: name, jsonName: ClaimProgram.jsonString(name), key: key, content: content, nonces: given.nonces)
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenPersonalData
import TokenPrivacy
import TokenVerify

/// What issuing needs: the policy, the key that signs, and the root keys of pseudonyms.
struct IssueOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Policy file, YAML or JSON.", valueName: "file"))
    var policy: String

    @Option(help: ArgumentHelp("JWK, JWK Set or PEM file with the one key that signs.", valueName: "file"))
    var signingKey: String

    @Option(help: ArgumentHelp("Algorithm of a signing key that names none, such as PEM.", valueName: "alg"))
    var signingAlg: AlgorithmArgument?

    @Option(help: ArgumentHelp("JWK or JWK Set of pseudonym keys.", valueName: "file"))
    var pseudonymKeys: String?

    @Option(help: ArgumentHelp("JWK or JWK Set of siv keys.", valueName: "file"))
    var sivKeys: String?

    /// The keys of reversible values of the policy's tenant, when a file is named.
    func readReversibleKeys(_ policy: Policy) throws(CommandFailure) -> ReversibleKeyRing? {
        guard let sivKeys else { return nil }
        return try KeyFiles.reversibleKeys(sivKeys, tenant: policy.tenant)
    }

    @Option(help: ArgumentHelp("Nonce state of the policy's dir recipient on this node.", valueName: "file"))
    var nonceState: String?

    @OptionGroup var vault: VaultArguments

    /// The keys of the recipients that the policy encrypts to; their files are relative to the policy's.
    func readRecipientKeys(_ file: PolicyFile, isQuiet: Bool) throws(CommandFailure) -> [RecipientKey] {
        var keys: [RecipientKey] = []
        for recipient in file.policy.neededRecipients {
            let key = try KeyFiles.encryptingKey(
                file.resolve(recipient.keyFile), algorithm: KeyManagement(rawValue: recipient.algorithm),
                contentEncryption: recipient.algorithm == "dir"
                    ? ContentEncryption(rawValue: recipient.encryption) : nil,
                isQuiet: isQuiet)
            guard !key.algorithm.needsNonceLease || !keys.contains(where: { $0.nonces != nil }) else {
                throw .usage("a policy has at most one dir recipient here, since --nonce-state is the file of one key")
            }
            keys.append(
                RecipientKey(name: recipient.name, key: key, nonces: try KeyFiles.nonceLease(key, nonceState)))
        }
        return keys
    }

    /// The signing key.
    func readSigningKey(isQuiet: Bool) throws(CommandFailure) -> SignatureKey {
        try KeyFiles.signingKey(signingKey, algorithm: signingAlg?.algorithm, isQuiet: isQuiet)
    }

    /// The pseudonym keys of the policy's tenant, when a file is named.
    func readPseudonymKeys(_ policy: Policy) throws(CommandFailure) -> PseudonymKeyRing? {
        guard let pseudonymKeys else { return nil }
        return try KeyFiles.pseudonymKeys(pseudonymKeys, tenant: policy.tenant)
    }
}

extension ExchangeConfigurationError {
    /// What the operator reads.
    var commandFailure: CommandFailure {
        switch self {
        case .noPseudonymKeys: .usage("this policy needs --pseudonym-keys")
        case .noReversibleKeys: .usage("this policy needs --siv-keys")
        case .noVault: .usage("this policy needs --vault, for its own tenant")
        case .tenant:
            CommandFailure(.data, "the keys belong to another tenant", code: "tenant")
        case .issuerIsAccepted:
            CommandFailure(.data, "the policy's own issuer is also an accepted issuer", code: "issuer-is-accepted")
        case .sharedKey:
            CommandFailure(.data, "the signing key is a secret that an accepted issuer has too", code: "shared-key")
        case .noRecipientKey: CommandFailure(.data, "a recipient of the policy has no key", code: "recipient")
        case .recipientKey:
            CommandFailure(.data, "a recipient's key does not fit its alg and enc in the policy", code: "recipient")
        case .cannotSign: CommandFailure(.data, "the signing key cannot sign", code: "key-not-private")
        case .verifier(let error): error.commandFailure
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenScan
import TokenVerify

/// A JWE key management algorithm.
struct KeyManagementArgument: ExpressibleByArgument {
    let algorithm: KeyManagement

    init?(argument: String) {
        guard let algorithm = KeyManagement(rawValue: argument) else { return nil }
        self.algorithm = algorithm
    }

    static var allValueStrings: [String] { KeyManagement.allCases.map(\.jwaName) }
}

/// A JWE content algorithm.
struct ContentEncryptionArgument: ExpressibleByArgument {
    let algorithm: ContentEncryption

    init?(argument: String) {
        guard let algorithm = ContentEncryption(rawValue: argument) else { return nil }
        self.algorithm = algorithm
    }

    static var allValueStrings: [String] { ContentEncryption.allCases.map(\.jwaName) }
}

extension KeyFiles {
    /// All usable JWE keys of a JWK, JWK Set or PEM file. Keys that cannot be used are named on standard error.
    static func encryptionKeys(
        _ path: String, algorithm: KeyManagement?, contentEncryption: ContentEncryption? = nil, isQuiet: Bool
    ) throws(CommandFailure) -> [EncryptionKey] {
        var bytes = ByteScratch(isSecret: true)
        let mode = try read(path, into: &bytes)
        let set: EncryptionKeySet
        do {
            set = try EncryptionKeySet.parse(
                file: bytes.span, algorithm: algorithm, contentEncryption: contentEncryption)
        } catch {
            throw failure(error, path)
        }
        if !isQuiet { note(set.skipped, path) }
        if set.keys.contains(where: \.isPrivate) { warnIfReadable(path, mode) }
        return set.keys
    }

    /// The one key of a file that can encrypt.
    static func encryptingKey(
        _ path: String, algorithm: KeyManagement?, contentEncryption: ContentEncryption?, isQuiet: Bool
    ) throws(CommandFailure) -> EncryptionKey {
        let keys = try encryptionKeys(
            path, algorithm: algorithm, contentEncryption: contentEncryption, isQuiet: isQuiet
        ).filter(\.canEncrypt)
        guard let key = keys.first else { throw failure(.operationNotPermitted, path) }
        guard keys.count == 1 else {
            throw CommandFailure(
                .data, "\(Display.file(path)) holds more than one key that encrypts", code: "several-encryption-keys")
        }
        return key
    }

    /// The keys of a file that can decrypt, at least one.
    static func decryptingKeys(
        _ path: String, algorithm: KeyManagement?, isQuiet: Bool
    ) throws(CommandFailure) -> [EncryptionKey] {
        let keys = try encryptionKeys(path, algorithm: algorithm, isQuiet: isQuiet).filter(\.canDecrypt)
        guard !keys.isEmpty else { throw failure(.notPrivate, path) }
        return keys
    }

    /// The lease of a key that needs one: `dir` and `A*GCMKW`. Nil for the others.
    static func nonceLease(_ key: EncryptionKey, _ path: String?) throws(CommandFailure) -> NonceLease? {
        guard key.algorithm.needsNonceLease else { return nil }
        guard let path else {
            throw CommandFailure(
                .data, "\(key.algorithm.jwaName) keys need --nonce-state, a file of their own on each node",
                code: "nonce-state")
        }
        do {
            return try NonceLease(key: key, path: path)
        } catch {
            throw CommandFailure(
                .data, "\(Display.file(path)) cannot be used as this key's nonce state", code: "nonce-state")
        }
    }
}

extension ListArgument {
    /// The words as key management algorithms.
    func keyManagement() throws(CommandFailure) -> Set<KeyManagement> {
        var result: Set<KeyManagement> = []
        for word in words {
            guard let algorithm = KeyManagement(rawValue: word) else {
                throw .usage("--allow takes names of algorithms such as RSA-OAEP")
            }
            result.insert(algorithm)
        }
        return result
    }
}

extension EncryptionError {
    /// The outward code.
    var refusal: Refusal {
        switch self {
        case .tooLarge: Refusal(.tooLarge)
        case .randomness, .nonceBudget, .nonceState, .backend: Refusal(.storage)
        }
    }

    /// What the operator reads when nothing at all could be encrypted.
    var commandFailure: CommandFailure {
        switch self {
        case .tooLarge: CommandFailure(.data, "the input is over the limit of 16 MiB", code: "too-large")
        case .nonceBudget:
            CommandFailure(.data, "the key has used all its nonces; make a new key", code: "nonce-budget")
        case .nonceState: CommandFailure(.data, "the nonce state cannot be written", code: "nonce-state")
        case .randomness, .backend: CommandFailure(.unavailable, "the input was not encrypted", code: "storage")
        }
    }
}

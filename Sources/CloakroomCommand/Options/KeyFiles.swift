// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan

/// Key files as commands read them: bounded, wiped afterwards, with a warning where others can read a secret.
enum KeyFiles {
    /// All usable keys of a JWK, JWK Set or PEM file. Keys that cannot be used are named on standard error.
    static func signatureKeys(
        _ path: String, algorithm: SignatureAlgorithm?, isQuiet: Bool
    ) throws(CommandFailure) -> [SignatureKey] {
        var bytes = ByteScratch(isSecret: true)
        let mode = try read(path, into: &bytes)
        let set: KeySet
        do { set = try KeySet.parse(file: bytes.span, algorithm: algorithm) } catch { throw failure(error, path) }
        if !isQuiet { note(set.skipped, path) }
        if set.keys.contains(where: \.isPrivate) { warnIfReadable(path, mode) }
        return set.keys
    }

    /// The one key of a file that can sign.
    static func signingKey(
        _ path: String, algorithm: SignatureAlgorithm?, isQuiet: Bool
    ) throws(CommandFailure) -> SignatureKey {
        let signing = try signatureKeys(path, algorithm: algorithm, isQuiet: isQuiet).filter(\.canSign)
        guard let key = signing.first else { throw failure(.notPrivate, path) }
        guard signing.count == 1 else {
            throw CommandFailure(
                .data, "\(Display.file(path)) holds more than one signing key", code: "several-signing-keys")
        }
        return key
    }

    /// The root keys of a tenant's pseudonyms.
    static func pseudonymKeys(_ path: String, tenant: String) throws(CommandFailure) -> PseudonymKeyRing {
        var bytes = ByteScratch(isSecret: true)
        let mode = try read(path, into: &bytes)
        let keys: SecretKeySet
        do { keys = try SecretKeySet.parse(bytes.span, algorithm: .pseudonym) } catch { throw failure(error, path) }
        warnIfReadable(path, mode)
        do {
            return try PseudonymKeyRing(tenant: tenant, keys: keys)
        } catch {
            throw CommandFailure(.data, "these pseudonym keys and this tenant make no key ring", code: "pseudonym-keys")
        }
    }

    /// The keys of a tenant's reversible values.
    static func reversibleKeys(_ path: String, tenant: String) throws(CommandFailure) -> ReversibleKeyRing {
        var bytes = ByteScratch(isSecret: true)
        let mode = try read(path, into: &bytes)
        let keys: SecretKeySet
        do { keys = try SecretKeySet.parse(bytes.span, algorithm: .siv) } catch { throw failure(error, path) }
        warnIfReadable(path, mode)
        return ReversibleKeyRing(tenant: tenant, keys: keys)
    }

    /// Names the keys of a file that are not used.
    static func note(_ skipped: [KeySet.SkippedKey], _ path: String) {
        for skipped in skipped {
            OutputFile.note(
                "key \(skipped.index + 1) of \(Display.file(path)) is not used: \(skipped.error.message)",
                code: skipped.error.code)
        }
    }

    /// The keys of fingerprints in logs.
    static func logKeys(_ path: String) throws(CommandFailure) -> LogKeys {
        var bytes = ByteScratch(isSecret: true)
        let mode = try read(path, into: &bytes)
        do {
            let keys = try SecretKeySet.parse(bytes.span, algorithm: .log)
            warnIfReadable(path, mode)
            return LogKeys(keys)
        } catch {
            throw failure(error, path)
        }
    }

    /// Reads a key file of any kind. Returns its permission bits; nil for standard input.
    static func read(_ path: String, into bytes: inout ByteScratch) throws(CommandFailure) -> UInt32? {
        try InputFile.readAll(path, byteCountMax: KeyLimits.fileByteCountMax, into: &bytes)
    }

    static func warnIfReadable(_ path: String, _ mode: UInt32?) {
        guard let mode, mode & 0o044 != 0 else { return }
        OutputFile.note(
            "warning: others can read the secret keys in \(Display.file(path)), mode 0\(String(mode, radix: 8))",
            code: "key-permissions")
    }

    static func failure(_ error: KeyError, _ path: String) -> CommandFailure {
        CommandFailure(.data, "cannot use the key file \(Display.file(path)): \(error.message)", code: error.code)
    }
}

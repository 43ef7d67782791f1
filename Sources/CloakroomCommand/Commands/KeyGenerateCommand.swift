// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenPrivacy
import TokenScan

struct KeyGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make a new key as a JWK.",
        discussion: """
            The private file gets mode 0600 and replaces nothing.
            Success: no output.
            Failure: cloakroom: key.jwk exists and is not overwritten (exists), and exit status 74.
            """)

    @Option(
        help: ArgumentHelp(
            "A JWS algorithm such as ES256, a JWE one such as ECDH-ES+A256KW, or pseudonym, log, siv, vault.",
            valueName: "alg"))
    var alg: String

    @Option(help: "Key id; pseudonym, log, siv and vault keys take four characters a-z and 0-9. (default: random)")
    var kid: String?

    @Option(help: "Size of an RSA modulus or an HMAC secret in bits.")
    var bits: Int?

    @Option(help: ArgumentHelp("Curve of an ECDH-ES key: P-256, P-384, P-521, X25519.", valueName: "curve"))
    var curve: String?

    @Option(help: ArgumentHelp("Content algorithm of a dir key. (default: A256GCM)", valueName: "enc"))
    var enc: ContentEncryptionArgument?

    @Option(help: ArgumentHelp("File for the private or secret key.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("File for the public key.", valueName: "file"))
    var `public`: String?

    func run() throws {
        let secretAlgorithms: [String: SecretKeyAlgorithm] = [
            "pseudonym": .pseudonym, "log": .log, "siv": .siv,
        ]
        var key = ByteScratch(isSecret: true)
        var publicKey = ByteScratch()
        do {
            if let algorithm = secretAlgorithms[alg] {
                guard bits == nil || bits == algorithm.byteCount * 8 else {
                    throw CommandFailure.usage("\(alg) keys have \(algorithm.byteCount * 8) bits")
                }
                try writeSecretKey(algorithm, into: &key)
            } else if alg == "vault" {
                guard bits == nil || bits == 256 else { throw CommandFailure.usage("vault keys have 256 bits") }
                let keyID = Array(try (kid ?? randomText(countOf: 4)).utf8)
                SecretKeySet.writeJWKSet(try VaultKeys.generate(keyID: keyID.span), into: &key)
                key.append(0x0A)
            } else if let algorithm = SignatureAlgorithm(jwaName: alg) {
                try writeSignatureKey(algorithm, into: &key, public: &publicKey)
            } else if let algorithm = KeyManagement(rawValue: alg) {
                try writeEncryptionKey(algorithm, into: &key, public: &publicKey)
            } else {
                throw CommandFailure.usage("--alg takes a JWS or JWE algorithm, pseudonym, log, siv or vault")
            }
        } catch let error as KeyError {
            throw CommandFailure.usage("cannot make this key: \(error.message)")
        }
        guard `public` == nil || !publicKey.isEmpty else {
            throw CommandFailure.usage("\(alg) keys have no public part for --public")
        }
        try OutputFile.create(out, isPrivate: true, key.span)
        guard let publicFile = `public` else { return }
        do {
            try OutputFile.create(publicFile, isPrivate: false, publicKey.span)
        } catch {
            // Half a pair is of no use, and would be in the way of the next try.
            System.remove(out)
            throw error
        }
    }

    private func writeSecretKey(_ algorithm: SecretKeyAlgorithm, into key: inout ByteScratch) throws {
        let keyID = Array(try (kid ?? randomText(countOf: 4)).utf8)
        try SecretKey.generate(algorithm: algorithm, keyID: keyID.span).writeJWK(into: &key)
        key.append(0x0A)
    }

    private func writeSignatureKey(
        _ algorithm: SignatureAlgorithm, into key: inout ByteScratch, public publicKey: inout ByteScratch
    ) throws {
        let keyID = try kid ?? randomText(countOf: 16)
        let made = try SignatureKey.generate(algorithm: algorithm, bits: bits, keyID: Array(keyID.utf8))
        try made.writePrivateJWK(into: &key)
        key.append(0x0A)
        guard !made.isSymmetric else { return }
        try made.writePublicJWK(into: &publicKey)
        publicKey.append(0x0A)
    }

    private func writeEncryptionKey(
        _ algorithm: KeyManagement, into key: inout ByteScratch, public publicKey: inout ByteScratch
    ) throws {
        let keyID = try kid ?? randomText(countOf: 16)
        let curve = try self.curve.map { name throws(CommandFailure) in
            guard let curve = EncryptionKey.Curve(rawValue: name) else {
                throw .usage("--curve takes P-256, P-384, P-521 or X25519")
            }
            return curve
        }
        let made = try EncryptionKey.generate(
            algorithm: algorithm, bits: bits, curve: curve, contentEncryption: enc?.algorithm,
            keyID: Array(keyID.utf8))
        try made.writePrivateJWK(into: &key)
        key.append(0x0A)
        guard !made.isSymmetric else { return }
        try made.writePublicJWK(into: &publicKey)
        publicKey.append(0x0A)
    }

    /// A random name. Key ids are public, so the small bias of a remainder does no harm.
    private func randomText(countOf count: Int) throws(KeyError) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        var random = RandomBytes()
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        do { try random.fill(&span) } catch { throw .randomness }
        return String((0..<min(count, 16)).map { letters[Int(bytes[$0]) % letters.count] })
    }
}

// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenScan
import TokenVerify

struct EncryptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt lines to one recipient: one compact JWE a line.",
        discussion: """
            With --raw the whole input is one plaintext. Keys for dir and A*GCMKW need --nonce-state, so that no nonce \
            comes twice.
            Success: eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.….….….…
            Failure: cloakroom: dir keys need --nonce-state, a file of their own on each node (nonce-state), and exit \
            status 65.
            """)

    @Option(help: ArgumentHelp("JWK, JWK Set or PEM file with the recipient's key.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("Key management of a key that names none, such as PEM.", valueName: "alg"))
    var alg: KeyManagementArgument?

    @Option(help: ArgumentHelp("Content algorithm. (default: A256GCM; for dir the key's own)", valueName: "enc"))
    var enc: ContentEncryptionArgument?

    @Option(help: ArgumentHelp("What the header's cty says, such as JWT for a nested token.", valueName: "type"))
    var cty: String?

    @Option(help: ArgumentHelp("Nonce state of this key on this node; made when absent.", valueName: "file"))
    var nonceState: String?

    @Flag(help: "The whole input is one plaintext.")
    var raw = false

    @OptionGroup var stream: StreamOptions

    func run() throws {
        let recipient = try KeyFiles.encryptingKey(
            key, algorithm: alg?.algorithm, contentEncryption: enc?.algorithm, isQuiet: stream.quiet)
        let nonces = try KeyFiles.nonceLease(recipient, nonceState)
        // What is left of the block would be lost with this process.
        defer { nonces?.giveBack() }
        let encryptor: Encryptor
        do {
            encryptor = try Encryptor(
                key: recipient, contentEncryption: enc?.algorithm, contentType: cty, nonces: nonces)
        } catch {
            throw KeyFiles.failure(error, key)
        }
        if raw { return try Self.encryptAll(stream.file, encryptor) }
        try stream.run([EncryptWorker(encryptor)])
        if nonces?.isWearing == true {
            OutputFile.note("warning: the key has used more than half of its nonces; rotate it", code: "nonce-budget")
        }
    }

    private static func encryptAll(_ file: String?, _ encryptor: consuming Encryptor) throws(CommandFailure) {
        var encryptor = encryptor
        var plaintext = ByteScratch(isSecret: true)
        _ = try InputFile.readAll(file ?? "-", byteCountMax: Encryptor.plaintextByteCountMax, into: &plaintext)
        var output = ByteScratch()
        do { try encryptor.encrypt(plaintext.span, into: &output) } catch { throw error.commandFailure }
        output.append(0x0A)
        try OutputFile.write(output)
    }
}

/// Turns lines into JWEs.
private final class EncryptWorker: SingleLineWorker {
    private var encryptor: Encryptor

    init(_ encryptor: consuming Encryptor) { self.encryptor = encryptor }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        do {
            try encryptor.encrypt(line, into: &output.text)
            output.text.append(0x0A)
            output.acceptedCount += 1
        } catch {
            refuse(error.refusal, line: number, &output)
        }
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.append(0x0A)
        output.note(line: number, refusal)
        output.count(refusal.code)
    }
}

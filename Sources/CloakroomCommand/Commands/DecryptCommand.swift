// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Cloakroom
import TokenCrypto
import TokenPrivacy
import TokenScan
import TokenVerify

struct DecryptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt compact JWEs: one a line in, one JSON verdict a line out.",
        discussion: """
            With --raw the whole input is one JWE, and its plaintext is printed as it is. The file may hold several \
            keys; the header's alg and kid pick one.
            Success: {"line":1,"valid":true,"payload":"aGVsbG8"}
            Failure: {"line":2,"valid":false,"error":"decryption-failed"}, and exit status 1.
            """)

    @Option(help: ArgumentHelp("JWK, JWK Set or PEM file with the private or shared keys.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("Key management of a key that names none, such as PEM.", valueName: "alg"))
    var alg: KeyManagementArgument?

    @Option(help: ArgumentHelp("Algorithms that are refused unless named here: RSA-OAEP.", valueName: "list"))
    var allow: ListArgument?

    @Flag(help: "The whole input is one JWE.")
    var raw = false

    @OptionGroup var stream: StreamOptions

    /// A line of ciphertext is a third longer than what is in it.
    private static let lineByteCountMax = 1 << 17
    private static let rawByteCountMax = Encryptor.plaintextByteCountMax / 3 * 4 + (1 << 16)

    func run() throws {
        let keys = try KeyFiles.decryptingKeys(key, algorithm: alg?.algorithm, isQuiet: stream.quiet)
        let limits = ScanLimits(tokenByteCountMax: raw ? Self.rawByteCountMax : Self.lineByteCountMax)
        let decryptor: Decryptor
        do {
            decryptor = try Decryptor(keys: keys, allowing: allow?.keyManagement() ?? [], limits: limits)
        } catch let error as KeyError {
            throw KeyFiles.failure(error, key)
        }
        if raw { return try Self.decryptAll(stream.file, decryptor) }
        try stream.run([DecryptWorker(decryptor)])
    }

    private static func decryptAll(_ file: String?, _ decryptor: consuming Decryptor) throws {
        var decryptor = decryptor
        var token = ByteScratch()
        _ = try InputFile.readAll(file ?? "-", byteCountMax: rawByteCountMax, into: &token)
        while let last = token.last, last == 0x0A || last == 0x0D { token.truncate(to: token.count - 1) }
        var plaintext = ByteScratch(isSecret: true)
        do {
            try decryptor.decrypt(token.span, into: &plaintext)
        } catch {
            OutputFile.note("the input was refused", code: Refusal(error).code.rawValue)
            throw ExitCode(ExitStatus.refused.rawValue)
        }
        try OutputFile.write(plaintext)
    }
}

extension ByteScratch {
    fileprivate var last: UInt8? { isEmpty ? nil : span[count - 1] }
}

/// Turns JWE lines into verdict lines.
private final class DecryptWorker: SingleLineWorker {
    private var decryptor: Decryptor
    private var plaintext = ByteScratch(isSecret: true)

    init(_ decryptor: consuming Decryptor) { self.decryptor = decryptor }

    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput) {
        defer { plaintext.removeAll() }
        do {
            try decryptor.decrypt(line, into: &plaintext)
            Self.write(plaintext, number, to: &output)
        } catch {
            refuse(Refusal(error), line: number, &output)
        }
    }

    private static func write(_ plaintext: borrowing ByteScratch, _ line: Int, to output: inout LineOutput) {
        output.text.appendVerdict(line: line, payload: plaintext.span)
        output.acceptedCount += 1
    }

    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput) {
        output.text.appendVerdict(line: number, refusal)
        output.count(refusal.code)
    }
}

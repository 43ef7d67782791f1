// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenCrypto
import TokenScan

struct KeyInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what keys a file holds, never their private members.",
        discussion: """
            Success: {"kty":"EC","kid":"k1","alg":"ES256","bits":256,"private":false,"thumbprint":"…"}
            Failure: cloakroom: cannot use the key file k.jwk: it is no JWK, JWK Set or PEM (key-malformed), and \
            exit status 65.
            """)

    @Option(help: ArgumentHelp("Algorithm of keys that name none, such as PEM.", valueName: "alg"))
    var alg: AlgorithmArgument?

    @Argument(help: "Key file.")
    var file: String

    func run() throws {
        var bytes = ByteScratch(isSecret: true)
        let mode = try KeyFiles.read(file, into: &bytes)
        var text = ByteScratch()
        for algorithm in SecretKeyAlgorithm.allCases {
            guard let set = try? SecretKeySet.parse(bytes.span, algorithm: algorithm) else { continue }
            for (i, key) in set.keys.enumerated() { text.appendLine(about: key, isActive: i == set.activeIndex) }
            KeyFiles.warnIfReadable(file, mode)
            return try OutputFile.write(text.span)
        }
        // A file whose keys are all for encryption; a key that names no algorithm is a signature's, as --alg is.
        if alg == nil, let set = try? EncryptionKeySet.parse(file: bytes.span), set.skipped.isEmpty {
            for key in set.keys { text.appendLine(about: key) }
            if set.keys.contains(where: \.isPrivate) { KeyFiles.warnIfReadable(file, mode) }
            return try OutputFile.write(text.span)
        }
        let set: KeySet
        do {
            set = try KeySet.parse(file: bytes.span, algorithm: alg?.algorithm)
        } catch {
            throw KeyFiles.failure(error, file)
        }
        for key in set.keys { text.appendLine(about: key) }
        KeyFiles.note(set.skipped, file)
        if set.keys.contains(where: \.isPrivate) { KeyFiles.warnIfReadable(file, mode) }
        try OutputFile.write(text.span)
    }
}

extension ByteScratch {
    fileprivate mutating func appendLine(about key: EncryptionKey) {
        append(text: "{\"kty\":\"\(key.typeName)\"")
        if let keyID = key.keyID {
            append(",\"kid\":")
            appendJSONString(keyID.span)
        }
        append(text: ",\"alg\":\"\(key.algorithm.jwaName)\"")
        if let content = key.contentEncryption { append(text: ",\"enc\":\"\(content.jwaName)\"") }
        append(text: ",\"bits\":\(key.bitCount)")
        append(key.isPrivate ? ",\"private\":true,\"thumbprint\":\"" : ",\"private\":false,\"thumbprint\":\"")
        appendBase64URL(key.thumbprint().span)
        append("\"}\n")
    }

    fileprivate mutating func appendLine(about key: SignatureKey) {
        let type =
            switch key.algorithm.family {
            case .hmac: "oct"
            case .rsaPKCS1, .rsaPSS: "RSA"
            case .ecdsa: "EC"
            case .edDSA: "OKP"
            }
        append(text: "{\"kty\":\"\(type)\"")
        if let keyID = key.keyID {
            append(",\"kid\":")
            appendJSONString(keyID.span)
        }
        append(text: ",\"alg\":\"\(key.algorithm.jwaName)\",\"bits\":\(key.bitCount)")
        append(key.isPrivate ? ",\"private\":true,\"thumbprint\":\"" : ",\"private\":false,\"thumbprint\":\"")
        appendBase64URL(key.thumbprint().span)
        append("\"}\n")
    }

    fileprivate mutating func appendLine(about key: SecretKey, isActive: Bool) {
        append("{\"kty\":\"oct\",\"kid\":\"")
        append(key.keyID.span)
        append("\",\"alg\":\"")
        append(key.algorithm.name)
        append(text: "\",\"bits\":\(key.algorithm.byteCount * 8),\"private\":true")
        append(isActive ? ",\"active\":true}\n" : "}\n")
    }
}

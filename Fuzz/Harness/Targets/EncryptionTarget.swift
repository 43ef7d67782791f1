// SPDX-License-Identifier: Apache-2.0
import TestSupport
import TokenCrypto
import TokenScan

/// JWEs. The first byte chooses an algorithm; the rest is either a token of its own (255), or changes to a valid one:
/// three bytes say where and what. Whatever is not the token itself gets one refusal and gives no plaintext.
struct EncryptionTarget: FuzzTarget {
    static let name = "jwe"
    static func seeds() throws -> [[UInt8]] {
        let foreign = try Encrypting().tokens.map { [255] + $0 }
        return foreign + (0..<UInt8(12)).flatMap { [[$0], [$0, 0, 80, 1], [$0, 0, 200, 1, 1, 0, 3]] }
    }
    private let encrypting: Encrypting

    init() throws { encrypting = try Encrypting() }

    mutating func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        if first == 255 {
            require(encrypting.plaintext(of: Array(input.dropFirst())) == nil, "a token that nobody encrypted")
            return
        }
        let token = encrypting.tokens[Int(first) % encrypting.tokens.count]
        var changed = token
        for i in stride(from: 1, to: input.count - 2, by: 3) {
            changed[(Int(input[i]) << 8 | Int(input[i + 1])) % token.count] ^= input[i + 2] & 0x7F
        }
        let plaintext = encrypting.plaintext(of: changed)
        require((plaintext == Encrypting.text) == (changed == token), "a changed token has a plaintext")
    }
}

final class Encrypting {
    static let text = Array(#"{"email":"ana@example.com"}"#.utf8)
    private(set) var tokens: [[UInt8]] = []
    private var decryptor: Decryptor

    init() throws {
        let algorithms = KeyManagement.allCases.filter { !$0.needsNonceLease && $0 != .rsaOAEP }
        let keys = try algorithms.map { try EncryptionKey.generate(algorithm: $0, keyID: Array($0.jwaName.utf8)) }
        decryptor = try Decryptor(keys: keys)
        for (i, key) in keys.enumerated() {
            let contents = ContentEncryption.allCases
            var encryptor = try Encryptor(key: key, contentEncryption: contents[i % contents.count])
            var output = ByteScratch()
            try encryptor.encrypt(Self.text.span, into: &output)
            tokens.append(output.array)
        }
    }

    /// The plaintext; nil for a refused token, which must leave nothing.
    func plaintext(of token: [UInt8]) -> [UInt8]? {
        var output = ByteScratch(isSecret: true)
        do throws(DecryptionError) {
            try decryptor.decrypt(token.span, into: &output)
        } catch {
            require(output.count == 0, "a refused token left a plaintext")
            return nil
        }
        return output.array
    }
}

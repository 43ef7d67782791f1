// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenScan

@testable import TokenCrypto

/// Calls over arrays and strings, for tests.
enum JWE {
    /// Encrypts under a lease of its own where the key needs one.
    static func encrypt(
        _ text: String, _ key: EncryptionKey, _ content: ContentEncryption? = nil, binding: [UInt8] = []
    ) throws -> String {
        let folder = try TemporaryFolder()
        let nonces = key.algorithm.needsNonceLease ? try NonceLease(key: key, path: folder.file("nonces")) : nil
        var encryptor = try Encryptor(key: key, contentEncryption: content, nonces: nonces)
        var output = ByteScratch()
        try encryptor.encrypt(Array(text.utf8).span, binding: binding.span, into: &output)
        return output.text
    }

    static func decrypt(
        _ token: String, _ keys: [EncryptionKey], allowing: Set<KeyManagement> = []
    ) throws -> String {
        var decryptor = try Decryptor(keys: keys, allowing: allowing)
        var output = ByteScratch(isSecret: true)
        try decryptor.decrypt(Array(token.utf8).span, into: &output)
        return output.text
    }

    /// The refusal; nil when the token is accepted.
    static func refusal(
        _ token: String, _ keys: [EncryptionKey], allowing: Set<KeyManagement> = []
    ) throws -> DecryptionError? {
        var decryptor = try Decryptor(keys: keys, allowing: allowing)
        return refusal(Array(token.utf8), &decryptor)
    }

    static func refusal(_ token: [UInt8], _ decryptor: inout Decryptor) -> DecryptionError? {
        var output = ByteScratch(isSecret: true)
        do throws(DecryptionError) {
            try decryptor.decrypt(token.span, into: &output)
            return nil
        } catch {
            return output.isEmpty ? error : nil
        }
    }

    static func key(_ jwk: String, _ algorithm: KeyManagement? = nil) throws(KeyError) -> EncryptionKey {
        try EncryptionKey.parse(jwk: Array(jwk.utf8).span, algorithm: algorithm)
    }

    /// The key, written as a JWK and read again.
    static func rereading(_ key: EncryptionKey) throws(KeyError) -> EncryptionKey {
        var written = ByteScratch()
        try key.writePrivateJWK(into: &written)
        let bytes = written.array
        return try EncryptionKey.parse(jwk: bytes.span)
    }

    static func publicPart(of key: EncryptionKey) throws(KeyError) -> EncryptionKey {
        let bytes = try key.publicJWK()
        return try EncryptionKey.parse(jwk: bytes.span)
    }

    static func header(_ token: String) throws -> [String: Any] {
        let first = token.split(separator: ".", omittingEmptySubsequences: false)[0]
        let json = NaiveBase64URL.decode(Array(first.utf8)) ?? []
        return try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] ?? [:]
    }

    /// A token with one of its five parts replaced.
    static func replacing(_ index: Int, of token: String, with part: String) -> String {
        var parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        parts[index] = part
        return parts.joined(separator: ".")
    }

    static func part(_ index: Int, of token: String) -> [UInt8] {
        NaiveBase64URL.decode(Array(token.split(separator: ".", omittingEmptySubsequences: false)[index].utf8)) ?? []
    }
}

/// A folder that goes with the value.
final class TemporaryFolder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("cloakroom-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> String { url.appendingPathComponent(name).path }
}

/// Every kind of key with every curve.
struct KeyCase: CustomTestStringConvertible, Sendable {
    let algorithm: KeyManagement
    let curve: EncryptionKey.Curve?
    var testDescription: String { algorithm.jwaName + (curve.map { " " + $0.rawValue } ?? "") }

    /// 1 for every bit; on the slow curves every eleventh stands for all, and P-256 and X25519 take every one.
    var flipStep: Int { curve == .p384 || curve == .p521 ? 11 : 1 }

    static let all: [KeyCase] = KeyManagement.allCases.flatMap { algorithm -> [KeyCase] in
        guard algorithm.family == .agreement else { return [KeyCase(algorithm: algorithm, curve: nil)] }
        return EncryptionKey.Curve.allCases.map { KeyCase(algorithm: algorithm, curve: $0) }
    }

    func key(_ content: ContentEncryption? = nil, keyID: String? = "k1") throws -> EncryptionKey {
        try EncryptionKey.generate(
            algorithm: algorithm, curve: curve, contentEncryption: algorithm == .direct ? content : nil,
            keyID: keyID.map { Array($0.utf8) })
    }
}

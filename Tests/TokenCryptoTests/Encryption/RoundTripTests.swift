// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScan

@testable import TokenCrypto

@Suite("JWE: there and back")
struct RoundTripTests {
    @Test("every algorithm with every content algorithm", arguments: KeyCase.all, ContentEncryption.allCases)
    func roundTrip(_ keyCase: KeyCase, _ content: ContentEncryption) throws {
        let key = try keyCase.key(content)
        for text in ["", "x", "{\"email\":\"ana@example.com\"}", String(repeating: "0123456789abcdef", count: 64)] {
            let token = try JWE.encrypt(text, key, content)
            let header = try JWE.header(token)
            #expect(header["alg"] as? String == keyCase.algorithm.jwaName)
            #expect(header["enc"] as? String == content.jwaName)
            #expect(header["kid"] as? String == "k1")
            #expect(try JWE.decrypt(token, [key], allowing: [.rsaOAEP]) == text)
        }
    }

    @Test("a written key reads again and decrypts; a public key encrypts alone", arguments: KeyCase.all)
    func keysReadAgain(_ keyCase: KeyCase) throws {
        let key = try keyCase.key(.a128CBCHS256)
        let again = try JWE.rereading(key)
        #expect(again.contentEncryption == key.contentEncryption)
        #expect(again.thumbprint() == key.thumbprint())
        #expect(again.bitCount == key.bitCount)
        #expect(!"\(again) \(String(reflecting: again))".contains("k1"))
        let sender = key.isSymmetric ? key : try JWE.publicPart(of: key)
        #expect(sender.canEncrypt)
        #expect(key.isSymmetric || !sender.isPrivate)
        let token = try JWE.encrypt("hello", sender)
        #expect(try JWE.decrypt(token, [again], allowing: [.rsaOAEP]) == "hello")
        if !key.isSymmetric { #expect(throws: KeyError.operationNotPermitted) { try JWE.decrypt(token, [sender]) } }
    }

    @Test("several accepted keys: the kid says which, and without kid the algorithm must")
    func rotation() throws {
        let old = try EncryptionKey.generate(algorithm: .a256KW, keyID: Array("old".utf8))
        let new = try EncryptionKey.generate(algorithm: .a256KW, keyID: Array("new".utf8))
        let other = try EncryptionKey.generate(algorithm: .ecdhES, keyID: Array("new".utf8))
        let keys = [new, old, other]
        for key in keys { #expect(try JWE.decrypt(JWE.encrypt("text", key), keys) == "text") }
        #expect(try JWE.refusal(JWE.encrypt("text", old), [new, other]) == .decryptionFailed)
        let nameless = try EncryptionKey.generate(algorithm: .a256KW)
        let token = try JWE.encrypt("text", nameless)
        #expect(try JWE.decrypt(token, [nameless, other]) == "text")
        #expect(try JWE.refusal(token, [nameless, old]) == .decryptionFailed)
        #expect(throws: KeyError.duplicateKeyID) { _ = try JWE.decrypt(token, [new, new]) }
        #expect(throws: KeyError.noKey) { _ = try JWE.decrypt(token, []) }
    }

    @Test("each message has its own content key, IV and ephemeral key", arguments: KeyCase.all)
    func freshness(_ keyCase: KeyCase) throws {
        let key = try keyCase.key()
        let folder = try TemporaryFolder()
        let nonces = key.algorithm.needsNonceLease ? try NonceLease(key: key, path: folder.file("n")) : nil
        var encryptor = try Encryptor(key: key, nonces: nonces)
        var seen: Set<String> = []
        for _ in 0..<20 {
            var output = ByteScratch()
            try encryptor.encrypt(Array("same".utf8).span, into: &output)
            let parts = output.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            #expect(seen.insert(parts[2]).inserted)
            #expect(seen.insert(parts[3] + parts[4]).inserted)
            if !parts[1].isEmpty { #expect(seen.insert(parts[1]).inserted) }
            if keyCase.curve != nil { #expect(seen.insert(parts[0]).inserted) }
        }
    }

    @Test("a generator that fails fails the call, and nothing is written")
    func randomness() throws {
        let key = try EncryptionKey.generate(algorithm: .a256KW)
        var encryptor = try Encryptor(key: key, random: { _ in false })
        var output = ByteScratch()
        var error: EncryptionError?
        do throws(EncryptionError) {
            try encryptor.encrypt(Array("x".utf8).span, into: &output)
        } catch let thrown {
            error = thrown
        }
        #expect(error == .randomness)
        let isEmpty = output.isEmpty
        #expect(isEmpty)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestSupport
import Testing
import TokenCrypto

@Suite("ES256 fast path")
struct ES256FastPathTests {
    static let message = Array("eyJhbGciOiJFUzI1NiJ9.e30".utf8)

    /// Waits for a table that was earned; false after about ten seconds.
    static func hasTable(_ path: ES256FastPath, _ key: SignatureKey) async throws -> Bool {
        for _ in 0..<2000 {
            if path.hasTable(for: key) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    @Test("a key earns its table by valid signatures, not by forged ones, and verdicts stay")
    func earning() async throws {
        let path = ES256FastPath()
        let key = try SignatureKey.generate(algorithm: .es256)
        let verifier = try SignatureVerifier(key, fastPath: path)
        let signature = try sign(key, Self.message)
        var forged = signature
        forged[63] ^= 1
        for _ in 0..<(2 * ES256FastPath.successCountBeforeTable) { #expect(!isValid(verifier, forged, Self.message)) }
        for _ in 1..<ES256FastPath.successCountBeforeTable { #expect(isValid(verifier, signature, Self.message)) }
        #expect(path.tableCount == 0)
        #expect(isValid(verifier, signature, Self.message))
        #expect(path.tableCount == 1)
        #expect(try await Self.hasTable(path, key))
        for other in [signature, forged, Array(signature.dropLast()), signature + [0], []] {
            #expect(isValid(verifier, other, Self.message) == (other == signature))
        }
        #expect(!isValid(verifier, signature, Self.message + [0]))
        // The same public key in another object shares the table; its verifier may be older.
        let copy = try parseJWK(try publicJWK(key))
        #expect(path.hasTable(for: copy))
        #expect(isValid(try SignatureVerifier(copy, fastPath: path), signature, Self.message))
    }

    @Test("the switch turns tables off and on; other curves and algorithms never have one")
    func switching() throws {
        let path = ES256FastPath()
        let key = GeneratedKeys.key(.es256)
        #expect(path.isEnabled)
        path.isEnabled = false
        #expect(!path.prepare(key))
        path.isEnabled = true
        #expect(path.prepare(key) && path.prepare(key))
        #expect(path.tableCount == 1)
        let verifier = try SignatureVerifier(key, fastPath: path)
        let signature = try sign(key, Self.message)
        for isEnabled in [true, false, true] {
            path.isEnabled = isEnabled
            #expect(path.hasTable(for: key) == isEnabled)
            #expect(isValid(verifier, signature, Self.message))
            #expect(!isValid(verifier, signature, []))
        }
        for algorithm in SignatureAlgorithm.allCases where algorithm != .es256 {
            #expect(!path.prepare(GeneratedKeys.key(algorithm)))
        }
        #expect(path.tableCount == 1)
    }

    @Test("a table that fails its self-test is never used, and OpenSSL goes on checking")
    func selfTestFailure() async throws {
        let other = try SignatureKey.generate(algorithm: .es256)
        let attempts = Atomic<Int>(0)
        let path = ES256FastPath(makeTable: { _ in
            attempts.wrappingAdd(1, ordering: .relaxed)
            return ES256KeyTable(key: other)
        })
        let key = try SignatureKey.generate(algorithm: .es256)
        let verifier = try SignatureVerifier(key, fastPath: path)
        #expect(!path.prepare(key))
        #expect(!path.hasTable(for: key) && path.tableCount == 0)
        let signature = try sign(key, Self.message)
        for _ in 0..<(2 * ES256FastPath.successCountBeforeTable) {
            #expect(isValid(verifier, signature, Self.message))
        }
        #expect(!isValid(verifier, try sign(other, Self.message), Self.message))
        #expect(!path.prepare(key) && path.tableCount == 0)
        #expect(attempts.load(ordering: .relaxed) == 1)

        let none = ES256FastPath(makeTable: { _ in nil })
        let plain = try SignatureVerifier(key, fastPath: none)
        #expect(!none.prepare(key))
        #expect(isValid(plain, signature, Self.message))
    }

    @Test("T69: tables are bounded; the least recently used makes room once it is idle")
    func eviction() throws {
        let path = ES256FastPath(keyCountMax: 2, idleCheckCountMin: 4)
        let keys = try (0..<4).map { _ in try SignatureKey.generate(algorithm: .es256) }
        let verifiers = try keys.map { try SignatureVerifier($0, fastPath: path) }
        let signatures = try keys.map { try sign($0, Self.message) }
        func check(_ key: Int, times: Int) {
            for _ in 0..<times { #expect(isValid(verifiers[key], signatures[key], Self.message)) }
        }
        func tables() -> [Bool] { keys.map { path.hasTable(for: $0) } }
        #expect(path.prepare(keys[0]) && path.prepare(keys[1]))
        check(0, times: 1)
        check(1, times: 1)
        // Both are busy: no room.
        #expect(!path.prepare(keys[2]))
        #expect(tables() == [true, true, false, false])
        check(0, times: 5)
        #expect(path.prepare(keys[2]))
        #expect(tables() == [true, false, true, false])
        check(2, times: 5)
        // Checks of keys without a table count as well.
        check(3, times: 5)
        #expect(path.prepare(keys[3]))
        #expect(path.tableCount == 2)
        #expect(tables() == [false, false, true, true])
        for key in keys.indices { check(key, times: 2) }
        // An evicted key may come back.
        check(3, times: 5)
        #expect(path.prepare(keys[0]))
        #expect(path.tableCount == 2)
    }

    @Test("T75: threads share keys and tables while these are built and evicted")
    func threads() async throws {
        let path = ES256FastPath(keyCountMax: 2, idleCheckCountMin: 0)
        let keys = try (0..<4).map { _ in try SignatureKey.generate(algorithm: .es256) }
        let wrong = await withTaskGroup(of: Int.self, returning: Int.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(worker))
                    var wrong = 0
                    guard let verifiers = try? keys.map({ try SignatureVerifier($0, fastPath: path) }),
                        let signatures = try? keys.map({ try sign($0, Self.message) })
                    else { return 1 }
                    for _ in 0..<400 {
                        let key = Int.random(in: 0..<4, using: &random)
                        let signer = Int.random(in: 0..<4, using: &random)
                        if isValid(verifiers[key], signatures[signer], Self.message) != (key == signer) { wrong += 1 }
                        if Int.random(in: 0..<16, using: &random) == 0 { path.prepare(keys[key]) }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
        #expect(path.tableCount <= 2)
    }

    @Test("RFC 7515 A.3 through both paths")
    func rfc7515A3() throws {
        let key = try parseJWK(rfc7515A3Key)
        let (message, signature) = split(rfc7515A3Token)
        let paths = try ES256Paths(key)
        #expect(paths.verdict(signature, digest: sha256(message)) == true)
        for bit in 0..<512 {
            var changed = signature
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(paths.verdict(changed, digest: sha256(message)) == false)
        }
        let path = ES256FastPath()
        #expect(path.prepare(key))
        let verifier = try SignatureVerifier(key, fastPath: path)
        #expect(isValid(verifier, signature, message) && !isValid(verifier, signature, message + [0]))
    }
}

@Suite("Wycheproof ES256 through both paths", .enabled(if: VectorFiles.isPresent))
struct ES256WycheproofTests {
    @Test("T13 to T18: equal verdicts, which are the file's")
    func verdicts() throws {
        var wrong: [Int] = []
        var count = 0
        for group in try VectorFiles.json("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json")["testGroups"].array {
            let key = try parsePEM(group["publicKeyPem"].string)
            let (on, off) = (ES256FastPath(), ES256FastPath(isEnabled: false))
            #expect(on.prepare(key) && !off.prepare(key))
            let fast = try SignatureVerifier(key, fastPath: on)
            let plain = try SignatureVerifier(key, fastPath: off)
            for test in group["tests"].array {
                let (message, signature) = (test["msg"].hexBytes, test["sig"].hexBytes)
                let expected = test["result"].string == "valid"
                if isValid(fast, signature, message) != expected || isValid(plain, signature, message) != expected {
                    wrong.append(test["tcId"].int)
                }
                count += 1
            }
        }
        #expect(wrong == [])
        #expect(count > 200)
    }
}

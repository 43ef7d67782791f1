// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

@Suite("Ed25519 fast path")
struct Ed25519FastPathTests {
    static let message = Array("eyJhbGciOiJFZERTQSJ9.e30".utf8)

    /// A verifier whose table decides alone, and one without tables.
    private func verifiers(_ key: SignatureKey, _ path: Ed25519FastPath) throws -> (
        SignatureVerifier, SignatureVerifier
    ) {
        #expect(path.prepare(key))
        let fast = try SignatureVerifier(key, fastEd25519: path)
        return (fast, try SignatureVerifier(key, fastEd25519: Ed25519FastPath(isEnabled: false)))
    }

    @Test("a key earns its table by valid signatures; a new table decides beside OpenSSL first")
    func earning() async throws {
        let path = Ed25519FastPath()
        let key = try SignatureKey.generate(algorithm: .edDSA)
        let verifier = try SignatureVerifier(key, fastEd25519: path)
        let signature = try sign(key, Self.message)
        var forged = signature
        forged[40] ^= 1
        for _ in 0..<(2 * Ed25519FastPath.successCountBeforeTable) { #expect(!isValid(verifier, forged, Self.message)) }
        #expect(path.tableCount == 0)
        for _ in 0..<Ed25519FastPath.successCountBeforeTable { #expect(isValid(verifier, signature, Self.message)) }
        #expect(path.tableCount == 1)
        for _ in 0..<2_000 where !path.hasTable(for: key) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(path.hasTable(for: key))
        for _ in 0..<(2 * Ed25519KeyTable.agreementCountBeforeTrust) {
            #expect(isValid(verifier, signature, Self.message))
            #expect(!isValid(verifier, forged, Self.message))
        }
        #expect(path.hasTable(for: key))
    }

    @Test("a table that disagrees with OpenSSL is dropped for good, and OpenSSL goes on checking")
    func disagreement() throws {
        let other = try SignatureKey.generate(algorithm: .edDSA)
        let key = try SignatureKey.generate(algorithm: .edDSA)
        let path = Ed25519FastPath(makeTable: { _ in Ed25519KeyTable(key: other) })
        let verifier = try SignatureVerifier(key, fastEd25519: path)
        #expect(path.prepare(key))
        let signature = try sign(key, Self.message)
        // The other key's own signature would be valid for this table: OpenSSL has the word.
        #expect(!isValid(verifier, try sign(other, Self.message), Self.message))
        #expect(!path.hasTable(for: key) && path.tableCount == 0)
        for _ in 0..<(3 * Ed25519FastPath.successCountBeforeTable) {
            #expect(isValid(verifier, signature, Self.message))
        }
        #expect(!path.prepare(key))
    }

    @Test("T13 T18 generated signatures, valid and changed everywhere: equal verdicts", arguments: 0..<3)
    func differential(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3 {
            let key = try SignatureKey.generate(algorithm: .edDSA)
            let path = Ed25519FastPath()
            let (fast, plain) = try verifiers(key, path)
            for _ in 0..<40 {
                let message = random.bytes(Int.random(in: 0...300, using: &random))
                let signature = try sign(key, message)
                #expect(isValid(fast, signature, message) && isValid(plain, signature, message))
                for change in 0..<6 {
                    var (changed, text) = (signature, message)
                    switch change {
                    case 0:
                        changed[Int.random(in: 0..<64, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                    case 1: changed.replaceSubrange(0..<32, with: random.bytes(32))
                    case 2: changed.replaceSubrange(32..<64, with: random.bytes(32))
                    case 3: text.append(0)
                    case 4: changed = Self.addingOrder(to: changed)
                    default: changed.removeLast(Int.random(in: 1...64, using: &random))
                    }
                    let verdict = isValid(fast, changed, text)
                    #expect(verdict == isValid(plain, changed, text))
                    #expect(!verdict)
                }
            }
            // A table that had disagreed once would be gone, and OpenSSL would have answered.
            #expect(path.hasTable(for: key))
        }
    }

    /// S + L: the same number modulo the order, which must not pass.
    private static func addingOrder(to signature: [UInt8]) -> [UInt8] {
        let order: [UInt8] = [
            0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        var (changed, carry) = (signature, 0)
        for i in 0..<32 {
            carry += Int(changed[32 + i]) + Int(order[i])
            changed[32 + i] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        return changed
    }

    @Test("crafted R: small order, not canonical, zero scalars: refused by both, whatever S is")
    func craftedPoints() throws {
        let key = try SignatureKey.generate(algorithm: .edDSA)
        let (fast, plain) = try verifiers(key, Ed25519FastPath())
        var points: [[UInt8]] = [
            [1] + [UInt8](repeating: 0, count: 31), [UInt8](repeating: 0, count: 32),
            [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
            [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
            [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F], [UInt8](repeating: 0xFF, count: 32),
        ]
        points += points.map { point in point.dropLast() + [point[31] ^ 0x80] }
        for point in points {
            for s in [[UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31)] {
                for text in [[], Self.message] {
                    #expect(!isValid(fast, point + s, text))
                    #expect(!isValid(plain, point + s, text))
                }
            }
        }
    }

    @Test("the switch turns tables off and on")
    func switching() throws {
        let path = Ed25519FastPath()
        let key = try SignatureKey.generate(algorithm: .edDSA)
        path.isEnabled = false
        #expect(!path.prepare(key))
        path.isEnabled = true
        #expect(path.prepare(key) && path.hasTable(for: key))
        #expect(!path.prepare(try SignatureKey.generate(algorithm: .es256)))
        path.isEnabled = false
        #expect(!path.hasTable(for: key))
    }
}

@Suite("Wycheproof Ed25519 through both paths", .enabled(if: VectorFiles.isPresent))
struct Ed25519WycheproofTests {
    @Test("T13 to T18: equal verdicts, which are the file's")
    func verdicts() throws {
        var wrong: [Int] = []
        var count = 0
        for group in try VectorFiles.json("wycheproof/ed25519_test.json")["testGroups"].array {
            guard let key = try? parsePEM(group["publicKeyPem"].string) else { continue }
            let path = Ed25519FastPath()
            #expect(path.prepare(key))
            let fast = try SignatureVerifier(key, fastEd25519: path)
            let plain = try SignatureVerifier(key, fastEd25519: Ed25519FastPath(isEnabled: false))
            for test in group["tests"].array {
                let (message, signature) = (test["msg"].hexBytes, test["sig"].hexBytes)
                let expected = test["result"].string == "valid"
                if isValid(fast, signature, message) != expected || isValid(plain, signature, message) != expected {
                    wrong.append(test["tcId"].int)
                }
                // Nothing may have made the table disagree.
                if !path.hasTable(for: key) { wrong.append(-test["tcId"].int) }
                count += 1
            }
        }
        #expect(wrong == [])
        #expect(count > 100)
    }
}

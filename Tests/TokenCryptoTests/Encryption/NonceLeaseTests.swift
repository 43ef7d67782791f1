// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import TokenCrypto

@Suite("T53: nonces of dir and A*GCMKW keys")
struct NonceLeaseTests {
    let key: EncryptionKey
    let folder: TemporaryFolder
    var path: String { folder.file("nonces") }

    init() throws {
        key = try EncryptionKey.generate(algorithm: .direct)
        folder = try TemporaryFolder()
    }

    private static func take(_ lease: NonceLease) throws(EncryptionError) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: 12)
        var span = nonce.mutableSpan
        try lease.take(into: &span)
        return nonce
    }

    private func take(_ lease: NonceLease) throws(EncryptionError) -> [UInt8] { try Self.take(lease) }

    private func count(_ nonce: [UInt8]) -> Int { nonce[8...].reduce(0) { $0 << 8 | Int($1) } }

    private func fileText() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("counts never repeat, across leases of one file and after a crash, even when the random bits do")
    func restarts() throws {
        // The worst generator: the same bits each time. The count alone must keep nonces apart.
        var seen: Set<[UInt8]> = []
        // Kept, as a crash would: a lease that goes gives back what it has not used.
        var leases: [NonceLease] = []
        for round in 0..<4 {
            let lease = try NonceLease(key: key, path: path, random: { _ in true })
            leases.append(lease)
            for _ in 0..<10 {
                let nonce = try take(lease)
                #expect(seen.insert(nonce).inserted)
                #expect(count(nonce) / Int(NonceLease.blockCount) == round)
            }
        }
        let (first, second) = (try NonceLease(key: key, path: path), try NonceLease(key: key, path: path))
        for _ in 0..<10 {
            #expect(try seen.insert(take(first)).inserted)
            #expect(try seen.insert(take(second)).inserted)
        }
        #expect(leases.count == 4)
    }

    @Test("a copied or restored state file gives other nonces")
    func copies() throws {
        let lease = try NonceLease(key: key, path: path)
        let first = try take(lease)
        try FileManager.default.removeItem(atPath: path)
        let other = try take(NonceLease(key: key, path: path))
        #expect(count(first) == count(other))
        #expect(first != other)
    }

    @Test("threads share a lease without a repetition")
    func threads() async throws {
        let lease = try NonceLease(key: key, path: path)
        let all = await withTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<4 { group.addTask { (0..<500).compactMap { _ in try? Self.take(lease) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(all.count == 2000)
        #expect(Set(all).count == 2000)
    }

    @Test("the budget ends at 2^32, and is announced at 2^31")
    func budget() throws {
        let lease = try NonceLease(key: key, path: path)
        _ = try take(lease)
        #expect(!lease.isWearing)
        func set(_ count: UInt64) throws {
            let digits = String(count)
            let padded = String(repeating: "0", count: 20 - digits.count) + digits
            let words = try fileText().split(separator: " ").dropLast() + [Substring(padded + "\n")]
            try words.joined(separator: " ").write(toFile: path, atomically: false, encoding: .utf8)
        }
        try set(NonceLease.countSoftMax)
        let wearing = try NonceLease(key: key, path: path)
        #expect(try count(take(wearing)) == Int(NonceLease.countSoftMax))
        #expect(wearing.isWearing)
        try set(NonceLease.countMax - NonceLease.blockCount)
        let last = try NonceLease(key: key, path: path)
        #expect(try count(take(last)) == Int(NonceLease.countMax - NonceLease.blockCount))
        let spent = try NonceLease(key: key, path: path)
        #expect(throws: EncryptionError.nonceBudget) { try take(spent) }
        try set(NonceLease.countMax - NonceLease.blockCount + 1)
        #expect(throws: EncryptionError.nonceBudget) { try take(NonceLease(key: key, path: path)) }
    }

    @Test("a file of another key, or none of ours, is refused")
    func foreignFiles() throws {
        _ = try take(NonceLease(key: key, path: path))
        let other = try EncryptionKey.generate(algorithm: .direct)
        #expect(throws: EncryptionError.nonceState) { _ = try NonceLease(key: other, path: path) }
        for text in ["hello", "\n", try fileText() + "x", String(try fileText().dropLast(2)) + "x\n"] {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            #expect(throws: EncryptionError.nonceState) { _ = try NonceLease(key: key, path: path) }
        }
        #expect(throws: EncryptionError.nonceState) {
            _ = try NonceLease(key: key, path: folder.file("no/such/folder"))
        }
    }

    @Test("what a program leaves of its block can be given back, unless another has reserved behind it")
    func givingBack() throws {
        let lease = try NonceLease(key: key, path: path)
        for _ in 0..<3 { _ = try take(lease) }
        lease.giveBack()
        #expect(try fileText().hasSuffix("00000000000000000003\n"))
        #expect(try count(take(lease)) == 3)
        let second = try NonceLease(key: key, path: path)
        _ = try take(second)
        let before = try fileText()
        lease.giveBack()
        #expect(try fileText() == before)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}

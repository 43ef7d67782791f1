// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import VaultTestSupport

@testable import TokenPrivacy

@Suite struct ReferenceTests {
    /// CRC-32C a bit at a time.
    private static func naive(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        return ~crc
    }

    @Test("the checksum is CRC-32C, for every length and alignment")
    func checksum() {
        let check = Array("123456789".utf8)
        let known = CRC32C.checksum(check.span)
        #expect(known == 0xE306_9283)
        var random = SeededGenerator(seed: 5)
        let bytes = random.bytes(140)
        for start in 0..<9 {
            for end in start..<140 {
                let sum = CRC32C.checksum(bytes.span.extracting(start..<end))
                #expect(sum == Self.naive(Array(bytes[start..<end])))
            }
        }
    }

    @Test("a text has one spelling, and every changed character shows")
    func text() {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<50 {
            let bytes = random.bytes(32)
            var text = ByteScratch()
            VaultReference.appendText(bytes.span, to: &text)
            let spelled = [UInt8](text.span)
            #expect(spelled.count == 52 && String(decoding: spelled, as: UTF8.self).hasPrefix("r1_"))
            var back = ByteScratch()
            let isRead = VaultReference.appendBytes(spelled.span, to: &back)
            let read = [UInt8](back.span)
            #expect(isRead && read == bytes)
            for i in spelled.indices {
                var changed = spelled
                changed[i] = changed[i] == 0x61 ? 0x62 : 0x61
                let isTaken = VaultReference.isReference(changed.span)
                #expect(!isTaken)
            }
            let prefixes = (0..<52).filter { VaultReference.isReference(spelled.span.extracting(0..<$0)) }
            #expect(prefixes.isEmpty)
        }
    }

    @Test("T87 references are all different, look random though they hold a place, and are stored as a hash only")
    func unpredictable() throws {
        let folder = try VaultFolder()
        let keys = try VaultSamples.keys()
        let vault = try folder.make(keys, VaultOptions(audit: .off, resolvesPerMinute: nil))
        var deposits = VaultDeposits()
        let name = Array("x".utf8)
        let person = try deposits.addPerson(issuer: name.span, subject: name.span)
        let label = try VaultSamples.label()
        // All of one second, so that their places differ in the last bits alone.
        for _ in 0..<20_000 {
            try deposits.add(
                name.span, person: person, label: label, expiresSeconds: VaultSamples.now + 60,
                binding: VaultSamples.binding())
        }
        try vault.put(&deposits, now: VaultSamples.now)
        var seen: Set<[UInt8]> = []
        var starts: Set<[UInt8]> = []
        var ones = [Int](repeating: 0, count: 256)
        for i in 0..<20_000 {
            let bytes = [UInt8](deposits.references.span.extracting((i * 32)..<((i + 1) * 32)))
            seen.insert(bytes)
            starts.insert(Array(bytes[..<8]))
            for bit in 0..<256 { ones[bit] += Int(bytes[bit / 8] >> UInt8(bit % 8)) & 1 }
        }
        #expect(seen.count == 20_000 && starts.count == 20_000)
        // Six standard deviations of 20 000 fair coins are 424.
        #expect(ones.allSatisfy { abs($0 - 10_000) < 424 })
        let stored = try folder.allBytes()
        for i in 0..<20 {
            let bytes = [UInt8](deposits.references.span.extracting((i * 32)..<((i + 1) * 32)))
            #expect(stored.firstRange(of: Data(bytes)) == nil)
            #expect(stored.firstRange(of: Data(bytes[8...])) == nil)
            #expect(stored.firstRange(of: Data(deposits.reference(i).utf8.dropFirst(3).prefix(43))) == nil)
        }
    }
}

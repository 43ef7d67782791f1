// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto

/// The verdicts of both paths over one digest.
struct ES256Paths {
    let table: ES256KeyTable
    let reference: ES256Reference

    init(_ key: SignatureKey) throws {
        table = try #require(ES256KeyTable(key: key))
        reference = try ES256Reference(key)
    }

    init(x: [UInt8], y: [UInt8]) throws {
        try self.init(try parseJWK(#"{"kty":"EC","crv":"P-256","x":"\#(base64URL(x))","y":"\#(base64URL(y))"}"#))
    }

    /// Nil when the paths differ.
    func verdict(_ signature: [UInt8], digest: [UInt8]) -> Bool? {
        let verdict = table.accepts(signature, digest: digest)
        return verdict == reference.isValid(signature.span, digest: digest.span) ? verdict : nil
    }
}

extension ES256KeyTable {
    func accepts(_ signature: [UInt8], digest: [UInt8]) -> Bool { isValid(signature.span, digest: digest.span) }
    func construct(_ a: [UInt8], _ b: [UInt8]) -> Constructed? { construct(a: a.span, b: b.span) }
}

func keyTable(_ x: [UInt8], _ y: [UInt8]) -> ES256KeyTable? { ES256KeyTable(x: x.span, y: y.span) }

@Suite("ES256 key tables")
struct ES256KeyTableTests {
    static let p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
    static let n = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    static let gx = hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")
    static let gy = hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")

    @Test("T13: crafted signatures: u1 = 0, equal and opposite points, infinity, r + n, ranges, digit edges")
    func crafted() throws {
        var wrong: [String] = []
        for test in ES256CraftedSignature.all {
            let key = hex(test.key)
            let paths = try ES256Paths(x: Array(key.prefix(32)), y: Array(key.suffix(32)))
            if paths.verdict(hex(test.signature), digest: hex(test.digest)) != test.isValid { wrong.append(test.name) }
        }
        #expect(wrong == [])
    }

    @Test("T14: every other length of a signature or digest is refused")
    func lengths() throws {
        let paths = try ES256Paths(GeneratedKeys.key(.es256))
        let made = try #require(paths.table.construct(Self.gx, Self.gy))
        #expect(paths.verdict(made.signature, digest: made.digest) == true)
        let long = made.signature + made.signature
        for count in 0...128 where count != 64 {
            #expect(!paths.table.accepts(Array(long.prefix(count)), digest: made.digest))
        }
        for count in 0..<32 {
            #expect(!paths.table.accepts(made.signature, digest: Array(made.digest.prefix(count))))
        }
        #expect(!paths.table.accepts(made.signature, digest: made.digest + [0]))
    }

    @Test("T58: no table for points off the curve, coordinates of p and above, and other lengths")
    func points() {
        #expect(keyTable(Self.gx, Self.gy) != nil)
        let zero = [UInt8](repeating: 0, count: 32)
        let all = [UInt8](repeating: 255, count: 32)
        var next = Self.gy
        next[31] += 1
        for (x, y) in [
            (Self.gx, next), (Self.gy, Self.gx), (zero, zero), (Self.p, Self.gy), (Self.gx, Self.p), (all, all),
            (zero, Self.p), (Self.gx, Array(Self.gy.dropLast())), (Self.gx + [0], Self.gy), ([], []),
        ] {
            #expect(keyTable(x, y) == nil)
        }
        #expect(ES256KeyTable(key: GeneratedKeys.key(.es384)) == nil)
    }

    @Test("every entry of the tables takes part in signatures that OpenSSL accepts")
    func everyEntry() throws {
        let paths = try ES256Paths(GeneratedKeys.key(.es256))
        var wrong: [UInt8] = []
        // Scalars of one repeated byte use each window's entry of that digit; from 129 on, the digits are negative.
        for digit in UInt8(1)...255 {
            var scalar = [UInt8](repeating: digit, count: 32)
            scalar[0] &= 0x7F
            let made = paths.table.construct(scalar, scalar)
            guard let made, paths.verdict(made.signature, digest: made.digest) == true else {
                wrong.append(digit)
                continue
            }
        }
        #expect(wrong == [])
    }

    @Test("nothing is constructed from a or b of 0 or n, nor from other lengths")
    func construct() throws {
        let table = try #require(ES256KeyTable(key: GeneratedKeys.key(.es256)))
        let zero = [UInt8](repeating: 0, count: 32)
        for bad in [zero, Self.n, [], [1], Self.gx + [1]] {
            #expect(table.construct(bad, Self.gx) == nil)
            #expect(table.construct(Self.gx, bad) == nil)
        }
        // G - G is infinite.
        let base = try #require(keyTable(Self.gx, Self.gy))
        var minus = Self.n
        minus[31] -= 1
        var one = zero
        one[31] = 1
        #expect(base.construct(one, minus) == nil)
    }

    @Test("the self-test passes for a key's own table and fails for another's")
    func selfTest() throws {
        let key = GeneratedKeys.key(.es256)
        let table = try #require(ES256KeyTable(key: key))
        #expect(try ES256Reference(key).agrees(with: table))
        let other = try SignatureKey.generate(algorithm: .es256)
        #expect(!(try ES256Reference(other).agrees(with: table)))
        #expect(throws: KeyError.algorithmKeyMismatch) { try ES256Reference(GeneratedKeys.key(.es384)) }
        #expect(ES256KeyTable.byteCount == 256 * 1024)
    }

    /// Signatures to try; `CLOAKROOM_ES256_ROUNDS` for a longer run.
    static let rounds = ProcessInfo.processInfo.environment["CLOAKROOM_ES256_ROUNDS"].flatMap { Int($0) } ?? 1500

    @Test("T13, T19: generated signatures, valid and changed, have the same verdict on both paths")
    func differential() throws {
        var random = SeededGenerator(seed: 7518)
        var wrong: [String] = []
        for start in stride(from: 0, to: Self.rounds, by: 50) {
            let key = try SignatureKey.generate(algorithm: .es256)
            let paths = try ES256Paths(key)
            let signer = try SignatureSigner(key)
            func expect(_ verdict: Bool?, _ signature: [UInt8], _ digest: [UInt8]) throws {
                let isRight =
                    verdict == nil
                    ? paths.verdict(signature, digest: digest) != nil
                    : paths.verdict(signature, digest: digest) == verdict
                if !isRight { wrong.append(try publicJWK(key) + " " + digest.hexText + " " + signature.hexText) }
            }
            for inner in 0..<min(50, Self.rounds - start) {
                var (digest, signature): ([UInt8], [UInt8])
                if inner % 2 == 0 {
                    let message = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
                    (digest, signature) = (sha256(message), try sign(signer, message))
                } else {
                    let (a, b) = (Self.scalar(&random), Self.scalar(&random))
                    guard let made = paths.table.construct(a, b) else { continue }
                    (digest, signature) = (made.digest, made.signature)
                }
                try expect(true, signature, digest)
                // A changed signature may be valid (n - s is): only the paths' agreement is asked.
                try expect(nil, Self.changed(signature, &random), digest)
                try expect(nil, Self.changed(signature, &random), digest)
                digest[Int.random(in: 0..<32, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try expect(false, signature, digest)
            }
        }
        #expect(wrong == [])
    }

    /// A number with long runs of ones and zeros, or of few bytes, or any.
    private static func scalar(_ random: inout SeededGenerator) -> [UInt8] {
        let kind = Int.random(in: 0..<4, using: &random)
        let fill: [UInt8] = [0, 0xFF, 0x80, 0x7F, 0x81]
        return (0..<32).map { i in
            switch kind {
            case 0: UInt8.random(in: 0...255, using: &random)
            case 1: fill[Int.random(in: 0..<5, using: &random)]
            case 2: i < 24 ? 0 : UInt8.random(in: 0...255, using: &random)
            default: i % 8 == 7 ? UInt8.random(in: 0...255, using: &random) : 0xFF
            }
        }
    }

    /// The signature with a bit flipped, a byte set, its halves swapped, s negated or a half out of range.
    private static func changed(_ signature: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var changed = signature
        let at = Int.random(in: 0..<64, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: changed[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: changed[at] = UInt8.random(in: 0...255, using: &random)
        case 3: changed = Array(signature.suffix(32) + signature.prefix(32))
        case 4: changed.replaceSubrange(32..., with: difference(n, Array(signature.suffix(32))))
        default: changed.replaceSubrange(at / 32 * 32..<at / 32 * 32 + 32, with: at % 2 == 0 ? n : p)
        }
        return changed
    }

    /// a - b for a >= b, big-endian.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var result = a
        var borrow = 0
        for i in a.indices.reversed() {
            let value = Int(a[i]) - Int(b[i]) - borrow
            borrow = value < 0 ? 1 : 0
            result[i] = UInt8(truncatingIfNeeded: value)
        }
        return result
    }
}

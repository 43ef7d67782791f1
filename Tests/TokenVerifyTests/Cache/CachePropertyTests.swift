// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import TokenVerify

/// The cache under random traffic, beside the oracle: a verifier without a cache.
@Suite struct CachePropertyTests {
    static let now = CacheHarness.now

    @Test("T65 T67 random tokens, times and sizes: the answer is the one without a cache", arguments: 0..<6)
    func differential(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var harness = try CacheHarness(
            VerifiedTokenCache(
                byteCount: seed % 2 == 0 ? 64 * 1024 : 1 << 20, ttlSeconds: [5, 40, 1_000][Int(seed) % 3],
                storesTokenBytes: seed % 3 != 2)
        ) { entry in
            entry.required = [.issuer, .audience]
        }
        var tokens: [[UInt8]] = []
        for number in 0..<160 {
            let exp = Self.now + Int64.random(in: -20...120, using: &random)
            let iat = Self.now + Int64.random(in: -50...50, using: &random)
            let fraction = Bool.random(using: &random) ? ".5" : ""
            var more = ",\"n\":\(number)"
            if Bool.random(using: &random) {
                more += ",\"nbf\":\(Self.now + Int64.random(in: -50...50, using: &random))"
            }
            more += ",\"pad\":\"" + String(repeating: "p", count: Int.random(in: 0...900, using: &random)) + "\""
            var token = try harness.token("s\(number)", exp: "\(exp)\(fraction)", iat: "\(iat)", more: more)
            if number % 13 == 0 { token[Int.random(in: 0..<token.count, using: &random)] ^= 1 }
            tokens.append(token)
        }
        var time = Self.now
        for step in 0..<6_000 {
            if step % 20 == 0 { time += Int64.random(in: -3...4, using: &random) }
            if step % 977 == 0 { time = Self.now + Int64.random(in: -100...150, using: &random) }
            // The square makes some tokens far more wanted than others.
            let skew = Double.random(in: 0..<1, using: &random)
            let token = tokens[Int(skew * skew * Double(tokens.count))]
            let answer = harness.ask(token, now: time)
            let expected = harness.askPlain(token, now: time)
            guard answer == expected else {
                Issue.record("step \(step) at \(time - Self.now): \(answer) is not \(expected)")
                return
            }
        }
        let hits = harness.hitCount
        #expect(hits > 500)
    }

    @Test(
        "T67 T72 many threads over a cache that is too small: each gets its own token's claims",
        arguments: [true, false])
    func threads(_ storesTokenBytes: Bool) async throws {
        let cache = VerifiedTokenCache(byteCount: 64 * 1024, storesTokenBytes: storesTokenBytes)
        let harness = try CacheHarness(cache)
        let verifier = harness.cached
        let tokens = try (0..<300).map { try harness.token("subject-\($0)", more: #","pad":"\#($0 * 7_919)""#) }
        let claims = tokens.map { Array(String(decoding: $0, as: UTF8.self).split(separator: ".")[1].utf8) }
        await withTaskGroup(of: Int.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(thread))
                    var worker = verifier.makeWorker()
                    var wrong = 0
                    for step in 0..<4_000 {
                        let skew = Double.random(in: 0..<1, using: &random)
                        let number = Int(skew * skew * skew * Double(tokens.count))
                        let token = tokens[number]
                        guard case .accepted(let accepted) = verifier.verify(token.span, now: Self.now, using: &worker)
                        else {
                            wrong += 1
                            continue
                        }
                        let json = worker.withClaims(of: accepted) { $0.array }
                        if NaiveBase64URL.encode(json).utf8.elementsEqual(claims[number]) == false { wrong += 1 }
                        if thread == 0, step % 1_500 == 1_499 { cache.removeAll() }
                    }
                    return wrong
                }
            }
            for await wrong in group { #expect(wrong == 0) }
        }
        let statistics = cache.statistics
        #expect(statistics.hitCount > 0)
        #expect(statistics.hitCount + statistics.missCount + statistics.staleCount == 16_000)
    }

    @Test("a ring gives room out as a list of pieces would", arguments: 0..<20)
    func ring(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ring = CacheRing(base: 7, wordCount: 100)
        // The oracle: the pieces in use, oldest first.
        var pieces: [(range: Range<Int>, serial: UInt64)] = []
        for _ in 0..<5_000 {
            let count = Int.random(in: 1...45, using: &random)
            let serial = ring.nextSerial
            if let offset = ring.take(count) {
                let range = offset..<(offset + count)
                #expect(range.upperBound <= 100)
                #expect(!pieces.contains { $0.range.overlaps(range) })
                pieces.append((range, serial))
                #expect(ring.nextSerial == serial + 1)
            } else if let oldest = pieces.first {
                #expect(ring.tail == oldest.range.lowerBound)
                #expect(ring.oldest == oldest.serial)
                ring.release(oldest.range.count)
                pieces.removeFirst()
            } else {
                Issue.record("an empty ring gave no room")
            }
            #expect(ring.entryCount == pieces.count)
        }
    }

    @Test("T81 without token bytes no part of a token stands in the cache's memory")
    func digests() throws {
        for storesTokenBytes in [true, false] {
            var harness = try CacheHarness(VerifiedTokenCache(byteCount: 64 * 1024, storesTokenBytes: storesTokenBytes))
            let token = try harness.token("subject")
            for _ in 0..<2 { _ = harness.ask(token) }
            let words = harness.cache.words
            let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
            let signature = token.suffix(16)
            #expect(bytes.contains(signature) == storesTokenBytes)
        }
    }
}

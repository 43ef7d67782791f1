// SPDX-License-Identifier: Apache-2.0
import TokenVerify

/// Tokens that come again and again while time goes on and back: a small cache against no cache. Two bytes are a step:
/// which token, and how far the clock moves.
struct CacheTarget: FuzzTarget {
    static let name = "cache"
    static func seeds() throws -> [[UInt8]] {
        [Array(0..<64), [UInt8](repeating: 3, count: 40), (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37) }]
    }
    private let caching: Caching

    init() throws { caching = try Caching() }

    mutating func run(_ input: [UInt8]) {
        caching.cache.removeAll()
        var now = CacheHarness.now
        for i in stride(from: 0, to: min(input.count, 128) - 1, by: 2) {
            now += Int64(Int8(bitPattern: input[i + 1]))
            require(caching.agrees(Int(input[i]), now: now), "the cache changes an answer")
        }
    }
}

private final class Caching {
    let cache = VerifiedTokenCache(byteCount: 64 * 1024, ttlSeconds: 100)
    private var harness: CacheHarness
    private var tokens: [[UInt8]] = []

    init() throws {
        harness = try CacheHarness(cache) { $0.required = [.issuer, .audience] }
        for i in 0..<96 {
            let start = Int(CacheHarness.now)
            let pad = String(repeating: "p", count: i % 7 == 0 ? 2_000 : i * 5)
            var token = try harness.token(
                "s\(i)", exp: "\(start + i * 8 - 40)", iat: "\(start - i % 50)",
                more: (i % 3 == 0 ? ",\"nbf\":\(start + i)" : "") + ",\"pad\":\"\(pad)\"")
            if i % 11 == 0 { token[token.count / 2] ^= 1 }
            tokens.append(token)
        }
    }

    func agrees(_ index: Int, now: Int64) -> Bool {
        let token = tokens[index % tokens.count]
        return harness.ask(token, now: now) == harness.askPlain(token, now: now)
    }
}

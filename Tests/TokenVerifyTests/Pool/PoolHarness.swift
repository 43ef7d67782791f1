// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TokenCrypto
import TokenScan
import TokenVerify

/// Issuers of several algorithms, and tokens of which each says which it is.
struct PoolHarness: Sendable {
    static let now: Int64 = 1_800_000_000

    let ring: KeyRing
    let verifier: Verifier
    let key: SignatureKey

    init(_ algorithm: SignatureAlgorithm = .hs256, cache: VerifiedTokenCache? = nil) throws {
        key = try SignatureKey.generate(algorithm: algorithm, keyID: Array("k1".utf8))
        ring = try KeyRing([key])
        verifier = try Verifier(accept: [AcceptEntry(issuers: ["i"], audiences: ["a"], keys: ring)], cache: cache)
    }

    /// The token of a subject; every `spoiled`-th has a broken signature.
    func tokens(_ names: Range<Int>, spoiledEvery period: Int = 5) throws -> [String] {
        let maker = try TokenMaker(key)
        return try names.map { name in
            let token = try maker.token(#"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000,"sub":"\#(name)"}"#)
            guard name % period == period - 1 else { return token }
            let end = token.suffix(8)
            return token.dropLast(8) + String(end.reversed()) + (end == String(end.reversed()) ? "A" : "")
        }
    }

    static func batch(_ tokens: [String]) -> TokenBatch {
        var batch = TokenBatch()
        for token in tokens { batch.append(token) }
        return batch
    }

    /// Whether each verdict is that of its token: the subject for good ones, a refusal for spoiled ones.
    static func isRight(_ verdicts: BatchVerdicts, _ names: Range<Int>, spoiledEvery period: Int = 5) -> Bool {
        guard verdicts.count == names.count else { return false }
        for (i, name) in names.enumerated() {
            switch verdicts[i] {
            case .accepted(let entry):
                let claims = verdicts.withClaims(of: i) { $0.text }
                guard entry == 0, name % period != period - 1, claims.hasSuffix(#""sub":"\#(name)"}"#) else {
                    return false
                }
            case .refused: guard name % period == period - 1 else { return false }
            }
        }
        return true
    }
}

/// Counts by name, from any thread.
///
/// Sendable by hand: the lock guards the counts. Not `Mutex`, whose slow path the thread sanitizer does not see.
final class Tally: @unchecked Sendable {
    private let lock = NSLock()
    private var counts: [String: Int] = [:]

    func add(_ name: String) { lock.withLock { counts[name, default: 0] += 1 } }
    subscript(name: String) -> Int { lock.withLock { counts[name] ?? 0 } }
}

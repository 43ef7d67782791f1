// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import TokenCrypto
import TokenVerify

/// A pool with a cache under load, while keys rotate, tokens expire and are revoked, and callers give up.
///
/// Each token says in its claims which it is, and the soak knows what its verdict must be: when a fact changed during
/// the call, either verdict; else just one.
final class LoadSoak: Sendable {
    static let start: Int64 = 1_800_000_000
    private static let tokenCount = 240

    private let steadyKey: SignatureKey
    private let rotatedKeys: [SignatureKey]
    private let rotating: KeyRing
    private let revocations = RevocationList()
    private let tokens: [Fact]
    let cache: VerifiedTokenCache
    let pool: VerificationPool
    let tally = Tally()

    /// The clock, in seconds.
    private let clock = Atomic<Int64>(start)
    /// Even: the first rotated key is in the ring; odd: it is not. Raised before and after each swap.
    private let rotation = Atomic<Int>(0)
    private let revokedCount = Atomic<Int>(0)
    private let isOver = Atomic<Bool>(false)

    /// A token and what is known of it.
    struct Fact: Sendable {
        enum Kind: Sendable { case steady, rotating, expiring, revoked(Int), forged }
        let kind: Kind
        let token: [UInt8]
        let ending: String
        let expires: Int64
    }

    init() throws {
        steadyKey = try SignatureKey.generate(algorithm: .es256, keyID: Array("s".utf8))
        rotatedKeys = try (0..<2).map { try SignatureKey.generate(algorithm: .hs256, keyID: Array("r\($0)".utf8)) }
        rotating = try KeyRing(rotatedKeys)
        cache = VerifiedTokenCache(byteCount: 256 * 1024, ttlSeconds: 20)
        let verifier = try Verifier(
            accept: [
                AcceptEntry(issuers: ["steady"], audiences: ["a"], keys: try KeyRing([steadyKey])),
                AcceptEntry(issuers: ["rotating"], audiences: ["a"], keys: rotating),
            ], cache: cache, revocation: RevocationCheck(list: revocations))
        pool = try VerificationPool(verifier, workerCount: 3)
        let steady = try TokenMaker(steadyKey)
        let rotated = try TokenMaker(rotatedKeys[0])
        var tokens: [Fact] = []
        for number in 0..<Self.tokenCount {
            let kinds: [Fact.Kind] = [.steady, .rotating, .expiring, .revoked(number / 5), .forged]
            let kind = kinds[number % 5]
            var (maker, issuer) = (steady, "steady")
            if case .rotating = kind { (maker, issuer) = (rotated, "rotating") }
            // The clock moves a second for a few milliseconds of the run.
            var expires = Self.start + 3_000
            if case .expiring = kind { expires = Self.start + Int64(number) }
            let ending = #""sub":"\#(number)"}"#
            var token = Array(
                try maker.token(
                    #"{"iss":"\#(issuer)","aud":"a","jti":"j\#(number)","iat":\#(Self.start),"exp":\#(expires),"#
                        + ending
                ).utf8)
            if case .forged = kind {
                let place = token.count - 9
                token[place] = token[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            }
            tokens.append(Fact(kind: kind, token: token, ending: ending, expires: expires))
        }
        self.tokens = tokens
    }

    /// Runs for `seconds`. What went wrong is in `tally["wrong"]`.
    func run(seconds: Double) async {
        let end = Date().addingTimeInterval(seconds)
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<8 { group.addTask { await self.call(seed: UInt64(caller)) } }
            group.addTask { await self.change(until: end) }
        }
        pool.shutDown()
    }

    /// Rotates, revokes, and lets time go on.
    private func change(until end: Date) async {
        var random = SeededGenerator(seed: 99)
        while Date() < end {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let isRemoved = rotation.load(ordering: .acquiring) % 4 == 2
                rotation.add(1, ordering: .sequentiallyConsistent)
                _ = try? rotating.replace(with: isRemoved ? rotatedKeys : [rotatedKeys[1]])
                rotation.add(1, ordering: .sequentiallyConsistent)
                tally.add("rotations")
            case 1:
                let next = revokedCount.load(ordering: .acquiring)
                guard next < Self.tokenCount / 5 else { break }
                try? revocations.add(
                    .token(issuer: "steady", jwtID: "j\(next * 5 + 3)", untilSeconds: Self.start + 100_000),
                    now: Self.start)
                revokedCount.store(next + 1, ordering: .releasing)
            case 2:
                // Round and round, so that tokens expire, and clocks step back; the others never expire.
                let ticks = clock.load(ordering: .relaxed) - Self.start + 1
                clock.store(Self.start + ticks % 400, ordering: .relaxed)
            default: break
            }
            try? await Task.sleep(for: .milliseconds(2))
        }
        isOver.store(true, ordering: .releasing)
    }

    private func call(seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        while !isOver.load(ordering: .acquiring) {
            let numbers = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                Int.random(in: 0..<Self.tokenCount, using: &random)
            }
            var batch = TokenBatch()
            for number in numbers {
                let token = tokens[number].token
                batch.append(token.span)
            }
            let now = clock.load(ordering: .relaxed)
            let (rotationBefore, revokedBefore) = (
                rotation.load(ordering: .sequentiallyConsistent), revokedCount.load(ordering: .acquiring)
            )
            let asked = batch
            let task = Task { try await pool.verify(asked, now: now) }
            if Int.random(in: 0..<8, using: &random) == 0 { task.cancel() }
            tally.add("calls")
            do {
                let answer = try await task.value
                tally.add("answers")
                let (rotationAfter, revokedAfter) = (
                    rotation.load(ordering: .sequentiallyConsistent), revokedCount.load(ordering: .acquiring)
                )
                for (i, number) in numbers.enumerated() {
                    let right = isRight(
                        answer, i, tokens[number], now: now,
                        rotation: rotationBefore == rotationAfter ? rotationAfter : -1,
                        revoked: revokedBefore...revokedAfter)
                    if !right {
                        tally.add("wrong")
                    }
                }
                if numbers.count != answer.count { tally.add("wrong") }
            } catch {
                tally.add(error as? PoolError == .cancelled ? "cancelled" : "wrong")
            }
        }
    }

    private func isRight(
        _ answer: BatchVerdicts, _ i: Int, _ fact: Fact, now: Int64, rotation: Int, revoked: ClosedRange<Int>
    ) -> Bool {
        let code: RefusalCode?
        switch answer[i] {
        case .refused(let refusal): code = refusal.code
        case .accepted:
            code = nil
            // Whatever else holds: these are the claims of this token.
            guard answer.withClaims(of: i, { $0.text.hasSuffix(fact.ending) }) else { return false }
        }
        switch fact.kind {
        case .steady: return code == nil
        case .forged: return code == .signatureInvalid
        case .expiring: return code == (now >= fact.expires + 30 ? .expired : nil)
        case .revoked(let number):
            if number < revoked.lowerBound { return code == .revoked }
            // One that is being revoked may be in force before it is counted.
            return number <= revoked.upperBound ? code == nil || code == .revoked : code == nil
        case .rotating:
            switch rotation {
            case let count where count >= 0 && count % 4 == 0: return code == nil
            case let count where count >= 0 && count % 4 == 2: return code == .unknownKey
            default: return code == nil || code == .unknownKey
            }
        }
    }
}

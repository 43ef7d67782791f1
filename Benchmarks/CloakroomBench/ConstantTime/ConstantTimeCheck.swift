// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import TokenCrypto
import TokenScan

/// Does the time of a refusal tell where a secret and a guess differ? Threat 82: a t-test over a million calls for each
/// pair of guesses, |t| under 4.5. Takes about a minute and wants a quiet machine, so it is asked for, not run in CI.
struct ConstantTimeCheck {
    /// Largest |t| that counts as chance.
    static let bound = 4.5
    static let callCount = 1_000_000

    /// Two classes of input that must take one time. `run` says whether the call did what it had to.
    private struct Pair {
        let name: String
        let first: [UInt8]
        let second: [UInt8]
        let run: ([UInt8]) -> Bool
        /// A pair that must be told apart: proof that the method sees a difference.
        var isControl = false
    }

    /// Prints a line a pair; false when one can be told.
    static func run() throws(BenchFailure) -> Bool {
        var isConstant = true
        for pair in try pairs() {
            let test = try measure(pair)
            let isTold = abs(test.t) > bound
            print(
                "\(pair.name): t = \(Figures.digits(test.t)) over \(test.count) calls, means differ by "
                    + "\(Figures.digits(test.meanDifference)) ns, \(isTold ? "told apart" : "not told apart")"
                    + (pair.isControl ? " (control: must be)" : ""))
            if isTold != pair.isControl { isConstant = false }
        }
        return isConstant
    }

    private static func measure(_ pair: Pair) throws(BenchFailure) -> WelchTest {
        var random = SystemRandomNumberGenerator()
        // The slow tail is interrupts: what lies above the cut is left out of both classes alike.
        let cut = try cut(pair, &random)
        var test = WelchTest()
        // One buffer for both classes: two would have two addresses, and the caches would tell them apart.
        var guess = pair.first
        for _ in 0..<callCount {
            let draw = UInt8(truncatingIfNeeded: random.next() & 1)
            let isSecond = draw == 1
            // Without a branch on the class, whose misprediction would run into the time.
            for i in guess.indices { guess[i] = pair.first[i] ^ ((pair.first[i] ^ pair.second[i]) & (0 &- draw)) }
            let time = try time(pair, guess)
            if time <= cut { test.add(Double(time), isSecond: isSecond) }
        }
        return test
    }

    /// Twice what nearly every call of a first run takes, of either class.
    private static func cut(
        _ pair: Pair, _ random: inout SystemRandomNumberGenerator
    ) throws(BenchFailure) -> UInt64 {
        var times: [UInt64] = []
        for _ in 0..<20_000 { times.append(try time(pair, random.next() & 1 == 1 ? pair.second : pair.first)) }
        times.sort()
        return times[times.count * 19 / 20] * 2
    }

    private static func time(_ pair: Pair, _ guess: [UInt8]) throws(BenchFailure) -> UInt64 {
        let start = Clock.now()
        let isRight = pair.run(guess)
        let time = Clock.now() &- start
        guard isRight else { throw .wrongAnswer("\(pair.name) took a wrong guess") }
        return time
    }

    // MARK: Pairs

    private static func pairs() throws(BenchFailure) -> [Pair] {
        let message = [UInt8](repeating: 0x6D, count: 64)
        var pairs: [Pair] = []
        for algorithm in [SignatureAlgorithm.hs256, .hs384, .hs512] {
            do {
                let key = try SignatureKey.generate(algorithm: algorithm)
                let verifier = try SignatureVerifier(key)
                var scratch = ByteScratch()
                try SignatureSigner(key).sign(message.span, into: &scratch)
                let tag = [UInt8](scratch.span)
                let pair = Pair(
                    name: "\(algorithm.jwaName) tag, first byte wrong or last", first: flipped(tag, at: 0),
                    second: flipped(tag, at: tag.count - 1),
                    run: { guess in !verifier.isValid(guess.span, over: message.span) })
                pairs.append(pair)
            } catch { throw .wrongAnswer("no key") }
        }
        return pairs + [control()]
    }

    /// A comparison that stops at the first difference.
    private static func control() -> Pair {
        let secret = [UInt8](repeating: 7, count: 512)
        return Pair(
            name: "a naive comparison", first: flipped(secret, at: 0), second: flipped(secret, at: 511),
            run: { guess in
                for i in secret.indices where secret[i] != guess[i] { return true }
                return false
            }, isControl: true)
    }

    private static func flipped(_ bytes: [UInt8], at index: Int) -> [UInt8] {
        var bytes = bytes
        bytes[index] ^= 1
        return bytes
    }
}

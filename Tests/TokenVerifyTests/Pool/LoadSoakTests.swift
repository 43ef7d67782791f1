// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import TokenVerify

/// The soak in its short form; `Tests/soak load MINUTES` runs it longer, also under the thread sanitizer.
@Suite struct LoadSoakTests {
    @Test("T65 T66 T67 T72 T73 rotation, expiry, revocation and cancellation under load: answers fit the questions")
    func soak() async throws {
        let seconds = ProcessInfo.processInfo.environment["CLOAKROOM_SOAK_SECONDS"].flatMap { Double($0) } ?? 1
        let soak = try LoadSoak()
        await soak.run(seconds: seconds)
        let tally = soak.tally
        #expect(tally["wrong"] == 0)
        #expect(tally["calls"] == tally["answers"] + tally["cancelled"])
        #expect(tally["answers"] > 0)
        #expect(soak.pool.pendingTokenCount == 0)
        #expect(soak.cache.statistics.hitCount > 0)
        guard seconds > 1 else { return }
        let statistics = soak.cache.statistics
        print(
            """
            soak: \(tally["calls"]) calls, \(tally["answers"]) answers, \(tally["cancelled"]) cancelled, \
            \(tally["rotations"]) rotations; cache: \(statistics.hitCount) hits, \(statistics.missCount) misses, \
            \(statistics.staleCount) stale, \(statistics.evictionCount) evictions
            """)
    }

    #if os(Linux)
        /// Kilobytes of memory that the process has in use.
        static func residentKilobytes() -> Int {
            let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }

        /// Ten million with `CLOAKROOM_SOAK_TOKENS`; other tests run beside, so the short form only runs.
        @Test("T69 T80 memory stays flat over many tokens, cached, evicted and refused")
        func memory() throws {
            let count = ProcessInfo.processInfo.environment["CLOAKROOM_SOAK_TOKENS"].flatMap { Int($0) } ?? 20_000
            let harness = try PoolHarness(cache: .init(byteCount: 1 << 20))
            let pool = try VerificationPool(harness.verifier, workerCount: 2)
            let batches = try (0..<20).map { PoolHarness.batch(try harness.tokens(($0 * 100)..<($0 * 100 + 100))) }
            var before = 0
            for round in 0..<(count / 100) {
                let answer = try pool.verifyBlocking(batches[round % 20], now: PoolHarness.now)
                #expect(answer.acceptedCount == 80)
                if round == count / 500 { before = Self.residentKilobytes() }
            }
            let grown = Self.residentKilobytes() - before
            if count >= 1_000_000 {
                print("soak: \(count) tokens, memory grew by \(grown) KiB")
                #expect(grown < 4_096)
            }
        }
    #endif
}

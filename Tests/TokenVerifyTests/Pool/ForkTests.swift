// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

#if canImport(Glibc)
    import Glibc

    /// What a fork after start does to a pool and to a cache.
    @Suite struct ForkTests {
        @Test("T75 in a forked child a pool says so and waits for no thread; calls and the cache work")
        func fork() throws {
            let cache = VerifiedTokenCache(byteCount: 1 << 20)
            let harness = try PoolHarness(.es256, cache: cache)
            let pool = try VerificationPool(harness.verifier, workerCount: 2)
            let batch = PoolHarness.batch(try harness.tokens(0..<20))
            let before = try pool.verifyBlocking(batch, now: PoolHarness.now)
            #expect(PoolHarness.isRight(before, 0..<20))
            let token = Array(try harness.tokens(0..<1)[0].utf8)

            let child = try #require(Self.forkedProcess())
            if child == 0 {
                alarm(30)
                var status: Int32 = 0
                do {
                    _ = try pool.verifyBlocking(batch, now: PoolHarness.now)
                    status |= 1
                } catch { if error != .forked { status |= 2 } }
                pool.shutDown()
                var worker = harness.verifier.makeWorker()
                for _ in 0..<2 {
                    guard case .accepted = harness.verifier.verify(token.span, now: PoolHarness.now, using: &worker)
                    else {
                        status |= 4
                        break
                    }
                }
                _exit(status)
            }
            var status: Int32 = -1
            // SAFETY: the status is written during the call.
            #expect(unsafe waitpid(child, &status, 0) == child)
            #expect(status == 0)
            let after = try pool.verifyBlocking(batch, now: PoolHarness.now)
            #expect(PoolHarness.isRight(after, 0..<20))
        }

        /// `fork()`, which the overlay hides because of what it does to threads: the point of this test.
        private static func forkedProcess() -> pid_t? {
            typealias Fork = @convention(c) () -> pid_t
            // SAFETY: the symbol of the C library with just this type.
            guard let symbol = unsafe dlsym(nil, "fork") else { return nil }
            return unsafe unsafeBitCast(symbol, to: Fork.self)()
        }
    }
#endif

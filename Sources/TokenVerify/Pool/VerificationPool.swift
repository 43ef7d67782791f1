// SPDX-License-Identifier: Apache-2.0
/// Threads that verify batches of tokens, for services that have more to verify than one core does.
///
/// A fixed number of threads, each with its own worker, take turns at the batches that callers hand in. A batch is cut
/// into runs of about equal cost, which free threads take one by one, so that a long token or a slow algorithm holds up
/// nothing but itself. Callers wait as tasks or as threads; each gets exactly one answer, which owns what it says. For
/// single tokens where they arrive, ``Verifier/verify(_:now:using:)`` with a worker of one's own is the quicker way.
///
/// Batches are served in the order in which they came. **Back-pressure**: with ``WhenFull/wait`` a call waits for its
/// turn, however many tokens are before it, up to ``Configuration/callCountMax`` calls at a time; with
/// ``WhenFull/refuse`` it gets ``PoolError/overloaded`` when more than ``Configuration/tokenCountMax`` tokens would be
/// pending. So nothing in the pool grows without bound.
///
/// **Fork**: threads do not cross a fork. In the child every call throws ``PoolError/forked``; make a new pool there.
///
/// Letting go of the last reference shuts the pool down as ``shutDown(_:)`` with ``Ending/abandon`` does.
public final class VerificationPool: Sendable {
    /// A pool's size and bounds.
    public struct Configuration: Sendable {
        /// Threads, 1 to 1 024; default the processors of this machine.
        public var workerCount: Int
        /// Tokens that may be pending before a call is refused, default 65 536. A longer batch gets through alone.
        public var tokenCountMax = 65_536
        /// Calls that may wait at a time, default 65 536.
        public var callCountMax = 65_536

        /// The defaults, with a number of threads.
        public init(workerCount: Int) { self.workerCount = workerCount }
    }

    /// What happens to a call that finds the queue full.
    public enum WhenFull: Sendable {
        /// It waits for its turn.
        case wait
        /// It throws ``PoolError/overloaded``.
        case refuse
    }

    /// What happens to batches that wait when the pool is shut down.
    public enum Ending: Sendable {
        /// They are verified first.
        case drain
        /// Their callers get ``PoolError/shutDown``; runs that are under way end.
        case abandon
    }

    private let core: PoolCore
    private let threads: Guarded<[PoolThread]>
    private let current: Guarded<Verifier>

    /// Starts the threads. The first of them prepares the verifier's keys (``Verifier/prepareKeys()``) before it works.
    /// - Throws: ``PoolError/threadsUnavailable``.
    public init(_ verifier: Verifier, _ configuration: Configuration) throws(PoolError) {
        let workerCount = min(max(configuration.workerCount, 1), 1_024)
        let core = PoolCore(
            workerCount: workerCount, tokenCountMax: max(configuration.tokenCountMax, 1),
            callCountMax: max(configuration.callCountMax, 1))
        var threads: [PoolThread] = []
        for number in 0..<workerCount {
            do throws(PoolError) {
                threads.append(
                    try PoolThread {
                        if number == 0 { verifier.prepareKeys() }
                        core.work()
                    })
            } catch {
                core.close(abandons: true)
                for thread in threads { thread.join() }
                throw error
            }
        }
        self.core = core
        self.threads = Guarded(threads)
        current = Guarded(verifier)
    }

    /// Starts `workerCount` threads, with the default bounds.
    /// - Throws: ``PoolError/threadsUnavailable``.
    public convenience init(_ verifier: Verifier, workerCount: Int) throws(PoolError) {
        try self.init(verifier, Configuration(workerCount: workerCount))
    }

    deinit { shutDown(.abandon) }

    /// Threads of the pool.
    public var workerCount: Int { core.workerCount }
    /// Tokens that were handed in and have no verdict yet.
    public var pendingTokenCount: Int { core.pending }

    /// What batches are verified by that are handed in from now on. A batch under way keeps the verifier that it came
    /// with. To swap keys alone, replace those of the verifier's ``KeyRing``.
    public var verifier: Verifier {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    // MARK: Verifying

    /// Verifies a batch at `now`, seconds since 1970; the task waits without holding a thread.
    ///
    /// - Throws: ``PoolError/overloaded``; ``PoolError/cancelled`` when the task is cancelled before the verdicts are
    ///   there; ``PoolError/shutDown``; ``PoolError/forked``.
    /// - Complexity: about 50 ns a token and a few allocations a batch beside the verification.
    public func verify(
        _ batch: TokenBatch, now: Int64, whenFull: WhenFull = .wait
    ) async throws(PoolError) -> BatchVerdicts {
        let job = try makeJob(batch, now: now, isBlocking: false)
        if Task.isCancelled { throw .cancelled }
        try core.submit(job, ifFull: whenFull)
        let core = core
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { job.attach($0) }
        } onCancel: {
            core.end(job, .cancelled)
        }.get()
    }

    /// Verifies a batch; the calling thread waits. Not for tasks, whose threads must not be held.
    ///
    /// - Throws: ``PoolError/overloaded``, ``PoolError/shutDown``, ``PoolError/forked``.
    public func verifyBlocking(
        _ batch: TokenBatch, now: Int64, whenFull: WhenFull = .wait
    ) throws(PoolError) -> BatchVerdicts {
        let job = try makeJob(batch, now: now, isBlocking: true)
        try core.submit(job, ifFull: whenFull)
        return try job.wait().get()
    }

    private func makeJob(_ batch: TokenBatch, now: Int64, isBlocking: Bool) throws(PoolError) -> PoolJob {
        // Before any lock, which a thread that stayed in the parent may hold for ever.
        if core.isForked { throw .forked }
        let job = PoolJob(batch, verifier, now: now, workerCount: core.workerCount, isBlocking: isBlocking)
        if batch.isEmpty { job.deliver(.success(BatchVerdicts(job.results))) }
        return job
    }

    // MARK: The end

    /// Takes no more batches, and returns when the threads have ended. Later calls throw ``PoolError/shutDown``.
    public func shutDown(_ ending: Ending = .drain) {
        // The threads are the parent's, and so may be the locks' holders.
        if core.isForked { return }
        core.close(abandons: ending == .abandon)
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { thread.join() }
    }
}

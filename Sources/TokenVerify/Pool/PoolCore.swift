// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
import TokenCrypto
import TokenScan

/// What a pool's threads share: the queue of jobs and its bound. The pool's handle owns the threads.
final class PoolCore: Sendable {
    private let monitor = PoolMonitor()
    private let queue: Queue
    let workerCount: Int
    let tokenCountMax: Int
    let callCountMax: Int
    /// Tokens that were taken in and have no verdict yet.
    private let pendingTokenCount = Atomic<Int>(0)
    let generation: UInt?

    /// Guarded by the monitor.
    private final class Queue: @unchecked Sendable {
        // Sendable by hand: used under the monitor's lock alone.
        private var jobs: [PoolJob?] = []
        /// Jobs before this place left.
        private var first = 0
        var idleCount = 0
        var isClosed = false

        var count: Int { jobs.count - first }
        var all: [PoolJob] { jobs.compactMap(\.self) }

        func append(_ job: PoolJob) { jobs.append(job) }

        /// The oldest job of which there is something left to do; those before it leave. Amortized O(1).
        func next() -> PoolJob? {
            while first < jobs.count {
                if let job = jobs[first], !job.isTaken { return job }
                jobs[first] = nil
                first += 1
                if first * 2 > jobs.count, first >= 64 || first == jobs.count {
                    jobs.removeFirst(first)
                    first = 0
                }
            }
            return nil
        }

        /// Lets go of jobs that have nothing left to do, wherever they stand. O(jobs).
        func purge() {
            jobs = jobs.filter { $0?.isTaken == false }
            first = 0
        }
    }

    init(workerCount: Int, tokenCountMax: Int, callCountMax: Int) {
        self.workerCount = workerCount
        self.tokenCountMax = tokenCountMax
        self.callCountMax = callCountMax
        queue = Queue()
        generation = ForkCounter.generation
    }

    var isForked: Bool { generation != ForkCounter.generation }
    var pending: Int { pendingTokenCount.load(ordering: .relaxed) }

    // MARK: In

    /// Takes a job in. Its answer comes from a worker, a cancellation or the shutdown, unless this throws.
    func submit(_ job: PoolJob, ifFull: VerificationPool.WhenFull) throws(PoolError) {
        let result: PoolError? = monitor.withLock {
            if queue.isClosed { return .shutDown }
            if !hasRoom(job, ifFull) { return .overloaded }
            pendingTokenCount.add(job.batch.count, ordering: .relaxed)
            queue.append(job)
            let wanted = min(queue.idleCount, job.plan.runCount)
            if wanted >= workerCount { monitor.wakeAll() } else { for _ in 0..<wanted { monitor.wakeOne() } }
            return nil
        }
        if let result { throw result }
    }

    private func hasRoom(_ job: PoolJob, _ ifFull: VerificationPool.WhenFull) -> Bool {
        if queue.count >= callCountMax { queue.purge() }
        if queue.count >= callCountMax { return false }
        if ifFull == .wait { return true }
        // A batch that is longer than the whole queue still gets through when nothing else is there.
        let before = pendingTokenCount.load(ordering: .relaxed)
        return before == 0 || before + job.batch.count <= tokenCountMax
    }

    /// Ends a job early: nobody starts another run of it, and the caller gets `error`.
    func end(_ job: PoolJob, _ error: PoolError) {
        pendingTokenCount.subtract(job.takeRest(), ordering: .relaxed)
        job.deliver(.failure(error))
    }

    // MARK: Out

    /// The job to work on next; nil when the pool is closed and nothing is left. Blocks.
    private func nextJob() -> PoolJob? {
        monitor.withLock {
            while true {
                if let job = queue.next() { return job }
                if queue.isClosed { return nil }
                queue.idleCount += 1
                monitor.wait()
                queue.idleCount -= 1
            }
        }
    }

    /// A worker's life.
    func work() {
        var worker = PoolWorker()
        while let job = nextJob() {
            while let run = job.takeRun() {
                worker.verify(job, run: run)
                // First give the room back, then answer: who has its answer finds the room.
                pendingTokenCount.subtract(job.plan.run(run).count, ordering: .relaxed)
                job.finishRun()
            }
        }
    }

    /// Takes no more jobs. Jobs that are there are worked off, or, when `abandons` is set, ended at once.
    func close(abandons: Bool) {
        let rest: [PoolJob] = monitor.withLock {
            queue.isClosed = true
            let rest = abandons ? queue.all : []
            monitor.wakeAll()
            return rest
        }
        for job in rest { end(job, .shutDown) }
    }
}

/// The scratch of one of a pool's threads.
private struct PoolWorker: ~Copyable {
    private var worker = VerifierWorker()
    private var limits = ScanLimits()
    private var verdicts: [Verdict] = []

    /// Verifies one run of a job and writes its results.
    mutating func verify(_ job: PoolJob, run: Int) {
        if limits != job.verifier.limits {
            limits = job.verifier.limits
            worker = VerifierWorker(limits: limits)
        }
        let tokens = job.plan.run(run)
        let (bytes, places) = (job.batch.bytes, job.batch.places)
        job.verifier.verify(
            bytes.span, places: places.span.extracting(tokens), now: job.now, using: &worker, into: &verdicts)
        var byteCount = 0
        for token in tokens { byteCount &+= places[token].count }
        var output: [UInt8] = []
        // What is decoded is three quarters of what it was encoded in.
        output.reserveCapacity(byteCount / 4 * 3 + 3)
        var header: (id: Int32, range: Range<Int>) = (-1, 0..<0)
        for (i, token) in tokens.enumerated() {
            switch verdicts[i] {
            case .refused(let refusal): job.results[token] = PoolResult(refusal: refusal, run: run)
            case .accepted(let accepted):
                job.results[token] = Self.copy(accepted, worker, run: run, &header, into: &output)
            }
        }
        job.results.setOutput(output, run: run)
    }

    /// Copies claims, and the header unless it is the one before, out of the worker.
    private static func copy(
        _ accepted: AcceptedToken, _ worker: borrowing VerifierWorker, run: Int,
        _ header: inout (id: Int32, range: Range<Int>), into output: inout [UInt8]
    ) -> PoolResult {
        // Ids are those of one batch call, within which the scanner forgets no header.
        if accepted.view.headerID != header.id {
            let start = output.count
            output.append(contentsOf: worker.scanner.headerView(of: accepted.view).json)
            header = (accepted.view.headerID, start..<output.count)
        }
        let start = output.count
        output.append(contentsOf: worker.scanner.payload(of: accepted.view))
        return PoolResult(
            acceptEntryIndex: accepted.acceptEntryIndex, run: run, header: header.range, claims: start..<output.count)
    }
}

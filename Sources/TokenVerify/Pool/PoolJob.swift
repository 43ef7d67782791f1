// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// One batch on its way through a pool: what is to be done, how far it is, and who gets the answer.
///
/// The answer is given exactly once: by the worker that ends the last run, by a cancellation, or by a shutdown,
/// whichever comes first. What comes later is dropped.
final class PoolJob: Sendable {
    typealias Answer = Result<BatchVerdicts, PoolError>

    let batch: TokenBatch
    let verifier: Verifier
    let now: Int64
    let plan: BatchPlan
    let results: PoolResults
    private let nextRun = Atomic<Int>(0)
    private let unfinishedRunCount: Atomic<Int>
    private let delivery = Guarded(Delivery.open)
    /// Wakes a thread that waits for the answer; nil for a task.
    private let monitor: PoolMonitor?

    private enum Delivery {
        case open
        case awaited(CheckedContinuation<Answer, Never>)
        case answered(Answer)
        case taken
    }

    init(_ batch: TokenBatch, _ verifier: Verifier, now: Int64, workerCount: Int, isBlocking: Bool) {
        self.batch = batch
        self.verifier = verifier
        self.now = now
        plan = BatchPlan(batch, workerCount: workerCount)
        results = PoolResults(count: batch.count, runCount: plan.runCount)
        unfinishedRunCount = Atomic(plan.runCount)
        monitor = isBlocking ? PoolMonitor() : nil
    }

    // MARK: Work

    /// A run that nobody has taken yet; nil when there is none left.
    func takeRun() -> Int? {
        let run = nextRun.wrappingAdd(1, ordering: .relaxed).oldValue
        return run < plan.runCount ? run : nil
    }

    /// Whether all runs were taken.
    var isTaken: Bool { nextRun.load(ordering: .relaxed) >= plan.runCount }

    /// Takes all runs that nobody has taken yet, so that no worker does. Returns how many tokens they hold.
    func takeRest() -> Int {
        let first = nextRun.exchange(plan.runCount, ordering: .relaxed)
        return first < plan.runCount ? batch.count - plan.starts[first] : 0
    }

    /// Notes that a run's results are written; with the last one the caller gets them.
    func finishRun() {
        // Acquires the other workers' results, releases ours.
        let left = unfinishedRunCount.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue
        if left == 0 { deliver(.success(BatchVerdicts(results))) }
    }

    // MARK: Answer

    /// Gives the caller its answer, unless it has one. Returns whether this one counted.
    @discardableResult
    func deliver(_ answer: Answer) -> Bool {
        var counted = false
        let waiting: CheckedContinuation<Answer, Never>? = delivery.withLock { delivery in
            switch delivery {
            case .open:
                delivery = .answered(answer)
                counted = true
                return nil
            case .awaited(let continuation):
                delivery = .taken
                counted = true
                return continuation
            case .answered, .taken: return nil
            }
        }
        waiting?.resume(returning: answer)
        if counted, let monitor { monitor.withLock { monitor.wakeAll() } }
        return counted
    }

    /// Has `continuation` resumed with the answer, at once when it is there.
    func attach(_ continuation: CheckedContinuation<Answer, Never>) {
        let ready: Answer? = delivery.withLock { delivery in
            switch delivery {
            case .answered(let answer):
                delivery = .taken
                return answer
            case .open:
                delivery = .awaited(continuation)
                return nil
            // One caller a job: this cannot be.
            case .awaited, .taken: return .failure(.shutDown)
            }
        }
        if let ready { continuation.resume(returning: ready) }
    }

    /// Blocks until the answer is there.
    func wait() -> Answer {
        guard let monitor else { return .failure(.shutDown) }
        return monitor.withLock {
            while true {
                if let answer = takeAnswer() { return answer }
                monitor.wait()
            }
        }
    }

    private func takeAnswer() -> Answer? {
        delivery.withLock { delivery in
            guard case .answered(let answer) = delivery else { return nil }
            delivery = .taken
            return answer
        }
    }
}

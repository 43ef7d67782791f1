// SPDX-License-Identifier: Apache-2.0
import CAllocationCount

/// A contender in this process.
final class LocalContender<Work: Workload & ~Copyable>: Contender {
    /// A sample takes about this long: long beside the clock's own cost, short beside a time slice of the scheduler.
    private static var sampleNanoseconds: Double { 40_000 }
    private static var warmUpIterations: Int { 1_000 }
    /// Slow operations are not warmed up for longer than this.
    private static var warmUpNanoseconds: UInt64 { 30_000_000 }

    let name: String
    private var work: Work
    /// Operations in one iteration: more than one where a call takes a batch.
    private let operationCount: Int
    private var iterations = 0

    /// A peer, where one iteration does `operationCount` operations.
    init(_ name: String, operationCount: Int = 1, _ work: consuming Work) {
        self.name = name
        self.operationCount = operationCount
        self.work = work
    }

    /// The engine, where one iteration does `operationCount` operations.
    init(operationCount: Int, _ work: consuming Work) {
        name = "cloakroom"
        self.operationCount = operationCount
        self.work = work
    }

    /// The engine.
    convenience init(_ work: consuming Work) { self.init(operationCount: 1, work) }

    func isRight() -> Bool { work.isRight() }

    func run(_ iterations: Int) { work.run(iterations) }

    func sample(nanoseconds: UInt64) -> [Double]? {
        if iterations == 0 { calibrate() }
        var samples: [Double] = []
        samples.reserveCapacity(4_096)
        let count = Double(iterations * operationCount)
        let begin = Clock.now()
        var before = begin
        repeat {
            work.run(iterations)
            let after = Clock.now()
            samples.append(Double(after &- before) / count)
            before = after
        } while before &- begin < nanoseconds
        return samples
    }

    /// Finds how many iterations make a sample, doubling until one is long enough to tell.
    private func calibrate() {
        warmUp()
        var tried = 1
        var took = 0.0
        while tried < 1 << 30 {
            let before = Clock.now()
            work.run(tried)
            took = Double(Clock.now() &- before)
            if took > Self.sampleNanoseconds / 4 { break }
            tried *= 2
        }
        let perOperation = max(took / Double(tried), 0.1)
        iterations = max(1, Int(exactly: (Self.sampleNanoseconds / perOperation).rounded(.up)) ?? 1)
    }

    private func warmUp() {
        let begin = Clock.now()
        for _ in 0..<Self.warmUpIterations where Clock.now() &- begin < Self.warmUpNanoseconds { work.run(1) }
    }

    func countAllocations() -> AllocationFigures? {
        guard cac_is_counting() == 1 else { return nil }
        if iterations == 0 { calibrate() }
        let wanted = max(iterations, 512 / operationCount)
        // Once more at the same length, so that memory has grown to what this many operations need.
        let count = min(wanted, max(iterations * 8, 16))
        work.run(count)
        let own = cac_count()
        let openssl = cac_openssl_count()
        work.run(count)
        let ownAfter = cac_count()
        let opensslAfter = cac_openssl_count()
        return AllocationFigures(
            own: Double(ownAfter &- own) / Double(count * operationCount),
            openssl: Double(opensslAfter &- openssl) / Double(count * operationCount))
    }
}

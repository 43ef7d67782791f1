// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport

/// Runs trials in interleaved rounds: each round times every contender once, in turn, so that the machine's drift meets
/// them all alike.
struct TrialRunner {
    /// Rounds of each trial.
    let roundCount: Int
    /// Nanoseconds of each contender in each round.
    let sliceNanoseconds: UInt64
    /// The peers' process, when there is one.
    let remote: PeerProcess?

    /// Times a trial.
    ///
    /// - Throws: ``BenchFailure/wrongAnswer(_:)`` when a contender is wrong before or after.
    func run(_ trial: Trial) throws(BenchFailure) -> BenchmarkResult {
        var contenders = [try trial.own()]
        contenders += try trial.peers()
        contenders += remote?.contenders(for: trial.key) ?? []
        try check(contenders, trial, when: "before")
        var series = contenders.map { _ in RoundSeries() }
        var isThere = contenders.map { _ in true }
        for round in 0..<roundCount {
            // Who begins changes, so that nobody always runs on what another left in the caches.
            for turn in contenders.indices {
                let index = (turn + round) % contenders.count
                guard isThere[index] else { continue }
                if let samples = contenders[index].sample(nanoseconds: sliceNanoseconds) {
                    series[index].append(samples)
                } else {
                    isThere[index] = false
                }
            }
        }
        let allocations = contenders[0].countAllocations()
        try check(contenders, trial, when: "after")
        return result(trial, contenders, series, isThere, allocations)
    }

    private func check(_ contenders: [any Contender], _ trial: Trial, when: String) throws(BenchFailure) {
        for contender in contenders where !contender.isRight() {
            throw .wrongAnswer("\(trial.name) over \(trial.corpus): \(contender.name) is wrong \(when) timing")
        }
    }

    private func result(
        _ trial: Trial, _ contenders: [any Contender], _ series: [RoundSeries], _ isThere: [Bool],
        _ allocations: AllocationFigures?
    ) -> BenchmarkResult {
        let own = series[0]
        let perSecond = own.best > 0 ? 1e9 / own.best : 0
        var result = BenchmarkResult(
            name: trial.name, corpus: trial.corpus, unit: trial.unit,
            ns: OperationTimes(p50: own.p50, p99: own.p99, best: own.best), perSecond: perSecond,
            bytesPerSecond: perSecond * trial.byteCount, allocations: allocations?.own,
            opensslAllocations: allocations?.openssl)
        for index in contenders.indices.dropFirst() where isThere[index] {
            guard let ratio = MeasuredRatio(own: own, peer: series[index]) else { continue }
            let peer = contenders[index].name
            result.ratios[peer] = ratio.ratio
            result.noise[peer] = ratio.noise
            result.peers[peer] = series[index].best
        }
        return result
    }
}

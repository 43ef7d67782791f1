// SPDX-License-Identifier: Apache-2.0

/// What one contender took, round by round: nanoseconds an operation of each sample.
package struct RoundSeries: Sendable {
    /// The samples of each round, in nanoseconds an operation.
    package private(set) var rounds: [[Double]] = []

    /// An empty series.
    package init() {}

    /// A series of the given rounds.
    package init(rounds: [[Double]]) { self.rounds = rounds }

    /// Adds a round's samples.
    package mutating func append(_ samples: [Double]) { rounds.append(samples) }

    /// The median of each round: what a round says, unmoved by the odd interrupted sample.
    package var roundMedians: [Double] { rounds.compactMap { Percentile.median($0) } }

    /// The lowest round median: the round that was disturbed least. 0 for no rounds.
    package var best: Double { roundMedians.min() ?? 0 }

    /// By how much of the best round the lower quarter of the rounds lies above it. 0 for no rounds.
    package var spread: Double {
        guard best > 0, let quarter = Percentile.of(roundMedians, 0.25) else { return 0 }
        return quarter / best - 1
    }

    /// The median over all samples. 0 for no samples.
    package var p50: Double { Percentile.of(rounds.flatMap { $0 }, 0.5) ?? 0 }

    /// The 99th percentile over all samples. 0 for no samples.
    package var p99: Double { Percentile.of(rounds.flatMap { $0 }, 0.99) ?? 0 }
}

/// How many times as fast as a peer something is, and how far that figure can be trusted.
package struct MeasuredRatio: Sendable, Equatable {
    /// Peer time by own time: above 1 the engine is faster.
    package let ratio: Double
    /// The relative half width of what the rounds said: 0.05 is five percent either way.
    package let noise: Double

    /// No run is trusted to better than this.
    package static let noiseMin = 0.03

    /// The best round of the peer by the best round of one's own.
    ///
    /// Disturbance only ever adds time, so the best round is the one to believe, and the noise is how well it was
    /// reproduced: by how much the lower quarter of each side's rounds lies above its best. Nil when one has no rounds.
    package init?(own: RoundSeries, peer: RoundSeries) {
        guard own.best > 0, peer.best > 0 else { return nil }
        ratio = peer.best / own.best
        noise = max(Self.noiseMin, own.spread + peer.spread)
    }

    /// A ratio with its noise, as read from a file.
    package init(ratio: Double, noise: Double) {
        self.ratio = ratio
        self.noise = noise
    }
}

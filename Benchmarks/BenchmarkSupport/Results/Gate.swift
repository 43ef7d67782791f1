// SPDX-License-Identifier: Apache-2.0

/// What a run must hold on any machine, however noisy: no allocation in steady state, cost no worse than linear, and
/// ratios to a reference of the same run above floors that leave a wide margin.
package struct Gate: Sendable {
    /// A ratio that must not be undercut.
    package struct Floor: Sendable {
        /// The stage; every corpus that has the ratio is held to it.
        package let name: String
        /// The reference.
        package let peer: String
        /// The floor for vector kernels.
        package let ratio: Double
    }

    /// Floors far under what is measured on a quiet machine, far over what a lost fast path would leave.
    package static let floors = [
        Floor(name: "base64url.decode", peer: "openssl-block", ratio: 4),
        Floor(name: "base64url.encode", peer: "openssl-block", ratio: 2),
        Floor(name: "verify.hs256.single", peer: "openssl-hmac", ratio: 0.8),
        Floor(name: "verify.hs256.batch", peer: "single", ratio: 1.1),
        Floor(name: "verify.rs256.single", peer: "openssl-bare", ratio: 0.75),
        Floor(name: "verify.ps256.single", peer: "openssl-bare", ratio: 0.75),
        Floor(name: "verify.es256.single", peer: "openssl-bare", ratio: 3),
        Floor(name: "verify.eddsa.single", peer: "openssl-bare", ratio: 0.75),
    ]

    /// The gate's bound for growth, wider than the table's: a noisy machine bends a line, but no line reaches this.
    package static let exponentMax = 1.3

    /// Stages whose answer is handed out as an allocation of its own, so that none can be asked of them.
    package static let allocatingPrefixes: [String] = []

    /// What does not hold, as sentences.
    package let failures: [String]

    /// Judges a run. Floors are for vector kernels: a run with the scalar kernel is held to the other rules only.
    package init(_ file: ResultFile) {
        var failures: [String] = []
        for result in file.results {
            let mayAllocate = Self.allocatingPrefixes.contains { result.name.hasPrefix($0) }
            if let count = result.allocations, count > 0, !mayAllocate {
                failures.append("\(result.key): \(Figures.count(count)) allocations an operation, none allowed")
            }
        }
        for series in file.growth where (series.exponent ?? 0) > Self.exponentMax {
            failures.append("\(series.name) over \(series.over): exponent \(Figures.digits(series.exponent ?? 0))")
        }
        if file.kernel != "scalar" {
            for floor in Self.floors {
                for result in file.results where result.name == floor.name {
                    guard let ratio = result.ratios[floor.peer], ratio < floor.ratio else { continue }
                    failures.append(
                        "\(result.key): \(Figures.ratio(ratio)) against \(floor.peer), floor \(Figures.ratio(floor.ratio))"
                    )
                }
            }
        }
        self.failures = failures
    }
}

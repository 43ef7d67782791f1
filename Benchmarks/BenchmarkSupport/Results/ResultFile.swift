// SPDX-License-Identifier: Apache-2.0

/// The machine that a run was made on.
package struct MachineDescription: Codable, Sendable, Equatable {
    /// The processor's name.
    package var cpu: String
    /// Logical cores.
    package var cores: Int
    /// The processor features that matter to the kernels.
    package var features: [String]
    /// Operating system and version.
    package var system: String
    /// Compiler family and version.
    package var swift: String
    /// OpenSSL's version.
    package var openssl: String
    /// Load average over one minute when the run began: how quiet the machine was.
    package var load: Double

    /// A description.
    package init(
        cpu: String, cores: Int, features: [String], system: String, swift: String, openssl: String, load: Double
    ) {
        self.cpu = cpu
        self.cores = cores
        self.features = features
        self.system = system
        self.swift = swift
        self.openssl = openssl
        self.load = load
    }
}

/// Times of an operation in nanoseconds.
package struct OperationTimes: Codable, Sendable, Equatable {
    /// Median over all samples.
    package var p50: Double
    /// 99th percentile over all samples.
    package var p99: Double
    /// Lowest median of a round; rates and ratios come from this one.
    package var best: Double

    /// Times.
    package init(p50: Double, p99: Double, best: Double) {
        self.p50 = p50
        self.p99 = p99
        self.best = best
    }
}

/// What was measured of one stage over one corpus.
package struct BenchmarkResult: Codable, Sendable, Equatable {
    /// The stage: `verify.hs256.single`.
    package var name: String
    /// What it ran over: `keycloak`, `reference`, `512B`.
    package var corpus: String
    /// What one operation is: `token`, `value`, `segment`.
    package var unit: String
    /// Times of one operation.
    package var ns: OperationTimes
    /// Operations a second, from the best round.
    package var perSecond: Double
    /// Input bytes a second, from the best round.
    package var bytesPerSecond: Double
    /// Allocations an operation in steady state, OpenSSL's own left out; nil where they cannot be counted.
    package var allocations: Double?
    /// Allocations an operation that OpenSSL made; nil where they cannot be counted.
    package var opensslAllocations: Double?
    /// Peer time by own time, for each peer of the same run.
    package var ratios: [String: Double]
    /// The relative noise of each ratio.
    package var noise: [String: Double]
    /// Each peer's best time in nanoseconds.
    package var peers: [String: Double]

    /// A result.
    package init(
        name: String, corpus: String, unit: String, ns: OperationTimes, perSecond: Double, bytesPerSecond: Double,
        allocations: Double? = nil, opensslAllocations: Double? = nil, ratios: [String: Double] = [:],
        noise: [String: Double] = [:], peers: [String: Double] = [:]
    ) {
        self.name = name
        self.corpus = corpus
        self.unit = unit
        self.ns = ns
        self.perSecond = perSecond
        self.bytesPerSecond = bytesPerSecond
        self.allocations = allocations
        self.opensslAllocations = opensslAllocations
        self.ratios = ratios
        self.noise = noise
        self.peers = peers
    }

    /// Stage and corpus in one text: what results are matched by.
    package var key: String { "\(name)/\(corpus)" }

    enum CodingKeys: String, CodingKey {
        case name, corpus, unit, ns, allocations, ratios, noise, peers
        case perSecond = "per_second"
        case bytesPerSecond = "bytes_per_second"
        case opensslAllocations = "openssl_allocations"
    }
}

/// How a stage's cost grows with a size.
package struct GrowthResult: Codable, Sendable, Equatable {
    /// The stage.
    package var name: String
    /// What grows: `token bytes`, `claims`, `batch`, `pseudonyms`.
    package var over: String
    /// Whole cost at each size.
    package var points: [GrowthPoint]
    /// The fitted exponent over the upper half of the sizes.
    package var exponent: Double?
    /// Whether the cost grows no worse than in proportion.
    package var linear: Bool

    /// A series, with its fit.
    package init(name: String, over: String, points: [GrowthPoint]) {
        self.name = name
        self.over = over
        self.points = points
        let fit = GrowthFit(points)
        exponent = fit.exponent
        linear = fit.isLinear
    }
}

/// One run's results as they are written to a file.
package struct ResultFile: Codable, Sendable, Equatable {
    /// When the run began, ISO 8601 in UTC.
    package var date: String
    /// The machine.
    package var machine: MachineDescription
    /// The commit that was built; nil when unknown. `+` at the end: with changes not committed.
    package var commit: String?
    /// The kernel in use.
    package var kernel: String
    /// The SHA-256 implementation in use.
    package var sha256: String
    /// The peers' versions.
    package var peerVersions: [String: String]
    /// The results, in the order they were measured.
    package var results: [BenchmarkResult]
    /// The growth series.
    package var growth: [GrowthResult]

    /// A file without results yet.
    package init(date: String, machine: MachineDescription, commit: String?, kernel: String, sha256: String) {
        self.date = date
        self.machine = machine
        self.commit = commit
        self.kernel = kernel
        self.sha256 = sha256
        peerVersions = [:]
        results = []
        growth = []
    }

    /// The result of a stage over a corpus.
    package func result(_ name: String, _ corpus: String) -> BenchmarkResult? {
        results.first { $0.name == name && $0.corpus == corpus }
    }

    enum CodingKeys: String, CodingKey {
        case date, machine, commit, kernel, sha256, results, growth
        case peerVersions = "peer_versions"
    }
}

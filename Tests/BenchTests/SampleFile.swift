// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport

/// Result files for tests.
enum SampleFile {
    static func result(
        _ name: String, _ corpus: String = "reference", ns: Double = 400, allocations: Double? = 0,
        ratios: [String: Double] = [:], noise: Double = 0.03
    ) -> BenchmarkResult {
        BenchmarkResult(
            name: name, corpus: corpus, unit: "token", ns: OperationTimes(p50: ns * 1.02, p99: ns * 1.5, best: ns),
            perSecond: 1e9 / ns, bytesPerSecond: 508e9 / ns, allocations: allocations, opensslAllocations: 0,
            ratios: ratios, noise: ratios.mapValues { _ in noise }, peers: ratios.mapValues { $0 * ns })
    }

    static func file(
        _ results: [BenchmarkResult], growth: [GrowthResult] = [], kernel: String = "avx512",
        cpu: String = "Example CPU"
    ) -> ResultFile {
        let machine = MachineDescription(
            cpu: cpu, cores: 2, features: ["avx2", "sha_ni"], system: "Example 1", swift: "Swift 6.3",
            openssl: "OpenSSL 3.0.0", load: 0.5)
        var file = ResultFile(
            date: "2027-01-15T08:00:00Z", machine: machine, commit: "0123456789ab", kernel: kernel, sha256: "sha-ni")
        file.results = results
        file.growth = growth
        return file
    }
}

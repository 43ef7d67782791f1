// SPDX-License-Identifier: Apache-2.0

/// A run held against an older one, by ratios and allocations; times drift with the machine and are not compared.
package struct Comparison: Sendable {
    /// One ratio in both files.
    package struct Row: Sendable, Equatable {
        /// Stage and corpus.
        package let key: String
        /// The peer.
        package let peer: String
        /// The older ratio.
        package let before: Double
        /// The newer ratio.
        package let after: Double
        /// By how much of itself the ratio may fall: the noise of both runs together.
        package let noise: Double

        /// Relative change: −0.1 is a tenth slower against the peer.
        package var change: Double { before > 0 ? after / before - 1 : 0 }
        /// Whether it fell by more than the noise bound.
        package var isWorse: Bool { change < -noise }
    }

    /// A stage that allocates more than before.
    package struct AllocationRow: Sendable, Equatable {
        package let key: String
        package let before: Double
        package let after: Double
    }

    /// Every ratio that both files have.
    package let rows: [Row]
    /// Stages that allocate more than before.
    package let allocations: [AllocationRow]
    /// Growth series that were linear before and are not now.
    package let growth: [String]
    /// Ratios of the older file that the newer one does not have: a filter, or a stage that is gone.
    package let missing: [String]
    /// Why the two may not be comparable: another processor, another kernel.
    package let warnings: [String]

    /// The most noise that a bound is stretched by; beyond it a fall counts all the same.
    package static let noiseMax = 0.35

    /// Compares `after` with `before`.
    package init(before: ResultFile, after: ResultFile) {
        let newer = Dictionary(after.results.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var rows: [Row] = []
        var allocations: [AllocationRow] = []
        var missing: [String] = []
        for old in before.results {
            guard let new = newer[old.key] else {
                missing.append(old.key)
                continue
            }
            for (peer, ratio) in old.ratios.sorted(by: { $0.key < $1.key }) {
                guard let now = new.ratios[peer] else {
                    missing.append("\(old.key) against \(peer)")
                    continue
                }
                let noise = (old.noise[peer] ?? 0) + (new.noise[peer] ?? 0)
                let bound = min(max(noise, 2 * MeasuredRatio.noiseMin), Self.noiseMax)
                rows.append(Row(key: old.key, peer: peer, before: ratio, after: now, noise: bound))
            }
            // Half an allocation per thousand operations is warm-up, not a leak of the design.
            if let was = old.allocations, let now = new.allocations, now > was + 0.0005 {
                allocations.append(AllocationRow(key: old.key, before: was, after: now))
            }
        }
        self.rows = rows
        self.allocations = allocations
        self.missing = missing
        growth = after.growth.filter { new in
            !new.linear && before.growth.contains { $0.name == new.name && $0.over == new.over && $0.linear }
        }.map { "\($0.name) over \($0.over)" }
        warnings = Self.warnings(before, after)
    }

    /// Whether something got worse.
    package var isWorse: Bool { rows.contains { $0.isWorse } || !allocations.isEmpty || !growth.isEmpty }

    private static func warnings(_ before: ResultFile, _ after: ResultFile) -> [String] {
        var warnings: [String] = []
        if before.machine.cpu != after.machine.cpu {
            warnings.append("another processor: \(before.machine.cpu), now \(after.machine.cpu)")
        }
        if before.kernel != after.kernel || before.sha256 != after.sha256 {
            warnings.append(
                "another kernel: \(before.kernel)/\(before.sha256), now \(after.kernel)/\(after.sha256)")
        }
        for (peer, version) in before.peerVersions.sorted(by: { $0.key < $1.key }) {
            if let now = after.peerVersions[peer], now != version {
                warnings.append("another \(peer): \(version), now \(now)")
            }
        }
        return warnings
    }
}

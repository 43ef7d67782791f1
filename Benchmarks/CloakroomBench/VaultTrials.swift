// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenPrivacy

/// The trials of the vault on SQLite: durable puts by batch size, single reads by table size.
struct VaultTrials {
    /// Ten million records take minutes to store, so that they are for a run that asks for them.
    private static let isLarge = ProcessInfo.processInfo.environment["CLOAKROOM_BENCH_LARGE"] != nil

    func all() -> [Trial] {
        let puts = [1, 10, 100, 1_000, 10_000].map { count in
            Trial(
                name: "vault.sqlite.put", corpus: "batch-\(count)", unit: "record", byteCount: 20,
                isAllocationFree: false,
                own: { () throws(BenchFailure) in
                    LocalContender(operationCount: count, try PutRecords(batchCount: count))
                })
        }
        let sizes = [1_000, 10_000, 100_000, 1_000_000] + (Self.isLarge ? [10_000_000] : [])
        let reads = sizes.map { count in
            Trial(
                name: "vault.sqlite.resolve", corpus: "records-\(count)", unit: "record", byteCount: 20,
                isAllocationFree: false,
                own: { () throws(BenchFailure) in
                    LocalContender(try ResolveRecords(recordCount: count, audit: .relaxed))
                })
        }
        let strict = Trial(
            name: "vault.sqlite.resolve", corpus: "records-10000-strict", unit: "record", byteCount: 20,
            isAllocationFree: false,
            own: { () throws(BenchFailure) in
                LocalContender(try ResolveRecords(recordCount: 10_000, audit: .strict))
            })
        return puts + reads + [strict]
    }
}

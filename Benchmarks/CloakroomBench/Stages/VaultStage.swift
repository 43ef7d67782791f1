// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenPrivacy
import TokenScan
import VaultSQLite

/// A vault in a file of its own, removed with the object.
final class BenchVault {
    let vault: SealedVault
    private let folder: URL
    /// Lies on the disk that the benchmark was started on: a folder in memory would make every commit free.
    init(audit: VaultOptions.Audit) throws(BenchFailure) {
        folder = URL(filePath: FileManager.default.currentDirectoryPath)
            .appending(path: ".cloakroom-bench-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let keys = try VaultKeys(tenant: "bench", sets: VaultKeys.generate(keyID: Array("v001".utf8).span))
            let path = folder.appending(path: "vault.db").path
            try SQLiteVault.create(path: path, keys: keys)
            vault = try SQLiteVault.open(
                path: path, keys: keys, options: VaultOptions(audit: audit, resolvesPerMinute: nil))
        } catch {
            throw .output("cannot make a vault in \(folder.deletingLastPathComponent().path)")
        }
    }

    deinit {
        vault.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Stores `count` records and gives some 20 000 references, in an order that jumps about the table.
    func fill(_ count: Int) throws(BenchFailure) -> [[UInt8]] {
        var references: [[UInt8]] = []
        var deposits = VaultDeposits()
        let step = min(count, 10_000)
        let stride = max(1, count / 20_000)
        for first in Swift.stride(from: 0, to: count, by: step) {
            do { try put(step, from: first, &deposits) } catch {
                throw .output("cannot fill a vault with \(count) records")
            }
            for i in Swift.stride(from: 0, to: step, by: stride) {
                references.append(deposits.withReference(i) { [UInt8]($0) })
            }
        }
        references.shuffle()
        return references
    }

    static let now: Int64 = 1_800_000_000
    static let binding = VaultBinding(
        issuer: "https://tokens.internal.example", audiences: ["https://orders.internal.example"],
        subject: "p1_k001_uYZ0cX2hVn3mJr5tW8yQ1w", jwtID: "q2Vd7LkXw0r9Jt3yBn5mSg")

    /// Stores `count` values of 20 bytes, ten a person, in one durable batch; the references stay in `deposits`.
    func put(_ count: Int, from first: Int, _ deposits: inout VaultDeposits) throws {
        deposits.removeAll()
        let issuer = Array("https://sso.example.com/realms/acme".utf8)
        let label = try VaultLabel(type: "phone", purposes: ["support"])
        var person = 0
        for i in 0..<count {
            if i % 10 == 0 {
                let subject = Array("user-\((first + i) / 10)".utf8)
                person = try deposits.addPerson(issuer: issuer.span, subject: subject.span)
            }
            let value = Array("+49 30 \(10_000_000 + first + i)".utf8)
            try deposits.add(
                value.span, person: person, label: label, expiresSeconds: Self.now + 600 + Int64(first / 100_000),
                binding: Self.binding)
        }
        try vault.put(&deposits, now: Self.now)
    }
}

/// Durable puts, one batch an iteration.
struct PutRecords: Workload, ~Copyable {
    private let bench: BenchVault
    private let batchCount: Int
    private var deposits = VaultDeposits()
    private var next = 0
    private var hasFailed = false

    init(batchCount: Int) throws(BenchFailure) {
        bench = try BenchVault(audit: .off)
        self.batchCount = batchCount
    }

    mutating func isRight() -> Bool {
        run(1)
        guard !hasFailed else { return false }
        var queries = VaultQueries()
        let token = queries.addToken(BenchVault.binding)
        deposits.withReference(0) { _ = queries.add($0, token: token) }
        try? bench.vault.resolve(&queries, purpose: "support", actor: "bench", now: BenchVault.now)
        return queries.outcome(0) == .value
    }

    mutating func run(_ iterations: Int) {
        for _ in 0..<iterations {
            do { try bench.put(batchCount, from: next, &deposits) } catch { hasFailed = true }
            next += batchCount
        }
    }
}

/// Single reads of references spread over a table of a given size.
struct ResolveRecords: Workload, ~Copyable {
    private let bench: BenchVault
    private let references: [[UInt8]]
    private var queries = VaultQueries()
    private var next = 0

    init(recordCount: Int, audit: VaultOptions.Audit) throws(BenchFailure) {
        let made = try BenchVault(audit: audit)
        references = try made.fill(recordCount)
        bench = made
    }

    mutating func isRight() -> Bool {
        (0..<100).allSatisfy { _ in
            run(1)
            return queries.outcome(0) == .value
        }
    }

    mutating func run(_ iterations: Int) {
        for _ in 0..<iterations {
            queries.removeAll()
            let token = queries.addToken(BenchVault.binding)
            let reference = references[next]
            queries.add(reference.span, token: token)
            try? bench.vault.resolve(&queries, purpose: "support", actor: "bench", now: BenchVault.now)
            next = next + 1 == references.count ? 0 : next + 1
        }
    }
}

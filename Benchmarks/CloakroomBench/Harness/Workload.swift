// SPDX-License-Identifier: Apache-2.0

/// Something that can be timed: it owns its input and its reused memory, and it knows the right answer.
///
/// A struct that is not copied, so that the loop in `run` works on memory that nobody shares: no reference counts, no
/// exclusivity checks, nothing that the engine's caller would not pay.
protocol Workload: ~Copyable {
    /// Does the operation `iterations` times.
    mutating func run(_ iterations: Int)
    /// Does the operation once for every input and says whether every answer is right.
    mutating func isRight() -> Bool
}

/// A workload that can be kept in a list. One call a sample, none an operation.
protocol Contender: AnyObject {
    /// `cloakroom`, or the peer's name.
    var name: String { get }
    /// Samples of the operation for about `nanoseconds`, each in nanoseconds an operation; nil when the contender
    /// is gone.
    func sample(nanoseconds: UInt64) -> [Double]?
    /// Whether it gives the right answers. A contender in another process answers for itself.
    func isRight() -> Bool
    /// Does the operation `iterations` times, untimed.
    func run(_ iterations: Int)
    /// Allocations an operation in steady state; nil where they cannot be counted.
    func countAllocations() -> AllocationFigures?
}

/// Allocations an operation.
struct AllocationFigures {
    /// The engine's and Swift's.
    let own: Double
    /// OpenSSL's.
    let openssl: Double
}

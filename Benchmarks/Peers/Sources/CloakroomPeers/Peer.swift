// SPDX-License-Identifier: Apache-2.0

/// A contender of another library: it does the work of one stage over the same bytes as the engine.
protocol Peer: AnyObject, Sendable {
    /// Stage and corpus, `verify.hs256.single/reference`.
    var key: String { get }
    /// The library.
    var name: String { get }
    /// Its version, kernel included where it has several.
    var version: String { get }
    /// Operations in one iteration.
    var operationCount: Int { get }
    /// Does the work `iterations` times.
    func run(_ iterations: Int) async throws
    /// Whether the answers are right.
    func isRight() async -> Bool
}

extension Peer {
    var operationCount: Int { 1 }
}

/// Keeps a value alive for the optimizer.
@inline(never)
@_optimize(none)
func blackHole<Value>(_ value: Value) {}

// SPDX-License-Identifier: Apache-2.0
/// One stage over one corpus: the engine and its peers, timed by turns.
struct Trial {
    /// `verify.hs256.single`
    let name: String
    /// `keycloak`
    let corpus: String
    /// What one operation is.
    let unit: String
    /// Input bytes of one operation.
    let byteCount: Double
    /// Whether steady state must not allocate: the gate holds it to that.
    var isAllocationFree = true
    /// The growth series that this trial is a point of; nil for none.
    var growth: GrowthPlace?
    /// Makes the engine's contender; its setup happens only when the trial runs.
    let own: () throws(BenchFailure) -> any Contender
    /// Makes the peers of this process.
    var peers: () throws(BenchFailure) -> [any Contender] = { () throws(BenchFailure) in [] }

    /// Stage and corpus, as filters and the peers' process see it.
    var key: String { "\(name)/\(corpus)" }
}

/// A trial's place in a growth series.
struct GrowthPlace {
    /// What grows: `token bytes`, `claims`, `batch`, `pseudonyms`.
    let over: String
    /// How much of it there is here.
    let x: Double
    /// Operations that make up the whole cost at this place: the batch size, else 1.
    var operationCount = 1.0
}

/// Why the benchmark stops.
enum BenchFailure: Error {
    /// Wrong arguments; exit 64.
    case usage(String)
    /// A file of the fixtures or a result file cannot be used; exit 66.
    case input(String)
    /// A stage gives wrong answers; exit 70.
    case wrongAnswer(String)
    /// A file cannot be written; exit 74.
    case output(String)
}

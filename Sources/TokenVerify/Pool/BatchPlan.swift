// SPDX-License-Identifier: Apache-2.0

/// How a batch is cut for several workers: runs of tokens of about equal estimated cost.
///
/// So a slow algorithm gives short runs, of one token at the least, and quick ones are long enough to fill the lanes
/// of the batched HMAC. Estimates decide who works when, never what comes out.
struct BatchPlan: Sendable {
    /// The first token of each run, and behind the last one the number of tokens.
    let starts: [Int]

    var runCount: Int { starts.count - 1 }
    func run(_ i: Int) -> Range<Int> { starts[i]..<starts[i + 1] }

    /// A run takes about this long, in nanoseconds: long beside what handing it out costs, short beside what a caller
    /// notices when one worker ends last.
    static let runCostMin = 20_000
    static let runCostMax = 100_000
    /// Runs that each worker should get of a batch at the least.
    static let runsAWorker = 4

    /// Only this many tokens at a batch's end are cut finer; those before them keep everybody busy anyway.
    static let tailTokenCount = 512

    /// Plans for `workerCount` workers: runs get shorter towards the end, so that all workers end together. O(tokens),
    /// about 5 ns each.
    init(_ batch: borrowing TokenBatch, workerCount: Int) {
        let shares = max(workerCount, 1) &* Self.runsAWorker
        let bytes = batch.bytes.span
        let places = batch.places.span
        let tail = max(0, places.count &- Self.tailTokenCount)
        var rest = 0
        for i in tail..<places.count { rest &+= Self.cost(bytes.extracting(places[i])) }
        var starts: [Int] = [0]
        starts.reserveCapacity(places.count / 16 + 2)
        var cost = 0
        var target = tail > 0 ? Self.runCostMax : Self.target(rest / shares)
        for i in places.indices {
            let next = Self.cost(bytes.extracting(places[i]))
            if cost > 0, cost &+ next > target {
                starts.append(i)
                cost = 0
                if i >= tail { target = Self.target(rest / shares) }
            }
            cost &+= next
            if i >= tail { rest &-= next }
        }
        if !places.isEmpty { starts.append(places.count) }
        self.starts = starts
    }

    private static func target(_ cost: Int) -> Int { min(max(cost, runCostMin), runCostMax) }

    /// About how many nanoseconds a token takes, told from its length and the length of its signature. O(1).
    static func cost(_ token: Span<UInt8>) -> Int {
        let n = token.count
        // HS256: nine tenths of a nanosecond a byte; anything is scanned.
        let base = 150 &+ n
        if n == 0 || hasDot(token, 43) { return base }
        if hasDot(token, 64) { return base &+ 2_000 }
        if hasDot(token, 86) { return base &+ 15_000 }  // ES256, EdDSA; HS512 is quicker
        if hasDot(token, 128) || hasDot(token, 176) { return base &+ 100_000 }  // ES384, ES512
        return base &+ 18_000  // RSA of some length, or no token
    }

    /// Whether the last `count` characters stand behind a dot.
    @inline(__always)
    private static func hasDot(_ token: Span<UInt8>, _ count: Int) -> Bool {
        token.count > count && token[token.count &- count &- 1] == UInt8(ascii: ".")
    }
}

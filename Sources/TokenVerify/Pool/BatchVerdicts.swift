// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
import TokenScan

/// What a pool says of a batch: verdict i belongs to token i. Owns everything; keep it as long as you like.
///
/// Prints nothing of a token. Any thread.
public struct BatchVerdicts: Sendable {
    /// The answer for one token.
    public enum Element: Equatable, Sendable {
        /// Signature and claims hold; `acceptEntryIndex` says under which accept entry.
        case accepted(acceptEntryIndex: Int)
        /// Something does not hold; nothing of the token is to be used.
        case refused(Refusal)
    }

    private let results: PoolResults

    init(_ results: PoolResults) { self.results = results }

    /// Tokens in the batch.
    public var count: Int { results.count }

    /// The verdicts' indices, those of the batch's tokens.
    public var indices: Range<Int> { 0..<count }

    /// The verdict of token `i`. Traps when `i` is not below ``count``.
    public subscript(i: Int) -> Element {
        let result = results[i]
        if let refusal = result.refusal { return .refused(refusal) }
        return .accepted(acceptEntryIndex: Int(result.acceptEntryIndex))
    }

    /// Tokens that were accepted. O(tokens).
    public var acceptedCount: Int { indices.count { results[$0].refusal == nil } }

    /// Calls `body` with the claims set of token `i`, exactly as it was signed; with nothing for a refused token.
    public func withClaims<Result: ~Copyable, Failure: Error>(
        of i: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = results[i]
        let bytes = results.output(of: result)
        return try body(bytes.span.extracting(result.claims))
    }

    /// Calls `body` with the JOSE header of token `i`, exactly as it was signed; with nothing for a refused token.
    public func withHeader<Result: ~Copyable, Failure: Error>(
        of i: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = results[i]
        let bytes = results.output(of: result)
        return try body(bytes.span.extracting(result.header))
    }

    /// A copy of the claims of token `i` for keeping apart; nil for a refused token.
    public func claimsSet(of i: Int) -> ClaimsSet? {
        guard results[i].refusal == nil else { return nil }
        return withClaims(of: i) { ClaimsSet(json: [UInt8]($0)) }
    }
}

extension BatchVerdicts: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The number of verdicts, and nothing of the tokens.
    public var description: String { "BatchVerdicts(\(count) tokens)" }
    /// The number of verdicts, and nothing of the tokens.
    public var debugDescription: String { description }
    /// No children: claims are not for logs.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// One token's answer in a job's results.
struct PoolResult: Sendable {
    /// Nil for an accepted token. Until a worker has written here: not looked at.
    var refusal: Refusal? = Refusal(.overloaded)
    var acceptEntryIndex: Int32 = -1
    /// Which run of the plan, and so which output, the token belongs to.
    var run: Int32 = -1
    private var headerStart: UInt32 = 0
    private var headerByteCount: UInt32 = 0
    private var claimsStart: UInt32 = 0
    private var claimsByteCount: UInt32 = 0

    init() {}

    init(refusal: Refusal, run: Int) {
        self.refusal = refusal
        self.run = Int32(truncatingIfNeeded: run)
    }

    init(acceptEntryIndex: Int, run: Int, header: Range<Int>, claims: Range<Int>) {
        refusal = nil
        self.acceptEntryIndex = Int32(truncatingIfNeeded: acceptEntryIndex)
        self.run = Int32(truncatingIfNeeded: run)
        headerStart = UInt32(truncatingIfNeeded: header.lowerBound)
        headerByteCount = UInt32(truncatingIfNeeded: header.count)
        claimsStart = UInt32(truncatingIfNeeded: claims.lowerBound)
        claimsByteCount = UInt32(truncatingIfNeeded: claims.count)
    }

    var header: Range<Int> { Int(headerStart)..<(Int(headerStart) &+ Int(headerByteCount)) }
    var claims: Range<Int> { Int(claimsStart)..<(Int(claimsStart) &+ Int(claimsByteCount)) }
}

/// The results of one job, written by its workers, each in places of its own, and read when all are done.
// `@safe`: places are checked, and the memory lives as long as the object.
@safe final class PoolResults: @unchecked Sendable {
    // Sendable by hand: runs are handed out once, so a place has one writer; readers come after the job's last run was
    // counted down with release and acquire order.
    private let items: UnsafeMutablePointer<PoolResult>  // owned, `count` of them
    private let outputs: UnsafeMutablePointer<[UInt8]>  // owned, `runCount` of them
    let count: Int
    private let runCount: Int

    init(count: Int, runCount: Int) {
        self.count = count
        self.runCount = runCount
        // SAFETY: all elements are initialised here and deinitialised once.
        unsafe items = .allocate(capacity: max(count, 1))
        unsafe items.initialize(repeating: PoolResult(), count: count)
        unsafe outputs = .allocate(capacity: max(runCount, 1))
        unsafe outputs.initialize(repeating: [], count: runCount)
    }

    deinit {
        // SAFETY: the elements that the initialiser made.
        unsafe items.deinitialize(count: count)
        unsafe items.deallocate()
        unsafe outputs.deinitialize(count: runCount)
        unsafe outputs.deallocate()
    }

    // SAFETY: for all of the following, the place is checked first.

    subscript(i: Int) -> PoolResult {
        get {
            precondition(i >= 0 && i < count, "verdict index")
            return unsafe items[i]
        }
        set {
            precondition(i >= 0 && i < count, "verdict index")
            unsafe items[i] = newValue
        }
    }

    /// The claims of a run's tokens, one behind the other, and their headers, one for tokens in a row that share it.
    func setOutput(_ bytes: consuming [UInt8], run: Int) {
        precondition(run >= 0 && run < runCount, "run")
        unsafe outputs[run] = bytes
    }

    func output(of result: PoolResult) -> [UInt8] {
        guard result.run >= 0, result.run < runCount else { return [] }
        return unsafe outputs[Int(result.run)]
    }
}

// SPDX-License-Identifier: Apache-2.0
package import TokenPersonalData
package import TokenScan

/// Log bytes in, the same bytes out with tokens and personal data replaced, in chunks of any size.
///
/// What is not replaced is not changed. At most ``TokenFinder/tokenByteCountMax`` bytes and a few wait for what follows
/// them. One thread owns it; no allocation in steady state.
package struct LogScrubber: ~Copyable {
    private var finder: TokenFinder
    private var writer: ScrubWriter
    /// Settled bytes that rules look back at, then the bytes that wait.
    private var input = ByteScratch()
    private var settledByteCount = 0

    /// A scrubber that fingerprints with `keys`.
    package init(_ options: ScrubOptions = ScrubOptions(), keys: LogKeys) {
        finder = TokenFinder(rules: options.rules)
        writer = ScrubWriter(options, keys: keys)
    }

    /// Counts of what went through.
    package var statistics: ScrubStatistics { writer.statistics }

    /// Takes a chunk and appends to `output` what is settled.
    package mutating func scrub(_ chunk: Span<UInt8>, into output: inout ByteScratch) {
        input.append(chunk)
        process(isFinal: false, into: &output)
    }

    /// Takes the bytes that `fill` appends to the buffer it is given, without another copy of them. Returns how many.
    package mutating func scrub<Failure: Error>(
        into output: inout ByteScratch, fill: (inout ByteScratch) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        let before = input.count
        try fill(&input)
        let added = input.count - before
        if added > 0 { process(isFinal: false, into: &output) }
        return added
    }

    /// Appends the rest. The scrubber is then as new, its counts kept.
    package mutating func finish(into output: inout ByteScratch) {
        process(isFinal: true, into: &output)
        input.removeAll()
        settledByteCount = 0
        finder.begin()
    }

    private mutating func process(isFinal: Bool, into output: inout ByteScratch) {
        let outputBefore = output.count
        finder.begin()
        let settled = Self.run(
            input, from: settledByteCount, &finder, &writer, isFinal: isFinal, into: &output)
        writer.finish(&output)
        writer.statistics.inputByteCount += settled - settledByteCount
        writer.statistics.outputByteCount += output.count - outputBefore
        keep(from: settled)
    }

    /// Drops what nothing looks back at any more.
    private mutating func keep(from settled: Int) {
        let first = max(0, settled - writer.lookBackByteCount)
        settledByteCount = settled - first
        writer.forget(first)
        input.removeFirst(first)
    }

    private static func run(
        _ input: borrowing ByteScratch, from start: Int, _ finder: inout TokenFinder, _ writer: inout ScrubWriter,
        isFinal: Bool, into output: inout ByteScratch
    ) -> Int {
        let text = input.span
        var done = start
        while true {
            switch finder.next(in: text, from: done, isFinal: isFinal) {
            case .finding(let finding):
                writer.copy(text, done..<finding.range.lowerBound, isFollowed: true, to: &output)
                writer.replace(finding, text, finder.compactText(of: finding, in: text), to: &output)
                done = finding.range.upperBound
            case .settled(let end):
                return writer.copySettled(text, done..<end, isFinal: isFinal, to: &output)
            }
        }
    }
}

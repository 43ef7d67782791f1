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

    /// Takes a chunk and appends to `output` what is settled. Only the line that is not over is kept.
    package mutating func scrub(_ chunk: Span<UInt8>, into output: inout ByteScratch) {
        var start = 0
        if !input.isEmpty {
            // Completes the line that waits, so that the rest can be looked at where it stands.
            while start < chunk.count, chunk[start] != 0x0A { start += 1 }
            start = min(start + 1, chunk.count)
            input.append(chunk.extracting(0..<start))
            process(isFinal: false, into: &output)
        }
        guard start < chunk.count else { return }
        let rest = chunk.extracting(start..<chunk.count)
        if input.isEmpty {
            processInPlace(rest, into: &output)
        } else {
            input.append(rest)
            process(isFinal: false, into: &output)
        }
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
        writer.forget(Int.max)
    }

    private mutating func process(isFinal: Bool, into output: inout ByteScratch) {
        let outputBefore = output.count
        finder.begin()
        let settled = Self.run(input, from: settledByteCount, &finder, &writer, isFinal: isFinal, into: &output)
        writer.finish(&output)
        writer.count(input: settled - settledByteCount, output: output.count - outputBefore)
        let first = Self.firstKept(input, settled, writer.lookBackByteCount)
        settledByteCount = settled - first
        writer.forget(first)
        input.removeFirst(first)
    }

    private mutating func processInPlace(_ text: Span<UInt8>, into output: inout ByteScratch) {
        let outputBefore = output.count
        finder.begin()
        let settled = Self.run(text, from: 0, &finder, &writer, isFinal: false, into: &output)
        writer.finish(&output)
        writer.count(input: settled, output: output.count - outputBefore)
        let first = Self.firstKept(text, settled, writer.lookBackByteCount)
        settledByteCount = settled - first
        writer.forget(first)
        input.append(text.extracting(first..<text.count))
    }

    /// The first byte that something may still look at. Nothing looks back over a line feed.
    private static func firstKept(_ text: Span<UInt8>, _ settled: Int, _ lookBackByteCount: Int) -> Int {
        if settled > 0, text[settled - 1] == 0x0A { return settled }
        return max(0, settled - lookBackByteCount)
    }

    private static func firstKept(_ input: borrowing ByteScratch, _ settled: Int, _ lookBackByteCount: Int) -> Int {
        firstKept(input.span, settled, lookBackByteCount)
    }

    private static func run(
        _ input: borrowing ByteScratch, from start: Int, _ finder: inout TokenFinder, _ writer: inout ScrubWriter,
        isFinal: Bool, into output: inout ByteScratch
    ) -> Int {
        run(input.span, from: start, &finder, &writer, isFinal: isFinal, into: &output)
    }

    private static func run(
        _ text: Span<UInt8>, from start: Int, _ finder: inout TokenFinder, _ writer: inout ScrubWriter,
        isFinal: Bool, into output: inout ByteScratch
    ) -> Int {
        var done = start
        while true {
            switch finder.next(in: text, from: done, isFinal: isFinal) {
            case .finding(let finding):
                writer.copy(text, done..<finding.range.lowerBound, to: &output)
                writer.replace(finding, text, finder.compactText(of: finding, in: text), to: &output)
                done = finding.range.upperBound
            case .settled(let end):
                return writer.copySettled(text, done..<end, isFinal: isFinal, to: &output)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// What processing lines leaves behind: text for standard output, notes for standard error, and counts.
struct LineOutput: ~Copyable {
    var text = ByteScratch()
    var notes = ByteScratch()
    var acceptedCount = 0
    var refusedCount = 0
    /// Whether a store or a queue did not answer for some line.
    var isUnavailable = false

    /// Counts a refusal.
    mutating func count(_ code: RefusalCode) {
        refusedCount += 1
        if code == .storage || code == .overloaded { isUnavailable = true }
    }

    /// Writes `cloakroom: line 7 refused at byte 12 (json)` for standard error.
    mutating func note(line: Int, _ refusal: Refusal) {
        notes.append("cloakroom: line ")
        notes.appendDecimal(Int64(line))
        notes.append(" refused")
        if let offset = refusal.offset {
            notes.append(" at byte ")
            notes.appendDecimal(Int64(offset))
        }
        notes.append(" (")
        notes.append(text: refusal.code.rawValue)
        notes.append(")\n")
    }

    /// Writes that a line was accepted though kept values look like personal data.
    mutating func note(line: Int, warningCount: Int) {
        notes.append("cloakroom: warning: line ")
        notes.appendDecimal(Int64(line))
        notes.append(" keeps values that look like personal data: ")
        notes.appendDecimal(Int64(warningCount))
        notes.append(" (personal-data-kept)\n")
    }

    /// Forgets everything and keeps the memory.
    mutating func removeAll() {
        text.removeAll()
        notes.removeAll()
        acceptedCount = 0
        refusedCount = 0
        isUnavailable = false
    }
}

extension ByteScratch {
    /// Appends the UTF-8 of a string.
    mutating func append(text: String) {
        var text = text
        text.makeContiguousUTF8()
        append(text.utf8.span)
    }
}

/// A run of whole lines on its way through a worker, with the memory for what comes out. Reused, never copied.
///
/// Sendable by hand: the pipeline's lock hands a chunk from one thread to the next, and only its holder touches it.
final class LineChunk: @unchecked Sendable {
    /// The lines' bytes, line feeds included.
    var bytes = ByteScratch()
    /// Where each line stands in `bytes`, without its end: a line feed, and one carriage return before it.
    var places: [Range<Int>] = []
    /// The number of the first line, counted from 1.
    var firstLine = 1
    /// Whether one more line follows that is too long and was not stored.
    var endsOversized = false
    /// Place in the input, counted from 0: chunks leave in this order.
    var sequence = 0
    var output = LineOutput()

    var lineCount: Int { places.count + (endsOversized ? 1 : 0) }

    /// Lets `worker` process the lines.
    func process(by worker: some LineWorker) {
        Self.process(bytes, places, firstLine: firstLine, by: worker, &output)
        guard endsOversized else { return }
        worker.refuse(
            Refusal(.tooLarge, offset: ScanLimits().tokenByteCountMax), line: firstLine + places.count, &output)
    }

    private static func process(
        _ bytes: borrowing ByteScratch, _ places: [Range<Int>], firstLine: Int, by worker: some LineWorker,
        _ output: inout LineOutput
    ) {
        if !places.isEmpty { worker.process(bytes.span, places: places, firstLine: firstLine, &output) }
    }
}

/// What turns input lines into output. One a thread; not shared.
protocol LineWorker: AnyObject {
    /// Processes the lines at `places` of `text`, in order.
    func process(_ text: Span<UInt8>, places: [Range<Int>], firstLine: Int, _ output: inout LineOutput)
    /// Writes what stands for a refused line, and counts it.
    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput)
}

/// A worker to which each line is a task of its own.
protocol SingleLineWorker: LineWorker {
    /// Processes one line, without its end.
    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput)
}

extension SingleLineWorker {
    func process(_ text: Span<UInt8>, places: [Range<Int>], firstLine: Int, _ output: inout LineOutput) {
        for (i, place) in places.enumerated() { process(text.extracting(place), line: firstLine + i, &output) }
    }
}

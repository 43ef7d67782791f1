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
    /// Offset of each line's end in `bytes`, without its line feed.
    var ends: [Int] = []
    /// The number of the first line, counted from 1.
    var firstLine = 1
    /// Whether one more line follows that is too long and was not stored.
    var endsOversized = false
    /// Place in the input, counted from 0: chunks leave in this order.
    var sequence = 0
    var output = LineOutput()

    private static let oversized = Refusal(.tooLarge, offset: LineReader.lineByteCountMax)

    var lineCount: Int { ends.count + (endsOversized ? 1 : 0) }

    /// Lets `worker` process the lines one by one. One carriage return before a line's end is left out.
    func process(by worker: some LineWorker) {
        Self.process(bytes, ends: ends, firstLine: firstLine, by: worker, &output)
        if endsOversized { worker.refuse(Self.oversized, line: firstLine + ends.count, &output) }
    }

    private static func process(
        _ bytes: borrowing ByteScratch, ends: [Int], firstLine: Int, by worker: some LineWorker,
        _ output: inout LineOutput
    ) {
        let text = bytes.span
        var start = 0
        for (i, end) in ends.enumerated() {
            let hasReturn = end > start && text[end - 1] == 0x0D
            let line = text.extracting(start..<(hasReturn ? end - 1 : end))
            if line.count > LineReader.lineByteCountMax {
                worker.refuse(oversized, line: firstLine + i, &output)
            } else {
                worker.process(line, line: firstLine + i, &output)
            }
            start = end + 1
        }
    }
}

/// What turns one input line into output. One a thread; not shared.
protocol LineWorker: AnyObject {
    /// Processes one line, without its end.
    func process(_ line: Span<UInt8>, line number: Int, _ output: inout LineOutput)
    /// Writes what stands for a refused line, and counts it.
    func refuse(_ refusal: Refusal, line number: Int, _ output: inout LineOutput)
}

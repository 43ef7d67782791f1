// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenScan

/// Lines in, lines out, in input order, with a bounded number of chunks in flight.
///
/// Each thread owns its worker. A thread takes a free chunk, fills it from the input, processes it, and hands it in;
/// whoever completes the next chunk in order writes it and those that wait behind it. So memory is bounded by
/// 2 chunks a thread, a slow reader of the output slows the input down, and no thread waits for another's line.
final class LinePipeline: @unchecked Sendable {
    // Sendable by hand: `reader` and `readCount` are used under `inputLock`, all else that changes under `state`.
    private let inputLock = NSLock()
    private var reader: LineReader
    private var readCount = 0

    private let state = NSCondition()
    private var free: [LineChunk] = []
    private var finished: [Int: LineChunk] = [:]
    private var writtenCount = 0
    private var runningCount = 0
    private var failure: CommandFailure?
    private var totals = LineTotals()
    private var progress: LineProgress

    init(input: Int32, isQuiet: Bool) {
        reader = LineReader(descriptor: input)
        progress = LineProgress(isQuiet: isQuiet)
    }

    /// Runs `workers`, one a thread, the first on this one, until the input ends. Returns the counts.
    ///
    /// - Throws: the first failure of input or output; what was written until then stays written.
    func run(_ workers: [any LineWorker]) throws(CommandFailure) -> LineTotals {
        guard let first = workers.first else { return totals }
        free = (0..<(workers.count == 1 ? 1 : workers.count * 2)).map { _ in LineChunk() }
        runningCount = workers.count
        for worker in workers.dropFirst() {
            let box = WorkerBox(worker)
            Thread.detachNewThread { self.loop(box.worker) }
        }
        loop(first)
        state.lock()
        while runningCount > 0 { state.wait() }
        state.unlock()
        progress.finish(totals)
        if let failure { throw failure }
        return totals
    }

    private func loop(_ worker: any LineWorker) {
        while let chunk = takeFreeChunk() {
            guard fill(chunk) else { break }
            chunk.process(by: worker)
            handIn(chunk)
        }
        state.lock()
        runningCount -= 1
        state.broadcast()
        state.unlock()
    }

    /// Waits for a free chunk; nil when the run has failed.
    private func takeFreeChunk() -> LineChunk? {
        state.lock()
        defer { state.unlock() }
        while free.isEmpty, failure == nil { state.wait() }
        return failure == nil ? free.removeLast() : nil
    }

    /// Reads the next lines into the chunk; false at the end of the input.
    private func fill(_ chunk: LineChunk) -> Bool {
        inputLock.lock()
        defer { inputLock.unlock() }
        do {
            guard try reader.fill(chunk) else { return false }
            chunk.sequence = readCount
            readCount += 1
            return true
        } catch {
            fail(error)
            return false
        }
    }

    /// Writes the chunk, and those behind it that wait, or lets it wait for those before it.
    private func handIn(_ chunk: LineChunk) {
        state.lock()
        defer { state.unlock() }
        finished[chunk.sequence] = chunk
        while let next = finished.removeValue(forKey: writtenCount) {
            writtenCount += 1
            if failure == nil { write(next) }
            totals.add(next)
            free.append(next)
        }
        progress.show(totals)
        state.broadcast()
    }

    private func write(_ chunk: LineChunk) {
        do {
            if !chunk.output.text.isEmpty { try OutputFile.write(chunk.output.text) }
            if !chunk.output.notes.isEmpty { OutputFile.note(chunk.output.notes) }
        } catch {
            failure = failure ?? error
        }
    }

    private func fail(_ error: CommandFailure) {
        state.lock()
        failure = failure ?? error
        state.broadcast()
        state.unlock()
    }
}

/// Moves a worker to the thread that will own it.
private final class WorkerBox: @unchecked Sendable {
    // Sendable by hand: the thread that makes it never touches the worker again.
    let worker: any LineWorker
    init(_ worker: any LineWorker) { self.worker = worker }
}

/// The counts of a run.
struct LineTotals: Sendable {
    var acceptedCount = 0
    var refusedCount = 0
    var isUnavailable = false

    mutating func add(_ chunk: LineChunk) {
        acceptedCount += chunk.output.acceptedCount
        refusedCount += chunk.output.refusedCount
        isUnavailable = isUnavailable || chunk.output.isUnavailable
    }

    /// 69 when a store or queue did not answer, else 1 when a line was refused, else 0.
    var status: ExitStatus {
        if isUnavailable { return .unavailable }
        return refusedCount > 0 ? .refused : .accepted
    }
}

/// A line on standard error that shows how far a long run is: only on a terminal, once a second, and not with
/// `--quiet`.
struct LineProgress {
    private let isShown: Bool
    private var lastShown = System.now()
    private var hasShown = false

    init(isQuiet: Bool) {
        isShown = !isQuiet && System.isTerminal(System.standardError)
    }

    mutating func show(_ totals: LineTotals) {
        guard isShown else { return }
        let now = System.now()
        guard now > lastShown else { return }
        lastShown = now
        hasShown = true
        write(totals, end: "")
    }

    mutating func finish(_ totals: LineTotals) {
        if hasShown { write(totals, end: "\n") }
    }

    private func write(_ totals: LineTotals, end: String) {
        let text = "\rcloakroom: \(totals.acceptedCount) accepted, \(totals.refusedCount) refused\(end)"
        let bytes = Array(text.utf8)
        OutputFile.note(bytes.span)
    }
}

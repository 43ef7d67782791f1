// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenScrub

/// Moves bytes from files through a scrubber to its output.
///
/// What is settled is written when a block is full, when no input is ready, or after every read where that was asked
/// for. So a slow log is never held back, and a fast one goes in blocks.
struct ScrubPump: ~Copyable {
    /// How it writes.
    struct Manner {
        var isLineBuffered: Bool
        /// One `OK` a line on standard output, for rsyslog's omprog with confirmMessages.
        var confirms: Bool
    }

    private static let readByteCount = 262_144

    private var scrubber: LogScrubber
    private var output: ScrubOutput
    private let manner: Manner
    private var lineCount = 0

    init(_ scrubber: consuming LogScrubber, _ output: consuming ScrubOutput, _ manner: Manner) {
        self.scrubber = scrubber
        self.output = output
        self.manner = manner
    }

    /// What went through.
    var statistics: ScrubStatistics { scrubber.statistics }

    /// Passes everything that `descriptor` delivers.
    ///
    /// - Throws: exit status 74 for input, output or a stop by signal, 65 for broken gzip data. What was settled before
    ///   that is written, masked; what a failed output did not take is dropped.
    mutating func pass(_ descriptor: Int32) throws(CommandFailure) {
        var first = ByteScratch()
        while first.count < 2 {
            guard let count = try read(descriptor, into: &first) else { return try end(stopped: true) }
            if count == 0 { break }
        }
        if first.count >= 2, first.span[0] == 0x1F, first.span[1] == 0x8B {
            try passGzip(descriptor, first)
        } else {
            try passPlain(descriptor, first)
        }
    }

    private mutating func passPlain(_ descriptor: Int32, _ first: borrowing ByteScratch) throws(CommandFailure) {
        take(first)
        try settle()
        while !first.isEmpty {
            guard let count = try readScrubbed(descriptor) else { return try end(stopped: true) }
            if count == 0 { break }
            try settle()
        }
        try end(stopped: false)
    }

    private mutating func passGzip(_ descriptor: Int32, _ first: consuming ByteScratch) throws(CommandFailure) {
        guard var reader = GzipReader(first) else {
            throw CommandFailure(.inputOutput, "cannot start gzip", code: "input")
        }
        var piece = ByteScratch()
        while true {
            if reader.wantsInput {
                try flushWhenIdle(descriptor)
                if StopSignal.wait(for: descriptor, isPatient: true) == .stopped { return try end(stopped: true) }
                let count = reader.read { System.read(descriptor, atMost: Self.readByteCount, into: &$0) }
                guard let count else { throw CommandFailure(.inputOutput, "cannot read the input", code: "input") }
                if count == 0 { break }
            }
            piece.removeAll()
            guard reader.inflate(into: &piece) else {
                try end(stopped: false)
                throw CommandFailure(.data, "the input is broken gzip data", code: "gzip")
            }
            take(piece)
            try settle()
        }
        let isWhole = reader.isBetweenMembers
        try end(stopped: false)
        if !isWhole { throw CommandFailure(.data, "the gzip data ends too early", code: "gzip") }
    }

    // MARK: Steps

    private mutating func take(_ piece: borrowing ByteScratch) {
        if manner.confirms { lineCount += Self.lineFeeds(in: piece.span) }
        scrubber.scrub(piece.span, into: &output.bytes)
    }

    /// Reads into the scrubber. Nil when a signal asks to stop.
    private mutating func readScrubbed(_ descriptor: Int32) throws(CommandFailure) -> Int? {
        if manner.confirms {
            var piece = ByteScratch()
            guard let count = try read(descriptor, into: &piece) else { return nil }
            take(piece)
            return count
        }
        try flushWhenIdle(descriptor)
        if StopSignal.wait(for: descriptor, isPatient: true) == .stopped { return nil }
        var isRead = true
        let count = scrubber.scrub(into: &output.bytes) { buffer in
            isRead = System.read(descriptor, atMost: Self.readByteCount, into: &buffer) != nil
        }
        guard isRead else { throw CommandFailure(.inputOutput, "cannot read the input", code: "input") }
        return count
    }

    private mutating func read(_ descriptor: Int32, into buffer: inout ByteScratch) throws(CommandFailure) -> Int? {
        try flushWhenIdle(descriptor)
        if StopSignal.wait(for: descriptor, isPatient: true) == .stopped { return nil }
        guard let count = System.read(descriptor, atMost: Self.readByteCount, into: &buffer) else {
            throw CommandFailure(.inputOutput, "cannot read the input", code: "input")
        }
        return count
    }

    private mutating func flushWhenIdle(_ descriptor: Int32) throws(CommandFailure) {
        guard !output.bytes.isEmpty, StopSignal.wait(for: descriptor, isPatient: false) == .nothing else { return }
        try output.flush()
    }

    private mutating func settle() throws(CommandFailure) {
        let isFull = output.bytes.count >= ScrubOutput.blockByteCount
        if isFull || manner.isLineBuffered || manner.confirms { try output.flush() }
        try confirm()
    }

    private mutating func confirm() throws(CommandFailure) {
        guard lineCount > 0 else { return }
        try OutputFile.write(String(repeating: "OK\n", count: lineCount))
        lineCount = 0
    }

    private mutating func end(stopped: Bool) throws(CommandFailure) {
        scrubber.finish(into: &output.bytes)
        try output.flush()
        if stopped {
            try output.flush(isLast: true)
            throw CommandFailure(.inputOutput, "stopped by a signal; what was read is written, masked", code: "stopped")
        }
    }

    /// Ends the output.
    mutating func finish() throws(CommandFailure) { try output.flush(isLast: true) }

    private static func lineFeeds(in text: Span<UInt8>) -> Int {
        var count = 0
        var start = 0
        while let feed = System.lineFeed(in: text, from: start) {
            count += 1
            start = feed + 1
        }
        return count
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// Reads a descriptor as chunks of whole lines in memory that does not grow with the input.
///
/// A chunk holds what one read delivered, so that a slow pipe is answered at once and a fast one in blocks. The last
/// line needs no line feed. A line over ``lineByteCountMax`` is counted and skipped without being stored.
struct LineReader: ~Copyable {
    /// Bytes of the longest line that is looked at, its end not counted. Far over what a token may have: such a line
    /// is refused by its reader, and this bound only keeps it from being stored.
    static let lineByteCountMax = 131_072

    private let descriptor: Int32
    /// The start of a line whose end has not been read yet.
    private var carry = ByteScratch()
    private var nextLine = 1
    private var isAtEnd = false
    private var isSkipping = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Fills `chunk` with at least one line. Returns false at the end of the input.
    ///
    /// - Throws: exit status 74.
    mutating func fill(_ chunk: LineChunk) throws(CommandFailure) -> Bool {
        chunk.bytes.removeAll()
        chunk.places.removeAll(keepingCapacity: true)
        chunk.output.removeAll()
        chunk.endsOversized = false
        chunk.firstLine = nextLine
        chunk.bytes.append(carry.span)
        carry.removeAll()
        try readLines(chunk)
        nextLine += chunk.lineCount
        return chunk.lineCount > 0
    }

    private mutating func readLines(_ chunk: LineChunk) throws(CommandFailure) {
        let capacity = Self.lineByteCountMax + 2
        var searched = 0
        while true {
            if isSkipping { skip(chunk) }
            if !isSkipping { split(chunk, from: searched) }
            if !chunk.places.isEmpty { return }
            searched = chunk.bytes.count
            if searched == capacity {
                // A full buffer without a line feed: one line, longer than allowed.
                chunk.bytes.removeAll()
                chunk.endsOversized = true
                isSkipping = true
                return
            }
            if isAtEnd { return takeLastLine(chunk) }
            guard let count = System.read(descriptor, atMost: capacity - chunk.bytes.count, into: &chunk.bytes) else {
                throw CommandFailure(.inputOutput, "cannot read the input", code: "input")
            }
            isAtEnd = count == 0
        }
    }

    /// Drops bytes up to the end of an oversized line.
    private mutating func skip(_ chunk: LineChunk) {
        guard let end = System.lineFeed(in: chunk.bytes.span, from: 0) else {
            chunk.bytes.removeAll()
            return
        }
        isSkipping = false
        var rest = ByteScratch()
        rest.append(chunk.bytes.span.extracting((end + 1)...))
        chunk.bytes.removeAll()
        chunk.bytes.append(rest.span)
    }

    /// Notes the place of every line, and moves what stands behind the last one into `carry`.
    private mutating func split(_ chunk: LineChunk, from start: Int) {
        guard let end = Self.appendPlaces(of: chunk.bytes.span, from: start, to: &chunk.places) else { return }
        carry.append(chunk.bytes.span.extracting(end...))
        chunk.bytes.truncate(to: end)
    }

    /// Searches for line feeds at or behind `start`. Returns the offset behind the last one, nil when there is none.
    private static func appendPlaces(of text: Span<UInt8>, from start: Int, to places: inout [Range<Int>]) -> Int? {
        var lineStart = 0
        var searchStart = start
        while let feed = System.lineFeed(in: text, from: searchStart) {
            places.append(place(lineStart..<feed, in: text))
            lineStart = feed + 1
            searchStart = lineStart
        }
        return places.isEmpty ? nil : lineStart
    }

    /// A line without the carriage return at its end, whether or not a line feed follows it.
    private static func place(_ line: Range<Int>, in text: Span<UInt8>) -> Range<Int> {
        guard let last = line.last, text[last] == 0x0D else { return line }
        return line.lowerBound..<last
    }

    private mutating func takeLastLine(_ chunk: LineChunk) {
        if chunk.bytes.isEmpty { return }
        chunk.places.append(Self.place(0..<chunk.bytes.count, in: chunk.bytes.span))
    }
}

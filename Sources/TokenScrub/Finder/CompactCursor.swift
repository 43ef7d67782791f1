// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// Walks over a token in running text, and keeps its compact text where that is not simply the bytes that stand there.
struct CompactCursor {
    /// Where the token starts.
    let start: Int
    /// The next byte to look at.
    var at: Int
    /// The end of what belongs to the token.
    var end: Int
    /// Whether text and compact text are the same so far.
    var isPlain = true
    /// Characters of the segment that is being read.
    private var segmentCount = 0

    /// What ends a run.
    enum Stop: Equatable {
        case joint(Joint)
        /// The token is longer than the limit.
        case oversized
    }

    init(start: Int) {
        self.start = start
        at = start
        end = start
    }

    /// Bytes of the compact text so far.
    func compactByteCount(_ compact: borrowing ByteScratch) -> Int { isPlain ? end - start : compact.count }

    /// The rest of the segment: runs of characters, colours between them, padding behind them. Gives what follows.
    mutating func readSegment(
        _ text: Span<UInt8>, isFinal: Bool, byteCountMax: Int, run: inout RunEnd, into compact: inout ByteScratch
    ) -> Stop {
        segmentCount = 0
        var padCount = 0
        while true {
            let runEnd = run.end(in: text, from: at)
            if runEnd > at {
                if padCount > 0 { return .joint(.end) }
                if !isPlain { compact.append(text.extracting(at..<runEnd)) }
                segmentCount += runEnd - at
                at = runEnd
                end = runEnd
            }
            if at - start > byteCountMax { return .oversized }
            guard at < text.count else { return .joint(isFinal ? .end : .need) }
            let joint = Joint.read(text, at: at, isFinal: isFinal)
            switch joint {
            case .skip(let count):
                leavePlain(text, &compact)
                at += count
            case .pad(let count):
                guard padCount < 2, segmentCount % 4 >= 2 else { return .joint(.end) }
                leavePlain(text, &compact)
                padCount += 1
                at += count
                if (segmentCount + padCount) % 4 == 0 { end = at }
            default:
                return .joint(joint)
            }
        }
    }

    /// Takes a joint of `byteCount` bytes that stands for `byte`.
    mutating func take(
        _ text: Span<UInt8>, _ byteCount: Int, as byte: UInt8, into compact: inout ByteScratch
    ) {
        if byteCount != 1 || at != end { leavePlain(text, &compact) }
        if !isPlain { compact.append(byte) }
        at += byteCount
        end = at
    }

    private mutating func leavePlain(_ text: Span<UInt8>, _ compact: inout ByteScratch) {
        guard isPlain else { return }
        isPlain = false
        compact.removeAll()
        compact.append(text.extracting(start..<end))
    }
}

/// The run of base64url characters that was looked at last: candidates inside one run share its end.
struct RunEnd {
    private var start = 0
    private var last = -1

    /// Forgets the text.
    mutating func begin() { last = -1 }

    /// The end of the run that `start` is in.
    mutating func end(in text: Span<UInt8>, from position: Int) -> Int {
        if position >= start, position < last { return last }
        start = position
        last = text.base64URLRunEnd(from: position)
        return last
    }
}

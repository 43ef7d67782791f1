// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// Finds tokens in running text by their structure, whatever stands around them, in chunks of any size.
///
/// A token starts with the base64url of a JSON object (`eyJ`, `ew0`, …), at any byte, after any byte. Its first segment
/// must decode to an object with a string `alg`, or with a registered claim (a token whose start was cut off). What a
/// call answers does not depend on where the text was cut: whatever is not settled is to be presented again with the
/// bytes that follow, at most ``tokenByteCountMax`` of them and a few.
///
/// The text of a step is the caller's; the finder keeps offsets and the unwrapped text of the last finding. One worker
/// owns it. Cost: token-free text passes at the speed of ``AnchorList``; no allocation in steady state.
package struct TokenFinder: ~Copyable {
    /// The longest token, in bytes of the text; a longer one is reported as `oversized` and passed over to its end.
    package static let tokenByteCountMax = 16_384

    /// What one step found.
    package enum Step {
        /// Everything before its range holds no token.
        case finding(TokenFinding)
        /// No further finding; bytes from here on are not settled, the whole text is when the text was final.
        case settled(Int)
    }

    let rules: [TokenRule]
    private let table: AnchorTable
    private var anchors = AnchorList()
    private var run = RunEnd()
    private var headers = HeaderCache()
    private var compact = ByteScratch()
    private var wrapped = ByteScratch()
    /// Whether the text goes on inside a token that was reported as oversized.
    private var isPassing = false

    /// A finder, with the caller's own rules beside the built-in forms.
    package init(rules: [TokenRule] = []) {
        self.rules = rules
        table = Self.makeTable(rules)
    }

    private static func makeTable(_ rules: [TokenRule]) -> AnchorTable {
        var table = AnchorTable()
        let rows: [(Int, String, String, String)] = [
            (0, "e", "y", "IJKLA"), (1, "e", "w", "ko0"), (2, "e", "yw", "\u{1B}"), (3, "e", "\u{1B}", "["),
            (4, "Z", "X", "ldc"), (5, "r", "1", "_"), (6, "=", "l", "1"),
        ]
        for (bucket, first, second, third) in rows {
            table.add(bucket: bucket, Array(first.utf8).span, Array(second.utf8).span, Array(third.utf8).span)
        }
        for rule in rules {
            let bytes = rule.prefix
            table.add(
                bucket: 7, bytes.span.extracting(0..<1), bytes.span.extracting(1..<2), bytes.span.extracting(2..<3))
        }
        return table
    }

    /// Starts on another text, or on the same one after it has grown or moved. An oversized token is remembered.
    package mutating func begin() {
        anchors.begin()
        run.begin()
    }

    /// The first finding at or behind `start`, which is 0 or the end of the finding before.
    package mutating func next(in text: Span<UInt8>, from start: Int, isFinal: Bool) -> Step {
        if isPassing {
            let (end, isOver) = passOver(text, from: start, isFinal: isFinal)
            isPassing = !isOver
            if end > start { return .finding(TokenFinding(.oversizedRest, start..<end)) }
            if !isOver { return .settled(end) }
        }
        while let candidate = anchors.next(table, in: text, from: start) {
            switch look(text, at: candidate, isFinal: isFinal) {
            case .nothing: continue
            case .need: return .settled(candidate)
            case .found(let finding):
                // Text in front of a fingerprint is settled only when its mark is whole, so this stays in order.
                guard finding.range.lowerBound >= start else { continue }
                return .finding(finding)
            case .oversized:
                let (end, isOver) = passOver(text, from: candidate, isFinal: isFinal)
                isPassing = !isOver
                return .finding(TokenFinding(.oversized, candidate..<end))
            }
        }
        return .settled(isFinal ? text.count : max(start, text.count - unsettledTail(text)))
    }

    /// The compact text of the finding that `next` gave last: segments, dots, disclosures, nothing escaped.
    @_lifetime(borrow self, copy text)
    package func compactText(of finding: TokenFinding, in text: Span<UInt8>) -> Span<UInt8> {
        finding.isPlain
            ? text.extracting(finding.range.lowerBound..<finding.range.lowerBound + finding.compactByteCount)
            : compact.span
    }

    /// Bytes at the end of the text that may start an anchor.
    private func unsettledTail(_ text: Span<UInt8>) -> Int {
        for count in [2, 1] where text.count >= count && table.mayStart(text, at: text.count - count) { return count }
        return 0
    }

    // MARK: Candidates

    private enum Look {
        case nothing, need, oversized
        case found(TokenFinding)
    }

    private mutating func look(_ text: Span<UInt8>, at start: Int, isFinal: Bool) -> Look {
        switch (text[start], text[start + 1]) {
        case (UInt8(ascii: "e"), _):
            let found = token(text, at: start, isFinal: isFinal)
            if case .nothing = found, !rules.isEmpty { break }
            return found
        case (UInt8(ascii: "Z"), UInt8(ascii: "X")):
            let found = wrappedToken(text, at: start, isFinal: isFinal)
            if case .nothing = found, !rules.isEmpty { break }
            return found
        case (UInt8(ascii: "r"), UInt8(ascii: "1")):
            if let found = ReferenceShape.look(text, at: start, isFinal: isFinal) {
                return found == 0 ? .need : .found(TokenFinding(.reference, start..<start + found))
            }
        case (UInt8(ascii: "="), UInt8(ascii: "l")):
            if let found = FingerprintShape.look(text, at: start, isFinal: isFinal) {
                return found == 0 ? .need : .found(TokenFinding(.fingerprint, start + 1..<start + found))
            }
        default: break
        }
        for (number, rule) in rules.enumerated() {
            guard let found = rule.look(text, at: start, isFinal: isFinal) else { continue }
            return found == 0 ? .need : .found(TokenFinding(.custom(number), start..<start + found))
        }
        return .nothing
    }

    /// A token whose header's first character stands at `start`.
    private mutating func token(_ text: Span<UInt8>, at start: Int, isFinal: Bool) -> Look {
        var cursor = CompactCursor(start: start)
        let stop = cursor.readSegment(
            text, isFinal: isFinal, byteCountMax: Self.tokenByteCountMax, run: &run, into: &compact)
        let headerCount = min(cursor.compactByteCount(compact), Self.tokenByteCountMax)
        let facts = headerFacts(text, cursor, headerCount, isSettled: stop != .joint(.need) && stop != .oversized)
        guard facts.status != .refused else { return .nothing }
        switch stop {
        case .oversized: return facts.hasAlgorithm ? .oversized : .nothing
        case .joint(.need): return .need
        case .joint(.dot) where facts.status == .whole && facts.hasAlgorithm:
            return parts(text, cursor, stop, facts, headerCount, isFinal: isFinal)
        default:
            guard facts.status == .whole, !facts.hasAlgorithm, facts.claimCount > 0 else { return .nothing }
            return headless(text, cursor, stop, headerCount, isFinal: isFinal)
        }
    }

    private mutating func headerFacts(
        _ text: Span<UInt8>, _ cursor: CompactCursor, _ count: Int, isSettled: Bool
    ) -> HeaderFacts {
        // What is not settled must not push whole headers out of the cache.
        if cursor.isPlain {
            let segment = text.extracting(cursor.start..<cursor.start + count)
            return isSettled ? headers.read(segment) : HeaderReader.read(segment)
        }
        return HeaderReader.read(compact.span.extracting(0..<count))
    }

    /// The segments behind the header.
    private mutating func parts(
        _ text: Span<UInt8>, _ start: CompactCursor, _ firstStop: CompactCursor.Stop, _ facts: HeaderFacts,
        _ headerCount: Int, isFinal: Bool
    ) -> Look {
        var cursor = start
        var stop = firstStop
        var finding = TokenFinding(facts.isEncrypted ? .jwe : .jws, start.start..<start.start)
        finding.algorithm = facts.algorithm
        finding.header = 0..<headerCount
        finding.partCount = 1
        var isEmpty = true
        while finding.partCount < (facts.isEncrypted ? 5 : 3), case .joint(.dot(let byteCount)) = stop {
            cursor.take(text, byteCount, as: UInt8(ascii: "."), into: &compact)
            let partStart = cursor.compactByteCount(compact)
            stop = cursor.readSegment(
                text, isFinal: isFinal, byteCountMax: Self.tokenByteCountMax, run: &run, into: &compact)
            if stop == .oversized { return .oversized }
            if stop == .joint(.need) { return .need }
            let partEnd = cursor.compactByteCount(compact)
            if partEnd > partStart { isEmpty = false }
            if finding.partCount == 1 { finding.payload = partStart..<partEnd }
            finding.partCount += 1
        }
        guard !isEmpty else { return .nothing }
        finding.tokenByteCount = cursor.compactByteCount(compact)
        return disclosures(text, &cursor, stop, &finding, isFinal: isFinal)
    }

    /// `~` and disclosures (RFC 9901 section 4), the last of which may be a key binding token.
    private mutating func disclosures(
        _ text: Span<UInt8>, _ cursor: inout CompactCursor, _ firstStop: CompactCursor.Stop,
        _ finding: inout TokenFinding, isFinal: Bool
    ) -> Look {
        var stop = firstStop
        while case .joint(.tilde(let byteCount)) = stop {
            cursor.take(text, byteCount, as: UInt8(ascii: "~"), into: &compact)
            let from = cursor.at
            var dotCount = 0
            repeat {
                if case .joint(.dot(let byteCount)) = stop {
                    cursor.take(text, byteCount, as: UInt8(ascii: "."), into: &compact)
                    dotCount += 1
                }
                stop = cursor.readSegment(
                    text, isFinal: isFinal, byteCountMax: Self.tokenByteCountMax, run: &run, into: &compact)
                if stop == .oversized { return .oversized }
                if stop == .joint(.need) { return .need }
                guard case .joint(.dot) = stop, dotCount < 2, from < text.count, text[from] == UInt8(ascii: "e") else {
                    break
                }
            } while true
            if cursor.end > from { finding.disclosureCount += 1 }
        }
        return .found(finish(finding, cursor))
    }

    /// A claims set whose header was cut off, and the signature behind it.
    private mutating func headless(
        _ text: Span<UInt8>, _ start: CompactCursor, _ firstStop: CompactCursor.Stop, _ count: Int, isFinal: Bool
    ) -> Look {
        var cursor = start
        var finding = TokenFinding(.claims, start.start..<start.start)
        finding.payload = 0..<count
        finding.partCount = 1
        if case .joint(.dot(let byteCount)) = firstStop {
            cursor.take(text, byteCount, as: UInt8(ascii: "."), into: &compact)
            let stop = cursor.readSegment(
                text, isFinal: isFinal, byteCountMax: Self.tokenByteCountMax, run: &run, into: &compact)
            if stop == .oversized { return .oversized }
            if stop == .joint(.need) { return .need }
        }
        finding.tokenByteCount = cursor.compactByteCount(compact)
        return .found(finish(finding, cursor))
    }

    private func finish(_ finding: TokenFinding, _ cursor: CompactCursor) -> TokenFinding {
        var finding = finding
        finding.range = cursor.start..<cursor.end
        finding.isPlain = cursor.isPlain
        finding.compactByteCount = cursor.compactByteCount(compact)
        return finding
    }

    // MARK: Wrapped and oversized

    /// A token in base64 of its own (`ZXlK…`), unwrapped and then looked at like any other.
    private mutating func wrappedToken(_ text: Span<UInt8>, at start: Int, isFinal: Bool) -> Look {
        var end = start
        repeat {
            end = run.end(in: text, from: end)
            guard end < text.count, text[end] == UInt8(ascii: "+"), end - start <= Self.tokenByteCountMax else { break }
            end += 1
        } while true
        let taken = min(end - start, Self.tokenByteCountMax)
        guard WrappedText.decode(text.extracting(start..<start + taken), into: &wrapped) else { return .nothing }
        let isCut = end == text.count && !isFinal
        let outer = RunEnd()
        let kept = run
        run = outer
        var inner = ByteScratch()
        swap(&inner, &wrapped)
        let found = unwrappedToken(inner, isOpen: isCut || end - start > Self.tokenByteCountMax)
        swap(&inner, &wrapped)
        run = kept
        switch found {
        case .nothing: return .nothing
        case .found where end - start <= Self.tokenByteCountMax && !isCut:
            return rewrapped(found, text, start..<end, isFinal: isFinal)
        default: return end - start > Self.tokenByteCountMax ? .oversized : .need
        }
    }

    private mutating func unwrappedToken(_ inner: borrowing ByteScratch, isOpen: Bool) -> Look {
        // A run that is not over yet holds up as long as what it decodes to may be the start of a token.
        token(inner.span, at: 0, isFinal: !isOpen)
    }

    private mutating func rewrapped(_ found: Look, _ text: Span<UInt8>, _ range: Range<Int>, isFinal: Bool) -> Look {
        guard case .found(var finding) = found else { return found }
        if finding.isPlain {
            Self.copy(wrapped, finding.range, to: &compact)
        }
        finding.isPlain = false
        var end = range.upperBound
        for _ in 0..<2 where end < text.count {
            let joint = Joint.read(text, at: end, isFinal: isFinal)
            if joint == .need { return .need }
            if case .pad(let byteCount) = joint { end += byteCount }
        }
        if end == text.count, !isFinal { return .need }
        finding.range = range.lowerBound..<end
        return .found(finding)
    }

    private static func copy(_ source: borrowing ByteScratch, _ range: Range<Int>, to target: inout ByteScratch) {
        target.removeAll()
        target.append(source.span.extracting(range))
    }

    /// The end of what still belongs to an oversized token, and whether that is its end.
    private mutating func passOver(_ text: Span<UInt8>, from start: Int, isFinal: Bool) -> (end: Int, isOver: Bool) {
        var at = start
        while true {
            at = run.end(in: text, from: at)
            guard at < text.count else { return (at, isFinal) }
            if text[at] == UInt8(ascii: "+") {
                at += 1
                continue
            }
            switch Joint.read(text, at: at, isFinal: isFinal) {
            case .end: return (at, true)
            case .need: return (at, false)
            case .dot(let count), .tilde(let count), .pad(let count), .skip(let count): at += count
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenScrub
package import TokenVerify

/// What an audit is told.
package struct AuditOptions: Sendable {
    /// The longest `exp − iat` that is no finding, in seconds.
    package var lifetimeSecondsMax: Int64
    /// Places of tokens that are listed; all are counted.
    package var placeCountMax: Int

    /// Makes options; the defaults are one hour, the cap of the verifier, and 1 000 places.
    package init(lifetimeSecondsMax: Int64 = 3_600, placeCountMax: Int = 1_000) {
        self.lifetimeSecondsMax = lifetimeSecondsMax
        self.placeCountMax = placeCountMax
    }
}

/// Reads tokens, one a line or inside a log, and counts what is in them. No value of a token is kept: numbers, claim
/// names and keyed fingerprints under a random key, all in bounded memory. One thread.
///
/// Tokens are found as the scrubber finds them, in the same disguises.
package struct TokenAuditor: ~Copyable {
    private let options: AuditOptions
    private var finder = TokenFinder()
    private var reader = TokenReader()
    private var state: AuditState
    private var lines = LineCounter()
    /// Settled bytes that surroundings look back at, then the bytes that wait.
    private var input = ByteScratch(isSecret: true)
    private var settledByteCount = 0
    private var byteCount = 0

    /// Makes an auditor.
    ///
    /// - Throws: ``Refusal`` with `storage` when no random key can be had.
    package init(_ options: AuditOptions = AuditOptions()) throws(Refusal) {
        self.options = options
        state = try AuditState()
    }

    /// Reads the next bytes of the input, cut anywhere.
    package mutating func read(_ chunk: Span<UInt8>) {
        byteCount += chunk.count
        input.append(chunk)
        process(isFinal: false)
        let dropped = max(0, settledByteCount - TokenSurroundings.byteCount)
        input.removeFirst(dropped)
        settledByteCount -= dropped
        lines.forget(dropped)
    }

    /// Ends the input and gives what was found.
    package mutating func finish() -> AuditReport {
        process(isFinal: true)
        return state.report(lineCount: lines.lineCount, byteCount: byteCount, options)
    }

    private mutating func process(isFinal: Bool) {
        finder.begin()
        settledByteCount = Self.run(
            input, from: settledByteCount, &finder, &reader, &state, &lines, options, isFinal: isFinal)
    }

    private static func run(
        _ input: borrowing ByteScratch, from start: Int, _ finder: inout TokenFinder, _ reader: inout TokenReader,
        _ state: inout AuditState, _ lines: inout LineCounter, _ options: AuditOptions, isFinal: Bool
    ) -> Int {
        let text = input.span
        var done = start
        while true {
            switch finder.next(in: text, from: done, isFinal: isFinal) {
            case .finding(let finding):
                lines.advance(text, to: finding.range.lowerBound)
                count(finding, text, finder, &reader, &state, lines, options)
                done = finding.range.upperBound
            case .settled(let end):
                lines.advance(text, to: end)
                return end
            }
        }
    }

    private static func count(
        _ finding: TokenFinding, _ text: Span<UInt8>, _ finder: borrowing TokenFinder, _ reader: inout TokenReader,
        _ state: inout AuditState, _ lines: LineCounter, _ options: AuditOptions
    ) {
        switch finding.form {
        case .jws, .jwe, .claims: break
        case .oversized:
            state.oversizedCount += 1
            return
        case .oversizedRest, .reference, .custom, .fingerprint: return
        }
        let compact = finder.compactText(of: finding, in: text)
        let surroundings = TokenSurroundings(before: text.extracting(lines.before(TokenSurroundings.byteCount)))
        state.count(finding, surroundings, line: lines.line, column: lines.column, options)
        reader.read(finding, compact)
        if reader.hasHeader { state.countHeader(reader.headerIndex, reader.header, finding) }
        if reader.hasClaims { state.countClaims(reader.index, reader.payload, options) }
        let disclosures = min(finding.tokenByteCount, compact.count)..<compact.count
        countDisclosures(compact.extracting(disclosures), &reader, &state)
    }

    /// `~` and disclosures; a key binding among them is told by its dots.
    private static func countDisclosures(
        _ text: Span<UInt8>, _ reader: inout TokenReader, _ state: inout AuditState
    ) {
        var start = 0
        while start < text.count {
            var end = start + 1
            while end < text.count, text[end] != UInt8(ascii: "~") { end += 1 }
            if end > start + 1, reader.readDisclosure(text.extracting((start + 1)..<end)) {
                state.countDisclosure(reader.index, reader.payload)
            }
            start = end
        }
    }
}

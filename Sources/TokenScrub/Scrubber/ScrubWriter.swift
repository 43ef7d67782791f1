// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan

/// Puts the output of a scrubber together: text as it stands, replacements, and the counts.
struct ScrubWriter: ~Copyable {
    var statistics = ScrubStatistics()
    private let rules: [TokenRule]
    private let mode: ScrubOptions.Mode
    private var tokens: TokenReplacement
    private var batch: FingerprintBatch
    private var personal: PersonalDataFinder?
    private var canonical = ByteScratch(isSecret: true)
    /// Where the latest replacement ends in the text: nothing in front of it is looked at.
    private var floor = 0

    init(_ options: ScrubOptions, keys: LogKeys) {
        rules = options.rules
        mode = options.mode
        tokens = TokenReplacement(options)
        batch = FingerprintBatch(keys: keys, kinds: TokenReplacement.kinds(rules: options.rules))
        personal = options.personalData.isEmpty ? nil : PersonalDataFinder(kinds: options.personalData)
    }

    /// Settled bytes that must stay in front of the next text.
    var lookBackByteCount: Int { personal == nil ? 0 : PersonalDataFinder.lookBackByteCountMax }

    /// The first `count` bytes of the text are gone.
    mutating func forget(_ count: Int) { floor = max(0, floor - count) }

    /// Counts bytes.
    mutating func count(input: Int, output: Int) {
        statistics.inputByteCount += input
        statistics.outputByteCount += output
    }

    /// Completes the fingerprints.
    mutating func finish(_ output: inout ByteScratch) { batch.finish(&output) }

    /// Appends text that holds no token, in front of one.
    mutating func copy(_ text: Span<UInt8>, _ range: Range<Int>, to output: inout ByteScratch) {
        if personal == nil {
            output.append(text.extracting(range))
        } else {
            _ = copyPersonal(text, range, before: range.upperBound, to: &output)
        }
    }

    /// Appends as much of the text's end as is settled. Returns where that ends.
    mutating func copySettled(
        _ text: Span<UInt8>, _ range: Range<Int>, isFinal: Bool, to output: inout ByteScratch
    ) -> Int {
        guard personal != nil else {
            output.append(text.extracting(range))
            return range.upperBound
        }
        let limit = isFinal ? range.upperBound : Self.settledEnd(text, range)
        return copyPersonal(text, range, before: max(limit, range.lowerBound), to: &output)
    }

    /// No value spans a line feed, and none that starts this far before the end needs what may still come.
    private static func settledEnd(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
        let first = max(range.lowerBound, range.upperBound - PersonalDataFinder.byteCountMax)
        var end = range.upperBound
        while end > first, text[end - 1] != 0x0A { end -= 1 }
        return end
    }

    /// Appends the text with personal data that starts before `limit` replaced. Returns where the appended text ends:
    /// at `limit`, or behind a value that starts before it.
    private mutating func copyPersonal(
        _ text: Span<UInt8>, _ range: Range<Int>, before limit: Int, to output: inout ByteScratch
    ) -> Int {
        let base = max(floor, range.lowerBound - PersonalDataFinder.lookBackByteCountMax, 0)
        let piece = text.extracting(base..<range.upperBound)
        var done = range.lowerBound
        personal?.begin()
        while let match = personal?.next(in: piece) {
            let start = base + match.range.lowerBound
            if start >= limit { break }
            // What starts before this text was judged with it.
            if start < done { continue }
            output.append(text.extracting(done..<start))
            replace(match, piece, to: &output)
            done = base + match.range.upperBound
            floor = done
        }
        guard done < limit else { return done }
        output.append(text.extracting(done..<limit))
        return limit
    }

    private mutating func replace(_ match: PersonalDataMatch, _ text: Span<UInt8>, to output: inout ByteScratch) {
        statistics.count(match.kind)
        let (label, kind) = Self.label(match.kind)
        output.append(UInt8(ascii: "["))
        output.append(label)
        guard mode != .full else { return output.append(UInt8(ascii: "]")) }
        output.append(" fp=")
        canonical.removeAll()
        match.appendCanonical(text, to: &canonical)
        Self.append(kind: kind, canonical, &batch, to: &output)
        output.append(UInt8(ascii: "]"))
    }

    private static func append(
        kind: Int, _ message: borrowing ByteScratch, _ batch: inout FingerprintBatch, to output: inout ByteScratch
    ) {
        batch.append(kind: kind, message.span, to: &output)
    }

    private static func label(_ kind: PersonalDataKind) -> (StaticString, Int) {
        let start = TokenReplacement.personalStart
        return switch kind {
        case .email: ("email", start)
        case .phone: ("phone", start + 1)
        case .card: ("card", start + 2)
        case .iban: ("iban", start + 3)
        case .ssn: ("ssn", start + 4)
        case .ipv4, .ipv6: ("ip", start + 5)
        }
    }

    /// Appends what stands for a finding.
    mutating func replace(
        _ finding: TokenFinding, _ text: Span<UInt8>, _ compact: Span<UInt8>, to output: inout ByteScratch
    ) {
        floor = finding.range.upperBound
        switch finding.form {
        case .jws, .jwe, .claims:
            if finding.form == .jwe { statistics.jwe += 1 } else { statistics.jws += 1 }
            if tokens.write(finding, compact, &batch, to: &output) { statistics.cut += 1 }
        case .oversized:
            statistics.oversized += 1
            output.append("[jwt oversize]")
        case .oversizedRest: break
        case .reference:
            statistics.references += 1
            output.append(mode == .full ? "[reference]" : "[reference fp=")
            if mode != .full { close(kind: 1, compact, to: &output) }
        case .custom(let number):
            statistics.custom += 1
            output.append(UInt8(ascii: "["))
            for byte in rules[number].name.utf8 { output.append(byte) }
            if mode == .full {
                output.append(UInt8(ascii: "]"))
            } else {
                output.append(" fp=")
                close(kind: TokenReplacement.ruleStart + number, compact, to: &output)
            }
        case .fingerprint:
            output.append(text.extracting(finding.range))
        }
    }

    private mutating func close(kind: Int, _ message: Span<UInt8>, to output: inout ByteScratch) {
        batch.append(kind: kind, message, to: &output)
        output.append(UInt8(ascii: "]"))
    }
}

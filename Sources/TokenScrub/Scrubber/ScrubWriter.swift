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

    init(_ options: ScrubOptions, keys: LogKeys) {
        rules = options.rules
        mode = options.mode
        tokens = TokenReplacement(options)
        batch = FingerprintBatch(keys: keys, kinds: TokenReplacement.kinds(rules: options.rules))
    }

    /// Settled bytes that must stay in front of the next text.
    var lookBackByteCount: Int { 0 }

    /// The first `count` bytes of the text are gone.
    mutating func forget(_ count: Int) {}

    /// Completes the fingerprints.
    mutating func finish(_ output: inout ByteScratch) { batch.finish(&output) }

    /// Appends text that holds no token.
    mutating func copy(_ text: Span<UInt8>, _ range: Range<Int>, isFollowed: Bool, to output: inout ByteScratch) {
        output.append(text.extracting(range))
    }

    /// Appends as much of the text's end as is settled. Returns where that ends.
    mutating func copySettled(
        _ text: Span<UInt8>, _ range: Range<Int>, isFinal: Bool, to output: inout ByteScratch
    ) -> Int {
        output.append(text.extracting(range))
        return range.upperBound
    }

    /// Appends what stands for a finding.
    mutating func replace(
        _ finding: TokenFinding, _ text: Span<UInt8>, _ compact: Span<UInt8>, to output: inout ByteScratch
    ) {
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

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenScrub

/// `scrub.clean`, `scrub.tokens`, `scrub.personal`: half a megabyte of log lines, in memory, into reused memory.
struct ScrubLog: Workload, ~Copyable {
    /// As a program reads: lines are cut anywhere.
    private static let pieceByteCount = 65_536

    private let corpus: LogCorpus
    private var scrubber: LogScrubber
    private let isPersonal: Bool
    private var output = ByteScratch(capacity: 1 << 21)

    private init(_ corpus: LogCorpus, _ scrubber: consuming LogScrubber, isPersonal: Bool) {
        self.corpus = corpus
        self.scrubber = scrubber
        self.isPersonal = isPersonal
    }

    /// The scrubber over a corpus, with all rules for personal data or none.
    static func contender(_ corpus: LogCorpus, isPersonal: Bool) throws(BenchFailure) -> LocalContender<ScrubLog> {
        let kinds = isPersonal ? Set(PersonalDataKind.allCases) : []
        let scrubber = LogScrubber(ScrubOptions(personalData: kinds), keys: try keys())
        return LocalContender(ScrubLog(corpus, scrubber, isPersonal: isPersonal))
    }

    private static func keys() throws(BenchFailure) -> LogKeys {
        do {
            let (keyID, bytes) = (Array("k001".utf8), [UInt8](repeating: 7, count: 32))
            let key = try SecretKey(algorithm: .log, keyID: keyID.span, bytes: bytes.span)
            return LogKeys(try SecretKeySet(keys: [key]))
        } catch {
            throw .input("the log key")
        }
    }

    mutating func run(_ iterations: Int) {
        let text = corpus.text
        for _ in 0..<iterations {
            output.removeAll()
            var start = 0
            while start < text.count {
                let end = min(start + Self.pieceByteCount, text.count)
                scrubber.scrub(text.span.extracting(start..<end), into: &output)
                start = end
            }
        }
        blackHole(output.count)
    }

    mutating func isRight() -> Bool {
        let before = scrubber.statistics
        run(1)
        let counts = scrubber.statistics
        guard counts.jws - before.jws == corpus.tokenCount,
            counts.inputByteCount - before.inputByteCount == corpus.text.count
        else { return false }
        var found = 0
        for kind in PersonalDataKind.allCases { found += counts.count(of: kind) - before.count(of: kind) }
        if isPersonal { return found > 0 && found == Self.expected(corpus) }
        return found == 0 && (corpus.tokenCount > 0 || output.span.equals(corpus.text.span))
    }

    /// Every tenth line has one value but where a token's turn it is.
    private static func expected(_ corpus: LogCorpus) -> Int { (corpus.lineCount + 9) / 10 }
}

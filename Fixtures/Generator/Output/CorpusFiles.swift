// SPDX-License-Identifier: Apache-2.0

/// One committed file: its path under `Fixtures` and its bytes.
package struct CorpusFile: Sendable {
    /// Path under `Fixtures`.
    package let path: String
    /// The whole content.
    package let bytes: [UInt8]

    /// A file that need not exist.
    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Whether `other` has the same content but for ES256 signatures, which are random by nature.
    package func isEquivalent(to other: [UInt8]) -> Bool {
        if bytes == other { return true }
        return comparable(bytes) == comparable(other)
    }

    /// The lines, those of ES256 tokens without what stands behind the token's second dot.
    private func comparable(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let isES256File = path.hasSuffix("/ES256.jwt")
        let mark = Array("{\"alg\":\"ES256\"".utf8)
        return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            guard isES256File || line.starts(with: mark) else { return line }
            // No dots before the token: codes and variants have none.
            let dots = line.indices.filter { line[$0] == UInt8(ascii: ".") }
            return dots.count < 2 ? line : line[..<dots[1]]
        }
    }
}

/// The committed corpora as files, a pure function of the seed and of the committed keys.
package struct CorpusFiles {
    private let files: FixtureFiles
    private let seed: UInt64

    /// Corpora with the keys under `files`.
    package init(files: FixtureFiles, seed: UInt64 = TokenComposer.committedSeed) {
        self.files = files
        self.seed = seed
    }

    /// The files of one shape: a `.jwt` file per algorithm, `invalid.jsonl`, `about.json`.
    package func make(_ shape: Shape) throws(FixtureError) -> [CorpusFile] {
        let folder = "corpora/\(shape.name)"
        var made: [CorpusFile] = []
        var invalid: [UInt8] = []
        for algorithm in FixtureAlgorithm.allCases {
            var composer = try composer(shape, algorithm)
            var lines: [UInt8] = []
            for index in 0..<shape.committedCount {
                lines += try composer.valid(index).bytes
                lines.append(UInt8(ascii: "\n"))
            }
            made.append(CorpusFile(path: "\(folder)/\(algorithm.rawValue).jwt", bytes: lines))
            for (index, defect) in Defect.committed(for: shape, algorithm).enumerated() {
                invalid += Self.line(try composer.invalid(defect, index), defect, algorithm)
            }
        }
        made.append(CorpusFile(path: "\(folder)/invalid.jsonl", bytes: invalid))
        made.append(CorpusFile(path: "\(folder)/about.json", bytes: CorpusIndex.about(shape)))
        return made
    }

    /// A composer whose keys come from the committed files.
    package func composer(_ shape: Shape, _ algorithm: FixtureAlgorithm) throws(FixtureError) -> TokenComposer {
        let keys = try SigningKeys(files: files, issuer: shape.issuer, algorithm: algorithm)
        return TokenComposer(shape: shape, algorithm: algorithm, keys: keys, seed: seed)
    }

    /// One line of `invalid.jsonl`; the token is ASCII but for one variant, and never holds a quote.
    package static func line(
        _ token: ComposedToken, _ defect: Defect, _ algorithm: FixtureAlgorithm
    ) -> [UInt8] {
        let start =
            "{\"alg\":\"\(algorithm.rawValue)\",\"error\":\"\(defect.code)\",\"how\":\"\(defect.how)\","
            + "\"now\":\(token.now),\"token\":\""
        return Array(start.utf8) + token.bytes + Array("\"}\n".utf8)
    }
}

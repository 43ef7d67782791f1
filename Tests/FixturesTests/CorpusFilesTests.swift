// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Foundation
import Testing
import TokenScan

@Suite("Committed corpora")
struct CorpusFilesTests {
    @Test("the generator gives the committed bytes again, but for ES256 signatures", arguments: Shape.all)
    func regeneration(_ shape: Shape) throws {
        for file in try CorpusFiles(files: FixtureFolder.files).make(shape) {
            let committed = try FixtureFolder.files.read(file.path)
            #expect(file.isEquivalent(to: committed), "\(file.path)")
            if !file.path.hasSuffix("/ES256.jwt"), !file.path.hasSuffix("/invalid.jsonl") {
                #expect(file.bytes == committed, "\(file.path)")
            }
        }
    }

    @Test("the index is the committed one")
    func index() throws {
        #expect(try FixtureFolder.files.read("index.json") == CorpusIndex.index())
    }

    @Test("another seed gives other tokens")
    func seed() throws {
        let corpora = CorpusFiles(files: FixtureFolder.files, seed: 1)
        var other = try corpora.composer(Shape.all[0], .hs256)
        let token = try other.valid(0).bytes
        #expect(try FixtureFolder.lines(Corpus.all[0].tokensPath).first != token[...])
    }

    @Test("every valid token scans", arguments: Corpus.all)
    func scans(_ corpus: Corpus) throws {
        let lines = try FixtureFolder.lines(corpus.tokensPath)
        #expect(lines.count == corpus.shape.committedCount)
        var scanner = TokenScanner()
        for line in lines {
            let token = Array(line)
            _ = try scanner.scan(token.span)
            scanner.reset()
        }
    }

    @Test("tokens with large role lists are about 8 KiB long")
    func large() throws {
        for algorithm in FixtureAlgorithm.allCases {
            for line in try FixtureFolder.lines("corpora/large-roles/\(algorithm.rawValue).jwt") {
                #expect((7_800...9_200).contains(line.count))
            }
        }
    }

    @Test("all fixtures together stay under 10 MB")
    func sizeBudget() {
        let files = FixtureFolder.allFiles()
        #expect(files.count > 200)
        #expect(files.reduce(0) { $0 + $1.byteCount } < 10_000_000)
    }

    @Test("every error code and every variant is in the committed sets")
    func coverage() throws {
        var seen: Set<String> = []
        for shape in Shape.all {
            for line in try InvalidLine.all(of: shape) { seen.insert("\(line.error)/\(line.how)") }
        }
        for defect in Defect.all { #expect(seen.contains("\(defect.code)/\(defect.how)")) }
        #expect(Set(Defect.codes).count == Defect.codes.count, "defects of one code stand together")
        #expect(Defect.codes.count == 19)
        #expect(Set(Shape.all.map(\.number)).count == Shape.all.count)
    }

    @Test("only ES256 signatures may differ")
    func equivalence() {
        let tokens = CorpusFile(path: "x/ES256.jwt", bytes: Array("a.b.c\n".utf8))
        #expect(tokens.isEquivalent(to: Array("a.b.d\n".utf8)))
        #expect(!tokens.isEquivalent(to: Array("a.x.c\n".utf8)))
        #expect(!tokens.isEquivalent(to: Array("a.b.c\na.b.c\n".utf8)))
        let others = CorpusFile(path: "x/RS256.jwt", bytes: Array("a.b.c\n".utf8))
        #expect(!others.isEquivalent(to: Array("a.b.d\n".utf8)))
    }
}

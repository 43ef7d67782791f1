// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Testing

@Suite("Random streams of the fixtures")
struct RandomStreamTests {
    @Test("SplitMix64 gives the published values for seed 1234567")
    func splitMix64() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
        #expect(generator.next() == 4_593_380_528_125_082_431)
        #expect(generator.next() == 16_408_922_859_458_223_821)
    }

    @Test("a stream depends on seed, corpus and index, each")
    func independence() {
        func first(_ seed: UInt64, _ corpus: UInt64, _ index: UInt64) -> UInt64 {
            var stream = RandomStream(seed: seed, corpus: corpus, index: index)
            return stream.next()
        }
        #expect(first(1, 2, 3) == first(1, 2, 3))
        #expect(Set([first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)]).count == 4)
    }

    @Test("bounds are kept and both ends are met")
    func bounds() {
        var stream = RandomStream(seed: 1, corpus: 1, index: 1)
        let draws = (0..<2_000).map { _ in stream.within(3...7) }
        #expect(Set(draws) == [3, 4, 5, 6, 7])
        #expect(stream.sample(2, of: [1, 2, 3]).count == 2)
        #expect(stream.sample(9, of: [1, 2, 3]) == [1, 2, 3])
    }

    @Test("identifiers have the form their issuers use")
    func identifiers() {
        var stream = RandomStream(seed: 1, corpus: 1, index: 2)
        for _ in 0..<200 {
            let uuid = stream.uuid()
            #expect(uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
            #expect(stream.base64URL(byteCount: 16).wholeMatch(of: /[A-Za-z0-9_-]{21}[AQgw]/) != nil)
            #expect(stream.base64URL(byteCount: 20).wholeMatch(of: /[A-Za-z0-9_-]{26}[AEIMQUYcgkosw048]/) != nil)
            #expect(stream.digits(20).wholeMatch(of: /[1-9][0-9]{19}/) != nil)
        }
    }

    @Test("markers are unique over corpora, tokens and places, at the ends of their ranges too")
    func markers() {
        var seen: Set<String> = []
        for corpus: UInt64 in [0, 1, 80, 255] {
            for index: UInt64 in [0, 1, 2, 1 << 20, (1 << 33) - 1, 1 << 33, (1 << 34) - 1] {
                var source = MarkerSource(corpus: corpus, index: index)
                for _ in 0..<32 { seen.insert(source.next()) }
            }
        }
        #expect(seen.count == 4 * 7 * 32)
    }
}

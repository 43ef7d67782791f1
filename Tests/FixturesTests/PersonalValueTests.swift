// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Foundation
import TestSupport
import Testing
import TokenScan

@Suite("Personal values in the fixtures")
struct PersonalValueTests {
    @Test("all markers of all committed tokens are unique, 12 bytes long, and stand in their token (leak searches)")
    func markers() throws {
        var owners: [String: String] = [:]
        for corpus in Corpus.all {
            var composer = try CorpusFiles(files: FixtureFolder.files).composer(corpus.shape, corpus.algorithm)
            for index in 0..<corpus.shape.committedCount {
                let owner = "\(corpus.testDescription) \(index)"
                let token = try composer.valid(index)
                let payload = try Self.payload(token.bytes)
                for marker in Set(token.personalValues.compactMap(\.marker)) {
                    #expect(marker.utf8.count == MarkerSource.characterCount)
                    #expect(marker.hasPrefix(MarkerSource.prefix))
                    #expect(owners.updateValue(owner, forKey: marker) == nil)
                    #expect(payload.contains(marker))
                }
                #expect(!token.personalValues.isEmpty)
            }
        }
        #expect(owners.count > 5_000)
    }

    @Test("people live in example domains and in ranges set aside for fiction and documentation")
    func synthetic() {
        var random = RandomStream(seed: 7, corpus: 0, index: 0)
        for index in 0..<2_000 {
            var markers = MarkerSource(corpus: 0, index: UInt64(index))
            let person = Person(random: &random, markers: &markers)
            let domain = person.email.value.split(separator: "@").last?.lowercased() ?? ""
            #expect(["example.com", "example.org", "example.net", "mail.example.com"].contains(domain))
            #expect(person.email.value.utf8.allSatisfy { $0 < 0x80 })
            #expect(
                person.phoneNumber.wholeMatch(of: /\+1[2-9][0-9]{2}55501[0-9]{2}/) != nil
                    || person.phoneNumber.wholeMatch(of: /\+4420794600[0-9]{2}/) != nil
                    || person.phoneNumber.wholeMatch(of: /\+447700900[0-9]{3}/) != nil)
            #expect(
                ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"].contains { person.address.hasPrefix($0) })
            #expect(person.birthDate.wholeMatch(of: /(19|20)[0-9]{2}-[01][0-9]-[0-2][0-9]/) != nil)
        }
    }

    @Test("names come from many writing systems, raw and escaped")
    func scripts() throws {
        var locales: Set<String> = []
        var escaped = 0
        var raw = 0
        for index in 0..<400 {
            var composer = try CorpusFiles(files: FixtureFolder.files).composer(Shape.all[1], .hs256)
            let payload = try Self.payload(composer.valid(index).bytes)
            if payload.contains("\\u") { escaped += 1 }
            if payload.utf8.contains(where: { $0 >= 0x80 }) { raw += 1 }
            if let match = payload.firstMatch(of: /"locale":"([^"]+)"/) { locales.insert(String(match.1)) }
        }
        #expect(locales.count >= 28)
        #expect(escaped > 50)
        #expect(raw > 100)
    }

    private static func payload(_ token: [UInt8]) throws -> String {
        let parts = token.split(separator: UInt8(ascii: "."))
        var decoded = ByteScratch()
        let payload = Array(parts[1])
        try decoded.appendBase64URLDecoded(payload.span)
        return String(decoding: [UInt8](copying: decoded.span), as: UTF8.self)
    }
}

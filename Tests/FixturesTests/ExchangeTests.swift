// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenPrivacy
import TokenScan
import TokenVerify

@Suite("Exchange of the committed corpora")
struct ExchangeTests {
    private static let asymmetric: [FixtureAlgorithm] = [.rs256, .es256, .edDSA]

    @Test(
        "each shape under its own policy: every token is exchanged, nothing personal comes out (T88)",
        arguments: Shape.all)
    func ownPolicy(_ shape: Shape) throws {
        let exchanger = try PolicyFixture(shape.policy).exchanger()
        for algorithm in Self.asymmetric { try Self.search(shape, algorithm, exchanger) }
    }

    @Test(
        "all shapes under one policy, HS256 under its own (T88)",
        arguments: [("all-issuers.yaml", [FixtureAlgorithm.es256]), ("all-issuers-hs256.yaml", [.hs256])])
    func onePolicy(_ name: String, _ algorithms: [FixtureAlgorithm]) throws {
        let exchanger = try PolicyFixture(name).exchanger()
        for shape in Shape.all {
            for algorithm in algorithms { try Self.search(shape, algorithm, exchanger) }
        }
    }

    @Test("invalid tokens give their code and no output", arguments: Shape.all)
    func invalid(_ shape: Shape) throws {
        let exchanger = try PolicyFixture(shape.policy).exchanger()
        var worker = exchanger.makeWorker()
        var output = ByteScratch()
        for line in try InvalidLine.all(of: shape) where line.alg != "HS256" {
            // With the keys of three algorithms in one ring a token without `kid` names none of them.
            if shape.issuer.keyCount == 1, line.error == "algorithm-mismatch" { continue }
            let token = Array(line.token.utf8)
            let verdict = exchanger.exchange(token.span, now: line.now, using: &worker, into: &output)
            if case .refused(let refusal) = verdict {
                #expect(refusal.code.rawValue == line.error, "\(line.alg) \(line.how)")
            } else {
                Issue.record("\(line.alg) \(line.error)/\(line.how) was exchanged")
            }
            let byteCount = output.count
            #expect(byteCount == 0)
        }
    }

    @Test("the search itself finds a value in each spelling, at each base64url alignment", arguments: 0..<3)
    func searchWorks(_ lead: Int) {
        let writer = {
            var writer = JSONWriter()
            writer.root { $0.personal("n", "Zoë qzabcdefghij", marker: "qzabcdefghij") }
            return writer
        }()
        let value = writer.personalValues[0]
        let text = [UInt8](repeating: 0x2E, count: lead) + Array("qzabcdefghij!".utf8)
        let encoded = String(decoding: base64URL(text), as: UTF8.self)
        #expect(Spellings.all(of: value).contains { encoded.contains($0) })
        #expect(Spellings.all(of: value).contains(#"Zo\u00eb qzabcdefghij"#))
    }

    @Test("a policy of vault and encrypt rules compiles, and makes no exchanger without its vault and its recipient")
    func encryptAndVault() throws {
        let fixture = try PolicyFixture("encrypt-and-vault.yaml")
        #expect(fixture.policy.needsVault)
        #expect(throws: ExchangeConfigurationError.self) { try fixture.exchanger() }
    }

    /// Exchanges every committed token and searches the output for every personal value of the input, as it is, in
    /// other letter case, escaped, in hexadecimal and in base64url.
    private static func search(_ shape: Shape, _ algorithm: FixtureAlgorithm, _ exchanger: Exchanger) throws {
        var composer = try CorpusFiles(files: FixtureFolder.files).composer(shape, algorithm)
        var worker = exchanger.makeWorker()
        var output = ByteScratch()
        for index in 0..<shape.committedCount {
            let token = try composer.valid(index)
            output.removeAll()
            let verdict = exchanger.exchange(
                token.bytes.span, now: Int64(token.now), using: &worker, into: &output)
            guard case .issued = verdict else {
                Issue.record("\(shape.name) \(algorithm.rawValue) \(index): \(verdict)")
                continue
            }
            let text = String(decoding: [UInt8](copying: output.span), as: UTF8.self)
            let parts = text.split(separator: ".").map { Self.decoded($0) }
            let haystack = Data("\(text) \(parts[0]) \(parts[1])".lowercased().utf8)
            for personal in token.personalValues {
                for spelling in Spellings.all(of: personal)
                where haystack.range(of: Data(spelling.lowercased().utf8)) != nil {
                    Issue.record("\(shape.name) \(algorithm.rawValue) \(index): \(personal.path) came out")
                }
            }
        }
    }

    private static func decoded(_ part: Substring) -> String {
        var bytes = ByteScratch()
        let text = Array(part.utf8)
        try? bytes.appendBase64URLDecoded(text.span)
        return String(decoding: [UInt8](copying: bytes.span), as: UTF8.self)
    }
}

/// How a value could stand in a text that leaks it.
enum Spellings {
    static func all(of personal: PersonalValue) -> [String] {
        var found = [personal.value, escaped(personal.value)]
        for value in [personal.value, personal.marker].compactMap(\.self) {
            found.append(value.utf8.map { twoHexDigits($0) }.joined())
            for lead in 0..<3 { found.append(base64URL(value, lead: lead)) }
        }
        if let marker = personal.marker { found.append(marker) }
        return found
    }

    private static func twoHexDigits(_ byte: UInt8) -> String {
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }

    private static func escaped(_ value: String) -> String {
        value.utf16.map { unit in
            unit < 0x80
                ? String(UnicodeScalar(UInt8(unit)))
                : "\\u" + twoHexDigits(UInt8(unit >> 8)) + twoHexDigits(UInt8(unit & 255))
        }.joined()
    }

    /// The characters that the value alone decides when `lead` bytes stand before it in a group of three.
    private static func base64URL(_ value: String, lead: Int) -> String {
        let bytes = [UInt8](repeating: 0, count: lead) + Array(value.utf8)
        let text = String(decoding: CloakroomFixtures.base64URL(bytes), as: UTF8.self)
        let first = (lead * 8 + 5) / 6
        return String(text.dropFirst(first).prefix(bytes.count * 8 / 6 - first))
    }
}

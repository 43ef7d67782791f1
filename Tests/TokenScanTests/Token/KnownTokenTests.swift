// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
@testable import TokenScan

/// The shortcut of `TokenScanner+Known.swift` against the steps one by one.
@Suite struct KnownTokenTests {
    private static let header = #"{"alg":"HS256","kid":"k1"}"#

    private static func token(
        _ payload: [UInt8], header: String = header, signature: [UInt8] = Array(0..<32)
    ) -> [UInt8] {
        let parts = [Array(header.utf8), payload, signature].map(NaiveBase64URL.encode)
        return Array(parts.joined(separator: ".").utf8)
    }

    /// What a scan came to, as far as later stages can see it.
    private struct Outcome: Equatable {
        var error: ScanError?
        var header = ""
        var payload: [UInt8] = []
        var signature: [UInt8] = []
        var signingInputByteCount = 0
        var nodes: [String] = []
        var claims: [Double] = []
    }

    private static func outcome(_ token: [UInt8], _ scanner: inout TokenScanner) -> Outcome {
        do throws(ScanError) {
            let view = try scanner.scan(token.span)
            var outcome = Outcome(
                header: scanner.headerView(of: view).json.text, payload: scanner.payload(of: view).array,
                signature: scanner.signature(of: view).array, signingInputByteCount: view.signingInputByteCount)
            let claims = scanner.claims(of: view)
            for i in claims.nodes.indices { outcome.nodes.append("\(claims[i])") }
            let found = scanner.registeredClaims(of: view)
            outcome.claims = [
                Double(found.present.rawValue), Double(found.mistyped.rawValue), found.expiresOrZero,
                found.notBeforeOrZero, found.issuedAtOrZero, Double(found.issuerText.start),
                Double(found.issuerText.count), Double(found.audienceText.start), Double(found.audienceText.count),
            ]
            outcome.claims += [
                found.issuer, found.subject, found.audience, found.expires, found.notBefore, found.issuedAt,
                found.jwtID, found.confirmation, found.clientID,
            ].map(Double.init)
            return outcome
        } catch {
            return Outcome(error: error)
        }
    }

    /// Scans `token` behind `before`, whose header and signature length it then may have, and in a new scanner.
    private static func compare(_ token: [UInt8], behind before: [UInt8]) -> Bool {
        var worn = TokenScanner()
        _ = try? worn.scan(before.span)
        let known = outcome(token, &worn)
        var fresh = TokenScanner()
        let plain = outcome(token, &fresh)
        // A refusal must leave the scanner as it was.
        return known == plain && outcome(before, &worn).error == nil
    }

    private static let payloads = [
        #"{"iss":"https://i.example","sub":"u","aud":"a","exp":1800000300,"nbf":1800000000,"iat":1800000000,"jti":"j"}"#,
        #"{"iss":"i\u002f","aud":["a","b"],"exp":1.5e9,"iat":12345678901234567,"client_id":"c","cnf":{"jkt":"x"}}"#,
        #"{"iss":7,"sub":null,"aud":[1],"exp":"5","nbf":-1,"iat":true,"jti":[]}"#,
        #"{"exp":99999999,"nbf":123456789012345,"iat":1,"name":"Zoë 漢","\u0073ub":"escaped name"}"#,
        #"{"a":1,"a":2}"#, "{}", "[]", "7", "", "{", #"{"aud":[]}"#, #"{"aud":["x",{"y":[]}],"exp":0}"#,
        "{ \"iss\" : \"spaced\" ,\r\n\"exp\":\t12 }",
    ]

    @Test("T8 T10 T32: a known header changes no outcome", arguments: payloads)
    func payload(_ text: String) {
        let token = Self.token(Array(text.utf8))
        let usual = Self.token(Array(Self.payloads[0].utf8))
        #expect(Self.compare(token, behind: usual))
        #expect(Self.compare(usual, behind: usual))
        #expect(Self.compare(Self.token(Array(text.utf8), header: #"{"alg":"HS256","kid":"k2"}"#), behind: usual))
        #expect(Self.compare(Self.token(Array(text.utf8), signature: []), behind: usual))
        #expect(Self.compare(Self.token(Array(text.utf8), signature: [1]), behind: usual))
    }

    @Test("T8 T10: every one-byte change and every prefix of a token behind a like one")
    func changes() {
        let token = Self.token(Array(Self.payloads[0].utf8))
        for i in token.indices {
            #expect(Self.compare(Array(token[..<i]), behind: token))
            for byte in [UInt8(ascii: "."), UInt8(ascii: "A"), UInt8(ascii: "="), 0x00, 0xE9] {
                var changed = token
                changed[i] = byte
                #expect(Self.compare(changed, behind: token), "byte \(i)")
            }
        }
    }

    @Test("Random changes of tokens of every length, in one scanner")
    func lengths() {
        var random = SeededGenerator(seed: 8)
        var worn = TokenScanner()
        for length in 0...700 {
            let text = #"{"sub":""# + String(repeating: "x", count: length) + #"","exp":\#(length)}"#
            var token = Self.token(Array(text.utf8), signature: random.bytes(length % 65))
            for _ in 0..<2 {
                var fresh = TokenScanner()
                #expect(Self.outcome(token, &worn) == Self.outcome(token, &fresh))
                token[Int.random(in: token.indices, using: &random)] = UInt8(truncatingIfNeeded: random.next())
            }
            if length % 64 == 0 { worn.reset() }
        }
    }

    @Test("Registered claims are whole words, so that copies of their bytes are exact") func words() {
        #expect(MemoryLayout<RegisteredClaims>.size.isMultiple(of: 8))
    }

    @Test("Limits hold for known tokens too") func limits() throws {
        let usual = Self.token(Array(Self.payloads[0].utf8))
        var scanner = TokenScanner(limits: ScanLimits(tokenByteCountMax: usual.count, depthMax: 2, memberCountMax: 7))
        _ = try scanner.scan(usual.span)
        #expect(Self.outcome(usual, &scanner).error == nil)
        let eight = #"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8}"#
        #expect(Self.outcome(Self.token(Array(eight.utf8)), &scanner).error == .tooLarge(offset: 93))
        let deep = #"{"a":{"b":{}}}"#
        #expect(Self.outcome(Self.token(Array(deep.utf8)), &scanner).error == .json(offset: 49))
        let long = Self.token(Array((#"{"iss":""# + String(repeating: "x", count: 200) + #""}"#).utf8))
        #expect(Self.outcome(long, &scanner).error == .tooLarge(offset: usual.count))
    }
}

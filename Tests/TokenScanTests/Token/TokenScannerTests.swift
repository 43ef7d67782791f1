// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScan

@Suite struct TokenScannerTests {
    private func token(
        _ header: String = #"{"alg":"HS256"}"#, _ payload: String = #"{"sub":"x"}"#, signature: [UInt8] = [1, 2, 3]
    ) -> [UInt8] {
        let parts = [Array(header.utf8), Array(payload.utf8), signature].map(NaiveBase64URL.encode)
        return Array(parts.joined(separator: ".").utf8)
    }

    private func error(_ token: [UInt8], _ limits: ScanLimits = ScanLimits()) -> ScanError? {
        var scanner = TokenScanner(limits: limits)
        do {
            _ = try scanner.scan(token.span)
            return nil
        } catch { return error }
    }

    @Test func locatesEveryPart() throws {
        let header = #"{"typ":"JWT","\u0061lg":"\u0048S256","kid":"k\u002d1"}"#
        let payload = #"{"iss":"i","aud":["a","b"],"exp":5,"x":{"exp":9}}"#
        let bytes = token(header, payload)
        var scanner = TokenScanner()
        let view = try scanner.scan(bytes.span)
        let parsed = scanner.header(of: view)
        guard case .text(let alg) = parsed.algorithm, case .text(let kid) = parsed.keyID,
            case .text(let typ) = parsed.type
        else {
            Issue.record("a parameter was not found")
            return
        }
        #expect(scanner.text(alg).text == "HS256")
        #expect(scanner.text(kid).text == "k-1")
        #expect(scanner.text(typ).text == "JWT")
        #expect(scanner.headerView(of: view).json.text == header)
        #expect(scanner.payload(of: view).text == payload)
        #expect(scanner.signature(of: view).array == [1, 2, 3])
        #expect(scanner.claims(of: view).value(scanner.registeredClaims(of: view).expires).text == "5")
        let subject = scanner.registeredClaims(of: view).subject
        #expect(subject == 0)
        let count = view.signingInputByteCount
        #expect(count == bytes.lastIndex(of: UInt8(ascii: ".")))
    }

    @Test(
        "T8 T10 T21 wrong shapes",
        arguments: [
            ("", ScanError.malformed(offset: 0)), ("eyJ9", .malformed(offset: 4)), ("a.b", .malformed(offset: 3)),
            (".e30.AA", .malformed(offset: 0)), ("e30.e30.AA.", .malformed(offset: 10)),
            ("e30.e30.AA.AA.AA", .malformed(offset: 10)), (" e30.e30.AA", .base64url(offset: 0)),
            ("Bearer e30.e30.AA", .base64url(offset: 6)), ("e30..AA", .json(offset: 4)),
            ("e30.e30.A\n", .base64url(offset: 9)),
            (#"{"protected":"e30"}.."#, .base64url(offset: 0)), ("e30.W10.AA", .json(offset: 4)),
            ("W10.e30.AA", .json(offset: 0)), ("e30.e30=.AA", .base64url(offset: 7)),
        ])
    func shapes(_ text: String, _ expected: ScanError) { #expect(error(Array(text.utf8)) == expected) }

    @Test("T22 a megabyte of dots ends at once, a megabyte of anything before it is read")
    func dots() {
        let many = [UInt8](repeating: UInt8(ascii: "."), count: 1 << 20)
        #expect(error(many) == .tooLarge(offset: 16_384))
        #expect(error(many, ScanLimits(tokenByteCountMax: 1 << 21)) == .malformed(offset: 2))
    }

    @Test("T26 the size limits hold exactly")
    func sizes() {
        let bytes = token()
        #expect(error(bytes, ScanLimits(tokenByteCountMax: bytes.count + 1)) == nil)
        #expect(error(bytes, ScanLimits(tokenByteCountMax: bytes.count)) == nil)
        #expect(error(bytes, ScanLimits(tokenByteCountMax: bytes.count - 1)) == .tooLarge(offset: bytes.count - 1))
        #expect(error(bytes, ScanLimits(headerByteCountMax: 15)) == nil)
        #expect(error(bytes, ScanLimits(headerByteCountMax: 14)) == .tooLarge(offset: 0))
    }

    @Test(
        "T26 T36 the values of one document are numbered with 16 bits",
        arguments: [
            (65_532, true), (65_533, true), (65_534, false),
        ])
    func values(_ elements: Int, _ isAccepted: Bool) {
        // The root and the array are values too.
        let payload = #"{"a":["# + String(repeating: "0,", count: elements - 1) + "0]}"
        let limits = ScanLimits(tokenByteCountMax: 1 << 20)
        #expect((error(token(#"{"alg":"HS256"}"#, payload), limits) == nil) == isAccepted)
        if !isAccepted, case .tooLarge? = error(token(#"{"alg":"HS256"}"#, payload), limits) { return }
        #expect(isAccepted)
    }

    @Test("T29 T37 errors inside a segment point into the token")
    func offsets() {
        let bytes = token(#"{"alg":"HS256"}"#, #"{"a":1,"a":2}"#)
        let payloadStart = 21
        #expect(bytes[payloadStart - 1] == UInt8(ascii: "."))
        #expect(error(bytes) == .duplicateMember(offset: payloadStart + 9))
    }

    @Test func theMemoGivesWhatParsingGives() throws {
        var scanner = TokenScanner()
        for round in 0..<400 {
            scanner.reset()
            let header = #"{"alg":"HS256","kid":"\#(round % 90)"}"#
            let bytes = token(header, #"{"sub":"\#(round)"}"#)
            let view = try scanner.scan(bytes.span)
            #expect(scanner.headerView(of: view).json.text == header)
            guard case .text(let kid) = scanner.header(of: view).keyID else {
                Issue.record("no kid")
                return
            }
            #expect(scanner.text(kid).text == String(round % 90))
        }
    }

    @Test func aBadHeaderIsRefusedEveryTime() {
        var scanner = TokenScanner()
        let bad = token(#"{"alg":"HS256","alg":1}"#)
        for _ in 0..<3 {
            #expect(throws: ScanError.duplicateMember(offset: 20)) { _ = try scanner.scan(bad.span) }
        }
    }

    @Test("T71 tokens of a batch keep their own parts")
    func batch() throws {
        var scanner = TokenScanner()
        var views: [TokenView] = []
        for i in 0..<50 {
            views.append(try scanner.scan(token(#"{"kid":"\#(i)"}"#, #"{"sub":"s\#(i)"}"#, signature: [UInt8(i)]).span))
            #expect(throws: ScanError.self) { _ = try scanner.scan(Array("e30.e30.!".utf8).span) }
        }
        for (i, view) in views.enumerated() {
            #expect(scanner.payload(of: view).text == #"{"sub":"s\#(i)"}"#)
            #expect(scanner.headerView(of: view).json.text == #"{"kid":"\#(i)"}"#)
            #expect(scanner.signature(of: view).array == [UInt8(i)])
        }
    }

    @Test func opaquePayloadsAreNotRead() throws {
        var scanner = TokenScanner()
        let bytes = token(#"{"alg":"HS256"}"#, "not json")
        let view = try scanner.scan(bytes.span, payload: .opaque)
        #expect(scanner.payload(of: view).text == "not json")
    }

    @Test("T19 every prefix is refused")
    func prefixes() {
        let bytes = token()
        for n in 0..<bytes.count where error(Array(bytes[..<n])) == nil {
            // A cut inside the signature leaves a token in form; its signature is another.
            #expect(n > (bytes.lastIndex(of: UInt8(ascii: ".")) ?? 0))
        }
    }

    @Test("T67 T70 a view in another scanner, or after a reset, traps instead of reading another token")
    func strayView() async {
        await #expect(processExitsWith: .failure) {
            let bytes = Array("e30.e30.AAAA".utf8)
            var first = TokenScanner()
            var second = TokenScanner()
            let view = try first.scan(bytes.span)
            _ = try second.scan(bytes.span)
            _ = second.payload(of: view).count
        }
        await #expect(processExitsWith: .failure) {
            let bytes = Array("e30.e30.AAAA".utf8)
            var scanner = TokenScanner()
            let view = try scanner.scan(bytes.span)
            scanner.reset()
            _ = try scanner.scan(bytes.span)
            _ = scanner.headerView(of: view).json.count
        }
    }
}

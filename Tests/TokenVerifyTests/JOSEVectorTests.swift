// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

/// Wycheproof's JWS cases and the RFCs' own tokens, through the verifier.
@Suite(.enabled(if: VectorFiles.isPresent)) struct JOSEVectorTests {
    /// Cases whose label this engine does not follow, by number: none.
    static let deviations: [Int: String] = [:]

    /// Whether a key or set loads and verifies the token. Claims are not judged: the payloads are no claims sets.
    private func isValid(keys json: [UInt8], token: String, algorithm: SignatureAlgorithm? = nil) -> Bool {
        guard let set = try? KeySet.parse(file: json.span, algorithm: algorithm), set.skipped.isEmpty,
            let ring = try? KeyRing(set.keys)
        else { return false }
        var entry = AcceptEntry(issuers: [], audiences: [], keys: ring)
        entry.required = []
        guard let verifier = try? Verifier(accept: [entry]) else { return false }
        var worker = verifier.makeWorker()
        return (try? verifier.verifySignature(Array(token.utf8).span, using: &worker)) != nil
    }

    @Test("T10 T18 T21 T24 T25 T56 T60 T62 Wycheproof json_web_crypto, JWS groups")
    func wycheproof() throws {
        var run = 0
        var disagreeing: Set<Int> = []
        for test in try WycheproofCase.load("json_web_crypto_test.json")
        where test.group["comment"].string.hasPrefix("jws_") {
            let keys = test.group["public"].isNull ? test.group["private"] : test.group["public"]
            let token = test.test["jws"].value as? String ?? test.test["jws"].jsonText
            let accepted = isValid(keys: try keys.jsonBytes(), token: token)
            if accepted != (test.result == "valid") { disagreeing.insert(test.id) }
            run += 1
        }
        #expect(run == 49)
        #expect(disagreeing == Set(Self.deviations.keys))
    }

    @Test("T71 every JWS of the file gets the same verdict alone and in one batch with all others")
    func batchAgrees() throws {
        var tokens: [String] = []
        var keys: [[UInt8]] = []
        for test in try WycheproofCase.load("json_web_crypto_test.json")
        where test.group["comment"].string.hasPrefix("jws_") {
            let key = test.group["public"].isNull ? test.group["private"] : test.group["public"]
            keys.append(try key.jsonBytes())
            tokens.append(test.test["jws"].value as? String ?? test.test["jws"].jsonText)
        }
        var batch = TokenBatch()
        for token in tokens { batch.append(token) }
        for key in Set(keys) {
            guard let set = try? KeySet.parse(file: key.span), let ring = try? KeyRing(set.keys) else { continue }
            var entry = AcceptEntry(issuers: [], audiences: [], keys: ring)
            entry.required = []
            try compare(batch, tokens, Verifier(accept: [entry]))
        }
    }

    private func compare(_ batch: TokenBatch, _ tokens: [String], _ verifier: Verifier) {
        var worker = verifier.makeWorker()
        var verdicts: [Verdict] = []
        verifier.verify(batch, now: 1_800_000_000, using: &worker, into: &verdicts)
        let together = verdicts.map { verdict -> Refusal? in
            if case .refused(let refusal) = verdict { return refusal }
            return nil
        }
        var alone: [Refusal?] = []
        for token in tokens {
            let bytes = Array(token.utf8)
            switch verifier.verify(bytes.span, now: 1_800_000_000, using: &worker) {
            case .refused(let refusal): alone.append(refusal)
            case .accepted: alone.append(nil)
            }
        }
        #expect(together == alone)
    }

    @Test("RFC 7515 A.1 to A.4 and RFC 8037 tokens", arguments: ["A.1", "A.2", "A.3", "A.4"])
    func rfc7515(_ name: String) throws {
        let token = String(decoding: try VectorFiles.bytes("rfc-appendix/rfc7515_\(name).jwsc"), as: UTF8.self)
            .trimmingSuffixNewlines
        let key = try VectorFiles.bytes("rfc-appendix/rfc7515_\(name).jwk")
        guard let parsed = try? SignatureKey.parse(jwk: key.span, algorithm: Self.algorithms[name]) else {
            Issue.record("the key was not loaded")
            return
        }
        var entry = AcceptEntry(issuers: [], audiences: [], keys: try KeyRing([parsed]))
        entry.required = []
        let verifier = try Verifier(accept: [entry])
        var worker = verifier.makeWorker()
        _ = try verifier.verifySignature(Array(token.utf8).span, using: &worker)
    }

    private static let algorithms: [String: SignatureAlgorithm] = [
        "A.1": .hs256, "A.2": .rs256, "A.3": .es256, "A.4": .es512,
    ]

    @Test("T1 RFC 7515 A.5, the unsecured token, is refused")
    func unsecured() throws {
        let bytes = try VectorFiles.bytes("rfc-appendix/rfc7515_A.5.jwsc")
        let maker = try TokenMaker(.hs256)
        var entry = AcceptEntry(issuers: [], audiences: [], keys: try KeyRing([maker.key]))
        entry.required = []
        let verifier = try Verifier(accept: [entry])
        var worker = verifier.makeWorker()
        let token = bytes.filter { $0 != UInt8(ascii: "\n") }
        #expect(throws: Refusal(.unsupportedAlgorithm)) {
            _ = try verifier.verifySignature(token.span, using: &worker)
        }
    }

    @Test("T27 RFC 7797: only the token without b64 is accepted; an unencoded payload has no compact form here")
    func unencodedPayload() throws {
        var verdicts: [String: Bool] = [:]
        for example in try VectorFiles.json("rfc-appendix/rfc7797.json").array {
            verdicts[example["name"].string] = isValid(
                keys: try example["key"].jsonBytes(), token: example["token"].string, algorithm: .hs256)
        }
        #expect(verdicts == ["4.1": true, "4.2": false, "4.2/compact-with-dot-payload": false])
    }

    @Test("T10 RFC 7515 A.6 and A.7: JSON serializations are no compact tokens", arguments: ["A.6.jwsg", "A.7.jwsf"])
    func jsonSerialization(_ name: String) throws {
        let maker = try TokenMaker(.hs256)
        var entry = AcceptEntry(issuers: [], audiences: [], keys: try KeyRing([maker.key]))
        entry.required = []
        let verifier = try Verifier(accept: [entry])
        var worker = verifier.makeWorker()
        let bytes = try VectorFiles.bytes("rfc-appendix/rfc7515_\(name)")
        #expect(throws: Refusal.self) { _ = try verifier.verifySignature(bytes.span, using: &worker) }
    }

    @Test("RFC 7520 cookbook, Ed25519")
    func cookbook() throws {
        let file = try VectorFiles.json("rfc7520-cookbook/curve25519/jws.json")
        let key = try file["input"]["key"].jsonBytes()
        #expect(isValid(keys: key, token: file["output"]["compact"].string, algorithm: .edDSA))
    }

    @Test("T12 RFC 7519 3.1: the token is genuine and long expired")
    func rfc7519() throws {
        let bytes = try VectorFiles.bytes("rfc-appendix/rfc7515_A.1.jwsc").filter { $0 != UInt8(ascii: "\n") }
        let jwk = try VectorFiles.bytes("rfc-appendix/rfc7515_A.1.jwk")
        let key = try SignatureKey.parse(jwk: jwk.span, algorithm: .hs256)
        var entry = AcceptEntry(issuers: ["joe"], audiences: [], keys: try KeyRing([key]))
        entry.required = [.issuer, .expires]
        let verifier = try Verifier(accept: [entry])
        var worker = verifier.makeWorker()
        func code(_ now: Int64) -> RefusalCode? {
            guard case .refused(let refusal) = verifier.verify(bytes.span, now: now, using: &worker) else { return nil }
            return refusal.code
        }
        #expect(code(1_300_819_380 - 1) == nil)
        #expect(code(1_300_819_380 + 30) == .expired)
        #expect(code(1_800_000_000) == .expired)
        #expect(code(1_300_000_000) == .lifetimeTooLong)
    }
}

extension VectorValue {
    /// A nested value as JSON text, for tokens that the file gives as an object.
    fileprivate var jsonText: String {
        (try? jsonBytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension String {
    fileprivate var trimmingSuffixNewlines: String {
        var text = self
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}

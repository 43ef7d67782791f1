// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

/// Which key and algorithm a token may be checked with, and what a changed token gives.
@Suite struct VerifierKeyTests {
    static let now: Int64 = 1_800_000_000
    static let claims = #"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000,"sub":"s"}"#

    private func verifier(_ keys: [SignatureKey], _ algorithms: [SignatureAlgorithm]? = nil) throws -> Verifier {
        var entry = AcceptEntry(issuers: ["i"], audiences: ["a"], keys: try KeyRing(keys))
        if let algorithms { entry.algorithms = Set(algorithms) }
        return try Verifier(accept: [entry])
    }

    private func refusal(_ verifier: Verifier, _ token: String) -> Refusal? {
        var worker = verifier.makeWorker()
        if case .refused(let refusal) = verifier.verify(Array(token.utf8).span, now: Self.now, using: &worker) {
            return refusal
        }
        return nil
    }

    @Test(
        "T1 T5 algorithms that are not there",
        arguments: [
            "none", "None", "nOnE", "NONE", "none ", "HS255", "hs256", "", "HS256 ", "RS1", "dir",
        ])
    func unknownAlgorithms(_ name: String) throws {
        let maker = try TokenMaker(.hs256)
        for signed in [true, false] {
            let token = try maker.token(
                header: #"{"alg":"\#(name)","kid":"k1","typ":"JWT"}"#, payload: Array(Self.claims.utf8))
            let sent = signed ? token : String(token[...(token.lastIndex(of: ".") ?? token.startIndex)])
            #expect(refusal(try verifier([maker.key]), sent)?.code == .unsupportedAlgorithm)
        }
    }

    @Test(
        "T1 T6 an alg that is absent or no string",
        arguments: [
            #"{"kid":"k1"}"#, #"{"alg":null}"#, #"{"alg":["HS256"]}"#, #"{"alg":256}"#, #"{"ALG":"HS256"}"#,
        ])
    func noAlgorithm(_ header: String) throws {
        let maker = try TokenMaker(.hs256)
        let token = try maker.token(header: header, payload: Array(Self.claims.utf8))
        #expect(refusal(try verifier([maker.key]), token)?.code == .unsupportedAlgorithm)
    }

    @Test("T5 T7 one key, one algorithm", arguments: SignatureAlgorithm.allCases)
    func oneAlgorithm(_ algorithm: SignatureAlgorithm) throws {
        let maker = try TokenMaker(algorithm)
        let verifier = try verifier([maker.key])
        #expect(refusal(verifier, try maker.token(Self.claims)) == nil)
        for other in SignatureAlgorithm.allCases where other != algorithm {
            let header = #"{"alg":"\#(other.jwaName)","kid":"k1","typ":"JWT"}"#
            let token = try maker.token(header: header, payload: Array(Self.claims.utf8))
            #expect(refusal(verifier, token)?.code == .algorithmMismatch)
            let anonymous = try maker.token(
                header: #"{"alg":"\#(other.jwaName)","typ":"JWT"}"#, payload: Array(Self.claims.utf8))
            #expect(refusal(verifier, anonymous)?.code == .algorithmMismatch)
        }
    }

    @Test("T5 an algorithm off the caller's list is refused although the key has it")
    func allowList() throws {
        let maker = try TokenMaker(.hs256)
        #expect(
            refusal(try verifier([maker.key], [.es256]), try maker.token(Self.claims))?.code == .unsupportedAlgorithm)
        #expect(refusal(try verifier([maker.key], [.es256, .hs256]), try maker.token(Self.claims)) == nil)
    }

    @Test("T60 T61 keys are found by kid alone, or by being the only one of their algorithm")
    func keyIDs() throws {
        let a = try TokenMaker(.edDSA, keyID: "a")
        let b = try TokenMaker(.edDSA, keyID: "b")
        let bare = try TokenMaker(.es256, keyID: nil)
        let all = try verifier([a.key, b.key, bare.key])
        func token(_ maker: TokenMaker, kid: String?) throws -> String {
            let member = kid.map { #","kid":\#($0)"# } ?? ""
            return try maker.token(
                header: #"{"alg":"\#(maker.key.algorithm.jwaName)","typ":"JWT"\#(member)}"#,
                payload: Array(Self.claims.utf8))
        }
        #expect(refusal(all, try token(a, kid: #""a""#)) == nil)
        #expect(refusal(all, try token(a, kid: #""\u0061""#)) == nil)
        #expect(refusal(all, try token(a, kid: #""b""#))?.code == .signatureInvalid)
        #expect(refusal(all, try token(a, kid: nil))?.code == .unknownKey)
        #expect(refusal(all, try token(bare, kid: nil)) == nil)
        #expect(refusal(all, try token(bare, kid: #""z""#))?.code == .unknownKey)
        #expect(refusal(try verifier([a.key]), try token(a, kid: nil)) == nil)
        #expect(refusal(try verifier([a.key]), try token(a, kid: #""A""#))?.code == .unknownKey)
        for kid in [#""../../dev/null""#, #""' OR 1=1--""#, #""""#, #""a\u0000""#, #"" a""#] {
            #expect(refusal(all, try token(a, kid: kid))?.code == .unknownKey)
        }
        for kid in ["1", "null", #"["a"]"#, "{}"] {
            #expect(refusal(all, try token(a, kid: kid))?.code == .malformed)
        }
    }

    @Test("T60 a ring of secrets and public keys is refused")
    func mixedKinds() throws {
        let keys = [try TokenMaker(.hs256, keyID: "a").key, try TokenMaker(.es256, keyID: "b").key]
        #expect(throws: ConfigurationError.mixedKeyKinds) { try KeyRing(keys) }
    }

    @Test(
        "T27 T28 critical extensions are refused",
        arguments: [
            #""crit":["exp"],"exp":1"#, #""crit":[]"#, #""crit":"exp""#, #""crit":null"#, #""crit":["alg"]"#,
            #""crit":["b64"],"b64":true"#, #""crit":["b64"],"b64":false"#, #""b64":false"#, #""b64":true"#,
            #""crit":["x","x"],"x":1"#, #""\u0063rit":["x"],"x":1"#,
        ])
    func critical(_ member: String) throws {
        let maker = try TokenMaker(.hs256)
        let token = try maker.token(
            header: #"{"alg":"HS256","kid":"k1","typ":"JWT",\#(member)}"#, payload: Array(Self.claims.utf8))
        #expect(refusal(try verifier([maker.key]), token)?.code == .criticalHeader)
    }

    @Test(
        "T62 keys in the header are never used",
        arguments: [#""jku":"https://x""#, #""x5u":"https://x""#, #""x5c":["AA"]"#])
    func embeddedKeys(_ member: String) throws {
        let maker = try TokenMaker(.es256)
        let attacker = try TokenMaker(.es256)
        let header = #"{"alg":"ES256","kid":"k1","typ":"JWT",\#(member)}"#
        let verifier = try verifier([maker.key])
        #expect(refusal(verifier, try maker.token(header: header, payload: Array(Self.claims.utf8))) == nil)
        let forged = try attacker.token(header: header, payload: Array(Self.claims.utf8))
        #expect(refusal(verifier, forged)?.code == .signatureInvalid)
    }

    @Test("T12 the signature error wins over every claim error")
    func signatureFirst() throws {
        let maker = try TokenMaker(.hs256)
        let other = try TokenMaker(.hs256)
        let verifier = try verifier([maker.key])
        for claims in [#"{"exp":1}"#, "{}", #"{"exp":"x"}"#, #"{"iss":"j","aud":"a","exp":1,"iat":0}"#] {
            #expect(refusal(verifier, try other.token(claims, type: "zzz"))?.code == .signatureInvalid)
        }
    }

    @Test("T18 signatures that are not one", arguments: [SignatureAlgorithm.hs256, .es256, .edDSA, .rs256])
    func wrongSignatures(_ algorithm: SignatureAlgorithm) throws {
        let maker = try TokenMaker(algorithm)
        let verifier = try verifier([maker.key])
        let token = try maker.token(Self.claims)
        let dot = try #require(token.lastIndex(of: "."))
        let signature = try #require(NaiveBase64URL.decode(Array(token[token.index(after: dot)...].utf8)))
        let stranger = try maker.token(#"{"sub":"other"}"#).split(separator: ".")[2]
        var variants = [[], Array(signature.dropLast()), signature + [0], [0] + signature, signature + signature]
        variants.append([UInt8](repeating: 0, count: signature.count))
        variants.append(try #require(NaiveBase64URL.decode(Array(stranger.utf8))))
        for variant in variants {
            let forged = token[...dot] + NaiveBase64URL.encode(variant)
            #expect(refusal(verifier, String(forged))?.code == .signatureInvalid)
        }
    }

    @Test("T19 every single bit flip of a token is refused", arguments: SignatureAlgorithm.allCases)
    func bitFlips(_ algorithm: SignatureAlgorithm) throws {
        let maker = try TokenMaker(algorithm)
        let verifier = try verifier([maker.key])
        var worker = verifier.makeWorker()
        var bytes = Array(try maker.token(Self.claims).utf8)
        var accepted = 0
        for i in bytes.indices {
            for bit in 0..<8 {
                bytes[i] ^= 1 << UInt8(bit)
                if case .accepted = verifier.verify(bytes.span, now: Self.now, using: &worker) { accepted += 1 }
                bytes[i] ^= 1 << UInt8(bit)
            }
        }
        #expect(accepted == 0)
        guard case .accepted = verifier.verify(bytes.span, now: Self.now, using: &worker) else {
            Issue.record("the token itself was refused")
            return
        }
    }

    @Test("T59 a key that may not verify is no key of the ring")
    func keyOperations() throws {
        let jwk = { (operation: String, keyID: String) in
            Array(
                #"""
                {"kty":"oct","alg":"HS256","kid":"\#(keyID)","key_ops":["\#(operation)"],\#
                "k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}
                """#.utf8)
        }
        let signing = try SignatureKey.parse(jwk: jwk("sign", "a").span)
        let verifying = try SignatureKey.parse(jwk: jwk("verify", "b").span)
        #expect(throws: ConfigurationError.noKey) { try KeyRing([signing]) }
        #expect(try KeyRing([signing, verifying]).keys.count == 1)
    }

    @Test("T68 keys belong to issuers")
    func issuersHaveTheirKeys() throws {
        let a = try TokenMaker(.hs256, keyID: "k")
        let b = try TokenMaker(.hs256, keyID: "k")
        let verifier = try Verifier(accept: [
            AcceptEntry(issuers: ["ia"], audiences: ["a"], keys: try KeyRing([a.key])),
            AcceptEntry(issuers: ["ib"], audiences: ["b"], keys: try KeyRing([b.key])),
        ])
        func claims(_ iss: String, _ aud: String) -> String {
            #"{"iss":\#(iss),"aud":"\#(aud)","exp":1800000300,"iat":1800000000}"#
        }
        #expect(refusal(verifier, try a.token(claims(#""ia""#, "a"))) == nil)
        #expect(refusal(verifier, try b.token(claims(#""ib""#, "b"))) == nil)
        #expect(refusal(verifier, try a.token(claims(#""ib""#, "b")))?.code == .signatureInvalid)
        #expect(refusal(verifier, try a.token(claims(#""ia""#, "b")))?.code == .audience)
        #expect(refusal(verifier, try a.token(claims(#""ic""#, "a")))?.code == .issuer)
        #expect(refusal(verifier, try a.token(claims("7", "a")))?.code == .claimType)
        #expect(
            refusal(verifier, try a.token(#"{"aud":"a","exp":1800000300,"iat":1800000000}"#))?.code == .missingClaim)
    }

    @Test("T67 T70 a worker that goes from verifier to verifier mixes nothing up")
    func sharedWorker() throws {
        let a = try TokenMaker(.hs256)
        let b = try TokenMaker(.hs256)
        let (first, second) = (try verifier([a.key]), try verifier([b.key]))
        var worker = first.makeWorker()
        let token = Array(try a.token(Self.claims).utf8)
        for _ in 0..<3 {
            guard case .accepted(let accepted) = first.verify(token.span, now: Self.now, using: &worker) else {
                Issue.record("refused by its own verifier")
                return
            }
            let text = worker.withClaims(of: accepted) { $0.text }
            #expect(text == Self.claims)
            guard case .refused(let refusal) = second.verify(token.span, now: Self.now, using: &worker) else {
                Issue.record("accepted by another verifier")
                return
            }
            #expect(refusal.code == .signatureInvalid)
        }
    }

    @Test func ownedClaims() throws {
        let maker = try TokenMaker(.hs256)
        let verifier = try verifier([maker.key])
        var worker = verifier.makeWorker()
        let claims = try verifier.claims(of: try maker.token(Self.claims), now: Self.now, using: &worker)
        #expect(claims.issuer == "i")
        #expect(claims.subject == "s")
        #expect(claims.audience == ["a"])
        #expect(claims.expiresSeconds == 1_800_000_300)
        #expect(claims.jwtID == nil)
        #expect(claims.string("exp") == nil)
        #expect("\(claims)" == "ClaimsSet(redacted)")
        #expect(throws: Refusal(.malformed, offset: 1)) { try verifier.claims(of: "x", now: Self.now, using: &worker) }
    }
}

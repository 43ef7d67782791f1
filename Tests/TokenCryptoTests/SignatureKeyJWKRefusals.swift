// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto

/// A JWK changed by one replacement, and the refusal it must get.
struct JWKRefusal: Sendable, CustomTestStringConvertible {
    let what: String
    let jwk: String
    let error: KeyError
    var algorithm: SignatureAlgorithm?
    var testDescription: String { what }
}

extension SignatureKeyJWKTests {
    static let refusals: [JWKRefusal] = [
        JWKRefusal(what: "T63 not JSON", jwk: "{\"kty\":", error: .malformed),
        JWKRefusal(what: "T29 duplicate member", jwk: with(ed, "\"\\u006bty\":\"OKP\""), error: .malformed),
        JWKRefusal(
            what: "T31 nested deep", jwk: with(ed, "\"a\":" + String(repeating: "[", count: 100_000)),
            error: .malformed),
        JWKRefusal(what: "no kty", jwk: "{\"x\":\"AA\"}", error: .missingMember),
        JWKRefusal(what: "kty is a number", jwk: "{\"kty\":1}", error: .malformedMember),
        JWKRefusal(what: "unknown kty", jwk: "{\"kty\":\"AKP\"}", error: .unsupportedKeyType),
        JWKRefusal(what: "kty in another case", jwk: "{\"kty\":\"rsa\"}", error: .unsupportedKeyType),
        JWKRefusal(what: "T7 secp256k1", jwk: ec.replacing("P-256", with: "secp256k1"), error: .unsupportedCurve),
        JWKRefusal(what: "X25519", jwk: ed.replacing("Ed25519", with: "X25519"), error: .unsupportedCurve),
        JWKRefusal(what: "T1 alg none", jwk: with(ed, "\"alg\":\"none\""), error: .unsupportedAlgorithm),
        JWKRefusal(what: "RSA-OAEP key", jwk: with(rsa, "\"alg\":\"RSA-OAEP-256\""), error: .unsupportedAlgorithm),
        JWKRefusal(what: "alg in lower case", jwk: with(rsa, "\"alg\":\"rs256\""), error: .unsupportedAlgorithm),
        JWKRefusal(what: "T5 RSA without alg", jwk: rsa, error: .missingAlgorithm),
        JWKRefusal(what: "T5 oct without alg", jwk: oct, error: .missingAlgorithm),
        JWKRefusal(
            what: "T5 alg and the caller disagree", jwk: with(rsa, "\"alg\":\"RS256\""), error: .algorithmMismatch,
            algorithm: .ps256),
        JWKRefusal(what: "T2 RSA key for HS256", jwk: rsa, error: .algorithmKeyMismatch, algorithm: .hs256),
        JWKRefusal(what: "T3 EC key for HS256", jwk: with(ec, "\"alg\":\"HS256\""), error: .algorithmKeyMismatch),
        JWKRefusal(what: "T7 P-256 for ES384", jwk: with(ec, "\"alg\":\"ES384\""), error: .algorithmKeyMismatch),
        JWKRefusal(what: "T7 ES256 against OKP", jwk: ed, error: .algorithmKeyMismatch, algorithm: .es256),
        JWKRefusal(what: "RSA for ES256", jwk: rsa, error: .algorithmKeyMismatch, algorithm: .es256),
        JWKRefusal(what: "oct for EdDSA", jwk: oct, error: .algorithmKeyMismatch, algorithm: .edDSA),
        JWKRefusal(what: "T59 use enc", jwk: with(ed, "\"use\":\"enc\""), error: .operationNotPermitted),
        JWKRefusal(
            what: "T59 key_ops encrypt", jwk: with(ed, "\"key_ops\":[\"encrypt\"]"), error: .operationNotPermitted),
        JWKRefusal(what: "T59 key_ops empty", jwk: with(ed, "\"key_ops\":[]"), error: .operationNotPermitted),
        JWKRefusal(
            what: "T59 key_ops twice", jwk: with(ed, "\"key_ops\":[\"sign\",\"\\u0073ign\"]"),
            error: .duplicateKeyOperation),
        JWKRefusal(what: "T59 key_ops no array", jwk: with(ed, "\"key_ops\":\"sign\""), error: .malformedMember),
        JWKRefusal(what: "T61 kid a number", jwk: with(ed, "\"kid\":7"), error: .keyID),
        JWKRefusal(
            what: "T61 kid of 1025 bytes", jwk: with(ed, "\"kid\":\"" + String(repeating: "a", count: 1025) + "\""),
            error: .keyID),
        JWKRefusal(
            what: "T61 kid of 1 MB", jwk: with(ed, "\"kid\":\"" + String(repeating: "a", count: 1_000_000) + "\""),
            error: .keyID),
        JWKRefusal(what: "T4 empty secret", jwk: secret([]), error: .secretTooShort, algorithm: .hs256),
        JWKRefusal(what: "T4 no secret", jwk: "{\"kty\":\"oct\"}", error: .missingMember, algorithm: .hs256),
        JWKRefusal(
            what: "T57 31 bytes", jwk: secret([UInt8](repeating: 1, count: 31)), error: .secretTooShort,
            algorithm: .hs256),
        JWKRefusal(
            what: "T57 63 bytes for HS512", jwk: secret([UInt8](repeating: 1, count: 63)), error: .secretTooShort,
            algorithm: .hs512),
        JWKRefusal(
            what: "1025 bytes", jwk: secret([UInt8](repeating: 1, count: 1025)), error: .secretTooLong,
            algorithm: .hs256),
        JWKRefusal(
            what: "T2 PEM as a secret", jwk: embed(" \n" + PEMExamples.rsaSPKI), error: .secretIsKeyText,
            algorithm: .hs256),
        JWKRefusal(what: "T2 JWK as a secret", jwk: embed(edPublic), error: .secretIsKeyText, algorithm: .hs256),
        JWKRefusal(
            what: "T2 JWK Set as a secret", jwk: embed("{ \"keys\": [" + edPublic + "]}"), error: .secretIsKeyText,
            algorithm: .hs256),
        JWKRefusal(
            what: "T2 DER as a secret",
            jwk: secret(hex("302a300506032b6570032100") + [UInt8](repeating: 7, count: 32)), error: .secretIsKeyText,
            algorithm: .hs256),
        JWKRefusal(
            what: "T23 padding in a member", jwk: oct.replacing("CAow", with: "CAow=="), error: .malformedMember,
            algorithm: .hs256),
        JWKRefusal(what: "EC without y", jwk: ec.replacing("\"y\"", with: "\"yy\""), error: .missingMember),
        JWKRefusal(what: "T58 short x", jwk: ec.replacing("\"x\":\"f83O", with: "\"x\":\""), error: .coordinateLength),
        JWKRefusal(what: "T58 long y", jwk: ec.replacing("\"y\":\"", with: "\"y\":\"AAAA"), error: .coordinateLength),
        JWKRefusal(what: "T58 long d", jwk: ec.replacing("\"d\":\"", with: "\"d\":\"AAAA"), error: .coordinateLength),
        JWKRefusal(
            what: "T58 d of another key", jwk: ec.replacing("\"d\":\"j", with: "\"d\":\"k"),
            error: .privateKeyMismatch),
        JWKRefusal(
            what: "T58 EC d of 0",
            jwk: "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + memberText("x", of: ec) + "\",\"y\":\""
                + memberText("y", of: ec) + "\",\"d\":\"" + String(repeating: "A", count: 43) + "\"}",
            error: .privateKeyMismatch),
        JWKRefusal(
            what: "EC with d alone",
            jwk: "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"" + memberText("d", of: ec) + "\"}",
            error: .missingMember),
        JWKRefusal(
            what: "OKP with d alone",
            jwk: "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + memberText("d", of: ed) + "\"}",
            error: .missingMember),
        JWKRefusal(
            what: "T58 Ed25519 d of another key", jwk: ed.replacing("\"d\":\"n", with: "\"d\":\"o"),
            error: .privateKeyMismatch),
        JWKRefusal(what: "T58 short Ed25519 x", jwk: edPublic.replacing("11qY", with: ""), error: .coordinateLength),
        JWKRefusal(
            what: "T56 1024 bits", jwk: rsaPublic(n: modulus(1024), e: [1, 0, 1]), error: .modulusSize,
            algorithm: .rs256),
        JWKRefusal(
            what: "T56 2047 bits", jwk: rsaPublic(n: modulus(2047), e: [1, 0, 1]), error: .modulusSize,
            algorithm: .rs256),
        JWKRefusal(
            what: "T56 8193 bits", jwk: rsaPublic(n: modulus(8193), e: [1, 0, 1]), error: .modulusSize,
            algorithm: .rs256),
        JWKRefusal(
            what: "T56 16385 bits", jwk: rsaPublic(n: modulus(16385), e: [1, 0, 1]), error: .modulusSize,
            algorithm: .rs256),
        JWKRefusal(
            what: "T56 even modulus", jwk: rsaPublic(n: modulus(2048).dropLast() + [0xA4], e: [1, 0, 1]),
            error: .modulusEven, algorithm: .rs256),
        JWKRefusal(
            what: "modulus with a leading zero", jwk: rsaPublic(n: [0] + modulus(2048), e: [1, 0, 1]),
            error: .malformedMember, algorithm: .rs256),
        JWKRefusal(what: "empty modulus", jwk: rsaPublic(n: [], e: [3]), error: .malformedMember, algorithm: .rs256),
        JWKRefusal(
            what: "RSA d of another key", jwk: rsa.replacing("\"d\":\"E", with: "\"d\":\"F"),
            error: .privateKeyMismatch, algorithm: .rs256),
        JWKRefusal(
            what: "RSA qi changed", jwk: rsa.replacing("\"qi\":\"I", with: "\"qi\":\"J"), error: .privateKeyMismatch,
            algorithm: .rs256),
        JWKRefusal(
            what: "RSA dp changed", jwk: rsa.replacing("\"dp\":\"B", with: "\"dp\":\"C"), error: .privateKeyMismatch,
            algorithm: .rs256),
        JWKRefusal(
            what: "RSA p for q",
            jwk: rsa.replacing("\"q\"", with: "\"z\"").replacing("\"p\"", with: "\"q\"")
                .replacing("\"z\"", with: "\"p\""), error: .privateKeyMismatch, algorithm: .rs256),
        JWKRefusal(
            what: "RSA without qi", jwk: rsa.replacing("\"qi\"", with: "\"qj\""), error: .missingMember,
            algorithm: .rs256),
        JWKRefusal(
            what: "multi-prime RSA", jwk: with(rsa, "\"oth\":[]"), error: .unsupportedKeyType, algorithm: .rs256),
    ]
}

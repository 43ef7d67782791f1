// SPDX-License-Identifier: Apache-2.0
import TestSupport
import TokenCrypto
import TokenScan

/// Strict base64url in both directions, for values in tests.
func base64URL(_ text: String) -> [UInt8]? {
    var out = ByteScratch()
    do { try out.appendBase64URLDecoded(Array(text.utf8).span) } catch { return nil }
    return array(out)
}

func base64URL(_ bytes: [UInt8]) -> String {
    var out = ByteScratch()
    out.appendBase64URL(bytes.span)
    return String(decoding: array(out), as: UTF8.self)
}

func array(_ scratch: borrowing ByteScratch) -> [UInt8] {
    let span = scratch.span
    return (0..<span.count).map { span[$0] }
}

func parseJWK(_ text: String, _ algorithm: SignatureAlgorithm? = nil) throws(KeyError) -> SignatureKey {
    try SignatureKey.parse(jwk: Array(text.utf8).span, algorithm: algorithm)
}

func parsePEM(_ text: String, _ algorithm: SignatureAlgorithm? = nil) throws(KeyError) -> SignatureKey {
    try SignatureKey.parse(pem: Array(text.utf8).span, algorithm: algorithm)
}

func parseSet(_ text: String, _ algorithm: SignatureAlgorithm? = nil) throws(KeyError) -> KeySet {
    try KeySet.parse(jwks: Array(text.utf8).span, algorithm: algorithm)
}

func parseFile(_ text: String, _ algorithm: SignatureAlgorithm? = nil) throws(KeyError) -> KeySet {
    try KeySet.parse(file: Array(text.utf8).span, algorithm: algorithm)
}

/// The error of a load; nil when it succeeds.
func refusal<T>(_ load: () throws(KeyError) -> T) -> KeyError? {
    do throws(KeyError) {
        _ = try load()
        return nil
    } catch {
        return error
    }
}

func verify(_ key: SignatureKey, _ signature: [UInt8], _ message: [UInt8]) throws(KeyError) -> Bool {
    isValid(try SignatureVerifier(key), signature, message)
}

func isValid(_ verifier: SignatureVerifier, _ signature: [UInt8], _ message: [UInt8]) -> Bool {
    verifier.isValid(signature.span, over: message.span)
}

func sign(_ key: SignatureKey, _ message: [UInt8]) throws(KeyError) -> [UInt8] {
    try sign(try SignatureSigner(key), message)
}

func sign(_ signer: SignatureSigner, _ message: [UInt8]) throws(KeyError) -> [UInt8] {
    var out = ByteScratch()
    try signer.sign(message.span, into: &out)
    return array(out)
}

func privateJWK(_ key: SignatureKey) throws(KeyError) -> String {
    var out = ByteScratch(isSecret: true)
    try key.writePrivateJWK(into: &out)
    return String(decoding: array(out), as: UTF8.self)
}

func publicJWK(_ key: SignatureKey) throws(KeyError) -> String {
    String(decoding: try key.publicJWK(), as: UTF8.self)
}

/// A compact JWS as signing input and signature.
func split(_ token: String) -> (message: [UInt8], signature: [UInt8]) {
    guard let dot = token.lastIndex(of: "."),
        let signature = base64URL(String(token[token.index(after: dot)...]))
    else { return ([], []) }
    return (Array(token[..<dot].utf8), signature)
}

/// One generated key per algorithm, made once per test run.
enum GeneratedKeys {
    private static let keys: [SignatureKey] = SignatureAlgorithm.allCases.compactMap {
        try? SignatureKey.generate(algorithm: $0, keyID: Array("key-\($0.jwaName)".utf8))
    }

    static func key(_ algorithm: SignatureAlgorithm) -> SignatureKey {
        guard let key = keys.first(where: { $0.algorithm == algorithm }) else {
            preconditionFailure("key generation failed")
        }
        return key
    }
}

/// The text of a string member of flat JSON in a test.
func memberText(_ name: String, of json: String) -> String {
    guard let start = json.firstRange(of: "\"\(name)\":\"") else { return "" }
    return String(json[start.upperBound...].prefix { $0 != "\"" })
}

// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenScan

/// Makes tokens for tests, well-formed or not, from header and payload text.
package struct TokenMaker {
    /// The key that signs.
    package let key: SignatureKey
    private let signer: SignatureSigner

    /// Signs with `key`.
    package init(_ key: SignatureKey) throws {
        self.key = key
        signer = try SignatureSigner(key)
    }

    /// Signs with a new key of `algorithm`.
    package init(_ algorithm: SignatureAlgorithm, keyID: String? = "k1") throws {
        try self.init(SignatureKey.generate(algorithm: algorithm, keyID: keyID.map { Array($0.utf8) }))
    }

    /// The compact token of just these texts, signed over them.
    package func token(header: String, payload: [UInt8]) throws -> String {
        let input = NaiveBase64URL.encode(header.utf8) + "." + NaiveBase64URL.encode(payload)
        var signature = ByteScratch()
        try signer.sign(Array(input.utf8).span, into: &signature)
        return input + "." + NaiveBase64URL.encode(signature.array)
    }

    /// The token of a claims set under the usual header.
    package func token(_ claims: String, type: String? = "JWT") throws -> String {
        let kid = key.keyID.map { #","kid":"\#(String(decoding: $0, as: UTF8.self))""# } ?? ""
        let typ = type.map { #","typ":"\#($0)""# } ?? ""
        return try token(
            header: #"{"alg":"\#(key.algorithm.jwaName)"\#(kid)\#(typ)}"#, payload: Array(claims.utf8))
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto

extension KeyError {
    /// The stable word for scripts: the case's name in lower case with hyphens, behind `key-`.
    var code: String {
        var word = "key-"
        for character in "\(self)".replacing("ID", with: "Id") {
            if character.isUppercase { word += "-" }
            word += character.lowercased()
        }
        return word
    }

    /// What is wrong, for people. Nothing of the key.
    var message: String {
        switch self {
        case .malformed: "it is no JWK, JWK Set or PEM"
        case .tooLarge: "it is larger than the limits"
        case .missingMember: "a required member is absent"
        case .malformedMember: "a member has the wrong type or is no strict base64url"
        case .unsupportedKeyType: "the key type is not supported here"
        case .unsupportedCurve: "the curve is not supported"
        case .unsupportedAlgorithm: "its alg is no supported signature algorithm"
        case .missingAlgorithm: "it names no algorithm; --alg supplies one"
        case .algorithmMismatch: "its alg is another than expected"
        case .algorithmKeyMismatch: "the algorithm does not fit the kind or size of key"
        case .operationNotPermitted: "its use or key_ops does not permit this"
        case .duplicateKeyOperation: "key_ops lists an operation twice"
        case .keyID: "its kid is not allowed"
        case .duplicateKeyID: "two keys have the same kid and algorithm"
        case .secretTooShort: "the secret is too short"
        case .secretTooLong: "the secret is too long"
        case .secretIsKeyText: "the secret is the text of a key file"
        case .modulusSize: "the RSA modulus is not of 2048 to 8192 bits in whole bytes"
        case .modulusEven: "the RSA modulus is even"
        case .modulusWeak: "the RSA modulus is a known weak one"
        case .exponent: "the RSA exponent is not allowed"
        case .coordinateLength: "a coordinate has another length than the curve's"
        case .pointNotOnCurve: "the point is not on its curve"
        case .pointNotAllowed: "the point is not allowed"
        case .privateKeyMismatch: "the private part does not belong to the public part"
        case .certificate: "it is a certificate; take out its public key first"
        case .encrypted: "it is encrypted; decrypt it first"
        case .noKey: "it holds no usable key"
        case .notPrivate: "it holds no key that can sign"
        case .severalActive: "more than one key is marked active"
        case .randomness: "the random generator failed"
        case .backend: "OpenSSL failed"
        }
    }
}

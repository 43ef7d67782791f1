// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// The key that a token is bound to: the public key in `cnf.jwk` (RFC 7800 section 3.2). It stands in the signed
/// payload, so the issuer vouches for it.
enum HolderKey {
    /// The key; nil when there is none, or none that key bindings can be checked with. `algorithm` is for keys that
    /// name none and do not imply it, which are RSA keys.
    static func key(
        _ view: JSONView, _ registered: RegisteredClaims, algorithm: @autoclosure () -> SignatureAlgorithm?
    ) -> SignatureKey? {
        guard registered.confirmation != 0, let jwk = view.member(of: registered.confirmation, "jwk"),
            view[jwk].valueKind == .object
        else { return nil }
        let text = view.value(jwk)
        if let key = try? SignatureKey.parse(jwk: text) { return usable(key) }
        guard let algorithm = algorithm(), let key = try? SignatureKey.parse(jwk: text, algorithm: algorithm) else {
            return nil
        }
        return usable(key)
    }

    private static func usable(_ key: SignatureKey) -> SignatureKey? {
        key.isSymmetric || !key.canVerify ? nil : key
    }
}

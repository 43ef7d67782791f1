// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
import TokenScan

/// The signing keys of one issuer and algorithm, loaded from the committed files.
package final class SigningKeys {
    private let issuerKeys: [SignatureKey]
    private let issuerSigners: [SignatureSigner]
    private let strangerSigner: SignatureSigner
    private let publicSetText: [UInt8]

    /// Loads `keys/<issuer>/<algorithm>.private.jwks` (`.jwks` for HS256, which has no public half).
    package init(files: FixtureFiles, issuer: Issuer, algorithm: FixtureAlgorithm) throws(FixtureError) {
        let set = try Self.load(files, KeyFiles.privatePath(issuer.name, algorithm))
        guard set.count == issuer.keyCount else {
            throw .unusableKey(path: KeyFiles.privatePath(issuer.name, algorithm))
        }
        let strangers = try Self.load(files, KeyFiles.privatePath(KeyFiles.stranger, algorithm))
        publicSetText = try files.read(KeyFiles.publicPath(issuer.name, algorithm))
        issuerKeys = set
        do {
            var signers: [SignatureSigner] = []
            for key in set { signers.append(try SignatureSigner(key)) }
            issuerSigners = signers
            strangerSigner = try SignatureSigner(strangers[0])
        } catch {
            throw .cryptography
        }
    }

    /// The `kid` of the key at `position`.
    package func keyID(_ position: Int) -> String? {
        issuerKeys[position].keyID.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The key at `position`, for checks.
    package func key(_ position: Int) -> SignatureKey { issuerKeys[position] }

    /// Signs `message`.
    package func sign(
        _ message: [UInt8], _ signer: TokenRecipe.Signer, _ position: Int
    ) throws(FixtureError) -> [UInt8] {
        switch signer {
        case .issuer: return try sign(message, with: issuerSigners[position])
        case .stranger: return try sign(message, with: strangerSigner)
        case .publicKeyAsSecret:
            var tag = [UInt8](repeating: 0, count: 32)
            var span = tag.mutableSpan
            let secret = publicSetText
            let key = HMACSHA256Key(secret.span)
            key.authenticate(message.span, into: &span)
            return tag
        }
    }

    private func sign(_ message: [UInt8], with signer: SignatureSigner) throws(FixtureError) -> [UInt8] {
        var signature = ByteScratch(capacity: 512)
        do {
            try signer.sign(message.span, into: &signature)
        } catch {
            throw .cryptography
        }
        return [UInt8](copying: signature.span)
    }

    private static func load(_ files: FixtureFiles, _ path: String) throws(FixtureError) -> [SignatureKey] {
        let bytes = try files.read(path)
        do {
            let set = try KeySet.parse(jwks: bytes.span, algorithm: nil)
            guard set.skipped.isEmpty, !set.keys.isEmpty else { throw FixtureError.unusableKey(path: path) }
            return set.keys
        } catch {
            throw .unusableKey(path: path)
        }
    }
}

extension [UInt8] {
    /// An array with the bytes of `span`.
    package init(copying span: Span<UInt8>) {
        self.init()
        reserveCapacity(span.count)
        for position in span.indices { append(span[position]) }
    }
}

/// base64url text of `bytes`.
package func base64URL(_ bytes: [UInt8]) -> [UInt8] {
    var scratch = ByteScratch(capacity: bytes.count * 4 / 3 + 4)
    scratch.appendBase64URL(bytes.span)
    return [UInt8](copying: scratch.span)
}

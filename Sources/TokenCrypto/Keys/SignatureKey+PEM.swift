// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

extension SignatureKey {
    /// Reads the one key of a PEM file: SPKI, PKCS#1, PKCS#8 or SEC1, public or private.
    ///
    /// PEM does not say an algorithm: RSA keys need one from the caller, EC and Ed25519 derive theirs from the curve.
    /// A PEM is never an HMAC secret.
    /// - Throws: the ``KeyError`` that names the first thing wrong; `.certificate` and `.encrypted` for those blocks;
    ///   `.noKey` for a file without a block, `.malformed` for one with several keys (use ``KeySet``).
    public static func parse(
        pem: Span<UInt8>, algorithm: SignatureAlgorithm? = nil, keyID: [UInt8]? = nil
    ) throws(KeyError) -> SignatureKey {
        guard pem.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var reader = PEMReader()
        var found: SignatureKey?
        while let block = reader.next(in: pem) {
            switch consume block {
            case .ignored: continue
            case .refused(let error): throw error
            case .key(let material):
                guard found == nil else { throw .malformed }
                let resolved = try resolve(own: nil, callers: algorithm, kind: material.kind)
                found = try SignatureKey(material, algorithm: resolved, keyID: keyID)
            }
        }
        guard let found else { throw .noKey }
        return found
    }
}

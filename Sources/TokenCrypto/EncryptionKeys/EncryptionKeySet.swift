// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// The usable JWE keys of a file: a JWK Set, a JWK, or PEM blocks. Immutable; any thread.
///
/// A key that cannot be used is skipped and its reason recorded; it never spoils the others. Keys are looked up by
/// `kid` and algorithm together, and a second key with both equal is skipped, so that a look-up has one answer.
public struct EncryptionKeySet: Sendable {
    /// The usable keys in file order.
    public private(set) var keys: [EncryptionKey] = []
    /// The keys that were not taken, in file order.
    public private(set) var skipped: [KeySet.SkippedKey] = []

    /// Reads a key file of any kind, told apart by the first byte that is no blank or by a PEM boundary.
    ///
    /// `algorithm` and `contentEncryption` supply what a key does not say; a key that says another is skipped. `keyID`
    /// is given to PEM keys.
    /// - Throws: `KeyError.malformed`, `.tooLarge`; when no key is usable, the error of the only key, or `.noKey`.
    public static func parse(
        file: Span<UInt8>, algorithm: KeyManagement? = nil, contentEncryption: ContentEncryption? = nil,
        keyID: [UInt8]? = nil
    ) throws(KeyError) -> EncryptionKeySet {
        guard file.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var set = EncryptionKeySet()
        if KeySet.isJSON(file) {
            try set.append(json: file, algorithm, contentEncryption)
        } else if PEMReader.isPEM(file) {
            guard let algorithm else { throw .missingAlgorithm }
            set.append(try EncryptionKey.parse(pem: file, algorithm: algorithm, keyID: keyID))
        } else {
            throw .malformed
        }
        guard set.keys.isEmpty else { return set }
        throw set.skipped.count == 1 ? set.skipped[0].error : .noKey
    }

    private mutating func append(
        json: Span<UInt8>, _ algorithm: KeyManagement?, _ contentEncryption: ContentEncryption?
    ) throws(KeyError) {
        var index = JSONIndex()
        do { try index.build(json, limits: KeyLimits.json) } catch { throw .malformed }
        let view = index.view(json)
        guard let list = view.member(of: 0, "keys") else {
            append(
                try EncryptionKey.parse(view, key: 0, algorithm: algorithm, contentEncryption: contentEncryption))
            return
        }
        guard view[list].valueKind == .array else { throw .malformed }
        guard view[list].childCount <= KeyLimits.keyCountMax else { throw .tooLarge }
        var node = list + 1
        while node < view[list].subtreeEnd {
            do throws(KeyError) {
                append(
                    try EncryptionKey.parse(
                        view, key: node, algorithm: algorithm, contentEncryption: contentEncryption))
            } catch {
                skip(error)
            }
            node = view[node].subtreeEnd
        }
    }

    private mutating func append(_ key: EncryptionKey) {
        let isKnown = keys.contains { $0.keyID != nil && $0.keyID == key.keyID && $0.algorithm == key.algorithm }
        if isKnown { skip(.duplicateKeyID) } else { keys.append(key) }
    }

    private mutating func skip(_ error: KeyError) {
        skipped.append(KeySet.SkippedKey(index: keys.count + skipped.count, error: error))
    }
}

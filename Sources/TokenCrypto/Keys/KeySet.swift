// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// The usable keys of a file: a JWK Set (RFC 7517 section 5), a JWK, or PEM blocks. Immutable; any thread.
///
/// A key that cannot be used is skipped and its reason recorded; it never spoils the others. Several keys may share a
/// `kid` when their algorithms differ, and keys are always looked up by both; a second key with the same `kid` *and*
/// algorithm is skipped as `duplicateKeyID`, so that a lookup has one answer and nothing is tried in turn.
public struct KeySet: Sendable {
    /// A key of the file that was not taken.
    public struct SkippedKey: Sendable, Equatable {
        /// Which one, counted from 0 in file order.
        public let index: Int
        /// Why.
        public let error: KeyError
    }

    /// The usable keys in file order.
    public private(set) var keys: [SignatureKey] = []
    /// The keys that were not taken, in file order.
    public private(set) var skipped: [SkippedKey] = []

    /// Whether the set holds both HMAC secrets and public or private keys. Each key keeps to its own algorithm, so that
    /// this is safe here; a caller may still refuse such a set, which nobody can publish.
    public var mixesSecretAndPublicKeys: Bool {
        keys.contains { $0.isSymmetric } && keys.contains { !$0.isSymmetric }
    }

    /// The key with this `kid` and algorithm; nil when there is none.
    public func key(id: Span<UInt8>, algorithm: SignatureAlgorithm) -> SignatureKey? {
        for key in keys where key.algorithm == algorithm {
            if let keyID = key.keyID, keyID.span.equals(id) { return key }
        }
        return nil
    }

    /// Reads a JWK Set. `algorithm` supplies a missing `alg`; a key that has another one is skipped.
    /// - Throws: `KeyError.malformed` when the text is no JWK Set, `.tooLarge` over 1 MiB or 1024 keys. Bad keys are
    ///   not thrown but skipped, and a set without usable keys is returned empty.
    public static func parse(
        jwks: Span<UInt8>, algorithm: SignatureAlgorithm? = nil
    ) throws(KeyError) -> KeySet {
        guard jwks.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var index = JSONIndex()
        do { try index.build(jwks, limits: KeyLimits.json) } catch { throw .malformed }
        let view = index.view(jwks)
        guard let list = view.member(of: 0, "keys"), view[list].valueKind == .array else { throw .malformed }
        guard view[list].childCount <= KeyLimits.keyCountMax else { throw .tooLarge }
        var set = KeySet()
        var node = list + 1
        while node < view[list].subtreeEnd {
            do throws(KeyError) {
                try set.append(try SignatureKey.parse(view, key: node, algorithm: algorithm))
            } catch {
                set.skip(error)
            }
            node = view[node].subtreeEnd
        }
        return set
    }

    /// Reads a key file of any kind: JWK Set, JWK, or PEM with one or more blocks, told apart by the first byte that is
    /// no blank (`{` for JSON) or by a PEM boundary.
    ///
    /// `keyID` is given to PEM keys, which have none of their own.
    /// - Throws: `KeyError.malformed`, `.tooLarge`; when no key is usable, the error of the only key, or `.noKey`.
    public static func parse(
        file: Span<UInt8>, algorithm: SignatureAlgorithm? = nil, keyID: [UInt8]? = nil
    ) throws(KeyError) -> KeySet {
        guard file.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var set: KeySet
        if isJSON(file) {
            set = try parse(json: file, algorithm: algorithm)
        } else if PEMReader.isPEM(file) {
            set = try parse(pem: file, algorithm: algorithm, keyID: keyID)
        } else {
            throw .malformed
        }
        guard set.keys.isEmpty else { return set }
        throw set.skipped.count == 1 ? set.skipped[0].error : .noKey
    }

    static func isJSON(_ file: Span<UInt8>) -> Bool {
        for i in 0..<file.count {
            switch file[i] {
            case 0x09, 0x0A, 0x0D, 0x20: continue
            default: return file[i] == UInt8(ascii: "{")
            }
        }
        return false
    }

    private static func parse(json: Span<UInt8>, algorithm: SignatureAlgorithm?) throws(KeyError) -> KeySet {
        do throws(KeyError) {
            return try parse(jwks: json, algorithm: algorithm)
        } catch .malformed {
            // Not a set; a single key then, or the error of one.
        }
        var set = KeySet()
        set.keys.append(try SignatureKey.parse(jwk: json, algorithm: algorithm))
        return set
    }

    private static func parse(
        pem: Span<UInt8>, algorithm: SignatureAlgorithm?, keyID: [UInt8]?
    ) throws(KeyError) -> KeySet {
        var set = KeySet()
        var reader = PEMReader()
        while let block = reader.next(in: pem) {
            guard set.keys.count + set.skipped.count < KeyLimits.keyCountMax else { throw .tooLarge }
            do throws(KeyError) {
                switch consume block {
                case .ignored: continue
                case .refused(let error): throw error
                case .key(let material):
                    let resolved = try SignatureKey.resolve(own: nil, callers: algorithm, kind: material.kind)
                    try set.append(try SignatureKey(material, algorithm: resolved, keyID: keyID))
                }
            } catch {
                set.skip(error)
            }
        }
        return set
    }

    private mutating func append(_ key: SignatureKey) throws(KeyError) {
        if let keyID = key.keyID, self.key(id: keyID.span, algorithm: key.algorithm) != nil { throw .duplicateKeyID }
        keys.append(key)
    }

    private mutating func skip(_ error: KeyError) {
        skipped.append(SkippedKey(index: keys.count + skipped.count, error: error))
    }
}

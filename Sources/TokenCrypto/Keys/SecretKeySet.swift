// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// The secret keys of one use: one active key, and older ones that are still accepted. Immutable; any thread.
package struct SecretKeySet: Sendable {
    /// All keys in file order. Never empty; key ids differ.
    package let keys: [SecretKey]
    /// Where the active key stands in `keys`.
    package let activeIndex: Int

    /// The key that new values are made with.
    package var active: SecretKey { keys[activeIndex] }

    /// The key with this id; nil when there is none.
    package func key(id: Span<UInt8>) -> SecretKey? {
        for key in keys where key.keyID.span.equals(id) { return key }
        return nil
    }

    /// A set of keys, the first of them active unless another index is given.
    /// - Throws: `KeyError.noKey` for no keys or an index out of range, `.duplicateKeyID`, `.tooLarge` over 1024 keys.
    package init(keys: [SecretKey], activeIndex: Int = 0) throws(KeyError) {
        guard keys.indices.contains(activeIndex) else { throw .noKey }
        guard keys.count <= KeyLimits.keyCountMax else { throw .tooLarge }
        for i in keys.indices {
            for j in keys.indices.prefix(i) where keys[i].keyID.span.equals(keys[j].keyID.span) {
                throw .duplicateKeyID
            }
        }
        self.keys = keys
        self.activeIndex = activeIndex
    }

    /// Reads a JWK or a JWK Set of `oct` keys whose `alg` is the algorithm's name. The member `"active":true` marks the
    /// active key; without it the first is. One bad key spoils the set: a key that were silently missing would change
    /// pseudonyms.
    /// - Throws: `KeyError`: `.malformed`, `.tooLarge`, `.noKey`, `.severalActive`, `.duplicateKeyID`, `.keyID`,
    ///   `.unsupportedKeyType`, `.missingAlgorithm`, `.algorithmMismatch`, `.missingMember`, `.malformedMember`,
    ///   `.secretTooShort`, `.secretTooLong`, `.operationNotPermitted`.
    package static func parse(
        _ json: Span<UInt8>, algorithm: SecretKeyAlgorithm
    ) throws(KeyError) -> SecretKeySet {
        guard json.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var index = JSONIndex()
        do { try index.build(json, limits: KeyLimits.json) } catch { throw .malformed }
        let view = index.view(json)
        var keys: [SecretKey] = []
        var activeIndex: Int?
        guard let list = view.member(of: 0, "keys") else {
            keys.append(try parse(view, key: 0, algorithm: algorithm))
            return try SecretKeySet(keys: keys)
        }
        guard view[list].valueKind == .array else { throw .malformed }
        var node = list + 1
        while node < view[list].subtreeEnd {
            guard keys.count < KeyLimits.keyCountMax else { throw .tooLarge }
            if try isActive(view, key: node) {
                guard activeIndex == nil else { throw .severalActive }
                activeIndex = keys.count
            }
            keys.append(try parse(view, key: node, algorithm: algorithm))
            node = view[node].subtreeEnd
        }
        return try SecretKeySet(keys: keys, activeIndex: activeIndex ?? 0)
    }

    static func isActive(_ view: borrowing JSONView, key: Int) throws(KeyError) -> Bool {
        guard let node = view.member(of: key, "active") else { return false }
        switch view[node].valueKind {
        case .true: return true
        case .false: return false
        default: throw .malformedMember
        }
    }

    static func parse(
        _ view: borrowing JSONView, key: Int, algorithm: SecretKeyAlgorithm
    ) throws(KeyError) -> SecretKey {
        guard view[key].valueKind == .object else { throw .malformed }
        guard let kty = view.member(of: key, "kty"), view[kty].isString else { throw .missingMember }
        guard view.jwkMember(of: key, "kty", is: "oct") else { throw .unsupportedKeyType }
        guard view.member(of: key, "alg") != nil else { throw .missingAlgorithm }
        guard view.jwkMember(of: key, "alg", is: algorithm.name) else { throw .algorithmMismatch }
        // A key of ours says what it is for by `alg`; a `use` or `key_ops` beside it is somebody else's key.
        guard view.member(of: key, "use") == nil, view.member(of: key, "key_ops") == nil else {
            throw .operationNotPermitted
        }
        guard let keyID = try view.jwkKeyID(of: key) else { throw .missingMember }
        var secret = ByteScratch(capacity: 128, isSecret: true)
        guard
            try view.jwkBytes(of: key, "k", byteCountMax: KeyLimits.secretByteCountMax, into: &secret) != nil
        else { throw .missingMember }
        return try SecretKey(algorithm: algorithm, keyID: keyID.span, bytes: secret.span)
    }

    /// Appends a JWK Set with the active key marked. `output` should be a secret buffer.
    package func writeJWKSet(into output: inout ByteScratch) {
        Self.writeJWKSet([self], into: &output)
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

extension EncryptionKey {
    /// Reads one JWK (RFC 7517, RFC 7518 section 6, RFC 8037 section 2).
    ///
    /// `algorithm` supplies a missing `alg`; where both are given they must agree. A secret whose `alg` is a content
    /// algorithm, such as `A256GCM`, is a `dir` key of it (RFC 7520 section 5.6); `contentEncryption` supplies that for
    /// `dir` keys that do not say. `use` must be `enc` where it is given, and `key_ops` must permit something of it.
    /// Members that point elsewhere or embed certificates are ignored, as are unknown members.
    /// - Throws: the ``KeyError`` that names the first thing wrong.
    /// - Complexity: O(bytes) plus arithmetic of bounded size; allocates.
    public static func parse(
        jwk: Span<UInt8>, algorithm: KeyManagement? = nil, contentEncryption: ContentEncryption? = nil
    ) throws(KeyError) -> EncryptionKey {
        guard jwk.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var index = JSONIndex()
        do { try index.build(jwk, limits: KeyLimits.json) } catch { throw .malformed }
        return try parse(index.view(jwk), key: 0, algorithm: algorithm, contentEncryption: contentEncryption)
    }

    /// Reads the JWK that is the object `key` of an indexed document.
    static func parse(
        _ view: borrowing JSONView, key: Int, algorithm: KeyManagement?, contentEncryption: ContentEncryption?
    ) throws(KeyError) -> EncryptionKey {
        guard view[key].valueKind == .object else { throw .malformed }
        guard let type = try view.jwkText(of: key, "kty") else { throw .missingMember }
        let own = try ownAlgorithm(view, key)
        if let mine = own.management, let algorithm, mine != algorithm { throw .algorithmMismatch }
        guard let resolved = own.management ?? algorithm else { throw .missingAlgorithm }
        var content = own.content
        if content == nil { content = try dirContent(view, key) }
        if let content, let contentEncryption, content != contentEncryption, resolved == .direct {
            throw .algorithmMismatch
        }
        let operations = try permittedOperations(view, key, resolved)
        let keyID = try view.jwkKeyID(of: key)
        let kind = try keyKind(view, key, type: type)
        var material = KeyMaterial(kind: kind)
        for field in SignatureKey.fields(of: kind) {
            if let range = try view.jwkBytes(of: key, field.name, byteCountMax: 4096, into: &material.bytes) {
                material[field] = range
            }
        }
        if kind != .rsa, kind != .secret, material[.x] == nil { throw .missingMember }
        if kind == .rsa, view.member(of: key, "oth") != nil { throw .unsupportedKeyType }
        return try EncryptionKey(
            material, algorithm: resolved, contentEncryption: content ?? contentEncryption, keyID: keyID,
            operations: operations)
    }

    private static func ownAlgorithm(
        _ view: borrowing JSONView, _ key: Int
    ) throws(KeyError) -> (management: KeyManagement?, content: ContentEncryption?) {
        guard let name = try view.jwkText(of: key, "alg", byteCountMax: 256) else { return (nil, nil) }
        if let content = ContentEncryption(jwaName: name.span) { return (.direct, content) }
        guard let algorithm = KeyManagement(jwaName: name.span) else { throw .unsupportedAlgorithm }
        return (algorithm, nil)
    }

    /// The member `enc` of `dir` keys that this engine has written; unknown values are no error, as for any member that
    /// RFC 7517 does not name.
    private static func dirContent(_ view: borrowing JSONView, _ key: Int) throws(KeyError) -> ContentEncryption? {
        guard let name = try? view.jwkText(of: key, "enc") else { return nil }
        return ContentEncryption(jwaName: name.span)
    }

    private static func keyKind(_ view: borrowing JSONView, _ key: Int, type: [UInt8]) throws(KeyError) -> KeyKind {
        guard type.span.equals("OKP") else {
            return try SignatureKey.keyKind(view, key, type: type)
        }
        guard let name = try view.jwkText(of: key, "crv") else { throw .missingMember }
        // Ed25519 is for signatures; X448 is not supported.
        guard name.span.equals("X25519") else { throw .unsupportedCurve }
        return .x25519
    }

    /// `use`, if given, is `enc`; `key_ops`, if given, lists what the algorithm does, in either naming of RFC 7517
    /// section 4.3: `encrypt`, `wrapKey`, or `deriveKey`/`deriveBits`, and their opposites.
    private static func permittedOperations(
        _ view: borrowing JSONView, _ key: Int, _ algorithm: KeyManagement
    ) throws(KeyError) -> EncryptionOperations {
        if let use = try view.jwkText(of: key, "use", byteCountMax: 256) {
            guard use.span.equals("enc") else { throw .operationNotPermitted }
        }
        guard let seen = try view.jwkOperations(of: key) else { return .all }
        func lists(_ names: [String]) -> Bool {
            seen.contains { name in names.contains { name.elementsEqual($0.utf8) } }
        }
        let derives = algorithm.family == .agreement && lists(["deriveKey", "deriveBits"])
        let operations = EncryptionOperations(
            canEncrypt: derives || lists(["encrypt", "wrapKey"]),
            canDecrypt: derives || lists(["decrypt", "unwrapKey"]))
        guard operations.canEncrypt || operations.canDecrypt else { throw .operationNotPermitted }
        return operations
    }
}

extension EncryptionKey {
    /// The one key of a PEM file: SPKI, PKCS#1, PKCS#8 or SEC1, public or private. PEM says no algorithm.
    /// - Throws: as ``SignatureKey``'s.
    public static func parse(
        pem: Span<UInt8>, algorithm: KeyManagement, keyID: [UInt8]? = nil
    ) throws(KeyError) -> EncryptionKey {
        guard pem.count <= KeyLimits.fileByteCountMax else { throw .tooLarge }
        var reader = PEMReader()
        var found: EncryptionKey?
        while let block = reader.next(in: pem) {
            switch consume block {
            case .ignored: continue
            case .refused(let error): throw error
            case .key(let material):
                guard found == nil else { throw .malformed }
                found = try EncryptionKey(material, algorithm: algorithm, contentEncryption: nil, keyID: keyID)
            }
        }
        guard let found else { throw .noKey }
        return found
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Gets the content key of one message back, of one worker and recipient key.
final class ContentKeyOpener {
    private enum Method {
        case direct
        case wrap(AESKeyWrap)
        case gcmWrap(ContentCipher)
        case rsa(RSAEncryptionContext)
        case agreement(CurveContext?, AESKeyWrap?)
    }

    let key: EncryptionKey
    private let method: Method
    private var party = ByteScratch(capacity: 128)
    private var point = ByteScratch(capacity: 160)
    private var agreed = ByteScratch(capacity: 80, isSecret: true)
    private var derived = ByteScratch(capacity: 80, isSecret: true)
    private var hashInput = ByteScratch(capacity: 256, isSecret: true)

    /// Bytes that `apu` and `apv` may decode to.
    private static let partyByteCountMax = 512

    /// - Throws: `KeyError.operationNotPermitted`, `.backend`.
    init(_ key: EncryptionKey) throws(KeyError) {
        guard key.canDecrypt else { throw .operationNotPermitted }
        self.key = key
        let algorithm = key.algorithm
        switch algorithm.family {
        case .direct:
            method = .direct
        case .wrap:
            let wrap = try AESKeyWrap(keyByteCount: algorithm.wrappingKeyByteCount, wraps: false)
            guard key.withSecret({ wrap.setKey($0) }) else { throw .backend }
            method = .wrap(wrap)
        case .gcmWrap:
            let cipher = try ContentCipher(ContentKeySealer.cipher(of: algorithm), encrypts: false)
            guard key.withSecret({ cipher.keep($0) }) else { throw .backend }
            method = .gcmWrap(cipher)
        case .rsa:
            guard let handle = key.handle else { throw .backend }
            method = .rsa(try RSAEncryptionContext(key: handle, usesSHA1: algorithm == .rsaOAEP, encrypts: false))
        case .agreement:
            let size = algorithm.wrappingKeyByteCount
            let wrap = size == 0 ? nil : try AESKeyWrap(keyByteCount: size, wraps: false)
            method = .agreement(try ContentKeySealer.curve(of: key), wrap)
        }
    }

    /// The only length of an encrypted key that can be right, so that nothing else is decoded (T52).
    func encryptedByteCount(_ content: ContentEncryption) -> Int {
        switch method {
        case .direct: 0
        case .wrap: content.keyByteCount + 8
        case .gcmWrap: content.keyByteCount
        case .rsa(let context): context.byteCount
        case .agreement(_, let wrap): wrap == nil ? 0 : content.keyByteCount + 8
        }
    }

    /// Appends the content key, which has the exact length of `content`; false for everything that is wrong.
    func openContentKey(
        _ encrypted: Span<UInt8>, _ content: ContentEncryption, header: borrowing EncryptedTokenHeader,
        into contentKey: inout ByteScratch
    ) -> Bool {
        let isOpen: Bool
        switch method {
        case .direct:
            guard encrypted.count == 0, key.contentEncryption == content else { return false }
            key.withSecret { contentKey.append($0) }
            isOpen = true
        case .wrap(let wrap):
            isOpen = wrap.unwrap(encrypted, into: &contentKey)
        case .rsa(let context):
            isOpen = context.process(encrypted, into: &contentKey)
        case .gcmWrap(let cipher):
            isOpen = open(encrypted, cipher, header, into: &contentKey)
        case .agreement(let curve, let wrap):
            guard agree(curve, content, header) else { return false }
            defer { derived.removeAll() }
            if let wrap {
                isOpen = Self.setKey(wrap, derived) && wrap.unwrap(encrypted, into: &contentKey)
            } else {
                contentKey.append(derived.span)
                isOpen = encrypted.count == 0
            }
        }
        return isOpen && contentKey.count == content.keyByteCount
    }

    private func open(
        _ encrypted: Span<UInt8>, _ cipher: ContentCipher, _ header: borrowing EncryptedTokenHeader,
        into contentKey: inout ByteScratch
    ) -> Bool {
        party.removeAll()
        guard header.appendDecoded(header.iv, byteCountMax: 12, to: &party), party.count == 12,
            header.appendDecoded(header.tag, byteCountMax: 16, to: &party), party.count == 28
        else { return false }
        return Self.open(encrypted, cipher, party, into: &contentKey)
    }

    private static func open(
        _ encrypted: Span<UInt8>, _ cipher: ContentCipher, _ ivAndTag: borrowing ByteScratch,
        into contentKey: inout ByteScratch
    ) -> Bool {
        let nothing = Span<UInt8>()
        return cipher.open(
            encrypted, key: nothing, iv: ivAndTag.span.extracting(0..<12), header: nothing,
            tag: ivAndTag.span.extracting(12..<28), into: &contentKey)
    }

    /// Derives the key that ECDH-ES agrees on into `derived`. The ephemeral key is of our key's own kind and curve, its
    /// coordinates have the exact length, and it is a point of the curve that does not give nothing (T49).
    private func agree(
        _ curve: CurveContext?, _ content: ContentEncryption, _ header: borrowing EncryptedTokenHeader
    ) -> Bool {
        point.removeAll()
        agreed.removeAll()
        derived.removeAll()
        party.removeAll()
        defer { agreed.removeAll() }
        let size = curve?.curve.byteCount ?? X25519Context.byteCount
        let x = header.ephemeralMember("x")
        guard header.isText(header.ephemeralMember("kty"), curve == nil ? "OKP" : "EC"),
            header.isText(header.ephemeralMember("crv"), curve?.curve.name ?? "X25519"),
            x > 0, header.appendDecoded(x, byteCountMax: size, to: &point), point.count == size
        else { return false }
        if curve != nil {
            let y = header.ephemeralMember("y")
            guard y > 0, header.appendDecoded(y, byteCountMax: size, to: &point), point.count == 2 * size else {
                return false
            }
        }
        guard Self.agree(key, curve, point, into: &agreed) else { return false }
        guard header.appendDecoded(header.partyU, byteCountMax: Self.partyByteCountMax, to: &party) else {
            return false
        }
        let firstCount = party.count
        guard header.appendDecoded(header.partyV, byteCountMax: Self.partyByteCountMax, to: &party) else {
            return false
        }
        let wrapped = key.algorithm.wrappingKeyByteCount
        Self.derive(
            agreed, algorithm: wrapped == 0 ? content.literal : key.algorithm.literal, parties: party, firstCount,
            byteCount: wrapped == 0 ? content.keyByteCount : wrapped, scratch: &hashInput, into: &derived)
        return true
    }

    private static func agree(
        _ key: EncryptionKey, _ curve: CurveContext?, _ point: borrowing ByteScratch, into agreed: inout ByteScratch
    ) -> Bool {
        guard let secret = key.secret else { return false }
        return secret.withSpan { d in
            guard let curve else { return X25519Context.agree(d, x: point.span, into: &agreed) }
            let size = curve.curve.byteCount
            return curve.agree(
                d, x: point.span.extracting(0..<size), y: point.span.extracting(size..<point.count), into: &agreed)
        }
    }

    private static func derive(
        _ agreed: borrowing ByteScratch, algorithm: StaticString, parties: borrowing ByteScratch, _ firstCount: Int,
        byteCount: Int, scratch: inout ByteScratch, into derived: inout ByteScratch
    ) {
        ConcatKDF.derive(
            agreed, algorithm: algorithm, partyU: parties.span.extracting(0..<firstCount),
            partyV: parties.span.extracting(firstCount..<parties.count), byteCount: byteCount, scratch: &scratch,
            into: &derived)
    }

    private static func setKey(_ wrap: AESKeyWrap, _ key: borrowing ByteScratch) -> Bool { wrap.setKey(key.span) }
}

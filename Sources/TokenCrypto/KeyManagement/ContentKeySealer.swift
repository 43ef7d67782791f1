// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Makes the content key of one message and what the recipient needs to get it, of one worker and recipient key.
final class ContentKeySealer {
    private enum Method {
        case direct
        case wrap(AESKeyWrap)
        case gcmWrap(ContentCipher, NonceLease)
        case rsa(RSAEncryptionContext)
        /// The curve, nil for X25519; the wrap for the variants that wrap.
        case agreement(CurveContext?, AESKeyWrap?)
    }

    private let key: EncryptionKey
    private let content: ContentEncryption
    private let method: Method
    /// The ephemeral private value, then the agreed secret, then what is derived from it.
    private var scalar = ByteScratch(capacity: 80, isSecret: true)
    private var agreed = ByteScratch(capacity: 80, isSecret: true)
    private var derived = ByteScratch(capacity: 80, isSecret: true)
    private var hashInput = ByteScratch(capacity: 256, isSecret: true)
    private var point = ByteScratch(capacity: 160)

    /// - Throws: `KeyError.operationNotPermitted`, `.backend`.
    init(_ key: EncryptionKey, content: ContentEncryption, nonces: NonceLease?) throws(KeyError) {
        guard key.canEncrypt else { throw .operationNotPermitted }
        self.key = key
        self.content = content
        let algorithm = key.algorithm
        switch algorithm.family {
        case .direct:
            method = .direct
        case .wrap:
            let wrap = try AESKeyWrap(keyByteCount: algorithm.wrappingKeyByteCount, wraps: true)
            guard key.withSecret({ wrap.setKey($0) }) else { throw .backend }
            method = .wrap(wrap)
        case .gcmWrap:
            let cipher = try ContentCipher(Self.cipher(of: algorithm), encrypts: true)
            guard let nonces, key.withSecret({ cipher.keep($0) }) else { throw .operationNotPermitted }
            method = .gcmWrap(cipher, nonces)
        case .rsa:
            guard let handle = key.handle else { throw .backend }
            method = .rsa(try RSAEncryptionContext(key: handle, usesSHA1: algorithm == .rsaOAEP, encrypts: true))
        case .agreement:
            let size = algorithm.wrappingKeyByteCount
            let wrap = size == 0 ? nil : try AESKeyWrap(keyByteCount: size, wraps: true)
            method = .agreement(try Self.curve(of: key), wrap)
        }
    }

    static func curve(of key: EncryptionKey) throws(KeyError) -> CurveContext? {
        guard case .elliptic(let curve) = key.kind else { return nil }
        return try CurveContext(curve)
    }

    /// The GCM whose key an `A*GCMKW` key is.
    static func cipher(of algorithm: KeyManagement) -> ContentEncryption {
        switch algorithm.wrappingKeyByteCount {
        case 16: .a128GCM
        case 24: .a192GCM
        default: .a256GCM
        }
    }

    /// Appends the content key (nothing for `dir`), the encrypted key, and the header's own members, each with a comma
    /// before it.
    func makeContentKey(
        _ random: inout RandomBytes, into contentKey: inout ByteScratch, encrypted: inout ByteScratch,
        header: inout ByteScratch
    ) throws(EncryptionError) {
        switch method {
        case .direct:
            return
        case .agreement(let curve, let wrap):
            try agree(curve, &random, into: &header)
            guard let wrap else {
                contentKey.append(derived.span)
                derived.removeAll()
                return
            }
            defer { derived.removeAll() }
            guard Self.setKey(wrap, derived) else { throw .backend }
            try drawContentKey(&random, into: &contentKey)
            guard wrap.wrap(contentKey.span, into: &encrypted) else { throw .backend }
        case .wrap(let wrap):
            try drawContentKey(&random, into: &contentKey)
            guard wrap.wrap(contentKey.span, into: &encrypted) else { throw .backend }
        case .rsa(let context):
            try drawContentKey(&random, into: &contentKey)
            guard context.process(contentKey.span, into: &encrypted) else { throw .backend }
        case .gcmWrap(let cipher, let nonces):
            try drawContentKey(&random, into: &contentKey)
            try seal(contentKey, cipher, nonces, into: &encrypted, header: &header)
        }
    }

    private func drawContentKey(
        _ random: inout RandomBytes, into contentKey: inout ByteScratch
    ) throws(EncryptionError) {
        contentKey.resize(to: content.keyByteCount)
        var span = contentKey.mutableSpan
        do { try random.fill(&span) } catch { throw .randomness }
    }

    /// `A*GCMKW`: IV and tag go into the header (RFC 7518 section 4.7.1).
    private func seal(
        _ contentKey: borrowing ByteScratch, _ cipher: ContentCipher, _ nonces: NonceLease,
        into encrypted: inout ByteScratch, header: inout ByteScratch
    ) throws(EncryptionError) {
        var iv = InlineArray<12, UInt8>(repeating: 0)
        var ivSpan = iv.mutableSpan
        try nonces.take(into: &ivSpan)
        var tag = InlineArray<16, UInt8>(repeating: 0)
        var tagSpan = tag.mutableSpan
        let nothing = Span<UInt8>()
        let isSealed = cipher.seal(
            contentKey.span, key: nothing, iv: ivSpan.span, header: nothing, into: &encrypted, tag: &tagSpan)
        guard isSealed else { throw .backend }
        header.append(",\"iv\":\"")
        header.appendBase64URL(ivSpan.span)
        header.append("\",\"tag\":\"")
        header.appendBase64URL(tagSpan.span)
        header.append(UInt8(ascii: "\""))
    }

    /// ECDH-ES: an ephemeral key, whose public part goes into the header, and the derived key.
    private func agree(
        _ curve: CurveContext?, _ random: inout RandomBytes, into header: inout ByteScratch
    ) throws(EncryptionError) {
        point.removeAll()
        agreed.removeAll()
        derived.removeAll()
        defer {
            scalar.removeAll()
            agreed.removeAll()
        }
        let isAgreed: Bool
        if let curve {
            try curve.makeEphemeral(&random, scalar: &scalar, point: &point)
            isAgreed = Self.agree(scalar, curve, key, into: &agreed)
        } else {
            try X25519Context.makeEphemeral(&random, scalar: &scalar, point: &point)
            isAgreed = Self.agree(scalar, nil, key, into: &agreed)
        }
        guard isAgreed else { throw .backend }
        Self.append(point, of: curve, to: &header)
        let wrapped = key.algorithm.wrappingKeyByteCount
        let nothing = Span<UInt8>()
        ConcatKDF.derive(
            agreed, algorithm: wrapped == 0 ? content.literal : key.algorithm.literal, partyU: nothing,
            partyV: nothing, byteCount: wrapped == 0 ? content.keyByteCount : wrapped, scratch: &hashInput,
            into: &derived)
    }

    private static func agree(
        _ scalar: borrowing ByteScratch, _ curve: CurveContext?, _ key: EncryptionKey, into agreed: inout ByteScratch
    ) -> Bool {
        let numbers = key.publicNumbers
        guard let curve else { return X25519Context.agree(scalar.span, x: numbers.first.span, into: &agreed) }
        return curve.agree(scalar.span, x: numbers.first.span, y: numbers.second.span, into: &agreed)
    }

    private static func append(
        _ point: borrowing ByteScratch, of curve: CurveContext?, to header: inout ByteScratch
    ) {
        guard let curve else {
            header.append(",\"epk\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"")
            header.appendBase64URL(point.span)
            header.append("\"}")
            return
        }
        let size = curve.curve.byteCount
        header.append(",\"epk\":{\"kty\":\"EC\",\"crv\":\"")
        header.append(curve.curve.name)
        header.append("\",\"x\":\"")
        header.appendBase64URL(point.span.extracting(0..<size))
        header.append("\",\"y\":\"")
        header.appendBase64URL(point.span.extracting(size..<point.count))
        header.append("\"}")
    }

    private static func setKey(_ wrap: AESKeyWrap, _ key: borrowing ByteScratch) -> Bool { wrap.setKey(key.span) }
}

extension EncryptionKey {
    /// Lends the secret, or for EC and X25519 the private value; an empty span when there is none.
    func withSecret<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        guard let secret else { return body(Span<UInt8>()) }
        return secret.withSpan(body)
    }
}

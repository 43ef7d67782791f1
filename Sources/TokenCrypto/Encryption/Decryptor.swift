// SPDX-License-Identifier: Apache-2.0
public import TokenScan

/// Decrypts compact JWE (RFC 7516 section 5.2) with any of several keys: token in, plaintext out.
///
/// The key is the one whose algorithm is the header's `alg` and whose `kid` is the header's; a token without `kid`
/// needs to be of the only key of its algorithm. Nothing is tried in turn. Belongs to one thread and keeps its
/// contexts.
public struct Decryptor: ~Copyable {
    /// The bounds in force; they are checked before anything else.
    public let limits: ScanLimits
    private let allowed: Set<KeyManagement>
    private let openers: [ContentKeyOpener]
    private let contents: [ContentCipher]
    private var random: RandomBytes
    private var header = EncryptedTokenHeader()
    private var contentKey = ByteScratch(capacity: 512, isSecret: true)
    private var parts = ByteScratch(capacity: 1024)
    private var ciphertext = ByteScratch(capacity: 2048)

    /// Makes a decryptor for one thread.
    ///
    /// - Parameters:
    ///   - keys: the accepted keys, in no order; old ones stay in the list as long as their tokens live.
    ///   - allowing: algorithms that are refused unless they are named here: RSA-OAEP with SHA-1.
    ///   - limits: of token and header.
    /// - Throws: `KeyError.operationNotPermitted` for a key that may not decrypt, `.duplicateKeyID` for two keys of one
    ///   algorithm with one `kid`, `.noKey`, `.backend`.
    public init(
        keys: [EncryptionKey], allowing: Set<KeyManagement> = [], limits: ScanLimits = ScanLimits()
    ) throws(KeyError) {
        guard !keys.isEmpty else { throw .noKey }
        var openers: [ContentKeyOpener] = []
        for key in keys {
            let isKnown = openers.contains { $0.key.algorithm == key.algorithm && $0.key.keyID == key.keyID }
            guard !isKnown || key.keyID == nil else { throw .duplicateKeyID }
            openers.append(try ContentKeyOpener(key))
        }
        var contents: [ContentCipher] = []
        for algorithm in ContentEncryption.allCases {
            contents.append(try ContentCipher(algorithm, encrypts: false))
        }
        self.openers = openers
        self.contents = contents
        self.limits = limits
        allowed = allowing
        random = RandomBytes()
    }

    /// Decrypts one token and appends its plaintext to `plaintext`, which should be a secret buffer; nothing at a
    /// refusal.
    ///
    /// A plaintext is authentic only as far as whoever had the key is trusted; with a public key anyone can encrypt.
    /// - Throws: ``DecryptionError``.
    /// - Complexity: O(bytes); symmetric algorithms allocate nothing of ours in steady state.
    public mutating func decrypt(
        _ token: Span<UInt8>, into plaintext: inout ByteScratch
    ) throws(DecryptionError) {
        guard token.count <= limits.tokenByteCountMax else { throw .tooLarge }
        let split = CompactSplit(token)
        guard split.dotCount == 4 else { throw .decryptionFailed }
        let dots = split.dotOffsets
        let (first, second, third, fourth) = (Int(dots.0), Int(dots.1), Int(dots.2), Int(dots.3))
        try header.read(token.extracting(0..<first), limits: limits)
        let (opener, content) = try choose()
        parts.removeAll()
        ciphertext.removeAll()
        contentKey.removeAll()
        defer { contentKey.removeAll() }
        let keyByteCount = openers[opener].encryptedByteCount(contents[content].algorithm)
        try decode(token, (first + 1)..<second, byteCount: keyByteCount)
        try decode(token, (second + 1)..<third, byteCount: contents[content].algorithm.ivByteCount)
        try decode(token, (fourth + 1)..<token.count, byteCount: contents[content].algorithm.tagByteCount)
        do {
            try ciphertext.appendBase64URLDecoded(token.extracting((third + 1)..<fourth))
        } catch {
            throw .decryptionFailed
        }
        let isKeyed = Self.openContentKey(
            openers[opener], contents[content].algorithm, parts, keyByteCount, header, into: &contentKey)
        // RFC 7516 section 11.5: with a wrong key the work goes on as with a right one, under a random key.
        if !isKeyed {
            Self.substitute(&contentKey, byteCount: contents[content].algorithm.keyByteCount, &random)
        }
        let isOpen = Self.open(
            contents[content], contentKey, parts, keyByteCount, ciphertext, header: token.extracting(0..<first),
            into: &plaintext, isKeyed: isKeyed)
        guard isOpen else { throw .decryptionFailed }
    }

    /// Whether the header of the last token, decrypted or refused, names one of the keys by `kid` and `alg`.
    package var namesKey: Bool {
        guard header.keyID > 0,
            let algorithm = KeyManagement.allCases.first(where: { header.isText(header.algorithm, $0.literal) })
        else { return false }
        return opener(algorithm) != nil
    }

    /// Whether the header of the last token decrypted has the member `cty` with just this value.
    package func hasContentType(_ type: StaticString) -> Bool { header.isText(header.contentType, type) }

    /// Whether the header of the last token decrypted has the member `bnd` with just this value, base64url without
    /// padding.
    package func isBound(to binding: Span<UInt8>) -> Bool {
        var text = ByteScratch(capacity: 64)
        text.appendBase64URL(binding)
        return Self.isText(header, text)
    }

    private static func isText(_ header: borrowing EncryptedTokenHeader, _ text: borrowing ByteScratch) -> Bool {
        header.isText(header.binding, text.span)
    }

    /// The key and the content algorithm that the header asks for.
    private func choose() throws(DecryptionError) -> (opener: Int, content: Int) {
        guard !header.hasCritical else { throw .criticalHeader }
        guard !header.hasCompression else { throw .unsupportedAlgorithm }
        guard let algorithm = KeyManagement.allCases.first(where: { header.isText(header.algorithm, $0.literal) })
        else {
            throw Self.isRegistered(header) ? .unsupportedAlgorithm : .decryptionFailed
        }
        guard !algorithm.needsOptIn || allowed.contains(algorithm) else { throw .unsupportedAlgorithm }
        guard let content = contents.firstIndex(where: { header.isText(header.encryption, $0.algorithm.literal) }),
            let opener = opener(algorithm)
        else { throw .decryptionFailed }
        return (opener, content)
    }

    private func opener(_ algorithm: KeyManagement) -> Int? {
        var found: Int?
        for i in openers.indices where openers[i].key.algorithm == algorithm {
            if header.keyID > 0 {
                guard let keyID = openers[i].key.keyID, header.isText(header.keyID, keyID.span) else { continue }
                return i
            }
            guard found == nil else { return nil }
            found = i
        }
        return found
    }

    /// Algorithms of RFC 7518 that do not exist here.
    private static func isRegistered(_ header: borrowing EncryptedTokenHeader) -> Bool {
        header.isText(header.algorithm, "RSA1_5") || header.isText(header.algorithm, "PBES2-HS256+A128KW")
            || header.isText(header.algorithm, "PBES2-HS384+A192KW")
            || header.isText(header.algorithm, "PBES2-HS512+A256KW")
    }

    /// Decodes a part that has one right length, behind the parts before it.
    private mutating func decode(
        _ token: Span<UInt8>, _ place: Range<Int>, byteCount: Int
    ) throws(DecryptionError) {
        guard place.count == Base64URL.encodedByteCount(byteCount) else { throw .decryptionFailed }
        do { try parts.appendBase64URLDecoded(token.extracting(place)) } catch { throw .decryptionFailed }
    }

    private static func openContentKey(
        _ opener: ContentKeyOpener, _ content: ContentEncryption, _ parts: borrowing ByteScratch, _ keyByteCount: Int,
        _ header: borrowing EncryptedTokenHeader, into contentKey: inout ByteScratch
    ) -> Bool {
        opener.openContentKey(
            parts.span.extracting(0..<keyByteCount), content, header: header, into: &contentKey)
    }

    private static func substitute(
        _ contentKey: inout ByteScratch, byteCount: Int, _ random: inout RandomBytes
    ) {
        contentKey.removeAll()
        contentKey.resize(to: byteCount)
        var span = contentKey.mutableSpan
        // Without randomness the key stays zero; the message is refused whatever comes out.
        do { try random.fill(&span) } catch { return }
    }

    private static func open(
        _ content: ContentCipher, _ contentKey: borrowing ByteScratch, _ parts: borrowing ByteScratch,
        _ keyByteCount: Int, _ ciphertext: borrowing ByteScratch, header: Span<UInt8>,
        into plaintext: inout ByteScratch, isKeyed: Bool
    ) -> Bool {
        let before = plaintext.count
        let ivEnd = keyByteCount + content.algorithm.ivByteCount
        let isOpen = content.open(
            ciphertext.span, key: contentKey.span, iv: parts.span.extracting(keyByteCount..<ivEnd), header: header,
            tag: parts.span.extracting(ivEnd..<parts.count), into: &plaintext)
        if isOpen, !isKeyed { plaintext.truncate(to: before) }
        return isOpen && isKeyed
    }
}

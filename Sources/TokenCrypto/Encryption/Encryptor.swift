// SPDX-License-Identifier: Apache-2.0
public import TokenScan

/// Encrypts to one recipient key: plaintext in, compact JWE out (RFC 7516 section 7.1).
///
/// Belongs to one thread and keeps its contexts: after the first messages nothing of ours is allocated. The header
/// holds `alg`, `enc`, the key's `kid`, `typ` and `cty` when given, and what the algorithm needs. There is no
/// compression.
public struct Encryptor: ~Copyable {
    /// The longest plaintext, in bytes.
    public static let plaintextByteCountMax = 1 << 24

    private let algorithm: ContentEncryption
    private let key: EncryptionKey
    private let keys: ContentKeySealer
    private let content: ContentCipher
    private let nonces: NonceLease?
    private var random: RandomBytes
    /// `{"alg":…` without its end.
    private let opening: [UInt8]
    private var contentKey = ByteScratch(capacity: 64, isSecret: true)
    private var header = ByteScratch(capacity: 512)
    private var encryptedKey = ByteScratch(capacity: 512)
    private var ciphertext = ByteScratch(capacity: 1024)

    /// Makes an encryptor for one thread.
    ///
    /// - Parameters:
    ///   - key: the recipient's key.
    ///   - contentEncryption: `enc`; for `dir` it is the key's own, and another one is refused. Default A256GCM.
    ///   - type: `typ`, when given; `contentType`: `cty`, `JWT` for a nested token (RFC 7519 section 5.2).
    ///   - nonces: the key's lease, which `dir` and `A*GCMKW` need.
    /// - Throws: `KeyError.operationNotPermitted` for a key that may not encrypt or lacks its lease,
    ///   `.algorithmKeyMismatch` for a `dir` key of another `enc`, `.backend`.
    public init(
        key: EncryptionKey, contentEncryption: ContentEncryption? = nil, type: String? = nil,
        contentType: String? = nil, nonces: NonceLease? = nil
    ) throws(KeyError) {
        try self.init(
            key: key, contentEncryption: contentEncryption, type: type, contentType: contentType, nonces: nonces,
            random: RandomBytes.openSSL)
    }

    /// The same over another source of random bytes, for tests.
    package init(
        key: EncryptionKey, contentEncryption: ContentEncryption? = nil, type: String? = nil,
        contentType: String? = nil, nonces: NonceLease? = nil, random: @escaping RandomSource
    ) throws(KeyError) {
        let own = key.contentEncryption
        if let own, let contentEncryption, own != contentEncryption { throw .algorithmKeyMismatch }
        guard nonces != nil || !key.algorithm.needsNonceLease else { throw .operationNotPermitted }
        let algorithm = own ?? contentEncryption ?? .a256GCM
        let keys = try ContentKeySealer(key, content: algorithm, nonces: nonces)
        let content = try ContentCipher(algorithm, encrypts: true)
        if own != nil, algorithm.isGCM {
            guard key.withSecret({ content.keep($0) }) else { throw .backend }
        }
        self.algorithm = algorithm
        self.key = key
        self.nonces = nonces
        self.keys = keys
        self.content = content
        self.random = RandomBytes(source: random)
        opening = Self.opening(key, algorithm, type: type, contentType: contentType)
    }

    private static func opening(
        _ key: EncryptionKey, _ algorithm: ContentEncryption, type: String?, contentType: String?
    ) -> [UInt8] {
        var text = ByteScratch()
        text.append("{\"alg\":\"")
        text.append(key.algorithm.literal)
        text.append("\",\"enc\":\"")
        text.append(algorithm.literal)
        text.append(UInt8(ascii: "\""))
        if let keyID = key.keyID {
            text.append(",\"kid\":")
            text.appendJSONString(keyID.span)
        }
        for (name, value) in [("typ", type), ("cty", contentType)] {
            guard let value else { continue }
            let member = Array(",\"\(name)\":".utf8)
            let bytes = Array(value.utf8)
            text.append(member.span)
            text.appendJSONString(bytes.span)
        }
        return [UInt8](text.span)
    }

    /// Encrypts one plaintext and appends the compact JWE; nothing at a failure.
    ///
    /// - Throws: ``EncryptionError``.
    /// - Complexity: O(bytes); symmetric algorithms allocate nothing of ours in steady state.
    public mutating func encrypt(
        _ plaintext: Span<UInt8>, into output: inout ByteScratch
    ) throws(EncryptionError) {
        try encrypt(plaintext, binding: Span<UInt8>(), into: &output)
    }

    /// The same with the header member `bnd`, the base64url text of `binding`, unless that is empty.
    package mutating func encrypt(
        _ plaintext: Span<UInt8>, binding: Span<UInt8>, into output: inout ByteScratch
    ) throws(EncryptionError) {
        guard plaintext.count <= Self.plaintextByteCountMax else { throw .tooLarge }
        let start = output.count
        defer { contentKey.removeAll() }
        do throws(EncryptionError) {
            try write(plaintext, binding, into: &output)
        } catch {
            output.truncate(to: start)
            throw error
        }
    }

    private mutating func write(
        _ plaintext: Span<UInt8>, _ binding: Span<UInt8>, into output: inout ByteScratch
    ) throws(EncryptionError) {
        let start = output.count
        contentKey.removeAll()
        encryptedKey.removeAll()
        ciphertext.removeAll()
        header.removeAll()
        let opening = opening
        header.append(opening.span)
        try keys.makeContentKey(&random, into: &contentKey, encrypted: &encryptedKey, header: &header)
        if binding.count > 0 {
            header.append(",\"bnd\":\"")
            header.appendBase64URL(binding)
            header.append(UInt8(ascii: "\""))
        }
        header.append(UInt8(ascii: "}"))
        output.appendBase64URL(header.span)
        let headerEnd = output.count
        var iv = InlineArray<16, UInt8>(repeating: 0)
        var wholeIV = iv.mutableSpan
        var ivSpan = wholeIV._mutatingExtracting(first: algorithm.ivByteCount)
        try fillIV(&ivSpan)
        var tag = InlineArray<32, UInt8>(repeating: 0)
        var wholeTag = tag.mutableSpan
        var tagSpan = wholeTag._mutatingExtracting(first: algorithm.tagByteCount)
        let isSealed = Self.seal(
            plaintext, content, key, contentKey, iv: ivSpan.span, header: output.span.extracting(start..<headerEnd),
            into: &ciphertext, tag: &tagSpan)
        guard isSealed else { throw .backend }
        output.append(UInt8(ascii: "."))
        output.appendBase64URL(encryptedKey.span)
        output.append(UInt8(ascii: "."))
        output.appendBase64URL(ivSpan.span)
        output.append(UInt8(ascii: "."))
        output.appendBase64URL(ciphertext.span)
        output.append(UInt8(ascii: "."))
        output.appendBase64URL(tagSpan.span)
    }

    /// A fresh content key sees one message, so that any IV serves; a `dir` key's come from its lease, and each message
    /// counts towards its budget.
    private mutating func fillIV(_ iv: inout MutableSpan<UInt8>) throws(EncryptionError) {
        if key.algorithm == .direct, let nonces {
            var nonce = InlineArray<12, UInt8>(repeating: 0)
            var span = nonce.mutableSpan
            try nonces.take(into: &span)
            if algorithm.isGCM {
                for i in 0..<12 { iv[i] = span[i] }
                return
            }
        }
        do { try random.fill(&iv) } catch { throw .randomness }
    }

    private static func seal(
        _ plaintext: Span<UInt8>, _ content: ContentCipher, _ key: EncryptionKey,
        _ contentKey: borrowing ByteScratch, iv: Span<UInt8>, header: Span<UInt8>,
        into ciphertext: inout ByteScratch, tag: inout MutableSpan<UInt8>
    ) -> Bool {
        // Of `dir`, GCM keeps its key, and CBC is given it each time.
        if key.algorithm == .direct, !content.algorithm.isGCM, let secret = key.secret {
            return secret.withSpan {
                content.seal(plaintext, key: $0, iv: iv, header: header, into: &ciphertext, tag: &tag)
            }
        }
        return content.seal(
            plaintext, key: contentKey.span, iv: iv, header: header, into: &ciphertext, tag: &tag)
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// The header of one JWE, decoded, indexed, and its parameters located by node; 0 stands for absent, since the root is
/// no member. Reused from token to token.
struct EncryptedTokenHeader: ~Copyable {
    private(set) var bytes = ByteScratch(capacity: 1024)
    private var index = JSONIndex()
    private(set) var algorithm = 0
    private(set) var encryption = 0
    private(set) var keyID = 0
    private(set) var ephemeralKey = 0
    private(set) var partyU = 0
    private(set) var partyV = 0
    private(set) var iv = 0
    private(set) var tag = 0
    private(set) var binding = 0
    private(set) var contentType = 0
    private(set) var hasCritical = false
    private(set) var hasCompression = false

    /// Reads a header segment: strict base64url, one JSON object, no member twice, and the parameters that are texts by
    /// their specification are texts.
    mutating func read(_ segment: Span<UInt8>, limits: ScanLimits) throws(DecryptionError) {
        bytes.removeAll()
        index.removeAll()
        (algorithm, encryption, keyID, ephemeralKey) = (0, 0, 0, 0)
        (partyU, partyV, iv, tag, binding, contentType) = (0, 0, 0, 0, 0, 0)
        (hasCritical, hasCompression) = (false, false)
        guard Base64URL.decodedByteCount(segment.count) <= limits.headerByteCountMax else { throw .tooLarge }
        do {
            try bytes.appendBase64URLDecoded(segment)
            let whole = 0..<bytes.count
            _ = try index.append(bytes, whole, limits: limits)
        } catch {
            throw .decryptionFailed
        }
        guard locate() else { throw .decryptionFailed }
    }

    private mutating func locate() -> Bool {
        var node = 1
        let end = index[0].subtreeEnd
        while node < end {
            if !note(node) { return false }
            node = index[node].subtreeEnd
        }
        return true
    }

    /// False for a parameter of another type than its specification's.
    private mutating func note(_ node: Int) -> Bool {
        let isText = index[node].isString
        if isNamed(node, "alg") {
            algorithm = node
        } else if isNamed(node, "enc") {
            encryption = node
        } else if isNamed(node, "kid") {
            keyID = node
        } else if isNamed(node, "apu") {
            partyU = node
        } else if isNamed(node, "apv") {
            partyV = node
        } else if isNamed(node, "iv") {
            iv = node
        } else if isNamed(node, "tag") {
            tag = node
        } else if isNamed(node, "bnd") {
            binding = node
        } else if isNamed(node, "cty") {
            contentType = node
        } else if isNamed(node, "epk") {
            ephemeralKey = node
            return index[node].valueKind == .object
        } else {
            if isNamed(node, "crit") { hasCritical = true }
            if isNamed(node, "zip") { hasCompression = true }
            return true
        }
        return isText
    }

    private func isNamed(_ node: Int, _ name: StaticString) -> Bool {
        index.view(bytes.span).isNamed(node, name)
    }

    /// Lends the header's JSON.
    func withView<Result>(_ body: (borrowing JSONView) -> Result) -> Result {
        body(index.view(bytes.span))
    }

    /// Appends the text of a member, its escapes resolved. False, with nothing appended, when it is absent or no text.
    func appendText(_ node: Int, to output: inout ByteScratch) -> Bool {
        guard node > 0 else { return false }
        let view = index.view(bytes.span)
        guard view[node].isString else { return false }
        view.appendText(node, to: &output)
        return true
    }

    /// Decodes a strict base64url member behind `output`. False when it is no such text, or decodes to more than
    /// `byteCountMax` bytes. An absent member decodes to nothing.
    func appendDecoded(_ node: Int, byteCountMax: Int, to output: inout ByteScratch) -> Bool {
        guard node > 0 else { return true }
        let view = index.view(bytes.span)
        let text = view.stringContent(node)
        guard view[node].isString, !view[node].isValueEscaped,
            Base64URL.decodedByteCount(text.count) <= byteCountMax
        else { return false }
        do { try output.appendBase64URLDecoded(text) } catch { return false }
        return true
    }

    /// Whether a text member is just `text`.
    func isText(_ node: Int, _ text: Span<UInt8>) -> Bool {
        node > 0 && index.view(bytes.span).isString(node, text)
    }

    /// The node of a member of the ephemeral key; 0 when absent.
    func ephemeralMember(_ name: StaticString) -> Int {
        ephemeralKey == 0 ? 0 : index.view(bytes.span).member(of: ephemeralKey, name) ?? 0
    }

    /// Whether a text member is just the literal.
    func isText(_ node: Int, _ literal: StaticString) -> Bool {
        guard node > 0 else { return false }
        let view = index.view(bytes.span)
        let content = view.stringContent(node)
        guard view[node].isString else { return false }
        return view[node].isValueEscaped ? content.equalsUnescaped(literal) : content.equals(literal)
    }
}

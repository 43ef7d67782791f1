// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Typed access to the members of a JWK (RFC 7517 section 4). A member of the wrong JSON type is an error,
/// never "absent".
extension JSONView {
    /// The text of a string member, unescaped; nil when the member is absent.
    func jwkText(of key: Int, _ name: StaticString, byteCountMax: Int = 64) throws(KeyError) -> [UInt8]? {
        guard let node = member(of: key, name) else { return nil }
        guard self[node].isString else { throw .malformedMember }
        // Unescaping never lengthens, and a legal short value is escaped to at most six times its length.
        guard stringContent(node).count <= byteCountMax * 6 else { throw .malformedMember }
        var text = ByteScratch()
        appendText(node, to: &text)
        guard text.count <= byteCountMax else { throw .malformedMember }
        return [UInt8](text.span)
    }

    /// Decodes a strict base64url member behind the bytes of `bytes`; nil when the member is absent.
    func jwkBytes(
        of key: Int, _ name: StaticString, byteCountMax: Int, into bytes: inout ByteScratch
    ) throws(KeyError) -> Range<Int>? {
        guard let node = member(of: key, name) else { return nil }
        guard self[node].isString, !self[node].isValueEscaped else { throw .malformedMember }
        let text = stringContent(node)
        guard Base64URL.decodedByteCount(text.count) <= byteCountMax else { throw .malformedMember }
        let start = bytes.count
        do {
            try bytes.appendBase64URLDecoded(text)
        } catch {
            throw .malformedMember
        }
        return start..<bytes.count
    }

    /// The key's `kid`: opaque bytes, at most 1024; nil when absent (RFC 7517 section 4.5).
    func jwkKeyID(of key: Int) throws(KeyError) -> [UInt8]? {
        do {
            return try jwkText(of: key, "kid", byteCountMax: KeyLimits.keyIDByteCountMax)
        } catch {
            throw .keyID
        }
    }

    /// Whether the string member equals the literal; an absent member or another type does not.
    func jwkMember(of key: Int, _ name: StaticString, is literal: StaticString) -> Bool {
        guard let node = member(of: key, name), self[node].isString else { return false }
        let content = stringContent(node)
        return self[node].isValueEscaped ? content.equalsUnescaped(literal) : content.equals(literal)
    }
}

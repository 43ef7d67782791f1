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

    /// The entries of `key_ops`, no two equal; nil when absent (RFC 7517 section 4.3).
    func jwkOperations(of key: Int) throws(KeyError) -> [[UInt8]]? {
        guard let list = member(of: key, "key_ops") else { return nil }
        guard self[list].valueKind == .array else { throw .malformedMember }
        guard self[list].childCount <= KeyLimits.operationCountMax else { throw .tooLarge }
        var seen: [[UInt8]] = []
        var node = list + 1
        while node < self[list].subtreeEnd {
            guard self[node].isString else { throw .malformedMember }
            var text = ByteScratch()
            appendText(node, to: &text)
            let operation = [UInt8](text.span)
            guard !seen.contains(operation) else { throw .duplicateKeyOperation }
            seen.append(operation)
            node = self[node].subtreeEnd
        }
        return seen
    }

    /// Whether the string member equals the literal; an absent member or another type does not.
    func jwkMember(of key: Int, _ name: StaticString, is literal: StaticString) -> Bool {
        guard let node = member(of: key, name), self[node].isString else { return false }
        let content = stringContent(node)
        return self[node].isValueEscaped ? content.equalsUnescaped(literal) : content.equals(literal)
    }
}

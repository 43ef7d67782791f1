// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Finds the blocks of a PEM file (RFC 7468) and turns each into key material. Text between blocks is skipped.
struct PEMReader {
    private var offset = 0

    /// What stands in one block.
    enum Block: ~Copyable {
        case key(KeyMaterial)
        case refused(KeyError)
        /// Not a key and no mistake either: curve parameters that `openssl ecparam` writes before a key.
        case ignored
    }

    /// Whether a PEM block starts anywhere in the file.
    static func isPEM(_ file: Span<UInt8>) -> Bool { find("-----BEGIN ", in: file, from: 0) != nil }

    /// The next block; nil at the end of the file.
    mutating func next(in file: Span<UInt8>) -> Block? {
        guard let begin = Self.find("-----BEGIN ", in: file, from: offset) else { return nil }
        let labelStart = begin + 11
        let labelRange = labelStart..<min(file.count, labelStart + 69)
        guard let labelByteCount = Self.find("-----", in: file.extracting(labelRange), from: 0) else {
            offset = labelStart
            return .refused(.malformed)
        }
        let label = file.extracting(labelStart..<(labelStart + labelByteCount))
        let bodyStart = labelStart + labelByteCount + 5
        // Wherever this block goes wrong, the search goes on behind what was looked at, so that a file takes one pass.
        guard let end = Self.find("-----END ", in: file, from: bodyStart) else {
            offset = file.count
            return .refused(.malformed)
        }
        offset = end + 9
        guard file.count - offset >= label.count + 5,
            file.extracting(offset..<(offset + label.count)).equals(label),
            file.extracting((offset + label.count)..<(offset + label.count + 5)).equals("-----")
        else { return .refused(.malformed) }
        offset += label.count + 5
        do throws(KeyError) {
            guard let format = try Self.format(label) else { return .ignored }
            var der = ByteScratch(capacity: end - bodyStart, isSecret: true)
            try Self.decode(file.extracting(bodyStart..<end), into: &der)
            return .key(try DERKeyReader.read(der.span, format))
        } catch {
            return .refused(error)
        }
    }

    private static func format(_ label: Span<UInt8>) throws(KeyError) -> DERKeyReader.Format? {
        if label.equals("PUBLIC KEY") { return .subjectPublicKeyInfo }
        if label.equals("PRIVATE KEY") { return .pkcs8 }
        if label.equals("RSA PUBLIC KEY") { return .rsaPublic }
        if label.equals("RSA PRIVATE KEY") { return .rsaPrivate }
        if label.equals("EC PRIVATE KEY") { return .ecPrivate }
        if label.equals("EC PARAMETERS") { return nil }
        if label.equals("ENCRYPTED PRIVATE KEY") { throw .encrypted }
        if find("CERTIFICATE", in: label, from: 0) != nil { throw .certificate }
        throw .unsupportedKeyType
    }

    /// Decodes base64 with line breaks and blanks (RFC 7468 section 3); the padding must be right and the unused bits
    /// zero. A block with header lines is an encrypted one of the old kind (RFC 1421).
    private static func decode(_ body: Span<UInt8>, into der: inout ByteScratch) throws(KeyError) {
        for i in 0..<body.count where body[i] == UInt8(ascii: ":") { throw .encrypted }
        var text = ByteScratch(capacity: body.count, isSecret: true)
        var padding = 0
        for i in 0..<body.count {
            let byte = body[i]
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: continue
            case UInt8(ascii: "="): padding += 1
            case UInt8(ascii: "+") where padding == 0: text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/") where padding == 0: text.append(UInt8(ascii: "_"))
            default:
                // `-` and `_` belong to the other alphabet, which the decoder below reads.
                guard padding == 0, byte != UInt8(ascii: "-"), byte != UInt8(ascii: "_") else { throw .malformed }
                text.append(byte)
            }
        }
        guard padding <= 2, (text.count + padding) % 4 == 0 else { throw .malformed }
        do { try der.appendBase64URLDecoded(text.span) } catch { throw .malformed }
    }

    private static func find(_ literal: StaticString, in bytes: Span<UInt8>, from start: Int) -> Int? {
        let count = literal.utf8CodeUnitCount
        var i = start
        while bytes.count - i >= count {
            if bytes.extracting(i..<(i + count)).equals(literal) { return i }
            i += 1
        }
        return nil
    }
}

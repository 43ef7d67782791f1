// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// What a segment says of itself when it is decoded as a JSON object.
struct HeaderFacts {
    /// How far the segment holds up.
    enum Status {
        /// Not the start of a JSON object.
        case refused
        /// The start of one; the object is not closed.
        case open
        /// One object and nothing behind it but blanks.
        case whole
    }

    var status = Status.open
    /// `alg` is there and a string.
    var algorithm = TokenAlgorithmName.absent
    /// `enc` is there: a JWE.
    var isEncrypted = false
    /// Registered claims at the top level: `iss sub aud exp nbf iat jti`.
    var claimCount = 0

    var hasAlgorithm: Bool { algorithm != .absent }
}

/// Decodes base64url and reads the JSON in it a byte at a time, and stops at the first byte that cannot be.
///
/// Looser than the verifier on purpose: unused bits may be set, numbers are not checked, names may repeat. What some
/// parser may take for a header counts as one. At most 16 containers deep, so that text made of nothing but starts
/// costs a bounded number of looks at each byte.
struct HeaderReader {
    private enum State {
        case value, keyOrEnd, key, colon, afterValue, string, escape, unicode, scalar, done
    }

    private(set) var facts = HeaderFacts()
    private var state = State.value
    private var depth = 0
    /// A bit for each open container, the innermost lowest: 1 for an object.
    private var objects: UInt32 = 0
    private var isKey = false
    /// The first bytes of the latest name or string at depth 1, and how many it has.
    private var text = InlineArray<24, UInt8>(repeating: 0)
    private var textCount = 0
    private var unicode: UInt16 = 0
    private var unicodeCount = 0
    /// What the latest name at depth 1 was.
    private var name = Name.other

    private enum Name { case other, algorithm, encryption, claim }

    /// Reads a whole segment. O(characters) at most, mostly far less for what is no header.
    static func read(_ segment: Span<UInt8>) -> HeaderFacts {
        var reader = HeaderReader()
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in segment.indices {
            guard let value = sextet(segment[index]) else { return reader.refused() }
            bits = bits << 6 | value
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            guard reader.take(UInt8(truncatingIfNeeded: bits >> bitCount)) else { return reader.refused() }
        }
        if reader.state == .done { reader.facts.status = .whole }
        return reader.facts
    }

    /// The six bits of a base64url character.
    @inline(__always)
    static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte) - 0x41
        case 0x61...0x7A: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }

    private func refused() -> HeaderFacts {
        var facts = facts
        facts.status = .refused
        return facts
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        switch state {
        case .string: return takeInString(byte)
        case .escape: return takeEscape(byte)
        case .unicode: return takeUnicode(byte)
        case .scalar:
            // Letters, digits, signs: `true`, `null`, numbers.
            if byte == 0x2C || byte == 0x7D || byte == 0x5D || Self.isBlank(byte) { return takeAfterValue(byte) }
            return byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2B || byte == 0x2D || byte == 0x2E
        default: break
        }
        if Self.isBlank(byte) { return true }
        switch state {
        case .value: return takeValue(byte)
        case .keyOrEnd, .key:
            if byte == 0x22 {
                startString(isKey: true)
                return true
            }
            return state == .keyOrEnd && byte == 0x7D && close(object: true)
        case .colon:
            state = .value
            return byte == 0x3A
        case .afterValue: return takeAfterValue(byte)
        default: return false
        }
    }

    private mutating func takeValue(_ byte: UInt8) -> Bool {
        if byte == 0x7B || byte == 0x5B { return open(object: byte == 0x7B) }
        guard depth > 0 else { return false }
        switch byte {
        case 0x22: startString(isKey: false)
        case 0x5D where objects & 1 == 0: return close(object: false)
        case 0x2D, 0x30...0x39, 0x66, 0x6E, 0x74:
            noteScalar()
            state = .scalar
        default: return false
        }
        return true
    }

    private mutating func takeAfterValue(_ byte: UInt8) -> Bool {
        if Self.isBlank(byte) {
            state = .afterValue
            return true
        }
        switch byte {
        case 0x2C:
            state = objects & 1 == 1 ? .key : .value
            return true
        case 0x7D: return close(object: true)
        case 0x5D: return close(object: false)
        default: return false
        }
    }

    private mutating func open(object: Bool) -> Bool {
        guard depth < 16, depth > 0 || object else { return false }
        if depth == 1 { noteScalar() }
        depth += 1
        objects = objects << 1 | (object ? 1 : 0)
        state = object ? .keyOrEnd : .value
        return true
    }

    private mutating func close(object: Bool) -> Bool {
        guard depth > 0, (objects & 1 == 1) == object else { return false }
        depth -= 1
        objects >>= 1
        state = depth == 0 ? .done : .afterValue
        return true
    }

    // MARK: Strings

    private mutating func startString(isKey: Bool) {
        self.isKey = isKey
        textCount = 0
        state = .string
    }

    private mutating func takeInString(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22:
            endString()
            return true
        case 0x5C:
            state = .escape
            return true
        default:
            note(byte)
            return byte >= 0x20
        }
    }

    private mutating func takeEscape(_ byte: UInt8) -> Bool {
        state = .string
        switch byte {
        case 0x22, 0x5C, 0x2F: note(byte)
        case 0x62, 0x66, 0x6E, 0x72, 0x74: note(0)
        case 0x75:
            state = .unicode
            unicode = 0
            unicodeCount = 0
        default: return false
        }
        return true
    }

    private mutating func takeUnicode(_ byte: UInt8) -> Bool {
        let letter = (byte | 0x20) &- 0x61
        guard byte &- 0x30 < 10 || letter < 6 else { return false }
        unicode = unicode << 4 | UInt16(byte &- 0x30 < 10 ? byte &- 0x30 : letter &+ 10)
        unicodeCount += 1
        if unicodeCount == 4 {
            note(unicode < 0x80 ? UInt8(unicode) : 0)
            state = .string
        }
        return true
    }

    @inline(__always)
    private mutating func note(_ byte: UInt8) {
        if depth == 1, textCount < 24 { text[textCount] = byte }
        textCount &+= 1
    }

    private mutating func endString() {
        state = isKey ? .colon : .afterValue
        guard depth == 1 else { return }
        let content = text.span.extracting(0..<min(textCount, 24))
        if isKey {
            name = Self.name(content, isWhole: textCount <= 24)
            return
        }
        switch name {
        case .algorithm: facts.algorithm = textCount <= 24 ? TokenAlgorithmName(content) : .other
        case .encryption: facts.isEncrypted = true
        case .claim: facts.claimCount += 1
        case .other: break
        }
        name = .other
    }

    /// A value that is no string, under the latest name.
    private mutating func noteScalar() {
        if depth == 1, name == .claim { facts.claimCount += 1 }
        if depth == 1 { name = .other }
    }

    private static func name(_ text: Span<UInt8>, isWhole: Bool) -> Name {
        guard isWhole, text.count == 3 else { return .other }
        if text.equals("alg") { return .algorithm }
        if text.equals("enc") { return .encryption }
        let claims: [StaticString] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]
        for claim in claims where text.equals(claim) { return .claim }
        return .other
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}

// SPDX-License-Identifier: Apache-2.0

// The identifier forms that issuers put into `sub`, `jti`, `kid`, `sid` and the like.
extension RandomStream {
    private static let base62 = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    private static let base64URL = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    private static let hexadecimal = Array("0123456789abcdef")

    private mutating func characters(_ count: Int, from alphabet: [Character]) -> String {
        var text = ""
        for _ in 0..<count { text.append(pick(alphabet)) }
        return text
    }

    /// Letters and digits, 62 to choose from.
    package mutating func alphanumerics(_ count: Int) -> String { characters(count, from: Self.base62) }

    /// Upper-case letters and digits.
    package mutating func capitals(_ count: Int) -> String {
        characters(count, from: Array(Self.base62.prefix(36)))
    }

    /// Lower-case letters and digits, as in generated Kubernetes names.
    package mutating func lowercase(_ count: Int) -> String {
        characters(count, from: Array("bcdfghjklmnprstvwxz2456789"))
    }

    /// Lower-case hexadecimal digits.
    package mutating func hex(_ count: Int) -> String { characters(count, from: Self.hexadecimal) }

    /// Decimal digits without a leading zero.
    package mutating func digits(_ count: Int) -> String {
        String(within(1...9)) + characters(max(count - 1, 0), from: Array("0123456789"))
    }

    /// base64url text of `byteCount` random bytes, without padding and with zero unused bits.
    package mutating func base64URL(byteCount: Int) -> String {
        var text = characters(byteCount * 4 / 3, from: Self.base64URL)
        // A partial group's last character carries 2 or 4 bits only.
        switch byteCount % 3 {
        case 1: text.append(Self.base64URL[below(4) * 16])
        case 2: text.append(Self.base64URL[below(16) * 4])
        default: break
        }
        return text
    }

    /// A version 4 UUID in lower case (RFC 9562 section 5.4).
    package mutating func uuid() -> String {
        "\(hex(8))-\(hex(4))-4\(hex(3))-\(pick(["8", "9", "a", "b"]))\(hex(3))-\(hex(12))"
    }

    /// An address from the documentation ranges (RFC 5737, RFC 3849); one in four is IPv6.
    package mutating func documentationAddress() -> String {
        if isOne(in: 4) {
            return "2001:db8:\(hex(3).replacingLeadingZero):\(hex(4).replacingLeadingZero)::\(digits(3))"
        }
        return pick(["192.0.2.", "198.51.100.", "203.0.113."]) + String(within(10...254))
    }
}

extension String {
    /// Keeps hexadecimal groups in canonical IPv6 form, which has no leading zeros (RFC 5952 section 4.1).
    fileprivate var replacingLeadingZero: String { hasPrefix("0") ? "a" + dropFirst() : self }
}

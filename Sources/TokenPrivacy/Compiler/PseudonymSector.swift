// SPDX-License-Identifier: Apache-2.0

/// The sector of an audience, which `scope: audience` pseudonyms are bound to (after OpenID Connect Core 8.1).
package enum PseudonymSector {
    /// `host:` and the lower-case ASCII host of an `http` or `https` URL, without port and user information, else
    /// `text:` and the audience as it stands. Total: a URL without a plain ASCII host counts as text.
    package static func sector(ofAudience audience: String) -> String {
        host(of: Array(audience.utf8)).map { "host:" + $0 } ?? "text:" + audience
    }

    private static func host(of bytes: [UInt8]) -> String? {
        let lowered = bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        let schemes = [Array("https://".utf8), Array("http://".utf8)]
        guard let scheme = schemes.first(where: { lowered.starts(with: $0) }) else { return nil }
        let authority = lowered[scheme.count...].prefix { ![0x2F, 0x3F, 0x23, 0x5C].contains($0) }
        var host = authority
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { host = authority[(at + 1)...] }
        if host.first == UInt8(ascii: "[") {
            guard let close = host.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = host[...close]
        } else {
            host = host.prefix { $0 != UInt8(ascii: ":") }
        }
        let isHost = !host.isEmpty && host.count <= 253 && host.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":")].contains(byte)
                || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
        }
        return isHost ? String(decoding: host, as: UTF8.self) : nil
    }
}

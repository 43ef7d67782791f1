// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// Within what a pseudonym stays the same: everywhere in the tenant, towards one sector, or in one token.
///
/// Outside the words are `global`, `audience` and `token`; inside the domain key they read `global`, `aud:` + sector
/// and `jti:` + jti of the output token.
public enum PseudonymScope: Sendable, Hashable {
    case global
    case audience(PseudonymSector)
    case token(jti: [UInt8])

    var kind: Kind {
        switch self {
        case .global: .global
        case .audience: .audience
        case .token: .token
        }
    }

    /// The scope without its value, for callers that hold the value as a span.
    package enum Kind: Sendable, Hashable {
        case global, audience, token
    }
}

/// The sector of an audience: who may see the same pseudonym (OpenID Connect Core 8.1).
public struct PseudonymSector: Sendable, Hashable {
    /// The sector's bytes as they stand behind `aud:` in the domain key.
    public let bytes: [UInt8]

    /// A sector named by the operator, taken exactly as it is.
    ///
    /// - Throws: ``PseudonymKeyError/emptyName``.
    public init(named name: String) throws(PseudonymKeyError) {
        guard !name.isEmpty else { throw .emptyName }
        bytes = Array(name.utf8)
    }

    /// The sector of one audience: `host:` + the lower-case ASCII host of an `http` or `https` URL, without port and
    /// user information; any other audience, byte for byte, behind `text:`.
    ///
    /// A host holds letters, digits, `-`, `.`, `_`, or is an address in brackets; a URL with any other host counts as
    /// text.
    ///
    /// - Throws: ``PseudonymKeyError/emptyName`` for an empty audience.
    public init(audience: String) throws(PseudonymKeyError) {
        guard !audience.isEmpty else { throw .emptyName }
        let text = Array(audience.utf8)
        if let host = Self.host(of: text.span) {
            bytes = Array("host:".utf8) + text[host].map(ASCIIBytes.lowered)
        } else {
            bytes = Array("text:".utf8) + text
        }
    }

    /// The one sector of all audiences.
    ///
    /// - Throws: ``PseudonymKeyError/sector`` when they are in several sectors, or when there is none: falling back
    ///   to one of them would link a person across sectors.
    public init(audiences: [String]) throws(PseudonymKeyError) {
        var found: PseudonymSector?
        for audience in audiences {
            let sector = try PseudonymSector(audience: audience)
            guard found == nil || found == sector else { throw .sector }
            found = sector
        }
        guard let found else { throw .sector }
        self = found
    }

    /// Where the host stands in an `http(s)` URL (RFC 3986 section 3.2), or nil when there is no plain one.
    private static func host(of text: Span<UInt8>) -> Range<Int>? {
        var start: Int
        if ASCIIBytes.hasPrefix(text, at: 0, "https://") {
            start = 8
        } else if ASCIIBytes.hasPrefix(text, at: 0, "http://") {
            start = 7
        } else {
            return nil
        }
        var end = start
        while end < text.count, text[end] != 0x2F, text[end] != 0x3F, text[end] != 0x23 { end += 1 }
        for index in start..<end where text[index] == 0x40 { start = index + 1 }
        if start < end, text[start] == 0x5B { return bracketedHost(text, start..<end) }
        var hostEnd = start
        while hostEnd < end, text[hostEnd] != 0x3A {
            let byte = text[hostEnd]
            guard ASCIIBytes.isLetterOrDigit(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F else { return nil }
            hostEnd += 1
        }
        guard hostEnd > start, isPort(text, hostEnd..<end) else { return nil }
        return start..<hostEnd
    }

    private static func bracketedHost(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        var close = range.lowerBound + 1
        while close < range.upperBound, text[close] != 0x5D {
            guard ASCIIBytes.hexDigit(text[close]) != nil || text[close] == 0x3A || text[close] == 0x2E else {
                return nil
            }
            close += 1
        }
        guard close < range.upperBound, close > range.lowerBound + 1 else { return nil }
        return isPort(text, close + 1..<range.upperBound) ? range.lowerBound..<close + 1 : nil
    }

    /// Nothing, or a colon and digits.
    private static func isPort(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            guard index == range.lowerBound ? text[index] == 0x3A : ASCIIBytes.isDigit(text[index]) else {
                return false
            }
        }
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// Comparison of `typ` values (RFC 7515 section 4.1.9): case-insensitive, `application/` may be left out when no
/// other slash is there.
enum MediaType {
    private static let prefix: StaticString = "application/"

    /// Lower case, `application/` left out.
    static func normalized(_ type: [UInt8]) -> [UInt8] {
        let lower = type.map(lowercased)
        let application = Array("application/".utf8)
        return lower.starts(with: application) && !lower.dropFirst(application.count).contains(UInt8(ascii: "/"))
            ? Array(lower.dropFirst(application.count)) : lower
    }

    /// Whether `type`, as a token writes it, is the normalized type `expected`. No allocation.
    static func matches(_ type: Span<UInt8>, _ expected: Span<UInt8>) -> Bool {
        if equalsIgnoringCase(type, expected) { return true }
        let application = "application/".utf8.span
        guard type.count == application.count + expected.count else { return false }
        return equalsIgnoringCase(type.extracting(first: application.count), application)
            && equalsIgnoringCase(type.extracting(last: expected.count), expected)
    }

    private static func equalsIgnoringCase(_ a: Span<UInt8>, _ lower: Span<UInt8>) -> Bool {
        guard a.count == lower.count else { return false }
        for i in a.indices where lowercased(a[i]) != lower[i] { return false }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

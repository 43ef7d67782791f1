// SPDX-License-Identifier: Apache-2.0
package import TokenScan

/// An IPv4 or IPv6 address as a number, parsed strictly.
///
/// - IPv4: four decimal numbers 0-255 without leading zeros (`010` means 8 to some parsers, so it is refused).
/// - IPv6: RFC 4291 section 2.2 text, with an embedded IPv4 tail where it stands for the last 32 bits. Zones (`%eth0`),
///   brackets, ports and prefix lengths are refused.
package struct IPAddress: Sendable, Hashable {
    /// Bits 127-64; zero for IPv4.
    package private(set) var high: UInt64
    /// Bits 63-0; for IPv4 the 32 bits of the address.
    package private(set) var low: UInt64
    /// Whether this is an IPv4 address.
    package private(set) var isIPv4: Bool

    /// Parses all of `text`, or gives nil. Costs no allocation; nothing is trimmed.
    package init?(text: Span<UInt8>) {
        guard text.count >= 2, text.count <= 45 else { return nil }
        if let four = Self.parseIPv4(text, 0..<text.count) {
            self.init(high: 0, low: UInt64(four), isIPv4: true)
        } else if let six = Self.parseIPv6(text) {
            self = six
        } else {
            return nil
        }
    }

    private init(high: UInt64, low: UInt64, isIPv4: Bool) {
        self.high = high
        self.low = low
        self.isIPv4 = isIPv4
    }

    /// The same address, an IPv4-mapped one (`::ffff:0:0/96`, RFC 4291 section 2.5.5.2) folded to IPv4.
    package var folded: IPAddress {
        guard !isIPv4, high == 0, low >> 32 == 0xFFFF else { return self }
        return IPAddress(high: 0, low: low & 0xFFFF_FFFF, isIPv4: true)
    }

    /// The network address: all bits behind the prefix cleared.
    package func cut(to cut: IPCut) -> IPAddress {
        if isIPv4 {
            let keep = UInt64(UInt32.max) << UInt64(32 - cut.v4BitCount)
            return IPAddress(high: 0, low: low & keep & 0xFFFF_FFFF, isIPv4: true)
        }
        // Swift's `<<` by 64 gives zero, which is what a whole cleared word needs.
        let keepHigh = UInt64.max << UInt64(64 - min(64, cut.v6BitCount))
        let keepLow = UInt64.max << UInt64(64 - max(0, cut.v6BitCount - 64))
        return IPAddress(high: high & keepHigh, low: low & keepLow, isIPv4: false)
    }

    /// Appends the 4 or 16 bytes in network order.
    package func append(to output: inout ByteScratch) {
        if isIPv4 {
            Self.append(low << 32, byteCount: 4, to: &output)
        } else {
            Self.append(high, byteCount: 8, to: &output)
            Self.append(low, byteCount: 8, to: &output)
        }
    }

    private static func append(_ word: UInt64, byteCount: Int, to output: inout ByteScratch) {
        var rest = word
        for _ in 0..<byteCount {
            output.append(UInt8(truncatingIfNeeded: rest >> 56))
            rest <<= 8
        }
    }

    private static func parseIPv4(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        guard range.count >= 7, range.count <= 15 else { return nil }
        var address: UInt32 = 0
        var index = range.lowerBound
        for part in 0..<4 {
            let start = index
            var octet: UInt32 = 0
            while index < range.upperBound, index - start < 4, ASCIIBytes.isDigit(text[index]) {
                octet = octet &* 10 &+ UInt32(text[index] &- 0x30)
                index += 1
            }
            let digitCount = index - start
            guard digitCount >= 1, digitCount <= 3, octet <= 255 else { return nil }
            guard digitCount == 1 || text[start] != 0x30 else { return nil }
            address = address << 8 | octet
            if part < 3 {
                guard index < range.upperBound, text[index] == 0x2E else { return nil }
                index += 1
            }
        }
        return index == range.upperBound ? address : nil
    }

    private static func parseIPv6(_ text: Span<UInt8>) -> IPAddress? {
        let count = text.count
        var groups = InlineArray<8, UInt16>(repeating: 0)
        var filled = 0
        var gap = -1
        var index = 0
        if text[0] == 0x3A {
            guard text[1] == 0x3A else { return nil }
            gap = 0
            index = 2
        }
        while index < count {
            guard filled < 8 else { return nil }
            let start = index
            var group: UInt16 = 0
            while index < count, index - start < 4, let digit = ASCIIBytes.hexDigit(text[index]) {
                group = group << 4 | UInt16(digit)
                index += 1
            }
            guard index > start else { return nil }
            if index < count, text[index] == 0x2E {
                guard filled <= 6, let four = parseIPv4(text, start..<count) else { return nil }
                groups[filled] = UInt16(truncatingIfNeeded: four >> 16)
                groups[filled + 1] = UInt16(truncatingIfNeeded: four)
                filled += 2
                break
            }
            groups[filled] = group
            filled += 1
            if index == count { break }
            guard text[index] == 0x3A, index + 1 < count else { return nil }
            index += 1
            if text[index] == 0x3A {
                guard gap < 0 else { return nil }
                gap = filled
                index += 1
            }
        }
        return assemble(groups, filled: filled, gap: gap)
    }

    /// Puts the groups behind the gap at the end; `::` stands for one group at least.
    private static func assemble(_ groups: InlineArray<8, UInt16>, filled: Int, gap: Int) -> IPAddress? {
        guard gap < 0 ? filled == 8 : filled <= 7 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<filled {
            let place = gap < 0 || index < gap ? index : index + 8 - filled
            let bits = UInt64(groups[index]) << UInt64(48 - 16 * (place % 4))
            if place < 4 { high |= bits } else { low |= bits }
        }
        return IPAddress(high: high, low: low, isIPv4: false)
    }
}

/// How many leading bits of an address `ip/1` keeps.
///
/// A cut address has the bytes of its network address, so it joins with that one address under the same type: give
/// networks a type name of their own.
public struct IPCut: Sendable, Hashable {
    /// Bits kept of an IPv4 address, 0 to 32.
    public let v4BitCount: Int
    /// Bits kept of an IPv6 address, 0 to 128.
    public let v6BitCount: Int

    /// Makes a cut, or nil when a count is out of its range. The customary cut is /24 and /48.
    public init?(v4BitCount: Int, v6BitCount: Int) {
        guard 0...32 ~= v4BitCount, 0...128 ~= v6BitCount else { return nil }
        self.v4BitCount = v4BitCount
        self.v6BitCount = v6BitCount
    }
}

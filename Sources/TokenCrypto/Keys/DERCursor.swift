// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// Reads DER (X.690) element by element: definite, shortest lengths only, no recursion. Offsets into the bytes that are
/// handed to each call.
struct DERCursor {
    private(set) var offset: Int
    let end: Int

    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let sequence: UInt8 = 0x30

    /// A cursor over the content in `range`.
    init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset == end }

    /// The next element's tag; nil at the end.
    func peek(in der: Span<UInt8>) -> UInt8? { offset < end ? der[offset] : nil }

    /// Moves over the next element, which must have this tag, and returns where its content stands.
    mutating func read(_ tag: UInt8, in der: Span<UInt8>) throws(KeyError) -> Range<Int> {
        guard end - offset >= 2, der[offset] == tag else { throw .malformed }
        var length = Int(der[offset + 1])
        var start = offset + 2
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...3).contains(count), end - start >= count, der[start] != 0 else { throw .malformed }
            length = 0
            for i in 0..<count { length = length << 8 | Int(der[start + i]) }
            start += count
            guard length >= 0x80 else { throw .malformed }
        }
        guard length <= end - start else { throw .malformed }
        offset = start + length
        return start..<offset
    }

    /// Reads a non-negative INTEGER and returns its bytes without the sign byte; empty for 0.
    mutating func readUnsigned(in der: Span<UInt8>) throws(KeyError) -> Range<Int> {
        let range = try read(Self.integer, in: der)
        guard range.count > 0, der[range.lowerBound] < 0x80 else { throw .malformed }
        guard der[range.lowerBound] == 0 else { return range }
        // A leading zero is there only for the sign.
        guard range.count == 1 || der[range.lowerBound + 1] >= 0x80 else { throw .malformed }
        return (range.lowerBound + 1)..<range.upperBound
    }

    /// Reads a small INTEGER, a version.
    mutating func readVersion(in der: Span<UInt8>) throws(KeyError) -> UInt8 {
        let range = try readUnsigned(in: der)
        guard range.count <= 1 else { throw .malformed }
        return range.isEmpty ? 0 : der[range.lowerBound]
    }

    /// Reads a BIT STRING of whole bytes.
    mutating func readBits(in der: Span<UInt8>) throws(KeyError) -> Range<Int> {
        let range = try read(Self.bitString, in: der)
        guard range.count > 0, der[range.lowerBound] == 0 else { throw .malformed }
        return (range.lowerBound + 1)..<range.upperBound
    }

    /// Nothing may follow.
    func finish() throws(KeyError) {
        guard isAtEnd else { throw .malformed }
    }
}

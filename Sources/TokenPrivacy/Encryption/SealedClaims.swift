// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// The members that one token has for its recipients, as the walk has met them. Wiped between tokens.
struct SealedClaims: ~Copyable {
    private struct Part {
        let recipient: Int
        let range: Range<Int>
    }

    /// `,"name":value` of every member.
    private var bytes = ByteScratch(capacity: 1024, isSecret: true)
    private var parts: [Part] = []

    var isEmpty: Bool { parts.isEmpty }

    mutating func removeAll() {
        bytes.removeAll()
        parts.removeAll(keepingCapacity: true)
    }

    /// Adds one member; `name` is `,"name":`.
    mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>, recipient: Int) {
        let start = bytes.count
        bytes.append(name)
        bytes.append(value)
        parts.append(Part(recipient: recipient, range: start..<bytes.count))
    }

    /// Appends the object of one recipient's members, blanks behind it so that its length is a multiple of 64 bytes
    /// (T55); false, with nothing appended, when there is none.
    func appendObject(of recipient: Int, to output: inout ByteScratch) -> Bool {
        let start = output.count
        for part in parts where part.recipient == recipient {
            // The first member's comma becomes the brace.
            let isFirst = output.count == start
            if isFirst { output.append(UInt8(ascii: "{")) }
            output.append(bytes.span.extracting((part.range.lowerBound + (isFirst ? 1 : 0))..<part.range.upperBound))
        }
        guard output.count > start else { return false }
        output.append(UInt8(ascii: "}"))
        while (output.count - start) % Self.paddingByteCount != 0 { output.append(UInt8(ascii: " ")) }
        return true
    }

    private static let paddingByteCount = 64
}

extension Shield {
    /// Sets a member aside for the recipient of its rule.
    func setAside(_ node: Int, _ entry: ClaimEntry, _ view: JSONView, _ sealed: inout SealedClaims) {
        let start = Int(entry.outputOffset)
        sealed.append(
            program.text.span.extracting(start..<(start + Int(entry.outputByteCount))), view.value(node),
            recipient: Int(entry.argument))
    }
}

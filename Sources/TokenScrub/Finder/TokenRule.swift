// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// A rule of the caller's own: a literal prefix, then characters of one class. No regular expressions, no backtracking.
package struct TokenRule: Sendable {
    /// What may follow the prefix.
    package enum Characters: String, Sendable, CaseIterable {
        case digits, hex, alphanumeric, base64url
    }

    /// Why a rule cannot be used.
    package enum Problem: Error, Equatable, Sendable {
        /// Not 1 to 32 of `a-z 0-9 -`, or a name that the scrubber uses itself.
        case name
        /// Not 3 to 64 printable ASCII characters, or one of `[ ] =` or a blank in it.
        case prefix
        /// Not 4 ≤ least ≤ most ≤ 4096.
        case counts
    }

    /// The name that replaces a match: `[name fp=…]`.
    package let name: String
    let prefix: [UInt8]
    private let characters: Characters
    private let counts: ClosedRange<Int>

    /// Makes a rule. A match is the prefix and at least `counts.lowerBound` characters; it takes as many as there are,
    /// at most `counts.upperBound`.
    package init(
        name: String, prefix: String, characters: Characters, counts: ClosedRange<Int>
    ) throws(Problem) {
        let reserved = ["jwt", "email", "phone", "card", "iban", "ssn", "ip", "reference"]
        guard (1...32).contains(name.utf8.count), !reserved.contains(name),
            name.utf8.allSatisfy({ $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D })
        else { throw .name }
        let bytes = Array(prefix.utf8)
        guard (3...64).contains(bytes.count),
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5B && $0 != 0x5D && $0 != 0x3D })
        else { throw .prefix }
        guard counts.lowerBound >= 4, counts.upperBound <= 4_096 else { throw .counts }
        self.name = name
        self.prefix = bytes
        self.characters = characters
        self.counts = counts
    }

    /// Its byte count when a match starts at `start`, 0 when that cannot be told yet, nil when none does.
    func look(_ text: Span<UInt8>, at start: Int, isFinal: Bool) -> Int? {
        var at = start
        for byte in prefix {
            guard at < text.count else { return isFinal ? nil : 0 }
            guard text[at] == byte else { return nil }
            at += 1
        }
        var count = 0
        while count < counts.upperBound {
            guard at < text.count else {
                if !isFinal { return 0 }
                break
            }
            guard isMember(text[at]) else { break }
            at += 1
            count += 1
        }
        return count >= counts.lowerBound ? at - start : nil
    }

    private func isMember(_ byte: UInt8) -> Bool {
        let isDigit = byte &- 0x30 < 10
        let letter = (byte | 0x20) &- 0x61
        switch characters {
        case .digits: return isDigit
        case .hex: return isDigit || letter < 6
        case .alphanumeric: return isDigit || letter < 26
        case .base64url: return isDigit || letter < 26 || byte == 0x2D || byte == 0x5F
        }
    }
}

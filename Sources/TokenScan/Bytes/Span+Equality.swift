// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

extension Span<UInt8> {
    /// Whether both hold the same bytes. Not constant-time: for public values.
    package func equals(_ other: Span<UInt8>) -> Bool {
        let n = count
        guard n == other.count else { return false }
        if n == 0 { return true }
        // SAFETY: both spans hold n bytes; bounds are part of the spans.
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                guard let a = left.baseAddress, let b = right.baseAddress else { return false }
                return unsafe ctk_equal(a, b, n) != 0
            }
        }
    }

    /// Whether the bytes are the UTF-8 of a literal.
    package func equals(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        var i = 0
        while i < count {
            // SAFETY: i < utf8CodeUnitCount, and a literal's bytes live for ever.
            if self[i] != (unsafe literal.utf8Start[i]) { return false }
            i &+= 1
        }
        return true
    }

    /// Whether this content of a JSON string, as written between its quotes, stands for the text `utf8`.
    package func equalsUnescaped(_ utf8: Span<UInt8>) -> Bool {
        var cursor = JSONStringCursor()
        var i = 0
        while let byte = cursor.next(in: self) {
            guard i < utf8.count, utf8[i] == byte else { return false }
            i &+= 1
        }
        return i == utf8.count
    }

    /// Whether this content of a JSON string stands for the text of a literal.
    package func equalsUnescaped(_ literal: StaticString) -> Bool {
        var cursor = JSONStringCursor()
        var i = 0
        while let byte = cursor.next(in: self) {
            // SAFETY: i < utf8CodeUnitCount is checked first, and a literal's bytes live for ever.
            guard i < literal.utf8CodeUnitCount, unsafe literal.utf8Start[i] == byte else { return false }
            i &+= 1
        }
        return i == literal.utf8CodeUnitCount
    }
}

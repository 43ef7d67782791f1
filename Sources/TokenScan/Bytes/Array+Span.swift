// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// A copy of a span, with one allocation of the exact size. Not for secrets: the copy is not wiped.
    package init(_ span: Span<UInt8>) {
        self.init()
        append(contentsOf: span)
    }

    /// Appends a copy of a span's bytes.
    package mutating func append(contentsOf span: Span<UInt8>) {
        // SAFETY: the span's bytes are read during the call only.
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

// SPDX-License-Identifier: Apache-2.0
package import TokenScan

extension ByteScratch {
    /// A copy of the bytes in use.
    package var array: [UInt8] { span.indices.map { span[$0] } }
    /// The bytes in use as text; invalid UTF-8 is repaired, so compare bytes where that matters.
    package var text: String { String(decoding: array, as: UTF8.self) }
}

extension Span<UInt8> {
    /// A copy of the bytes.
    package var array: [UInt8] { indices.map { self[$0] } }
    /// The bytes as text.
    package var text: String { String(decoding: array, as: UTF8.self) }
}

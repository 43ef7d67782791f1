// SPDX-License-Identifier: Apache-2.0
public import CTokenKernels

/// One value of an indexed JSON document: offsets into the document, no pointers, nothing copied.
///
/// The layout is the kernel's (`ctk_json.h`); the members below are the names to use in Swift.
package typealias JSONNode = ctk_json_node

/// What a JSON value is. A number without fraction and exponent is an `integer`.
public enum JSONKind: UInt8, Sendable {
    case object = 1
    case array, string, integer, number, `true`, `false`, null
}

extension JSONNode {
    /// What the value is.
    @inlinable @inline(__always) package var valueKind: JSONKind { JSONKind(rawValue: kind) ?? .null }
    /// Whether the value is a string.
    @inlinable @inline(__always) package var isString: Bool { kind == JSONKind.string.rawValue }
    /// Where the value's text stands in the document, quotes, braces and brackets included.
    @inlinable @inline(__always) package var valueRange: Range<Int> {
        let start = Int(value_offset)
        return start..<(start &+ Int(value_byte_count))
    }
    /// Where the content of a string value stands, between its quotes.
    @inlinable @inline(__always) package var stringRange: Range<Int> {
        let range = valueRange
        guard isString, range.count >= 2 else { return range.lowerBound..<range.lowerBound }
        return (range.lowerBound &+ 1)..<(range.upperBound &- 1)
    }
    /// Where the member name stands, between its quotes; empty when the parent is no object.
    @inlinable @inline(__always) package var nameRange: Range<Int> {
        let start = Int(name_offset)
        return start..<(start &+ Int(name_byte_count))
    }
    /// The node after this one's whole subtree: the next sibling, or where the parent's subtree ends.
    @inlinable @inline(__always) package var subtreeEnd: Int { Int(next) }
    /// Members or elements directly inside; 0 for a scalar.
    @inlinable @inline(__always) package var childCount: Int { Int(child_count) }
    /// Containers around the value; 0 for the root.
    @inlinable @inline(__always) package var nodeDepth: Int { Int(depth) }
    /// Whether the member name is written with at least one escape.
    @inlinable @inline(__always) package var isNameEscaped: Bool { flags & UInt8(CTK_JSON_NAME_ESCAPED) != 0 }
    /// Whether the string value is written with at least one escape.
    @inlinable @inline(__always) package var isValueEscaped: Bool { flags & UInt8(CTK_JSON_VALUE_ESCAPED) != 0 }
    /// Whether the string value holds a byte above 0x7F.
    @inlinable @inline(__always) package var isValueNonASCII: Bool { flags & UInt8(CTK_JSON_VALUE_NON_ASCII) != 0 }
}

// SPDX-License-Identifier: Apache-2.0

/// What an invalid token changes about one top-level member.
package enum MemberChange: Sendable {
    /// The member is left out.
    case omitted
    /// The value becomes this JSON text; a member that the shape does not write is added at the end.
    case set(String)
    /// The value becomes this JSON text where the shape writes the member.
    case setIfPresent(String)
    /// The member is written, then once more under this spelling of its name and with this JSON text.
    case repeated(name: String, value: String)
}

/// A personal value as it stands in a token.
package struct PersonalValue: Sendable, Equatable {
    /// Dotted path of the claim; `[]` stands for the elements of an array, names that hold a dot are quoted.
    package let path: String
    /// The whole value, unescaped.
    package let value: String
    /// The part that no other token holds; nil when only the value as a whole identifies.
    package let marker: String?
}

/// Writes a JSON object member by member into one byte buffer, in the caller's order and spacing.
///
/// It also keeps the list of personal values, so that a leak search knows what to look for.
package struct JSONWriter: Sendable {
    /// The text so far; valid JSON once the outermost object is closed.
    package private(set) var bytes: [UInt8] = []
    /// Personal values written since `removeAll`.
    package private(set) var personalValues: [PersonalValue] = []
    /// Changes to top-level members by name.
    package var changes: [(name: String, change: MemberChange)] = []
    /// Writes characters above U+007F as \uXXXX, as some issuers' serializers do.
    package var escapesNonASCII = false
    /// Between a name and its value; one issuer's headers hold blanks here.
    package var nameSeparator = ":"

    private var namesWritten: [String] = []
    private var path: [String] = []
    private var needsComma = false

    /// An empty writer.
    package init() {}

    /// Forgets the text, the personal values and the changes; keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        personalValues.removeAll(keepingCapacity: true)
        changes.removeAll()
        namesWritten.removeAll()
        escapesNonASCII = false
        nameSeparator = ":"
        path.removeAll()
        needsComma = false
    }

    /// Writes the outermost object and applies the changes to it.
    package mutating func root(_ body: (inout JSONWriter) -> Void) {
        text("{")
        body(&self)
        for (name, change) in changes where !namesWritten.contains(name) {
            if case .set(let value) = change { writeMember(name) { $0.text(value) } }
        }
        text("}")
    }

    /// A string member.
    package mutating func string(_ name: String, _ value: String) { member(name) { $0.quoted(value) } }

    /// An integer member.
    package mutating func integer(_ name: String, _ value: Int) { member(name) { $0.text(String(value)) } }

    /// A boolean member.
    package mutating func boolean(_ name: String, _ value: Bool) { member(name) { $0.text(value ? "true" : "false") } }

    /// An array of strings.
    package mutating func strings(_ name: String, _ values: [String]) {
        member(name) { writer in
            writer.text("[")
            for (position, value) in values.enumerated() {
                if position > 0 { writer.text(",") }
                writer.quoted(value)
            }
            writer.text("]")
        }
    }

    /// A nested object.
    package mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        member(name) { writer in
            writer.text("{")
            writer.needsComma = false
            body(&writer)
            writer.text("}")
        }
    }

    /// A string member that is personal; `marker` is the unique part of it, if it has one.
    package mutating func personal(_ name: String, _ value: String, marker: String? = nil) {
        note(name, value, marker: marker)
        string(name, value)
    }

    /// An array with one personal string.
    package mutating func personalElement(_ name: String, _ value: String, marker: String? = nil) {
        note(name + "[]", value, marker: marker)
        strings(name, [value])
    }

    private mutating func note(_ name: String, _ value: String, marker: String?) {
        let full = (path + [name]).joined(separator: ".")
        personalValues.append(PersonalValue(path: full, value: value, marker: marker))
    }

    private mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
        guard path.isEmpty, let change = changes.first(where: { $0.name == name })?.change else {
            return writeMember(name, value)
        }
        namesWritten.append(name)
        switch change {
        case .omitted: break
        case .set(let replacement), .setIfPresent(let replacement): writeMember(name) { $0.text(replacement) }
        case .repeated(let second, let repetition):
            writeMember(name, value)
            writeMember(second) { $0.text(repetition) }
        }
    }

    private mutating func writeMember(_ name: String, _ value: (inout JSONWriter) -> Void) {
        if needsComma { text(",") }
        text("\"")
        text(name)
        text("\"")
        text(nameSeparator)
        path.append(name.contains(".") ? "\"\(name)\"" : name)
        value(&self)
        path.removeLast()
        needsComma = true
    }

    private mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func quoted(_ value: String) {
        text("\"")
        for unit in escapesNonASCII ? Array(value.utf16) : value.utf8.map(UInt16.init) {
            switch unit {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(UInt8(truncatingIfNeeded: unit))
            case 0..<0x20: escaped(unit)
            case 0x80... where escapesNonASCII: escaped(unit)
            default: bytes.append(UInt8(truncatingIfNeeded: unit))
            }
        }
        text("\"")
    }

    private mutating func escaped(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        text("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }
}

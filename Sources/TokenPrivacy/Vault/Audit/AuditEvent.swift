// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// One thing that was done to a vault, as JSON members. Holds names, types, outcomes and fingerprints, no values.
package struct AuditEvent: Sendable {
    /// What was done.
    package enum Action: String, Sendable {
        case resolve, erase, report, rotate, expire, revoke, introspect
    }

    /// The members behind `seq` and `key`, without braces.
    private(set) var members: [UInt8]
    private var needsComma = false

    /// Longest text of an actor or purpose that is written; the rest is cut.
    static let textByteCountMax = 256

    /// Starts an event.
    package init(_ action: Action, actor: String, now: Int64) {
        var scratch = ByteScratch(capacity: 160)
        scratch.append("\"time\":")
        scratch.appendDecimal(now)
        members = [UInt8](scratch.span)
        add("action", action.rawValue)
        add("actor", actor)
    }

    /// Adds a text member. The name is a plain word; the text is escaped and cut.
    package mutating func add(_ name: StaticString, _ text: String) {
        var scratch = ByteScratch(capacity: 96)
        Self.appendName(name, to: &scratch)
        Self.appendText(text, to: &scratch)
        members.append(contentsOf: scratch.span)
    }

    /// Adds a number.
    package mutating func add(_ name: StaticString, _ number: Int64) {
        var scratch = ByteScratch(capacity: 48)
        Self.appendName(name, to: &scratch)
        scratch.appendDecimal(number)
        members.append(contentsOf: scratch.span)
    }

    /// Adds 12 bytes of a keyed fingerprint as 16 characters.
    mutating func add(_ name: StaticString, fingerprint: InlineArray<32, UInt8>) {
        var scratch = ByteScratch(capacity: 48)
        Self.appendName(name, to: &scratch)
        scratch.append(UInt8(ascii: "\""))
        scratch.appendBase64URL(fingerprint.span.extracting(0..<12))
        scratch.append(UInt8(ascii: "\""))
        members.append(contentsOf: scratch.span)
    }

    mutating func beginList(_ name: StaticString) {
        var scratch = ByteScratch(capacity: 32)
        Self.appendName(name, to: &scratch)
        scratch.append(UInt8(ascii: "["))
        members.append(contentsOf: scratch.span)
        needsComma = false
    }

    /// Adds `{"type":…,"outcome":…}` to a list.
    mutating func addResult(type: String, _ outcome: String) {
        var scratch = ByteScratch(capacity: 64)
        scratch.append(needsComma ? ",{\"type\":" : "{\"type\":")
        Self.appendText(type, to: &scratch)
        scratch.append(",\"outcome\":")
        Self.appendText(outcome, to: &scratch)
        scratch.append(UInt8(ascii: "}"))
        members.append(contentsOf: scratch.span)
        needsComma = true
    }

    mutating func endList() { members.append(UInt8(ascii: "]")) }

    private static func appendName(_ name: StaticString, to scratch: inout ByteScratch) {
        scratch.append(",\"")
        scratch.append(name)
        scratch.append("\":")
    }

    private static func appendText(_ text: String, to scratch: inout ByteScratch) {
        var text = text
        // Cut at a character, so that what stays is UTF-8.
        while text.utf8.count > textByteCountMax { text.removeLast() }
        text.makeContiguousUTF8()
        scratch.appendJSONString(text.utf8.span)
    }
}

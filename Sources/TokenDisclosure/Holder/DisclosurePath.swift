// SPDX-License-Identifier: Apache-2.0

/// Which disclosures a holder or a gateway names: `email`, `address.street`, `nationalities[]`, `nationalities[0]`,
/// `"a.b".c` where a name holds a dot.
///
/// An index counts the elements that are there when all disclosures are. A path names a disclosure and all inside it.
public struct DisclosurePath: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// The member of this name, unescaped UTF-8.
        case member([UInt8])
        case index(Int)
        /// Every element.
        case element
    }

    let steps: [Step]

    /// The most steps of a path.
    public static let stepCountMax = 16

    /// Reads a path; nil when it is none.
    public init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        var steps: [Step] = []
        repeat {
            if !steps.isEmpty, rest.popFirst() != UInt8(ascii: ".") { return nil }
            guard let name = Self.takeName(&rest) else { return nil }
            steps.append(.member(name))
            while rest.first == UInt8(ascii: "[") {
                guard let close = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
                let digits = rest[(rest.startIndex + 1)..<close]
                rest = rest[(close + 1)...]
                guard digits.allSatisfy({ (0x30...0x39).contains($0) }), digits.count <= 6 else { return nil }
                steps.append(digits.isEmpty ? .element : .index(digits.reduce(0) { $0 * 10 + Int($1 & 0xF) }))
            }
            guard steps.count <= Self.stepCountMax else { return nil }
        } while !rest.isEmpty
        self.steps = steps
    }

    private static func takeName(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.first == UInt8(ascii: "\"") else {
            let end = rest.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? rest.endIndex
            let name = Array(rest[..<end])
            rest = rest[end...]
            let isPlain = !name.contains(UInt8(ascii: "\"")) && !name.contains(UInt8(ascii: "]"))
            return name.isEmpty || !isPlain ? nil : name
        }
        rest = rest.dropFirst()
        var name: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return name.isEmpty ? nil : name }
            guard byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            guard let escaped = rest.popFirst(), [UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(escaped) else {
                return nil
            }
            name.append(escaped)
        }
        return nil
    }

    /// Whether the value at `place` is the one this path names, or inside it.
    func covers(_ place: [Step]) -> Bool {
        guard steps.count <= place.count else { return false }
        for (step, other) in zip(steps, place) {
            switch (step, other) {
            case (.element, .index): continue
            default: if step != other { return false }
            }
        }
        return true
    }
}

/// Which disclosures go into a presentation.
public enum DisclosureSelection: Sendable {
    /// All of them.
    case all
    /// None.
    case none
    /// Those that a path names, what is inside them, and what has to be there for them to be found.
    case keeping([DisclosurePath])
    /// All but those that a path names and what is inside them.
    case dropping([DisclosurePath])

    /// Whether a disclosure is chosen by its own place.
    func takes(_ place: [DisclosurePath.Step]) -> Bool {
        switch self {
        case .all: true
        case .none: false
        case .keeping(let paths): paths.contains { $0.covers(place) }
        case .dropping(let paths): !paths.contains { $0.covers(place) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A claim path: `a.b`, `a[].b` for every element, `"a.b".c` where a name holds a dot.
///
/// Names compare as UTF-8 bytes, never as `String` (which would merge NFC and NFD spellings).
struct PolicyPath: Equatable, Hashable, Sendable {
    /// One step from a value to the values inside it.
    enum Step: Equatable, Hashable, Sendable {
        /// The member of this name, as unescaped UTF-8.
        case member([UInt8])
        /// Every element of an array.
        case element
    }

    /// At least one step; the first is a member.
    let steps: [Step]

    static let stepCountMax = 16
    static let nameByteCountMax = 256

    /// The name of a path with one step, else nil.
    var topLevelName: [UInt8]? {
        guard steps.count == 1, case .member(let name) = steps[0] else { return nil }
        return name
    }

    /// The last member name on the path.
    var lastName: [UInt8] {
        for step in steps.reversed() {
            if case .member(let name) = step { return name }
        }
        return []
    }

    /// Parses a path as the policy file writes it.
    init(_ text: String, line: Int) throws(PolicyError) {
        var parser = PathParser(bytes: Array(text.utf8), line: line)
        steps = try parser.parse()
    }
}

/// A recursive-descent reader over the bytes of one path; bounded by the path's length.
private struct PathParser {
    let bytes: [UInt8]
    let line: Int
    var position = 0

    init(bytes: [UInt8], line: Int) {
        self.bytes = bytes
        self.line = line
    }

    mutating func parse() throws(PolicyError) -> [PolicyPath.Step] {
        var steps: [PolicyPath.Step] = []
        while true {
            let isQuoted = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
            steps.append(.member(isQuoted ? try quotedName() : try plainName()))
            while position + 1 < bytes.count, bytes[position] == UInt8(ascii: "["),
                bytes[position + 1] == UInt8(ascii: "]")
            {
                steps.append(.element)
                position += 2
            }
            guard steps.count <= PolicyPath.stepCountMax else { throw error("a path has at most 16 steps") }
            if position == bytes.count { return steps }
            guard bytes[position] == UInt8(ascii: ".") else { throw error("a path reads a.b, a[].b or \"a.b\".c") }
            position += 1
        }
    }

    private mutating func plainName() throws(PolicyError) -> [UInt8] {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "."), UInt8(ascii: "["): return try checked(Array(bytes[start..<position]))
            case UInt8(ascii: "]"), UInt8(ascii: "\""): throw error("a path reads a.b, a[].b or \"a.b\".c")
            default: position += 1
            }
        }
        return try checked(Array(bytes[start..<position]))
    }

    private mutating func quotedName() throws(PolicyError) -> [UInt8] {
        var name: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try checked(name, isQuoted: true)
            case UInt8(ascii: "\\"):
                guard position < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(bytes[position]) else {
                    throw error("a quoted name escapes only \\\" and \\\\")
                }
                name.append(bytes[position])
                position += 1
            default: name.append(byte)
            }
        }
        throw error("a quoted name lacks its closing quote")
    }

    private func checked(_ name: [UInt8], isQuoted: Bool = false) throws(PolicyError) -> [UInt8] {
        guard (1...PolicyPath.nameByteCountMax).contains(name.count) else {
            throw error("a name on a path has 1 to 256 bytes")
        }
        guard !name.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw error("a name on a path holds no control characters")
        }
        // An unquoted URL would be cut at the dots of its host: never what the author meant.
        if !isQuoted, position < bytes.count, bytes[position] == UInt8(ascii: "."),
            name.starts(with: Array("https:".utf8)) || name.starts(with: Array("http:".utf8))
                || name.starts(with: Array("urn:".utf8))
        {
            throw error("a name that holds a dot stands in double quotes inside the path")
        }
        return name
    }

    private func error(_ message: String) -> PolicyError { PolicyError(.path, line: line, message) }
}

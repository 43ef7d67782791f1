// SPDX-License-Identifier: Apache-2.0

/// Reads one mapping against the closed word list of its section. Unknown and repeated words are errors at once.
struct SectionReader {
    let section: PolicySection
    let line: Int
    private let entries: [PolicyNode.Entry]

    init(_ node: PolicyNode, _ section: PolicySection) throws(PolicyError) {
        guard case .mapping(let entries, let line) = node else {
            throw PolicyError(.wrongArgument, line: node.line, "'\(section.rawValue)' takes a mapping")
        }
        let known = PolicyWords.words(of: section)
        var seen: Set<String> = []
        for entry in entries {
            guard known.contains(entry.name) else {
                throw PolicyError.unknown(entry.name, line: entry.line, known: known)
            }
            guard seen.insert(entry.name).inserted else {
                throw PolicyError(.duplicateWord, line: entry.line, "'\(entry.name)' stands twice in one mapping")
            }
        }
        self.section = section
        self.line = line
        self.entries = entries
    }

    /// The entry of a word, or nil when it is absent.
    func entry(_ word: String) -> PolicyNode.Entry? {
        assert(PolicyWords.words(of: section).contains(word), "the word table lacks this word")
        return entries.first { $0.name == word }
    }

    /// The entry of a word that must be present.
    func required(_ word: String) throws(PolicyError) -> PolicyNode.Entry {
        guard let entry = entry(word) else {
            throw PolicyError(.missingWord, line: line, "'\(section.rawValue)' lacks '\(word)'")
        }
        return entry
    }

    /// The text of a word, 1 to `byteCountMax` bytes of UTF-8 without control characters; nil when absent.
    func text(_ word: String, byteCountMax: Int = 256) throws(PolicyError) -> String? {
        guard let entry = entry(word) else { return nil }
        return try Scalar.text(entry.value, of: word, byteCountMax: byteCountMax)
    }

    /// One of a few fixed words, or the given default when absent.
    func choice(_ word: String, _ choices: [String], standard: String) throws(PolicyError) -> String {
        guard let entry = entry(word) else { return standard }
        let text = try Scalar.text(entry.value, of: word)
        guard choices.contains(text) else {
            let nearest = WordDistance.nearest(to: text, in: choices).map { ", did you mean '\($0)'?" } ?? ""
            let list = choices.joined(separator: ", ")
            throw PolicyError(.wrongArgument, line: entry.value.line, "'\(word)' takes one of \(list)\(nearest)")
        }
        return text
    }

    /// `otherwise: refuse|drop`, read as "drop the claim instead of refusing the token".
    func dropsOtherwise() throws(PolicyError) -> Bool {
        try choice("otherwise", ["refuse", "drop"], standard: "refuse") == "drop"
    }

    /// A text or a list of texts, without repetitions; nil when absent, never empty.
    func list(_ word: String, countMax: Int = 64) throws(PolicyError) -> [String]? {
        guard let entry = entry(word) else { return nil }
        guard case .sequence(let nodes, let line) = entry.value else {
            return [try Scalar.text(entry.value, of: word)]
        }
        var values: [String] = []
        for node in nodes {
            let text = try Scalar.text(node, of: word)
            guard !values.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
                throw PolicyError(.wrongArgument, line: node.line, "'\(word)' lists a value twice")
            }
            values.append(text)
        }
        guard (1...countMax).contains(values.count) else {
            throw PolicyError(.wrongArgument, line: line, "'\(word)' takes 1 to \(countMax) values")
        }
        return values
    }

    /// A decimal integer within bounds, or the default when absent.
    func integer(_ word: String, _ range: ClosedRange<Int>, standard: Int) throws(PolicyError) -> Int {
        guard let entry = entry(word) else { return standard }
        return try Scalar.integer(entry.value, of: word, range)
    }

    /// A duration in seconds; nil when absent.
    func seconds(_ word: String, _ range: ClosedRange<Int64>) throws(PolicyError) -> Int64? {
        guard let entry = entry(word) else { return nil }
        return try Scalar.seconds(entry.value, of: word, range)
    }
}

/// Reads single scalars.
enum Scalar {
    /// The text of a scalar node: 1 to `byteCountMax` bytes, no control characters.
    static func text(_ node: PolicyNode, of word: String, byteCountMax: Int = 256) throws(PolicyError) -> String {
        guard case .scalar(let text, let line) = node else {
            throw PolicyError(.wrongArgument, line: node.line, "'\(word)' takes one value")
        }
        guard (1...byteCountMax).contains(text.utf8.count) else {
            throw PolicyError(.wrongArgument, line: line, "'\(word)' takes 1 to \(byteCountMax) bytes")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw PolicyError(.wrongArgument, line: line, "'\(word)' takes no control characters")
        }
        return text
    }

    /// A canonical decimal integer (no sign but `-`, no leading zeros) within bounds.
    static func integer(_ node: PolicyNode, of word: String, _ range: ClosedRange<Int>) throws(PolicyError) -> Int {
        let text = try text(node, of: word)
        guard let value = Int(text), String(value) == text, range.contains(value) else {
            throw PolicyError(
                .wrongArgument, line: node.line,
                "'\(word)' takes an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A duration `30s`, `5m` or `1h`, in seconds, within bounds.
    static func seconds(
        _ node: PolicyNode, of word: String, _ range: ClosedRange<Int64>
    ) throws(PolicyError) -> Int64 {
        let text = try text(node, of: word)
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600]
        guard let last = text.last, let unit = units[last], let count = Int64(text.dropLast()),
            String(count) == text.dropLast(), count >= 0
        else {
            throw PolicyError(.wrongArgument, line: node.line, "'\(word)' takes a duration such as 30s, 5m or 1h")
        }
        let (value, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, range.contains(value) else {
            throw PolicyError(
                .wrongArgument, line: node.line,
                "'\(word)' takes a duration from \(range.lowerBound)s to \(range.upperBound)s")
        }
        return value
    }

    /// A short identifier: 1 to 64 of `A-Z a-z 0-9 . _ : -`.
    static func identifier(_ text: String, of word: String, line: Int) throws(PolicyError) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isWord, (1...64).contains(text.utf8.count) else {
            throw PolicyError(.wrongArgument, line: line, "'\(word)' takes 1 to 64 of A-Z a-z 0-9 . _ : -")
        }
        return text
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Why a policy does not compile: a closed code, the line, and a fixed text.
///
/// The text may quote one word of the policy file (bounded to 40 characters, escaped to printable ASCII): the file is
/// its author's own text, never token content. Keys, file paths and environment values never appear.
public struct PolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The closed list of reasons.
    public enum Code: String, CaseIterable, Sendable {
        /// The file is no JSON or YAML of the expected form, or larger than the limits.
        case syntax
        /// A word that the grammar does not know.
        case unknownWord = "unknown-word"
        /// A word twice in one mapping.
        case duplicateWord = "duplicate-word"
        /// A known word with an argument outside its range or of the wrong shape.
        case wrongArgument = "wrong-argument"
        /// A required word is absent.
        case missingWord = "missing-word"
        /// A path that does not parse.
        case path
        /// Two rules for one path, also when spelled differently.
        case duplicateRule = "duplicate-rule"
        /// A rule that another rule, or the claim's registered meaning, keeps from ever being reached.
        case unreachableRule = "unreachable-rule"
        /// Two output claims of one object with one name.
        case outputClash = "output-clash"
        /// A rule for a claim that the engine writes itself.
        case engineOwned = "engine-owned"
        /// A name reserved for the engine's own formats (`enc_claims`, `_sd`, `_sd_alg`, `...`).
        case reservedName = "reserved-name"
        /// A claim that is never carried over (`nonce`, `at_hash`, `c_hash`) under any rule but `drop`.
        case neverCarried = "never-carried"
        /// No usable rule for `sub`.
        case subject
        /// A lifetime over the cap of its class.
        case lifetime
        /// A rule that would change a claim's type against its registered meaning.
        case claimType = "claim-type"
        /// A selective disclosure of what decides whether, for whom and as what a token is valid.
        case notDisclosable = "not-disclosable"
        /// Audience-scoped pseudonyms with audiences of several sectors.
        case sectors
        /// A recipient that is not declared, or declared without a key.
        case recipient
    }

    /// The reason.
    public let code: Code
    /// The line of the policy file, counted from 1; 0 when the input had no lines.
    public let line: Int
    /// A fixed text in plain English, without file paths.
    public let message: String

    /// `line 12: unknown word 'pseudonim', did you mean 'pseudonym'? (unknown-word)`
    public var description: String { "line \(line): \(message) (\(code.rawValue))" }

    init(_ code: Code, line: Int, _ message: String) {
        self.code = code
        self.line = line
        self.message = message
    }

    /// An unknown word, with the nearest known one when it is at most two edits away.
    static func unknown(_ word: String, line: Int, known: [String]) -> PolicyError {
        let nearest = WordDistance.nearest(to: word, in: known).map { ", did you mean '\($0)'?" } ?? ""
        return PolicyError(.unknownWord, line: line, "unknown word \(quoted(word))\(nearest)")
    }

    /// A word of the policy file, bounded and escaped so that it cannot forge log lines (T95).
    static func quoted(_ word: String) -> String {
        var text = ""
        for scalar in word.unicodeScalars.prefix(40) {
            if scalar.value >= 0x20, scalar.value < 0x7F, scalar != "'", scalar != "\\" {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return word.unicodeScalars.count > 40 ? "'\(text)…'" : "'\(text)'"
    }
}

/// Edit distance between short words, for suggestions.
enum WordDistance {
    /// The known word at most two edits away, the nearest first, in table order; nil when none is that near.
    static func nearest(to word: String, in known: [String]) -> String? {
        let wordBytes = Array(word.utf8.prefix(64))
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = edits(wordBytes, Array(candidate.utf8))
            if distance <= min(2, max(1, candidate.utf8.count / 2)), distance < (best?.distance ?? 3) {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// Levenshtein distance with adjacent transpositions counted as one edit.
    private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let substitution = previous[j] + (left[i] == right[j] ? 0 : 1)
                var cost = min(substitution, previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            older = previous
            previous = row
        }
        return previous[right.count]
    }
}

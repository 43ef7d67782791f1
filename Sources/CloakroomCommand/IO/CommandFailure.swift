// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData

/// How the program ends; sysexits where one fits.
enum ExitStatus: Int32, Sendable {
    case accepted = 0
    /// Some input was refused; the output says which and why.
    case refused = 1
    case usage = 64
    /// A policy, key or data file that cannot be used.
    case data = 65
    case noInput = 66
    /// A store or a queue did not answer.
    case unavailable = 69
    case inputOutput = 74
}

/// Why a command ends early: one line on standard error, `cloakroom: <what> (<code>)`, and an exit status.
///
/// `what` never holds token bytes, claim values or key material. File names in it went through ``Display``.
struct CommandFailure: Error, Sendable {
    let status: ExitStatus
    let what: String
    let code: String

    init(_ status: ExitStatus, _ what: String, code: String) {
        self.status = status
        self.what = what
        self.code = code
    }

    static func usage(_ what: String) -> CommandFailure { CommandFailure(.usage, what, code: "usage") }

    /// The reader of our output went away: nothing is said, there is nobody to say it to.
    static let brokenPipe = CommandFailure(.inputOutput, "", code: "broken-pipe")
}

/// Text from outside, made fit for one line of standard error.
enum Display {
    /// A file name: control characters escaped, at most 200 characters, and never a token, a claims set or a value that
    /// was passed by mistake.
    static func file(_ name: String) -> String {
        if name.split(separator: "/").contains(where: { isTokenLike(String($0)) }) {
            return "an argument that looks like a token"
        }
        if isDataLike(name) { return "an argument that looks like data" }
        return bounded(name, countMax: 200)
    }

    /// A message about arguments, which quotes them: their values are taken out, names of options stay. Every other
    /// word that looks like a token goes too.
    static func message(_ text: String, about arguments: [String]) -> String {
        var text = text
        for argument in arguments {
            guard let value = value(of: argument) else { continue }
            text = text.replacing("'\(value)'", with: "[value]")
        }
        return withoutTokens(text)
    }

    /// What an argument holds beside the name of an option; nil for a name alone.
    private static func value(of argument: String) -> Substring? {
        guard argument.hasPrefix("-") else { return argument[...] }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { return parts[1] }
        let isName = argument.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
        return isName ? nil : argument[...]
    }

    /// Whether the text is JSON, or has the shape of personal data.
    private static func isDataLike(_ text: String) -> Bool {
        if let first = text.first, "{[\"".contains(first) { return true }
        return PersonalDataShape.kind(in: Array(text.utf8).span) != nil
    }

    private static func withoutTokens(_ text: String) -> String {
        var result = ""
        var word = ""
        for character in text + " " {
            if character.isASCII, character.isLetter || character.isNumber || "-_.".contains(character) {
                word.append(character)
                continue
            }
            result += isTokenLike(word) ? "[token]" : word
            word = ""
            result.append(character == "\n" ? " " : character)
        }
        return bounded(String(result.dropLast()), countMax: 400)
    }

    /// Whether the text starts as the base64url of a JSON object does and is too long for a word.
    static func isTokenLike(_ text: String) -> Bool {
        text.utf8.count >= 24 && (text.hasPrefix("ey") || text.hasPrefix("ew"))
    }

    private static func bounded(_ text: String, countMax: Int) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(countMax) {
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > countMax ? result + "…" : result
    }
}

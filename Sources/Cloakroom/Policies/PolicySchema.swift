// SPDX-License-Identifier: Apache-2.0
import TokenPrivacy
package import TokenScan

/// The policy grammar as a JSON Schema (draft 2020-12), made from the compiler's own table of words, for editors that
/// complete and check policy files. The compiler stays the judge: it checks more than a schema can say.
package enum PolicySchema {
    /// Appends the schema as JSON text with a line feed at its end.
    package static func write(into out: inout ByteScratch) {
        out.append("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"Cloakroom policy\",")
        out.append("\"$ref\":\"#/$defs/policy\",\"$defs\":{\n")
        for (i, section) in PolicySection.allCases.enumerated() {
            if i > 0 { out.append(",\n") }
            string(section.rawValue, &out)
            out.append(":")
            write(section, &out)
        }
        out.append("\n}}\n")
    }

    private static func write(_ section: PolicySection, _ out: inout ByteScratch) {
        let words = PolicyWords.table.filter { $0.section == section }
        out.append("{\"type\":[\"object\",\"null\"],\"additionalProperties\":false,\"properties\":{")
        for (i, word) in words.enumerated() {
            if i > 0 { out.append(",") }
            out.append("\n  ")
            string(word.word, &out)
            out.append(":{\"description\":")
            string("\(word.argument); default: \(word.standard)", &out)
            out.append(",")
            form(word.argument, &out)
            out.append("}")
        }
        out.append("\n}")
        let required = words.filter { $0.standard == "required" }.map(\.word)
        if !required.isEmpty {
            out.append(",\"required\":")
            strings(required, &out)
        }
        out.append("}")
    }

    /// What may stand behind a word, from the notation of the table.
    private static func form(_ argument: String, _ out: inout ByteScratch) {
        switch argument {
        case "path to rule":
            out.append("\"type\":\"object\",\"additionalProperties\":{\"anyOf\":[")
            out.append("{\"$ref\":\"#/$defs/rule\"},")
            out.append("{\"enum\":[\"keep\",\"drop\",\"random\",\"mask\",\"pseudonym\",\"disclose\"]}]}")
        case "name to recipient":
            out.append("\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#/$defs/recipient\"}")
        case "list of accept":
            out.append("\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/$defs/accept\"}")
        case "list":
            out.append("\"type\":[\"string\",\"array\"],\"items\":{\"type\":\"string\"}")
        case "nothing":
            out.append("\"type\":[\"object\",\"null\"],\"maxProperties\":0")
        default:
            scalarForm(argument, &out)
        }
    }

    private static func scalarForm(_ argument: String, _ out: inout ByteScratch) {
        if PolicySection(rawValue: argument) != nil {
            out.append("\"anyOf\":[{\"$ref\":")
            string("#/$defs/\(argument)", &out)
            out.append("},{\"type\":\"string\"}]")
        } else if argument.hasSuffix("or list") || argument.contains("list of bounds") {
            out.append("\"type\":[\"string\",\"number\",\"array\"]")
        } else if let words = choices(argument) {
            out.append("\"enum\":")
            strings(words, &out)
        } else {
            out.append("\"type\":[\"string\",\"number\",\"boolean\"]")
        }
    }

    /// The words of an argument that is a closed list of words; nil for any other notation.
    private static func choices(_ argument: String) -> [String]? {
        let words = argument.split(separator: ", ").map(String.init)
        let open = ["text", "duration", "word", "file", "media type", "recipient", "days", "name", "nothing"]
        guard words.count > 1, !words.contains(where: { open.contains($0) || $0.contains(" ") }) else { return nil }
        // Bare numbers and booleans of YAML are text to the compiler, but not to an editor.
        guard !words.contains(where: { Int($0) != nil || ["yes", "no", "off"].contains($0) }) else { return nil }
        return words
    }

    private static func strings(_ list: [String], _ out: inout ByteScratch) {
        for (i, text) in list.enumerated() {
            out.append(i == 0 ? "[" : ",")
            string(text, &out)
        }
        out.append("]")
    }

    private static func string(_ text: String, _ out: inout ByteScratch) {
        out.appendJSONString(Array(text.utf8).span)
    }
}

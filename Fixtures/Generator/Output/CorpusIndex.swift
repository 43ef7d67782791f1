// SPDX-License-Identifier: Apache-2.0

/// The machine-readable descriptions: `about.json` beside each corpus and `index.json` over all of them.
package enum CorpusIndex {
    /// What a verifier must be told to accept the corpus, and where its files are, relative to the corpus folder.
    package static func about(_ shape: Shape) -> [UInt8] {
        object(shape, prefix: "", parent: "../../") + [UInt8(ascii: "\n")]
    }

    /// All corpora; paths are relative to the `Fixtures` folder.
    package static func index() -> [UInt8] {
        let seed = TokenComposer.committedSeed
        var text = Array("{\"version\":1,\"seed\":\"\(seed)\",\"now\":\(TokenComposer.now),\n".utf8)
        text += Array("\"errors\":[\(Defect.codes.map { "\"\($0)\"" }.joined(separator: ","))],\n".utf8)
        text += Array("\"corpora\":[\n".utf8)
        for (position, shape) in Shape.all.enumerated() {
            if position > 0 { text += Array(",\n".utf8) }
            text += object(shape, prefix: "corpora/\(shape.name)/", parent: "")
        }
        return text + Array("\n]}\n".utf8)
    }

    private static func object(_ shape: Shape, prefix: String, parent: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.root { root in
            root.string("corpus", shape.name)
            root.string("issuer", shape.issuer.url)
            root.strings("audiences", shape.audiences)
            root.strings("types", shape.types)
            root.strings("required", shape.required)
            if let longest = shape.lifetimeSecondsMax { root.integer("max_lifetime_seconds", longest) }
            root.integer("leeway_seconds", 30)
            root.integer("now", TokenComposer.now)
            root.string("policy", "\(parent)policies/\(shape.policy)")
            root.string("invalid", "\(prefix)invalid.jsonl")
            root.object("algorithms") { algorithms in
                for algorithm in FixtureAlgorithm.allCases {
                    algorithms.object(algorithm.rawValue) { entry in
                        entry.string("tokens", "\(prefix)\(algorithm.rawValue).jwt")
                        entry.integer("count", shape.committedCount)
                        entry.string("keys", "\(parent)keys/\(shape.issuer.name)/\(algorithm.rawValue).jwks")
                    }
                }
            }
        }
        return writer.bytes
    }
}

extension PersonalValue {
    /// One line of the markers file: the personal values of the token on the same line of the token file.
    package static func line(_ values: [PersonalValue], number: Int) -> [UInt8] {
        var text = Array("{\"line\":\(number),\"personal\":[".utf8)
        for (position, value) in values.enumerated() {
            var writer = JSONWriter()
            writer.root { root in
                root.string("path", value.path)
                root.string("value", value.value)
                if let marker = value.marker { root.string("marker", marker) }
            }
            text += (position > 0 ? [UInt8(ascii: ",")] : []) + writer.bytes
        }
        return text + Array("]}".utf8)
    }
}

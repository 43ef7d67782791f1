// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Testing

@Suite("The fixtures' JSON writer")
struct JSONWriterTests {
    private func text(_ writer: JSONWriter) -> String { String(decoding: writer.bytes, as: UTF8.self) }

    @Test("order, nesting and paths")
    func order() {
        var writer = JSONWriter()
        writer.root { root in
            root.string("b", "x")
            root.object("a.c") { $0.personal("n", "v", marker: "v") }
            root.strings("l", ["1", "2"])
            root.integer("i", -5)
            root.boolean("t", true)
        }
        #expect(text(writer) == #"{"b":"x","a.c":{"n":"v"},"l":["1","2"],"i":-5,"t":true}"#)
        #expect(writer.personalValues.map(\.path) == [#""a.c".n"#])
        #expect(writer.personalValues.first?.marker == "v")
    }

    @Test("escapes: quotes and controls always, other characters on request, as surrogate pairs over U+FFFF")
    func escapes() {
        var writer = JSONWriter()
        writer.escapesNonASCII = true
        writer.root { $0.string("n", "é\u{20BB7}\"\\\n") }
        #expect(text(writer) == #"{"n":"\u00e9\ud842\udfb7\"\\\u000a"}"#)
        writer.removeAll()
        writer.root { $0.string("n", "é") }
        #expect(text(writer) == #"{"n":"é"}"#)
    }

    @Test("changes reach top-level members only")
    func changes() {
        var writer = JSONWriter()
        writer.changes = [
            (name: "a", change: .omitted), (name: "b", change: .set("1")), (name: "z", change: .set("2")),
            (name: "y", change: .setIfPresent("3")), (name: "c", change: .repeated(name: "c", value: "4")),
        ]
        writer.root { root in
            root.string("a", "")
            root.string("b", "")
            root.string("c", "")
            root.object("d") { $0.string("a", "") }
        }
        #expect(text(writer) == #"{"b":1,"c":"","c":4,"d":{"a":""},"z":2}"#)
    }
}

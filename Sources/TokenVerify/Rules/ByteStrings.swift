// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// A short list of accepted texts, in one buffer: compared with what a token says without a string in between.
struct ByteStrings: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(_ texts: [String]) {
        for text in texts {
            bytes += text.utf8
            ends.append(bytes.count)
        }
    }

    var isEmpty: Bool { ends.isEmpty }

    /// Whether the text at `place` of a document is one of the texts, byte for byte. The text has no escapes.
    @inline(__always)
    func contains(_ json: Span<UInt8>, _ place: ArenaRange) -> Bool {
        let content = json.extracting(Int(place.start)..<(Int(place.start) &+ Int(place.count)))
        let all = bytes.span
        let ends = ends.span
        var start = 0
        for i in ends.indices {
            if content.equals(all.extracting(start..<ends[i])) { return true }
            start = ends[i]
        }
        return false
    }

    /// Whether the node is a string that stands for one of the texts, byte for byte.
    func contains(_ view: JSONView, _ node: Int) -> Bool {
        let value = view[node]
        guard value.isString else { return false }
        let content = view.json.extracting(value.stringRange)
        let all = bytes.span
        let ends = ends.span
        var start = 0
        for i in ends.indices {
            let text = all.extracting(start..<ends[i])
            if value.isValueEscaped ? content.equalsUnescaped(text) : content.equals(text) { return true }
            start = ends[i]
        }
        return false
    }
}

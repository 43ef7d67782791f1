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

    /// Whether the node is a string that stands for one of the texts, byte for byte.
    func contains(_ view: JSONView, _ node: Int) -> Bool {
        let value = view[node]
        guard value.isString else { return false }
        let content = view.stringContent(node)
        let all = bytes.span
        var start = 0
        for end in ends {
            let text = all.extracting(start..<end)
            if value.isValueEscaped ? content.equalsUnescaped(text) : content.equals(text) { return true }
            start = end
        }
        return false
    }
}

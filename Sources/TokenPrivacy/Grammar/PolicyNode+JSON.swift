// SPDX-License-Identifier: Apache-2.0
import TokenScan

extension PolicyNode {
    /// The largest policy file, in bytes.
    public static let byteCountMax = 1 << 20

    /// Reads a JSON policy. Numbers, `true`, `false` and `null` become their text; lines count newline bytes.
    ///
    /// - Throws: ``PolicyError`` of code `syntax` with the line of the first bad byte: no RFC 8259 object, over 1 MiB,
    ///   over 16 levels, or over 4 096 members of one object; of code `duplicate-word` for a name that stands twice.
    /// - Complexity: linear in the bytes; allocates the tree.
    public static func parse(json: Span<UInt8>) throws(PolicyError) -> PolicyNode {
        guard json.count <= byteCountMax else {
            throw PolicyError(.syntax, line: 1, "a policy has at most 1 MiB")
        }
        var index = JSONIndex()
        do {
            try index.build(json, limits: ScanLimits(tokenByteCountMax: byteCountMax, memberCountMax: 4096))
        } catch {
            let line = line(of: error.offset, in: json)
            if case .duplicateMember = error {
                throw PolicyError(.duplicateWord, line: line, "a name stands twice in one mapping")
            }
            throw PolicyError(.syntax, line: line, "not a JSON object of the allowed size and depth")
        }
        var reader = JSONTreeReader()
        return reader.read(0, index.view(json))
    }

    private static func line(of offset: Int, in json: Span<UInt8>) -> Int {
        var line = 1
        for i in 0..<min(max(offset, 0), json.count) where json[i] == UInt8(ascii: "\n") { line += 1 }
        return line
    }
}

/// Builds the tree from an index; recursion is bounded by the index's depth limit.
private struct JSONTreeReader {
    private var position = 0
    private var line = 1

    /// The line at `offset`; offsets are asked for in ascending order, so the file is walked once.
    private mutating func line(at offset: Int, _ view: borrowing JSONView) -> Int {
        while position < offset {
            if view.json[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        return line
    }

    mutating func read(_ node: Int, _ view: borrowing JSONView) -> PolicyNode {
        let kind = view[node].valueKind
        let start = line(at: view[node].valueRange.lowerBound, view)
        switch kind {
        case .object:
            var entries: [PolicyNode.Entry] = []
            var child = node + 1
            while child < view[node].subtreeEnd {
                let nameLine = line(at: view[child].nameRange.lowerBound, view)
                var name = ByteScratch()
                view.appendName(child, to: &name)
                let value = read(child, view)
                entries.append(PolicyNode.Entry(name: Self.string(name.span), line: nameLine, value: value))
                child = view[child].subtreeEnd
            }
            return .mapping(entries, line: start)
        case .array:
            var values: [PolicyNode] = []
            var child = node + 1
            while child < view[node].subtreeEnd {
                values.append(read(child, view))
                child = view[child].subtreeEnd
            }
            return .sequence(values, line: start)
        case .string:
            var text = ByteScratch()
            view.appendText(node, to: &text)
            return .scalar(Self.string(text.span), line: start)
        case .integer, .number, .true, .false, .null:
            return .scalar(Self.string(view.value(node)), line: start)
        }
    }

    private static func string(_ utf8: Span<UInt8>) -> String {
        String(decoding: [UInt8](utf8), as: UTF8.self)
    }
}

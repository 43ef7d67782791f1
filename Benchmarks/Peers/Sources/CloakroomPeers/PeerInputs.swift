// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the benchmark wrote for its peers: lists of byte strings by name.
struct PeerInputs: Sendable {
    private var lists: [String: [[UInt8]]] = [:]
    private(set) var names: [String] = []

    /// Reads lines of a name, a blank and base64; nil when the file cannot be read.
    init?(path: String) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 1)
            guard fields.count == 2, let bytes = Data(base64Encoded: String(fields[1])) else { return nil }
            let name = String(fields[0])
            if lists[name] == nil { names.append(name) }
            lists[name, default: []].append([UInt8](bytes))
        }
    }

    /// The items of a list; empty when there is none.
    func list(_ name: String) -> [[UInt8]] { lists[name] ?? [] }

    /// The first item of a list.
    func first(_ name: String) -> [UInt8] { list(name).first ?? [] }

    /// Names that begin with `prefix`, without it.
    func names(_ prefix: String) -> [String] {
        names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}

/// Items behind each other with a table of offsets, as C peers take them.
final class FlatItems: Sendable {
    let bytes: [UInt8]
    let offsets: [UInt32]

    init(_ items: [[UInt8]]) {
        bytes = items.flatMap { $0 }
        var offsets: [UInt32] = [0]
        for item in items { offsets.append(offsets[offsets.count - 1] + UInt32(item.count)) }
        self.offsets = offsets
    }

    var count: Int { offsets.count - 1 }
}

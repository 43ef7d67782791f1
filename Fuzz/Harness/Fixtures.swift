// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// The project's fixture tokens and keys, as seeds.
enum Fixtures {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    /// The bytes of every file below one of the folders.
    static func files(_ folder: String, ending: String = "") throws -> [[UInt8]] {
        let base = root.appendingPathComponent(folder).path
        return try FileManager.default.subpathsOfDirectory(atPath: base).sorted().filter { $0.hasSuffix(ending) }
            .compactMap { FileManager.default.contents(atPath: base + "/" + $0).map { [UInt8]($0) } }
    }

    /// A few tokens of each corpus and algorithm.
    static func tokens() throws -> [[UInt8]] {
        try files("corpora", ending: ".jwt").flatMap { $0.split(separator: 0x0A).prefix(2).map(Array.init) }
    }

    /// The claims sets of these tokens.
    static func claims() throws -> [[UInt8]] {
        try tokens().compactMap { token in
            let parts = token.split(separator: 0x2E)
            return parts.count == 3 ? NaiveBase64URL.decode(parts[1]) : nil
        }
    }
}

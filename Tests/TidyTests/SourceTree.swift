// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The project's own files, found from this one.
struct SourceFile: CustomStringConvertible {
    /// The path below the package root.
    let path: String
    let lines: [Substring]

    var description: String { path }
    var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }

    static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file below `folders` with one of the endings, generated ones left out.
    static func all(in folders: [String], endings: [String]) -> [SourceFile] {
        folders.flatMap { folder -> [SourceFile] in
            let root = packageRoot.appendingPathComponent(folder)
            guard let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
                return []
            }
            return walk.compactMap { entry -> SourceFile? in
                guard let url = entry as? URL, endings.contains(url.pathExtension),
                    !url.path.contains("/.build"), !url.lastPathComponent.contains("+Generated"),
                    let text = try? String(contentsOf: url, encoding: .utf8)
                else { return nil }
                let path = url.path.replacingOccurrences(of: packageRoot.path + "/", with: "")
                return SourceFile(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
        }
        .sorted { $0.path < $1.path }
    }

    static let swift = all(in: ["Sources", "Tests", "Benchmarks", "Fixtures", "Fuzz"], endings: ["swift"])
    static let sources = all(in: ["Sources"], endings: ["swift"])
    static let c = all(in: ["Sources", "Benchmarks"], endings: ["c", "h"])
}

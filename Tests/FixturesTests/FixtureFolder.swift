// SPDX-License-Identifier: Apache-2.0
import CloakroomFixtures
import Foundation
import Testing

/// The committed fixtures, found from this file.
enum FixtureFolder {
    static let root: String = {
        let url = URL(fileURLWithPath: #filePath)
        return url.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures").path
    }()

    static let files = FixtureFiles(root: root)

    /// The lines of a committed file, without their ends.
    static func lines(_ path: String) throws -> [ArraySlice<UInt8>] {
        try files.read(path).split(separator: UInt8(ascii: "\n"))
    }

    /// Every regular file below the folder: path and size.
    static func allFiles() -> [(path: String, byteCount: Int)] {
        guard let walk = FileManager.default.enumerator(atPath: root) else { return [] }
        return walk.compactMap { element in
            guard let path = element as? String,
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(path)"),
                attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int
            else { return nil }
            return (path, size)
        }
    }
}

extension Shape: CustomTestStringConvertible {
    public var testDescription: String { name }
}

/// One shape and algorithm, named in test output.
struct Corpus: CustomTestStringConvertible, Sendable {
    let shape: Shape
    let algorithm: FixtureAlgorithm

    var testDescription: String { "\(shape.name) \(algorithm.rawValue)" }
    var tokensPath: String { "corpora/\(shape.name)/\(algorithm.rawValue).jwt" }

    static let all = Shape.all.flatMap { shape in
        FixtureAlgorithm.allCases.map { Corpus(shape: shape, algorithm: $0) }
    }
}

/// One line of an `invalid.jsonl`.
struct InvalidLine: Decodable {
    let alg: String
    let error: String
    let how: String
    let now: Int64
    let token: String

    static func all(of shape: Shape) throws -> [InvalidLine] {
        try FixtureFolder.lines("corpora/\(shape.name)/invalid.jsonl").map { line in
            try JSONDecoder().decode(InvalidLine.self, from: Data(line))
        }
    }
}

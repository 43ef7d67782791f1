// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Third-party test vectors, read in place and never copied into the package.
///
/// The folder is `CLOAKROOM_VECTORS` when that is set, else `../shared/vectors` beside the package. Suites that need
/// it are skipped by name where it is absent: `.enabled(if: VectorFiles.isPresent)`.
package enum VectorFiles {
    /// The folder that holds `wycheproof`, `jsontestsuite` and so on.
    package static let root: String = {
        if let path = ProcessInfo.processInfo.environment["CLOAKROOM_VECTORS"], !path.isEmpty { return path }
        let packageRoot = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return packageRoot.deletingLastPathComponent().appendingPathComponent("shared/vectors").path
    }()

    /// Whether the folder is there.
    package static var isPresent: Bool { FileManager.default.fileExists(atPath: root + "/README.md") }

    /// The bytes of a file, named relative to the folder.
    package static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: root + "/" + name)))
    }

    /// The names in one of the folder's folders, sorted.
    package static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted()
    }

    /// A JSON file as a tree.
    package static func json(_ name: String) throws -> VectorValue {
        let data = try Data(contentsOf: URL(fileURLWithPath: root + "/" + name))
        return VectorValue(try JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed]))
    }
}

/// A value of a vector file. Test data only: absent members read as empty.
package struct VectorValue {
    /// What JSONSerialization made.
    package let value: Any

    package init(_ value: Any) { self.value = value }

    package subscript(_ name: String) -> VectorValue {
        VectorValue((value as? [String: Any])?[name] ?? NSNull())
    }

    package var isNull: Bool { value is NSNull }
    package var array: [VectorValue] { (value as? [Any] ?? []).map { VectorValue($0) } }
    package var members: [String: VectorValue] { (value as? [String: Any] ?? [:]).mapValues { VectorValue($0) } }
    package var string: String { value as? String ?? "" }
    package var int: Int { (value as? NSNumber)?.intValue ?? 0 }
    package var bool: Bool { (value as? NSNumber)?.boolValue ?? false }
    package var strings: [String] { array.map(\.string) }
    /// The bytes of a hexadecimal string.
    package var hexBytes: [UInt8] { TestSupport.bytes(hex: string) ?? [] }

    /// The value as JSON text again, for parsers under test. Members are sorted.
    package func jsonBytes() throws -> [UInt8] {
        [UInt8](try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys]))
    }
}

/// One test of a Wycheproof file together with its group.
package struct WycheproofCase {
    package let group: VectorValue
    package let test: VectorValue
    package var id: Int { test["tcId"].int }
    /// `valid`, `invalid` or `acceptable`.
    package var result: String { test["result"].string }
    package var flags: [String] { test["flags"].strings }

    /// All tests of a file in `wycheproof/`.
    package static func load(_ file: String) throws -> [WycheproofCase] {
        try VectorFiles.json("wycheproof/" + file)["testGroups"].array.flatMap { group in
            group["tests"].array.map { WycheproofCase(group: group, test: $0) }
        }
    }
}

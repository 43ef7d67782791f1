// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Reads and writes whole files under the `Fixtures` folder.
package struct FixtureFiles: Sendable {
    /// The folder, without a slash at the end.
    package let root: String

    /// Files under `root`.
    package init(root: String) { self.root = root }

    /// The file's bytes.
    package func read(_ path: String) throws(FixtureError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else {
            throw .unreadable(path: path)
        }
        return [UInt8](data)
    }

    /// Whether there is a file.
    package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

    /// Writes a file and the folders above it; private key files get mode 0600.
    package func write(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws(FixtureError) {
        let full = "\(root)/\(path)"
        let folder = String(full[..<(full.lastIndex(of: "/") ?? full.endIndex)])
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: full))
            if isPrivate {
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: full)
            }
        } catch {
            throw .unwritable(path: path)
        }
    }
}

/// Writes lines to a file or to standard output in blocks, so that memory stays bounded.
package struct LineWriter {
    private let handle: FileHandle
    private let path: String
    private var buffer: [UInt8] = []

    /// Opens `path`, replacing what is there; `-` is standard output.
    package init(path: String) throws(FixtureError) {
        self.path = path
        if path == "-" {
            handle = .standardOutput
            return
        }
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let opened = FileHandle(forWritingAtPath: path)
        else { throw .unwritable(path: path) }
        handle = opened
    }

    /// Appends one line.
    package mutating func write(_ line: [UInt8]) throws(FixtureError) {
        buffer += line
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > 1 << 18 { try flush() }
    }

    /// Hands everything over to the system.
    package mutating func flush() throws(FixtureError) {
        do {
            try handle.write(contentsOf: Data(buffer))
        } catch {
            throw .unwritable(path: path)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

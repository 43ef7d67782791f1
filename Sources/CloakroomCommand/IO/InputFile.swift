// SPDX-License-Identifier: Apache-2.0
import TokenScan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files that commands read, with one message for each way in which opening fails.
enum InputFile {
    /// Opens `path` for reading lines; standard input for nil and `-`.
    static func open(_ path: String?) throws(CommandFailure) -> Int32 {
        guard let path, path != "-" else { return System.standardInput }
        return try openNamed(path).descriptor
    }

    /// Reads a whole small file into `bytes`. Returns its permission bits; nil for standard input.
    ///
    /// - Throws: exit status 66 when it cannot be opened, 65 when it is larger than `byteCountMax`, 74 when reading
    ///   fails.
    static func readAll(
        _ path: String, byteCountMax: Int, into bytes: inout ByteScratch
    ) throws(CommandFailure) -> UInt32? {
        let descriptor: Int32
        var mode: UInt32?
        if path == "-" {
            descriptor = System.standardInput
        } else {
            let (opened, facts) = try openNamed(path)
            descriptor = opened
            mode = facts.mode
        }
        defer { if mode != nil { _ = System.closeFile(descriptor) } }
        while true {
            guard let count = System.read(descriptor, atMost: 65_536, into: &bytes) else {
                throw CommandFailure(.inputOutput, "cannot read \(Display.file(path))", code: "input")
            }
            if count == 0 { return mode }
            guard bytes.count <= byteCountMax else {
                throw CommandFailure(
                    .data, "\(Display.file(path)) is larger than \(byteCountMax) bytes", code: "too-large")
            }
        }
    }

    private static func openNamed(
        _ path: String
    ) throws(CommandFailure) -> (descriptor: Int32, facts: System.FileFacts) {
        let name = Display.file(path)
        guard !path.utf8.contains(0) else {
            throw CommandFailure(.noInput, "no such file: \(name)", code: "no-such-file")
        }
        guard let descriptor = System.openForReading(path) else {
            switch errno {
            case ENOENT, ENOTDIR, ENAMETOOLONG:
                throw CommandFailure(.noInput, "no such file: \(name)", code: "no-such-file")
            case EACCES, EPERM:
                throw CommandFailure(.noInput, "not allowed to read \(name)", code: "unreadable")
            default:
                throw CommandFailure(.noInput, "cannot open \(name)", code: "unreadable")
            }
        }
        guard let facts = System.facts(descriptor), !facts.isDirectory else {
            _ = System.closeFile(descriptor)
            throw CommandFailure(.noInput, "\(name) is a directory, not a file", code: "directory")
        }
        return (descriptor, facts)
    }
}

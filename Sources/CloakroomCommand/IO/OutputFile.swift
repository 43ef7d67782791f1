// SPDX-License-Identifier: Apache-2.0
import TokenScan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where commands write: standard output and error in blocks, and new files that replace nothing.
enum OutputFile {
    /// Writes to standard output.
    ///
    /// - Throws: exit status 74; silently when the reader closed the pipe.
    static func write(_ bytes: borrowing ByteScratch) throws(CommandFailure) {
        try write(bytes.span)
    }

    /// Writes to standard output.
    static func write(_ bytes: Span<UInt8>) throws(CommandFailure) {
        switch System.write(bytes, to: System.standardOutput) {
        case 0: return
        case EPIPE: throw .brokenPipe
        case ENOSPC: throw CommandFailure(.inputOutput, "no space left for the output", code: "output")
        default: throw CommandFailure(.inputOutput, "cannot write the output", code: "output")
        }
    }

    /// Writes text to standard output.
    static func write(_ text: String) throws(CommandFailure) {
        let bytes = Array(text.utf8)
        try write(bytes.span)
    }

    /// Writes to standard error. A failure there is not reported: there is no place left to report it.
    static func note(_ bytes: borrowing ByteScratch) {
        note(bytes.span)
    }

    /// Writes to standard error.
    static func note(_ bytes: Span<UInt8>) {
        _ = System.write(bytes, to: System.standardError)
    }

    /// Writes one line `cloakroom: <what> (<code>)` to standard error.
    static func note(_ what: String, code: String) {
        let bytes = Array("cloakroom: \(what) (\(code))\n".utf8)
        note(bytes.span)
    }

    /// Writes a new file that must not exist yet; removes it again when writing fails half way.
    ///
    /// - Throws: exit status 74 when it exists or cannot be written.
    static func create(_ path: String, isPrivate: Bool, _ bytes: Span<UInt8>) throws(CommandFailure) {
        let name = Display.file(path)
        guard let descriptor = System.create(path, isPrivate: isPrivate) else {
            if errno == EEXIST {
                throw CommandFailure(.inputOutput, "\(name) exists and is not overwritten", code: "exists")
            }
            throw CommandFailure(.inputOutput, "cannot create \(name)", code: "output")
        }
        let isWritten = System.write(bytes, to: descriptor) == 0 && System.synchronize(descriptor)
        guard System.closeFile(descriptor), isWritten else {
            System.remove(path)
            throw CommandFailure(.inputOutput, "cannot write \(name)", code: "output")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where scrubbed bytes go: standard output or the end of a file, plain or as gzip.
///
/// Only what a scrubber gave comes here, so that a failed write never leads to unmasked bytes elsewhere.
struct ScrubOutput: ~Copyable {
    /// What is written at once in blocks.
    static let blockByteCount = 65_536

    var bytes = ByteScratch()
    private let descriptor: Int32
    private let name: String
    private var gzip: GzipWriter?
    private var packed = ByteScratch()

    /// Opens the output.
    ///
    /// - Throws: exit status 74.
    init(path: String?, isGzip: Bool) throws(CommandFailure) {
        name = path.map(Display.file) ?? ""
        descriptor = path.map(Self.open) ?? System.standardOutput
        gzip = isGzip ? GzipWriter() : nil
        guard descriptor >= 0 else { throw CommandFailure(.inputOutput, "cannot open \(name)", code: "output") }
        if isGzip, gzip == nil { throw CommandFailure(.inputOutput, "cannot start gzip", code: "output") }
    }

    private static func open(_ path: String) -> Int32 {
        // SAFETY: the system call only reads the path.
        unsafe path.withCString { unsafe openFile($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640) }
    }

    /// Writes what is there. With gzip, `isLast` writes the end of the member.
    ///
    /// - Throws: exit status 74; silently when the reader closed the pipe.
    mutating func flush(isLast: Bool = false) throws(CommandFailure) {
        if gzip != nil {
            guard !bytes.isEmpty || isLast else { return }
            packed.removeAll()
            Self.pack(&gzip, bytes, isLast: isLast, into: &packed)
            bytes.removeAll()
            try write(packed.span)
        } else if !bytes.isEmpty {
            try write(bytes.span)
            bytes.removeAll()
        }
    }

    private static func pack(
        _ gzip: inout GzipWriter?, _ bytes: borrowing ByteScratch, isLast: Bool, into packed: inout ByteScratch
    ) {
        gzip?.deflate(bytes.span, isFlushed: true, isLast: isLast, into: &packed)
    }

    private func write(_ bytes: Span<UInt8>) throws(CommandFailure) {
        guard descriptor != System.standardOutput else { return try OutputFile.write(bytes) }
        switch System.write(bytes, to: descriptor) {
        case 0: return
        case ENOSPC: throw CommandFailure(.inputOutput, "no space left for \(name)", code: "output")
        default: throw CommandFailure(.inputOutput, "cannot write \(name)", code: "output")
        }
    }
}

// Inside `ScrubOutput` the name `open` is its own; this is the C library's.
@unsafe
private func openFile(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe open(path, flags, mode)
}

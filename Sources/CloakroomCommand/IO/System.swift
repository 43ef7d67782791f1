// SPDX-License-Identifier: Apache-2.0
import TokenScan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The one door to system calls: descriptors, bytes in, bytes out. All loops over interrupted calls live here.
enum System {
    static let standardInput: Int32 = 0
    static let standardOutput: Int32 = 1
    static let standardError: Int32 = 2

    /// What is known of an open file.
    struct FileFacts {
        let isDirectory: Bool
        /// Permission bits only.
        let mode: UInt32
    }

    /// Opens a file for reading. Nil when that fails; `errno` says why.
    static func openForReading(_ path: String) -> Int32? {
        // SAFETY: `open` only reads the path, which Swift passes as a string that ends in NUL for the call.
        let descriptor = unsafe path.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
        return descriptor < 0 ? nil : descriptor
    }

    /// Creates a file that must not exist yet, readable by its owner alone or by all.
    static func create(_ path: String, isPrivate: Bool) -> Int32? {
        let mode: mode_t = isPrivate ? 0o600 : 0o644
        // SAFETY: as above.
        let descriptor = unsafe path.withCString { unsafe open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
        return descriptor < 0 ? nil : descriptor
    }

    static func facts(_ descriptor: Int32) -> FileFacts? {
        var status = stat()
        // SAFETY: `fstat` writes one `stat`, which is a local of that type.
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        return FileFacts(
            isDirectory: status.st_mode & S_IFMT == S_IFDIR, mode: UInt32(status.st_mode & 0o7777))
    }

    /// What tells one content of a file from another.
    struct FileState: Equatable {
        let inode: UInt64
        let byteCount: Int64
        let changedSeconds: Int64
        let changedNanoseconds: UInt64
    }

    /// The state of a file at `path`; nil when there is none that can be looked at.
    static func state(of path: String) -> FileState? {
        guard let descriptor = openForReading(path) else { return nil }
        defer { _ = closeFile(descriptor) }
        var status = stat()
        // SAFETY: `fstat` writes one `stat`, which is a local of that type.
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let changed = status.st_mtimespec
        #else
            let changed = status.st_mtim
        #endif
        return FileState(
            inode: UInt64(truncatingIfNeeded: status.st_ino), byteCount: Int64(status.st_size),
            changedSeconds: Int64(changed.tv_sec), changedNanoseconds: UInt64(truncatingIfNeeded: changed.tv_nsec))
    }

    /// Appends what one read delivers, at most `byteCountMax`. Returns the count, 0 at the end, nil on an error.
    static func read(_ descriptor: Int32, atMost byteCountMax: Int, into buffer: inout ByteScratch) -> Int? {
        let before = buffer.count
        var got = 0
        // SAFETY: `read` writes at most `byteCountMax` bytes into memory of that size; what it did not write is
        // truncated below, before anything reads it.
        unsafe buffer.appendUninitialized(byteCountMax) { start in
            repeat {
                got = unsafe systemRead(descriptor, start, byteCountMax)
            } while got < 0 && mayRetry(descriptor, for: Int16(POLLIN))
        }
        buffer.truncate(to: before + max(got, 0))
        return got < 0 ? nil : got
    }

    /// Writes all bytes. Returns 0, or the `errno` of the failure.
    static func write(_ bytes: Span<UInt8>, to descriptor: Int32) -> Int32 {
        var written = 0
        // SAFETY: the pointer is valid for `count` bytes during the closure, and each call stays inside.
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            while written < buffer.count {
                let count = unsafe systemWrite(descriptor, start + written, buffer.count - written)
                if count >= 0 {
                    written += count
                } else if !mayRetry(descriptor, for: Int16(POLLOUT)) {
                    return errno
                }
            }
            return 0
        }
    }

    /// After a failed call: true when it was interrupted, or the descriptor is a non-blocking one that is ready now.
    private static func mayRetry(_ descriptor: Int32, for events: Int16) -> Bool {
        if errno == EINTR { return true }
        guard errno == EAGAIN || errno == EWOULDBLOCK else { return false }
        var wait = pollfd(fd: descriptor, events: events, revents: 0)
        // SAFETY: `poll` reads and writes exactly one `pollfd`.
        return unsafe poll(&wait, 1, -1) > 0 || errno == EINTR
    }

    /// The offset of the next line feed at or behind `start`; nil when there is none.
    static func lineFeed(in bytes: Span<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        // SAFETY: `memchr` reads `count - start` bytes from `start`, all inside the span.
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, 0x0A, buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// Writes to a closed pipe shall fail with an error instead of ending the process.
    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Seconds since 1970.
    static func now() -> Int64 {
        Int64(time(nil))
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
    static func closeFile(_ descriptor: Int32) -> Bool { close(descriptor) == 0 }
    static func synchronize(_ descriptor: Int32) -> Bool { fsync(descriptor) == 0 }

    /// Removes a file that this process has just created.
    static func remove(_ path: String) {
        // SAFETY: `unlink` only reads the path.
        _ = unsafe path.withCString { unsafe unlink($0) }
    }
}

// Inside `System` the names `read` and `write` are its own; these are the C library's.
@unsafe
private func systemRead(_ descriptor: Int32, _ start: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    unsafe read(descriptor, start, count)
}

@unsafe
private func systemWrite(_ descriptor: Int32, _ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
    unsafe write(descriptor, start, count)
}

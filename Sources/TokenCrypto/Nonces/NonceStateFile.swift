// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The file behind a ``NonceLease``: one line, `cloakroom-nonce-state 1 <key> <reserved>`, where the key is 16 bytes in
/// hexadecimal and the count has 20 digits. Locked for each change, and on disk before a change is told.
struct NonceStateFile: Sendable {
    private let path: String
    private let head: [UInt8]
    private static let digitCount = 20

    /// Opens or makes the file and checks that it is this key's.
    init(path: String, name: [UInt8]) throws(EncryptionError) {
        self.path = path
        var text = ByteScratch()
        text.append("cloakroom-nonce-state 1 ")
        for byte in name {
            text.append(Self.hexDigit(byte >> 4))
            text.append(Self.hexDigit(byte & 15))
        }
        text.append(UInt8(ascii: " "))
        head = [UInt8](text.span)
        _ = try withFile { descriptor throws(EncryptionError) in try read(descriptor) }
    }

    /// Takes the next `count` numbers for the caller and returns the first. On disk when it returns.
    func reserve(_ count: UInt64, max: UInt64) throws(EncryptionError) -> UInt64 {
        try withFile { descriptor throws(EncryptionError) in
            let start = try read(descriptor)
            guard start <= max, count <= max - start else { throw .nonceBudget }
            try write(descriptor, start + count)
            return start
        }
    }

    /// Lowers the count from `end` to `next` when it still is `end`. Failures change nothing that matters: the numbers
    /// then stay unused.
    func giveBack(from end: UInt64, to next: UInt64) {
        _ = try? withFile { descriptor throws(EncryptionError) in
            if try read(descriptor) == end { try write(descriptor, next) }
        }
    }

    private func withFile<Result>(
        _ body: (Int32) throws(EncryptionError) -> Result
    ) throws(EncryptionError) -> Result {
        // SAFETY: the path is a C string for the duration of the call.
        let descriptor = unsafe path.withCString { unsafe open($0, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard descriptor >= 0 else { throw .nonceState }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .nonceState }
        }
        return try body(descriptor)
    }

    /// The count in the file; 0 for a new, empty one.
    private func read(_ descriptor: Int32) throws(EncryptionError) -> UInt64 {
        var bytes = [UInt8](repeating: 0, count: head.count + Self.digitCount + 2)
        // SAFETY: at most the buffer's own count is written.
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        if count == 0 { return 0 }
        guard count == head.count + Self.digitCount + 1, bytes.starts(with: head),
            bytes[head.count + Self.digitCount] == 0x0A
        else { throw .nonceState }
        var value: UInt64 = 0
        for digit in bytes[head.count..<(head.count + Self.digitCount)] {
            guard (0x30...0x39).contains(digit), value <= NonceLease.countMax else { throw .nonceState }
            value = value * 10 + UInt64(digit - 0x30)
        }
        return value
    }

    private func write(_ descriptor: Int32, _ value: UInt64) throws(EncryptionError) {
        var digits = [UInt8](repeating: 0x30, count: Self.digitCount)
        var rest = value
        for i in digits.indices.reversed() {
            digits[i] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        let text = head + digits + [0x0A]
        // SAFETY: exactly the array's bytes are read during the call.
        let written = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == text.count, fsync(descriptor) == 0, synchronizeFolder() else { throw .nonceState }
    }

    /// A new file's name is on disk only when its folder is.
    private func synchronizeFolder() -> Bool {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        // SAFETY: the path is a C string for the duration of the call.
        let descriptor = unsafe folder.withCString { unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Some file systems cannot synchronize a folder; their files are safe without.
        return fsync(descriptor) == 0 || errno == EINVAL
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x61 + (nibble - 10) }
}

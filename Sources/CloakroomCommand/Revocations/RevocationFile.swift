// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TokenScan
import TokenVerify

/// A file of revocations, one JSON object a line, as a store: read whole, and read again when it has changed.
///
/// A line that is no entry makes the whole file unusable, since a revocation that is not understood would be one that
/// is not in force. Empty lines are skipped. Replace the file by renaming another over it.
final class RevocationFile: RevocationStore {
    /// The largest file in bytes.
    static let byteCountMax = 256 << 20
    /// A file that changed so recently may change again without its facts showing it.
    private static let settlingSeconds: Int64 = 2

    private let path: String
    /// What was read at the start, for the first question.
    private let first: Mutex<RevocationChanges?>

    /// Reads the file.
    /// - Throws: exit status 66 when it cannot be opened, 65 with the line when it holds what is no entry, 74.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        first = Mutex(nil)
        let changes = try load()
        first.withLock { $0 = changes }
    }

    func changes(after cursor: RevocationCursor?, now: Int64) throws(RevocationError) -> RevocationChanges {
        if let changes = first.withLock({ $0.take() }) { return changes }
        guard let state = System.state(of: path) else { throw .unavailable }
        if let cursor, cursor == RevocationCursor(state), state.changedSeconds + Self.settlingSeconds < System.now() {
            return RevocationChanges(entries: [], cursor: cursor)
        }
        do {
            return try load()
        } catch {
            throw error.status == .data ? .malformed : .unavailable
        }
    }

    private func load() throws(CommandFailure) -> RevocationChanges {
        // Before the content, so that a change meanwhile is seen next time.
        let state = System.state(of: path)
        var bytes = ByteScratch()
        _ = try InputFile.readAll(path, byteCountMax: Self.byteCountMax, into: &bytes)
        var entries: [RevocationEntry] = []
        var start = 0
        var line = 0
        while start < bytes.count {
            line += 1
            let end = System.lineFeed(in: bytes.span, from: start) ?? bytes.count
            if end > start { entries.append(try entry(bytes.span.extracting(start..<end), line: line)) }
            start = end + 1
        }
        return RevocationChanges(
            entries: entries, cursor: state.map { RevocationCursor($0) } ?? RevocationCursor(bytes: []),
            isWholeList: true)
    }

    private func entry(_ json: Span<UInt8>, line: Int) throws(CommandFailure) -> RevocationEntry {
        do {
            return try RevocationEntry(json: json)
        } catch {
            throw CommandFailure(
                .data, "\(Display.file(path)) line \(line) is no revocation", code: "revocations")
        }
    }
}

extension RevocationCursor {
    fileprivate init(_ state: System.FileState) {
        var bytes: [UInt8] = []
        for word in [
            state.inode, UInt64(bitPattern: state.byteCount), UInt64(bitPattern: state.changedSeconds),
            state.changedNanoseconds,
        ] {
            for shift: UInt64 in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        self.init(bytes: bytes)
    }
}

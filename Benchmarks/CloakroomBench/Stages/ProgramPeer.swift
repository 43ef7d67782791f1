// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A program that filters a file of log lines, as a peer of the scrubber: `rg`, `sed`, `perl`.
///
/// It runs over many copies of the corpus, so that its start does not count, from the page cache to `/dev/null`.
final class ProgramPeer: Contender {
    private static let byteCountMin = 16 << 20

    let name: String
    private let arguments: [String]
    private let file: URL
    private let copyCount: Int

    /// Nil when the program is not installed.
    init?(_ name: String, _ arguments: [String], _ corpus: LogCorpus) {
        guard let program = Self.find(arguments[0]) else { return nil }
        self.name = name
        self.arguments = [program] + arguments.dropFirst()
        copyCount = max(1, Self.byteCountMin / corpus.text.count)
        file = FileManager.default.temporaryDirectory.appendingPathComponent("cloakroom-bench-\(UUID().uuidString).log")
        var data = Data(capacity: copyCount * corpus.text.count)
        for _ in 0..<copyCount { data.append(contentsOf: corpus.text) }
        guard (try? data.write(to: file)) != nil else { return nil }
    }

    deinit { try? FileManager.default.removeItem(at: file) }

    private static func find(_ program: String) -> String? {
        for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
            let path = "\(folder)/\(program)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return nil
    }

    func sample(nanoseconds: UInt64) -> [Double]? {
        var samples: [Double] = []
        let begin = Clock.now()
        repeat {
            let before = Clock.now()
            guard runOnce() else { return nil }
            samples.append(Double(Clock.now() &- before) / Double(copyCount))
        } while Clock.now() &- begin < nanoseconds
        return samples
    }

    func isRight() -> Bool { runOnce() }

    func run(_ iterations: Int) {
        for _ in 0..<iterations { _ = runOnce() }
    }

    func countAllocations() -> AllocationFigures? { nil }

    private func runOnce() -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: arguments[0])
        process.arguments = Array(arguments.dropFirst()) + [file.path]
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/null")
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        // rg answers 1 when nothing matched.
        return process.terminationStatus <= 1
    }
}

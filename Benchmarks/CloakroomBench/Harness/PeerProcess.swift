// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The peers' executable as a child process: it waits until it is told to time one contender for one slice, so its
/// rounds interleave with the engine's although it is built apart, from packages that nobody else pays for.
///
/// The protocol is lines of text. `list` gives one line a contender: number, stage/corpus, peer, version, separated by
/// tabs, then `end`. `check N` gives `right` or `wrong`. `sample N NANOSECONDS` gives samples in nanoseconds an
/// operation, separated by blanks.
final class PeerProcess {
    private let process = Process()
    private let toChild = Pipe()
    private let fromChild = Pipe()
    private var unread: [UInt8] = []
    private var table: [(number: Int, key: String, peer: String)] = []
    /// The peers' versions.
    private(set) var versions: [String: String] = [:]

    /// Starts `path` with the inputs that this run uses.
    init(path: String, inputs: String) throws(BenchFailure) {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["--inputs", inputs, "--serve"]
        process.standardInput = toChild
        process.standardOutput = fromChild
        do {
            try process.run()
        } catch {
            throw .input("cannot start the peers at \(path)")
        }
        guard let lines = ask("list", until: "end") else { throw .input("the peers do not answer") }
        for line in lines {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 4, let number = Int(fields[0]) else { continue }
            table.append((number, fields[1], fields[2]))
            versions[fields[2]] = fields[3]
        }
    }

    /// The contenders for a trial.
    func contenders(for key: String) -> [any Contender] {
        table.filter { $0.key == key }.map { RemoteContender($0.peer, number: $0.number, process: self) }
    }

    /// Ends the child by closing its input.
    func stop() {
        try? toChild.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Sends a line and reads one line.
    fileprivate func ask(_ line: String) -> String? {
        guard send(line) else { return nil }
        return readLine()
    }

    private func ask(_ line: String, until end: String) -> [String]? {
        guard send(line) else { return nil }
        var lines: [String] = []
        while let line = readLine() {
            if line == end { return lines }
            lines.append(line)
        }
        return nil
    }

    private func send(_ line: String) -> Bool {
        do {
            try toChild.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
            return true
        } catch {
            return false
        }
    }

    private func readLine() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeSubrange(...end)
                return line
            }
            let data = fromChild.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            unread += data
        }
    }
}

/// A contender in the peers' process.
private final class RemoteContender: Contender {
    let name: String
    private let number: Int
    private let process: PeerProcess

    init(_ name: String, number: Int, process: PeerProcess) {
        self.name = name
        self.number = number
        self.process = process
    }

    func isRight() -> Bool { process.ask("check \(number)") == "right" }

    func sample(nanoseconds: UInt64) -> [Double]? {
        guard let line = process.ask("sample \(number) \(nanoseconds)") else { return nil }
        let samples = line.split(separator: " ").compactMap { Double($0) }
        return samples.isEmpty ? nil : samples
    }

    func countAllocations() -> AllocationFigures? { nil }

    /// Nothing: instructions of another process are not this one's.
    func run(_ iterations: Int) {}
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What a run of the program left behind.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
}

/// A folder of its own for one test, and the built program to run in it.
final class Workspace {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "cloakroom-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The program, which SwiftPM puts beside the test bundle.
    static var program: URL {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let path = own ?? CommandLine.arguments.first ?? ""
        return URL(filePath: path).deletingLastPathComponent().appending(path: "cloakroom")
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Writes a file into the folder, readable by its owner alone unless said otherwise. Returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        try Data(text.utf8).write(to: folder.appending(path: name))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
        return path(name)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }

    /// Runs the program in the folder. Input and output are files, so that no size can block it.
    func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        try await run(Self.program, arguments, input: input)
    }

    /// Runs a shell script that finds the program as `$0`.
    func shell(_ script: String) async throws -> Outcome {
        try await run(URL(filePath: "/bin/bash"), ["-c", script, Self.program.path], input: "")
    }

    private func run(_ program: URL, _ arguments: [String], input: String) async throws -> Outcome {
        let id = UUID().uuidString
        let files = ["in", "out", "err"].map { folder.appending(path: ".\($0)-\(id)") }
        try Data(input.utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        let texts = try files.dropFirst().map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        for file in files { try? FileManager.default.removeItem(at: file) }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    /// Makes a key pair `NAME.jwk` and `NAME.pub`, or a secret `NAME.jwk`.
    func makeKey(_ algorithm: String, name: String = "key") async throws {
        var arguments = ["key", "generate", "--alg", algorithm, "--kid", name, "--out", "\(name).jwk"]
        if !algorithm.hasPrefix("HS") { arguments += ["--public", "\(name).pub"] }
        let outcome = try await run(arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// Signs claims sets with `key.jwk`.
    func sign(_ claims: [String], key: String = "key.jwk", now: Int = 1_700_000_000) async throws -> [String] {
        let outcome = try await run(
            ["sign", "--key", key, "--now", "\(now)"], input: claims.map { $0 + "\n" }.joined())
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.lines
    }

    static let rules = ["--issuer", "https://issuer.example", "--audience", "api", "--now", "1700000010"]
    static let claims = #"{"iss":"https://issuer.example","aud":"api","sub":"u1"}"#
}

// SPDX-License-Identifier: Apache-2.0
import BenchmarkSupport
import COpenSSLPeer
import CTokenKernels
import Foundation

extension MachineDescription {
    /// The machine that this process runs on, from what the system tells.
    static func current() -> MachineDescription {
        let cpuInfo = text("/proc/cpuinfo")
        let known: Set<String> = [
            "sse4_2", "avx2", "bmi2", "sha_ni", "avx512f", "avx512bw", "avx512vl", "avx512_vbmi", "avx512_vbmi2",
            "avx512ifma", "vaes", "asimd", "sha2", "sve",
        ]
        let flags = field("flags", in: cpuInfo) ?? field("Features", in: cpuInfo) ?? ""
        let features = flags.split(separator: " ").map(String.init).filter { known.contains($0) }.sorted()
        let system = text("/etc/os-release").split(separator: "\n")
            .first { $0.hasPrefix("PRETTY_NAME=") }?.dropFirst(12).filter { $0 != "\"" }
        return MachineDescription(
            cpu: field("model name", in: cpuInfo) ?? "unknown", cores: ProcessInfo.processInfo.activeProcessorCount,
            features: features,
            system: system.map { String($0) } ?? ProcessInfo.processInfo.operatingSystemVersionString,
            swift: compiler, openssl: unsafe String(cString: cop_version()),
            load: Double(text("/proc/loadavg").split(separator: " ").first ?? "") ?? 0)
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "Swift 6.4 or later"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #else
            "Swift 6.2"
        #endif
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func field(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }
}

/// The kernels in use.
enum KernelNames {
    /// The kernel's name.
    static var kernel: String {
        // SAFETY: both calls return static strings.
        unsafe String(cString: ctk_kernel_name(ctk_kernel_in_use()))
    }
    /// The SHA-256 implementation's name.
    static var sha256: String {
        // SAFETY: a static string.
        unsafe String(cString: ctk_sha256_name())
    }
}

/// The commit that was built, when the sources stand in a git work tree and git is there.
enum Commit {
    static func current() -> String? {
        guard let hash = git(["rev-parse", "--short=12", "HEAD"]), !hash.isEmpty else { return nil }
        let changes = git(["status", "--porcelain", "--untracked-files=no"]) ?? ""
        return changes.isEmpty ? hash : hash + "+"
    }

    private static func git(_ arguments: [String]) -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

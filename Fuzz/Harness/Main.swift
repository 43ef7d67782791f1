// SPDX-License-Identifier: Apache-2.0
import Foundation

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The target of this process. libFuzzer calls back on the thread that started it.
nonisolated(unsafe) private var target: (any FuzzTarget)?

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// Writes each seed to a file of its own.
private func write(_ seeds: [[UInt8]], to folder: String) throws -> CInt {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (i, seed) in seeds.enumerated() {
        try Data(seed).write(to: URL(fileURLWithPath: folder + "/seed-\(i)"))
    }
    return 0
}

/// `Harness TARGET --seeds FOLDER`, `Harness TARGET [libFuzzer options and folders]`, or `Harness list`. The package
/// manager renames `main` of an executable to this when libFuzzer brings one of its own.
@_cdecl("Harness_main")
public func harnessMain(
    _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
    let name = CommandLine.arguments.dropFirst().first ?? "list"
    guard let type = fuzzTargets.first(where: { $0.name == name }) else {
        print(fuzzTargets.map { $0.name }.joined(separator: "\n"))
        return name == "list" ? 0 : 64
    }
    do {
        if CommandLine.arguments.count == 4, CommandLine.arguments[2] == "--seeds" {
            return try write(try type.seeds(), to: CommandLine.arguments[3])
        }
        unsafe target = try type.init()
    } catch {
        print("the target could not be set up: \(error)")
        return 70
    }
    // The name is an argument of ours: libFuzzer sees the program's name in its place.
    var count = argumentCount - 1
    var rest = unsafe arguments + 1
    unsafe rest.pointee = arguments.pointee
    return unsafe runDriver(&count, &rest, testOneInput)
}

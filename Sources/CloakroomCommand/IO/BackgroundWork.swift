// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Work that is repeated beside the lines, until the program ends.
enum BackgroundWork {
    /// Runs `body` on a thread of its own every so often, the first time after one interval. A failure is said once on
    /// standard error, and again only after a success in between; what it means is the business of `body`.
    static func start(
        _ name: String, everyMilliseconds interval: Int64, isQuiet: Bool,
        _ body: @escaping @Sendable () throws(CommandFailure) -> Void
    ) {
        let thread = Thread {
            var hasFailed = false
            while true {
                Thread.sleep(forTimeInterval: Double(interval) / 1_000)
                do throws(CommandFailure) {
                    try body()
                    if hasFailed, !isQuiet { OutputFile.note("\(name): read again", code: "recovered") }
                    hasFailed = false
                } catch {
                    if !hasFailed { OutputFile.note(error.what, code: error.code) }
                    hasFailed = true
                }
            }
        }
        thread.name = name
        thread.start()
    }
}

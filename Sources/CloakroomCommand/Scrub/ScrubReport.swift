// SPDX-License-Identifier: Apache-2.0
import TokenPersonalData
import TokenScan
import TokenScrub

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The counts of a run as one line of JSON.
enum ScrubReport {
    /// Writes the counts to a file in the place of what it held, or to standard error for `-`.
    ///
    /// - Throws: exit status 74.
    static func write(_ counts: ScrubStatistics, to path: String) throws(CommandFailure) {
        let bytes = Array(text(counts).utf8)
        guard path != "-" else { return OutputFile.note(bytes.span) }
        // SAFETY: `open` only reads the path.
        let descriptor = unsafe path.withCString {
            unsafe open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(0o644))
        }
        let isWritten = descriptor >= 0 && System.write(bytes.span, to: descriptor) == 0
        guard descriptor >= 0, System.closeFile(descriptor), isWritten else {
            throw CommandFailure(.inputOutput, "cannot write \(Display.file(path))", code: "output")
        }
    }

    private static func text(_ counts: ScrubStatistics) -> String {
        let personal = PersonalDataKind.allCases
            .map { "\"\($0.rawValue)\":\(counts.count(of: $0))" }.joined(separator: ",")
        return """
            {"bytes":{"in":\(counts.inputByteCount),"out":\(counts.outputByteCount)},\
            "jws":\(counts.jws),"jwe":\(counts.jwe),"cut":\(counts.cut),"oversized":\(counts.oversized),\
            "references":\(counts.references),"rules":\(counts.custom),"personal-data":{\(personal)}}

            """
    }
}

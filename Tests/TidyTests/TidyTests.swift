// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The house rules that a machine can check. A rule that makes code worse is broken here, by name, with the reason.
@Suite struct TidyTests {
    /// Files that may be longer than the limit, and why: none.
    static let longFiles: Set<String> = []

    @Test(arguments: SourceFile.swift + SourceFile.c)
    func fileIsShortAndSigned(_ file: SourceFile) {
        #expect(file.lines.count <= 400 || Self.longFiles.contains(file.path))
        #expect(
            file.lines.first?.contains("SPDX-License-Identifier: Apache-2.0") == true
                || file.lines.dropFirst().first?.contains("SPDX-License-Identifier: Apache-2.0") == true)
    }

    @Test(arguments: SourceFile.swift)
    func linesAreShort(_ file: SourceFile) {
        let long = file.lines.indices.filter {
            let line = file.lines[$0]
            return line.utf8.count > 120 && line.count > 120 && !line.contains("\"")
        }
        #expect(long.map { $0 + 1 } == [], "long lines in \(file.path)")
    }

    @Test("no trap is reachable by accident", arguments: SourceFile.sources)
    func noTraps(_ file: SourceFile) {
        let banned = ["try!", "fatalError(", " as! ", "TODO", "FIXME", "XXX"]
        for (i, line) in file.lines.enumerated() {
            let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
            for word in banned where code.contains(word) { Issue.record("\(file.path):\(i + 1) has \(word)") }
        }
    }

    @Test("unsafe code says why it is safe", arguments: SourceFile.sources)
    func unsafeHasReason(_ file: SourceFile) {
        let reasons = file.lines.indices.filter { file.lines[$0].contains("SAFETY:") }
        for (i, line) in file.lines.enumerated() where line.utf8.contains(UInt8(ascii: "u")) && line.contains("unsafe ")
        {
            let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
            guard code.contains(" unsafe ") || code.hasPrefix("unsafe ") else { continue }
            // One reason covers the type or function it stands in, and may stand below a stored property.
            if !reasons.contains(where: { (-60...15).contains($0 - i) }) {
                Issue.record("\(file.path):\(i + 1): unsafe without a SAFETY note near")
            }
        }
    }

    /// The module graph: who may import whom. A row imports only rows above it.
    static let arrows: [String: Set<String>] = [
        "TokenScan": ["CTokenKernels"],
        "TokenCrypto": ["CTokenKernels", "CTokenOpenSSL", "TokenScan"],
        "TokenVerify": ["TokenScan", "TokenCrypto", "CTokenXXHash"],
        "TokenStatusList": ["CTokenZlib", "TokenScan", "TokenVerify"],
        "KeysHTTPS": ["TokenScan", "TokenCrypto", "TokenVerify"],
        "TokenPersonalData": ["TokenScan", "TokenCrypto"],
        "TokenScrub": ["TokenScan", "TokenCrypto", "TokenPersonalData"],
        "TokenDisclosure": ["TokenScan", "TokenCrypto", "TokenVerify"],
        "TokenPrivacy": ["TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPersonalData"],
        "TokenAudit": [
            "TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenScrub", "TokenPrivacy",
        ],
        "VaultSQLite": ["CTokenSQLite", "TokenScan", "TokenPrivacy"],
        "CloakroomLogging": [
            "TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenScrub", "CoreMetrics", "Logging",
        ],
        "Cloakroom": [
            "TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPersonalData", "TokenPrivacy",
        ],
        "CloakroomCommand": [
            "Cloakroom", "TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPersonalData",
            "TokenScrub", "TokenPrivacy", "TokenAudit", "CTokenZlib", "VaultSQLite", "ArgumentParser", "Yams",
        ],
    ]
    static let systemModules: Set<String> = [
        "Glibc", "Musl", "Darwin", "Synchronization", "Foundation", "FoundationEssentials", "FoundationNetworking",
    ]

    @Test("imports follow the arrows", arguments: SourceFile.sources)
    func imports(_ file: SourceFile) {
        guard let allowed = Self.arrows[file.module] else {
            Issue.record("no row for module \(file.module)")
            return
        }
        for line in file.lines {
            let words = line.split(separator: " ")
            let access: Set<Substring> = ["internal", "package", "public", "@testable", "private", "fileprivate"]
            guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                words[..<at].allSatisfy({ access.contains($0) })
            else { continue }
            let module = String(words[at + 1])
            guard !Self.systemModules.contains(module) else { continue }
            #expect(allowed.contains(module), "\(file.path) imports \(module)")
        }
    }

    @Test("no path of a build machine, no leftover of one", arguments: SourceFile.swift + SourceFile.c)
    func noLocalPaths(_ file: SourceFile) {
        let roots = ["work", "tmp/wt", "opt/swift", "root"].map { "/" + $0 + "/" }
        for (i, line) in file.lines.enumerated() {
            for root in roots where line.contains(root) { Issue.record("\(file.path):\(i + 1) holds a local path") }
        }
    }
}

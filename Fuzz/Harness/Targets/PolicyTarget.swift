// SPDX-License-Identifier: Apache-2.0
import TokenPrivacy
import TokenScan

/// Policy files of any bytes: they compile or are refused with a line, the same each time.
struct PolicyTarget: FuzzTarget {
    static let name = "policy"

    static func seeds() throws -> [[UInt8]] { [Array(Exchanging.policy.utf8)] }

    init() {}

    mutating func run(_ input: [UInt8]) {
        let lineCount = input.split(separator: 0x0A, omittingEmptySubsequences: false).count
        do throws(PolicyError) {
            _ = try Policy.compile(try PolicyNode.parse(json: input.span))
        } catch {
            require(error.line >= 0 && error.line <= lineCount, "a line that the file does not have")
        }
    }
}

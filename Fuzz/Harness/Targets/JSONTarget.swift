// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The index of every kernel against the scalar one, and that against the recursive oracle. The first byte chooses the
/// limits.
struct JSONTarget: FuzzTarget {
    static let name = "json"
    private let kernels = JSONKernels()

    static func seeds() throws -> [[UInt8]] { try Fixtures.claims().flatMap { [[0] + $0, [1] + $0] } }

    init() {}

    mutating func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let limits: ctk_json_limits = first & 1 == 0 ? .token : .open
        let document = Array(input.dropFirst())
        require(kernels.agree(document, limits), "kernels differ")
        require(kernels.scalar(document, limits) == JSONOracle.index(document, limits), "index differs from the oracle")
    }
}

// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenScan

/// Key files of every kind. What is accepted can be written as a JWK, and reads back as the same key.
struct KeysTarget: FuzzTarget {
    static let name = "keys"

    static func seeds() throws -> [[UInt8]] { try Fixtures.files("keys").flatMap { [[0] + $0, [4] + $0] } }

    init() {}

    mutating func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let file = Array(input.dropFirst())
        let algorithms = SignatureAlgorithm.allCases
        let algorithm = first == 0 ? nil : algorithms[Int(first) % algorithms.count]
        guard let set = try? KeySet.parse(file: file.span, algorithm: algorithm) else { return }
        for key in set.keys {
            var text = ByteScratch(isSecret: true)
            if key.canSign { try? key.writePrivateJWK(into: &text) } else { try? key.writePublicJWK(into: &text) }
            require(text.count > 0, "an accepted key cannot be written")
            let again = try? KeySet.parse(file: text.span)
            require(again?.keys.count == 1, "a written key does not read back")
            require(again?.keys.first?.thumbprint() == key.thumbprint(), "a written key reads back as another")
        }
    }
}
